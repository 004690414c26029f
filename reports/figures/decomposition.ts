// The decomposition of an update: what each decision between the posted hash and the lower bound costs, in ns, lines, locks and
// dependent loads. A step is the difference between two neighbours, so the steps add up to the whole.
import { sum } from 'simple-statistics';
import { BASELINE, DECOMPOSITION } from '../../harness/method.js';
import { nanosecondsPerOperation, stepsByProcess } from '../../harness/results/comparison.js';
import { type DecomposedCell, LANES, type Lane, type Results } from '../../harness/results/results.js';
import { meanInterval, type ProcessInterval } from '../../harness/results/statistics.js';

const [, ...OTHERS] = DECOMPOSITION.strategies;
type Simpler = (typeof OTHERS)[number];

/** The decision in which each strategy differs from the one before it. */
const DECISIONS: Readonly<Record<Simpler, Pick<Step, 'what' | 'short' | 'decision'>>> = {
  'shared-hash': {
    what: 'the loop over IOMMUs and their locks',
    short: 'one table',
    decision: 'one table for the host instead of one in each IOMMU',
  },
  'bucket-lock-hash': {
    what: "the table's lock",
    short: 'lock bits',
    decision: 'a lock bit in each bucket instead of one lock',
  },
  'list-in-ir-data': {
    what: 'the hash itself',
    short: 'no hash',
    decision: 'a list of the vCPU instead of a bucket',
  },
  'ir-data-pointer': {
    what: 'the place of the list node',
    short: 'own nodes',
    decision: "the node in an object of SVM's own instead of ir_data",
  },
  'irte-pointer': {
    what: "the driver's search for the table",
    short: 'no search',
    decision: 'ir_data keeps its table and entry; the way through IOMMU and PCI segment is skipped',
  },
  'vcpu-entries': {
    what: 'the visit to each ir_data',
    short: 'an array',
    decision: "an array of the vCPU's entries instead of a visit to each ir_data",
  },
  floor: {
    what: 'the shadow entry and the lock',
    short: 'no shadow, lock',
    decision: 'neither shadow entry nor lock of its own (not a design)',
  },
};

/** A step from a strategy to the next. */
export interface Step {
  readonly from: string;
  readonly to: string;
  /** What it takes away, for a sentence. */
  readonly what: string;
  /** How the second strategy differs, in two words and in a sentence. */
  readonly short: string;
  readonly decision: string;
}

/** The steps, in order. */
export const STEPS: readonly Step[] = OTHERS.map((to, index) => ({
  from: DECOMPOSITION.strategies[index] as string,
  to,
  ...DECISIONS[to],
}));

/** The first of the steps that Linux has not taken: it keeps the pointer since v4.9. */
const UNTAKEN = STEPS.findIndex(({ from }) => from === BASELINE);

/** The steps of a host in one language, in ns per update. A step below 0 adds time. */
export interface StepTimes {
  readonly iommus: number;
  readonly lane: Lane;
  readonly steps: readonly ProcessInterval[];
  /** Their sum, and that of the steps that a kernel with kept pointers could still take. */
  readonly whole: ProcessInterval;
  readonly untaken: ProcessInterval;
  /** Time of each strategy. */
  readonly times: ReadonlyMap<string, ProcessInterval>;
}

/** The steps of a host; null if a strategy of the decomposition is void. */
function stepTimes(results: Results, { iommus, cell }: DecomposedCell, lane: Lane): StepTimes | null {
  const { strategies } = DECOMPOSITION;
  const times = new Map(
    nanosecondsPerOperation(results, cell, lane).map(({ strategy, over }) => [strategy, over]),
  );
  if (!strategies.every((id) => times.has(id))) return null;
  const byProcess = stepsByProcess(cell, strategies, lane);
  const over = (figure: (steps: number[]) => number): ProcessInterval =>
    meanInterval(byProcess.map(figure), results.run.confidence);
  return {
    iommus,
    lane,
    steps: STEPS.map((_, step) => over((steps) => steps[step] as number)),
    whole: over(sum),
    untaken: over((steps) => sum(steps.slice(UNTAKEN, -1))),
    times,
  };
}

/** All steps that were timed in the language that leads, by rising IOMMUs. */
export function leadingSteps(results: Results): StepTimes[] {
  for (const lane of LANES.toReversed()) {
    const timed = results.decomposition.flatMap((host) => stepTimes(results, host, lane) ?? []);
    if (timed.length > 0) return timed.sort((one, other) => one.iommus - other.iommus);
  }
  return [];
}

/** The step that takes most time, with its interval. */
export function largestStep({ steps }: StepTimes): { step: Step; time: ProcessInterval } {
  const all = STEPS.map((step, index) => ({ step, time: steps[index] as ProcessInterval }));
  return all.reduce((most, one) => (one.time.estimate > most.time.estimate ? one : most));
}

/** The counts of a load: lines, locks and dependent loads; null if it was not counted. */
export function countsOfLoad({ cell }: DecomposedCell, strategy: string): number[] | null {
  const counted = cell.counted.find((one) => one.strategy === strategy);
  const work = counted?.verbs.find(({ verb }) => verb === 'load')?.work;
  return work === undefined
    ? null
    : (['lines', 'locks', 'chain'] as const).map((metric) => work[metric].mean);
}
