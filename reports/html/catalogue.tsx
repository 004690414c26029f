import type { Results, WorkloadInfo } from '../../harness/results/results.js';
import { limitKindsOf } from '../figures/glossary.js';
import { countsText, countText, limitsText, parametersText } from '../words/wording.js';
import { Facts } from './facts.js';
import { LinkedHeading } from './headings.js';
import { RecordingLabel, StrategyName } from './marks.js';

/** The strategies: what each is, where it comes from, and what it declares. */
export function Strategies({ results }: { results: Results }) {
  const declared = limitKindsOf(results);
  return (
    <>
      {results.strategies.map((strategy) => (
        <article key={strategy.id} id={`strategy-${strategy.id}`} data-strategy={strategy.id}>
          <LinkedHeading id={`strategy-${strategy.id}`} name={`the strategy ${strategy.id}`}>
            <StrategyName results={results} id={strategy.id} />
          </LinkedHeading>
          <p>
            <strong>{strategy.title}.</strong> {strategy.summary}
          </p>
          <Facts
            facts={[
              ['Stands for', strategy.source],
              ['Declared limits', limitsText(strategy)],
              [
                'Sound',
                strategy.sound ? 'yes: right answers on every host that its ids have room for' : 'no',
              ],
              [
                'GA log',
                strategy.gaLog === 'always'
                  ? 'whenever the vCPU is not running'
                  : 'only while the vCPU blocks',
              ],
              ['Module', strategy.file],
              ['Notes', strategy.notes.length === 0 ? null : strategy.notes.join(' ')],
            ]}
          />
        </article>
      ))}
      {declared.length === 0 ? null : (
        <>
          <h3>What the limits mean</h3>
          <Facts facts={declared} />
        </>
      )}
    </>
  );
}

/** The workloads: which host each is, whom it favours, and what is in its stream. */
export function Workloads({ results }: { results: Results }) {
  return (
    <>
      {results.workloads.map((workload) => (
        <article key={workload.id} id={`workload-${workload.id}`} data-workload={workload.id}>
          <LinkedHeading id={`workload-${workload.id}`} name={`the workload ${workload.id}`}>
            <code>{workload.id}</code>
          </LinkedHeading>
          <p>{workload.description}</p>
          <RecordingLabel workload={workload} />
          <Facts
            facts={[
              ['Favours', workload.favours],
              ['Penalises', workload.penalises],
              ['Parameters', parametersText(workload.parameters)],
              ['Host', hostText(workload)],
              ['Setup', countsText(workload.setup)],
              ['Window', countsText(workload.window)],
              ['Teardown', countsText(workload.teardown)],
              ['Stream digest', <code>{workload.stream}</code>],
              ['Recording', workload.recording && <code>{workload.recording.file}</code>],
              ['Found in it', workload.recording && countsText(workload.recording.counts)],
              [
                'Warnings',
                workload.recording?.warnings.length ? workload.recording.warnings.join(' ') : null,
              ],
            ]}
          />
        </article>
      ))}
    </>
  );
}

function hostText({ vms, vcpus, irqs, devices, cpus }: WorkloadInfo): string {
  const counts = { VMs: vms, vCPUs: vcpus, irqs, devices, CPUs: cpus };
  return Object.entries(counts)
    .map(([name, count]) => `${countText(count)} ${name}`)
    .join(', ');
}
