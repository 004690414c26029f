import type { WorkloadInfo } from '../../harness/results/results.js';
import { limitKindsOf } from '../figures/glossary.js';
import { everyStrategy } from '../figures/other-hosts.js';
import { countsText, countText, limitsText, parametersText } from '../words/wording.js';
import { Article } from './article.js';
import type { Content } from './content.js';
import { Facts } from './facts.js';
import { RecordingLabel, StrategyName } from './labels.js';

/** Each strategy with its source and its declared limits. */
export function Strategies({ results: run }: Content) {
  const results = { ...run, strategies: everyStrategy(run) };
  const declared = limitKindsOf(results);
  return (
    <>
      {results.strategies.map((strategy) => (
        <Article
          key={strategy.id}
          id={`strategy-${strategy.id}`}
          name={`the strategy ${strategy.id}`}
          heading={<StrategyName results={results} id={strategy.id} />}
          data-strategy={strategy.id}
        >
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
              ['A patch touches', strategy.touches.length === 0 ? null : <Lines lines={strategy.touches} />],
            ]}
          />
        </Article>
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

function Lines({ lines }: { lines: readonly string[] }) {
  return (
    <ul class="lines">
      {lines.map((line, index) => (
        <li key={index}>{line}</li>
      ))}
    </ul>
  );
}

/** Each workload with its host, the strategies that it favours, and its stream. */
export function Workloads({ results }: Content) {
  return (
    <>
      {results.workloads.map((workload) => (
        <Article
          key={workload.id}
          id={`workload-${workload.id}`}
          name={`the workload ${workload.id}`}
          heading={<code>{workload.id}</code>}
          data-workload={workload.id}
        >
          <p>{workload.description}</p>
          <RecordingLabel workload={workload} />
          <Facts
            facts={[
              ['Favours', workload.favours],
              ['Penalises', workload.penalises],
              ['Parameters', parametersText({ ...workload.parameters, ...workload.host })],
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
        </Article>
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
