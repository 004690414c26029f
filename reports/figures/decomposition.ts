// The decomposition of the look-up: what each decision between the posted hash and the kept pointer takes, in ns, lines,
// locks and dependent loads. A step is the difference between two neighbours, so the steps add up to the whole.
import { sum } from 'simple-statistics';
import { DECOMPOSITION } from '../../harness/method.js';
import { compareCell, nanosecondsPerOperation, stepsByProcess } from '../../harness/results/comparison.js';
import {
  type DecomposedCell,
  LANES,
  type Lane,
  type Results,
  type WorkSummary,
} from '../../harness/results/results.js';
import {
  carriesVerdict,
  isToldFromZero,
  meanOf,
  type ProcessInterval,
  tInterval,
} from '../../harness/results/statistics.js';
import type { NumberTable } from '../words/number-table.js';
import {
  confidenceText,
  countText,
  estimateText,
  languageText,
  meanText,
  namesText,
  numberOf,
  partText,
  ratioText,
} from '../words/wording.js';
import { pointAt } from './contention-sentences.js';
import { type Ceiling, ceilingIn, shownLane } from './contention-simulation.js';
import { threadedLanes } from './contention-throughput.js';
import { MEAN_COUNTS } from './counted-work.js';

const [FIRST, ...OTHERS] = DECOMPOSITION.strategies;
type Simpler = (typeof OTHERS)[number];

/** The decision in which each strategy differs from the one before it. */
const DECISIONS: Readonly<Record<Simpler, Pick<Step, 'short' | 'what' | 'change'>>> = {
  'shared-hash': {
    short: 'loop',
    what: 'the loop over IOMMUs',
    change: 'one table for the host instead of one in each IOMMU',
  },
  'bucket-lock-hash': {
    short: 'lock',
    what: 'the lock of the table',
    change: 'a lock bit in each bucket instead of one lock',
  },
  'list-in-ir-data': {
    short: 'hash',
    what: 'the hash itself',
    change: 'a list for each vCPU instead of a bucket',
  },
  'ir-data-pointer': {
    short: 'node',
    what: 'the place of the list node',
    change: "the node in an object of SVM's own instead of in ir_data",
  },
};

/** A step from a strategy to the next. */
interface Step {
  readonly from: string;
  readonly to: string;
  /** Its name in tables. */
  readonly short: string;
  /** What it takes away, for a sentence. */
  readonly what: string;
  readonly change: string;
}

/** The steps, in order. */
export const STEPS: readonly Step[] = OTHERS.map((to, index) => ({
  from: DECOMPOSITION.strategies[index] as string,
  to,
  ...DECISIONS[to],
}));

const LAST = OTHERS.at(-1) as string;

/** The steps of a host in one language, in ns per update. */
export interface StepTimes {
  readonly iommus: number;
  readonly lane: Lane;
  readonly steps: readonly ProcessInterval[];
  /** Their sum. */
  readonly whole: ProcessInterval;
  /** Time of the first strategy. */
  readonly first: number;
}

const overProcesses = (values: readonly number[], confidence: number): ProcessInterval => ({
  ...tInterval(meanOf(values), confidence),
  n: values.length,
});

/** The steps of a host; null if a strategy of the decomposition is void. */
export function stepTimes(results: Results, { iommus, cell }: DecomposedCell, lane: Lane): StepTimes | null {
  const { strategies } = DECOMPOSITION;
  const valid = nanosecondsPerOperation(results, cell, lane);
  if (!strategies.every((id) => valid.some(({ strategy }) => strategy === id))) return null;
  const byProcess = stepsByProcess(cell, strategies, lane);
  const { confidence } = results.run;
  return {
    iommus,
    lane,
    steps: STEPS.map((_, step) =>
      overProcesses(
        byProcess.map((steps) => steps[step] as number),
        confidence,
      ),
    ),
    whole: overProcesses(
      byProcess.map((steps) => sum(steps)),
      confidence,
    ),
    first: valid.find(({ strategy }) => strategy === FIRST)?.over.estimate as number,
  };
}

/** All steps that were timed. */
function allSteps(results: Results): StepTimes[] {
  return results.decomposition.flatMap((host) =>
    LANES.flatMap((lane) => stepTimes(results, host, lane) ?? []),
  );
}

const COUNTS = [
  ['lines', MEAN_COUNTS.lines],
  ['locks', MEAN_COUNTS.locks],
  ['loads', MEAN_COUNTS.chain],
] as const;

/** Counts of a load that one strategy has more than another; null if one was not counted. */
function countsBetween({ cell }: DecomposedCell, from: string, to: string): number[] | null {
  const workOf = (strategy: string): WorkSummary | undefined =>
    cell.counted.find((one) => one.strategy === strategy)?.verbs.find(({ verb }) => verb === 'load')?.work;
  const [one, other] = [workOf(from), workOf(to)];
  if (one === undefined || other === undefined) return null;
  return COUNTS.map(([, mean]) => mean(one) - mean(other));
}

/** ns with one decimal. */
function nsText(ns: number): string {
  // Adding 0 turns -0 into 0.
  return String((Number(ns.toFixed(1)) + 0).toFixed(Math.abs(ns) < 100 ? 1 : 0));
}

function stepText({ estimate, low, high }: ProcessInterval): string {
  return Number.isFinite(high) ? `${nsText(estimate)} [${nsText(low)}, ${nsText(high)}]` : nsText(estimate);
}

const NONE = '-';

/** The steps by the IOMMUs of the host; none if nothing was timed. */
export function stepTables(results: Results): NumberTable[] {
  const { decomposition } = results;
  if (decomposition.length === 0) return [];
  const timed = allSteps(results);
  // C leads.
  const lanes = LANES.toReversed().filter((lane) => timed.some((one) => one.lane === lane));
  return [
    {
      caption:
        `The steps by IOMMUs of the host, on ${DECOMPOSITION.workload}: ns of an update with the ${confidenceText(results)} ` +
        'interval; lines, locks and dependent loads of a load',
      // With short heads and names, the text has it in one block.
      head: ['step', ...lanes.map((lane) => `${languageText(lane)}, ns`), ...COUNTS.map(([name]) => name)],
      rows: decomposition.flatMap((host) => {
        const times = lanes.map((lane) =>
          timed.find((one) => one.lane === lane && one.iommus === host.iommus),
        );
        const row = (
          name: string,
          pick: (one: StepTimes) => ProcessInterval | undefined,
          [from, to]: readonly [string, string],
        ): string[] => [
          `${host.iommus}: ${name}`,
          ...times.map((one) => {
            const interval = one && pick(one);
            return interval === undefined ? NONE : stepText(interval);
          }),
          ...(countsBetween(host, from, to)?.map(meanText) ?? COUNTS.map(() => NONE)),
        ];
        return [
          ...STEPS.map(({ short, from, to }, index) => row(short, ({ steps }) => steps[index], [from, to])),
          row('all', ({ whole }) => whole, [FIRST, LAST]),
        ];
      }),
    },
  ];
}

/** The steps by their names in the table. */
export function stepFacts(): [string, string][] {
  return STEPS.map(({ short, from, to, change }) => [short, `${from} to ${to}, ${change}`]);
}

/** How to read the table. */
export const STEPS_INTRODUCTION =
  'Neighbours among these strategies differ by one decision, so each step is the price of one decision: the time of the ' +
  'strategy that has it, minus the time of the next one, paired by round within a process. A step below 0 adds time. ' +
  'The steps add up to the difference of the first and the last strategy.';

/** What the run says about the steps; the first sentence is about the host with the most IOMMUs. */
export function stepSentences(results: Results): string[] {
  const { decomposition } = results;
  if (decomposition.length === 0) return [NOT_DECOMPOSED];
  const timed = allSteps(results);
  const lane = LANES.toReversed().find((one) => timed.some((steps) => steps.lane === one));
  const shown = timed.filter((steps) => steps.lane === lane);
  const most = shown.toSorted((one, other) => other.iommus - one.iommus)[0];
  return [
    ...(most === undefined ? ['No host has valid times of all strategies.'] : [sharesSentence(most)]),
    ...shown.filter(({ iommus }) => iommus === 1).flatMap((one) => loopSentence(results, one)),
    ...inconclusiveSentences(timed),
    ...voidSentences(results),
    ...unreliableSentences(results),
  ];
}

const NOT_DECOMPOSED = `The look-up was not decomposed in this run: that needs ${namesText(DECOMPOSITION.strategies)}.`;

/** How much each step carries. */
function sharesSentence({ iommus, lane, steps, whole }: StepTimes): string {
  const parts = STEPS.map(({ what }, index) => {
    const interval = steps[index] as ProcessInterval;
    return `${what} is ${stepText(interval)}${isToldFromZero(interval) ? '' : ' (inconclusive)'}`;
  });
  return (
    `${languageText(lane)}, ${numberOf(iommus, 'IOMMU')}: ${FIRST} takes ${stepText(whole)} ns more than ${LAST} for an update. ` +
    `Of these, ${namesText(parts)}.`
  );
}

/** Whether the first step is free where there is nothing to loop over. */
function loopSentence(results: Results, { steps, lane, first }: StepTimes): string[] {
  const host = results.decomposition.find(({ iommus }) => iommus === 1);
  const [{ from, to }] = STEPS as [Step];
  const counts = host && countsBetween(host, from, to);
  if (!counts) return [];
  const [lines, locks] = counts.map(meanText) as [string, string];
  const time = steps[0] as ProcessInterval;
  const part = Math.abs(time.estimate) / first;
  const doubt = !isToldFromZero(time)
    ? ' (inconclusive)'
    : part < results.run.band
      ? ''
      : ', which the counted work does not explain';
  return [
    `With one IOMMU there is nothing to loop over: ${from} touches ${lines} lines more than ${to}, and takes ${locks} locks ` +
      `more. The step is ${stepText(time)} ns in ${languageText(lane)}, ${partText(part)} of an update${doubt}.`,
  ];
}

/** The steps that cannot be told from nothing. */
function inconclusiveSentences(timed: readonly StepTimes[]): string[] {
  const few = timed.filter(({ whole }) => !carriesVerdict(whole.n));
  if (few.length > 0) {
    const fewest = Math.min(...few.map(({ whole }) => whole.n));
    return [`${numberOf(fewest, 'process')}: no step can be told from nothing.`];
  }
  const open = LANES.toReversed().flatMap((lane) =>
    STEPS.flatMap(({ short }, index) => {
      const hosts = timed.filter(
        (one) => one.lane === lane && !isToldFromZero(one.steps[index] as ProcessInterval),
      );
      return hosts.length === 0
        ? []
        : [`${short} at ${namesText(hosts.map(({ iommus }) => String(iommus)))} in ${languageText(lane)}`];
    }),
  );
  return open.length === 0
    ? ['Every step can be told from nothing.']
    : [`Inconclusive, because the interval includes 0: ${open.join('; ')}.`];
}

/** The strategies whose times are void. */
function voidSentences(results: Results): string[] {
  return results.decomposition.flatMap(({ iommus, cell }) =>
    LANES.flatMap((lane) =>
      compareCell(results, cell, results.run.baseline, lane)
        .void.filter(({ strategy }) => DECOMPOSITION.strategies.some((id) => id === strategy))
        .map(
          ({ strategy, reason }) =>
            `VOID with ${numberOf(iommus, 'IOMMU')} in ${languageText(lane)}: ${strategy}, ${reason}.`,
        ),
    ),
  );
}

/** The hosts whose A/A control is unreliable. */
function unreliableSentences(results: Results): string[] {
  return results.decomposition.flatMap(({ iommus, cell }) =>
    LANES.flatMap((lane) => {
      const { control } = compareCell(results, cell, results.run.baseline, lane);
      return control?.unreliable
        ? [
            `UNRELIABLE with ${numberOf(iommus, 'IOMMU')} in ${languageText(lane)}: the A/A control is outside the band.`,
          ]
        : [];
    }),
  );
}

/** Two threads, measured; more CPUs are simulated. */
const MEASURED_THREADS = 2;

/** The same strategies with many CPUs: what a second thread adds, and where the simulation saturates. */
export function stepCpuTables(results: Results): NumberTable[] {
  const { contention } = results;
  if (contention === null) return [];
  const lanes = threadedLanes(results).toReversed();
  const shown = shownLane(contention);
  const known = DECOMPOSITION.strategies.filter((id) =>
    results.strategies.some((strategy) => strategy.id === id),
  );
  if (known.length === 0) return [];
  return [
    {
      caption:
        `Throughput of ${countText(MEASURED_THREADS)} threads / one thread, measured, and the CPUs at which the simulation ` +
        'saturates',
      head: ['strategy', ...lanes.map(({ lane }) => languageText(lane)), 'saturates'],
      rows: known.map((id) => {
        const ceiling = shown === null ? null : ceilingIn(contention, id, shown);
        return [
          id,
          ...lanes.map(({ strategies }) => {
            const own = strategies.find(({ strategy }) => strategy === id);
            const scaling = own && pointAt(own, MEASURED_THREADS)?.scaling;
            return scaling ? estimateText(scaling, ratioText) : NONE;
          }),
          ceiling === null ? NONE : saturationText(ceiling),
        ];
      }),
    },
  ];
}

function saturationText({ stop, isReached }: Ceiling): string {
  return `${isReached ? '' : 'not by '}${countText(stop.cpus)}`;
}
