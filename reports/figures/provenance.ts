// The origin of the figures, as names and values: the machine, the seeds, the modelled host and the method.
import { sum } from 'simple-statistics';
import {
  DISTURBED_CLOCK_MS,
  DISTURBED_WAIT_MS,
  DISTURBED_WAIT_PART,
  VERDICT_PROCESSES,
} from '../../harness/method.js';
import { CHECKS, OPERATION_CHECKS } from '../../harness/results/checks.js';
import { allCells } from '../../harness/results/disturbed-rounds.js';
import { type Results, resultsSchema } from '../../harness/results/results.js';
import { carriesVerdict } from '../../harness/results/statistics.js';
import { bandText, bytesText, confidenceText, countText, numberOf, percentText } from '../words/wording.js';
import { disturbedSentences } from './verdict-sentences.js';

/** A name with its value. */
export type Fact = readonly [string, string];

const UNKNOWN = 'not known';

/** The machine. */
export function environmentFacts({ environment, tool }: Pick<Results, 'environment' | 'tool'>): Fact[] {
  const { cpuModel, cpus, memoryBytes, load, kernel, node, v8, nodeFlags, timedNodeFlags } = environment;
  return [
    ['CPU', `${cpuModel}, ${countText(cpus)} online`],
    ['Memory', bytesText(memoryBytes)],
    ['Load average at the start', load.toFixed(2)],
    ['Governor', environment.governor ?? UNKNOWN],
    ['Turbo', environment.turbo ?? UNKNOWN],
    ['SMT', environment.smt ?? UNKNOWN],
    ['Virtualised', environment.virtualised ?? 'no sign of it'],
    ['Cgroup CPU quota', environment.cgroupCpuQuota ?? 'none'],
    ['Clock source', environment.clockSource ?? UNKNOWN],
    ['CPU of timed processes', environment.timedCpu === null ? 'any' : `${environment.timedCpu}, pinned`],
    ['Kernel', kernel],
    ['Node', `${node}, V8 ${v8}`],
    ['Node flags', nodeFlags.length === 0 ? 'none' : nodeFlags.join(' ')],
    ['Node flags of timed processes', timedNodeFlags.join(' ')],
    ['C compiler', environment.compiler ?? 'none'],
    ['gatag-bench', `${tool.version}, revision ${tool.revision ?? UNKNOWN}`],
  ];
}

/** The run. */
export function runFacts({ run, host }: Results): Fact[] {
  return [
    ['Started', run.startedAt],
    ['Took', `${run.seconds.toFixed(0)} s`],
    ['Suite', run.suite],
    ['Seed', `${run.seed}; heap ${host.heapSeed} for the oracle, drawn anew for each timed process`],
  ];
}

/** The paragraph about the oracle, followed by {@link checkFacts}. */
export function oracleText({ cells }: Results): string {
  const operations = sum(cells.flatMap(({ checks }) => checks.map((check) => check.operations)));
  return (
    'Answers were judged in checked memory: every access of a strategy is held against what is allocated, and to ' +
    `whom. Each operation, ${countText(operations)} in all, was judged by ${numberOf(OPERATION_CHECKS.length, 'check')}:`
  );
}

/** The oracle's checks of single operations. */
export function checkFacts(): Fact[] {
  return OPERATION_CHECKS.map((name) => [name, CHECKS[name]]);
}

/** The method of timing and comparison. */
export function methodFacts(results: Results): Fact[] {
  const { run } = results;
  const verdicts: Fact[] = [
    ['equivalent', `the interval lies inside 1 +- ${bandText(results)}, stated in advance`],
    ['faster, slower', `else, the Holm-adjusted p is below ${Number((1 - run.confidence).toPrecision(2))}`],
    ['not separated', 'else; it is not the same as equivalent'],
  ];
  return [
    [
      'Unit of inference',
      `the process, with a modelled heap of its own: ${numberOf(run.processes, 'process')} for each strategy, fixed in advance`,
    ],
    [
      'Batch',
      `as many replays of the window for every strategy as took ${run.batchMs} ms twice in a row in each of them, ` +
        'after one untimed replay',
    ],
    [
      'Rounds in a process',
      `${run.rounds}, strategies in the order of a random Latin square, one timed batch each`,
    ],
    [
      'Disturbed rounds',
      `where a process waited for more than ${DISTURBED_WAIT_MS} ms and ${percentText(DISTURBED_WAIT_PART)} of the round (wall ` +
        `time less CPU time), or the wall clock jumped by more than ${DISTURBED_CLOCK_MS} ms, all take the round once more; ` +
        'the first is in the results, marked, and in no figure, and the second one counts. ' +
        (disturbedSentences(results, allCells(results))[0] ?? 'None was disturbed.'),
    ],
    [
      'Ratio',
      `median over rounds of ln(strategy / ${run.baseline}) in a process, mean over processes, exponentiated`,
    ],
    ['Interval', `Student's t over processes, ${confidenceText(results)}; Holm within a workload`],
    [
      'Least separable',
      'the smallest difference from 1 that would have been separated here: half of the Holm-adjusted interval',
    ],
    ['Verdict', `only of ${VERDICT_PROCESSES} processes or more, those of the lane that it is of`],
    ...(carriesVerdict(run.processes) ? verdicts : []),
    [
      'A/A control',
      'the baseline takes part twice; flagged: its interval excludes 1; unreliable: it lies wholly outside the ' +
        `band of 1 +- ${bandText(results)}`,
    ],
  ];
}

/** A parameter of the modelled host. */
interface HostFact {
  readonly name: string;
  readonly value: string;
  readonly meaning: string;
}

/** The modelled host. */
export function hostFacts({ host }: Results): HostFact[] {
  const shape: Readonly<Record<string, { description?: string | undefined }>> =
    resultsSchema.shape.host.def.innerType.shape;
  return Object.entries(host).map(([name, value]) => ({
    name,
    value: String(value),
    meaning: shape[name]?.description ?? '',
  }));
}
