// The decomposition of an update: what each decision between the posted hash and the lower bound takes, in ns, lines, locks
// and dependent loads. A step is the difference between two neighbours, so the steps add up to the whole.
import { sum } from 'simple-statistics';
import { BASELINE, DECOMPOSITION } from '../../harness/method.js';
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
  meanInterval,
  type ProcessInterval,
} from '../../harness/results/statistics.js';
import type { NumberTable } from '../words/number-table.js';
import {
  confidenceText,
  countText,
  estimateText,
  languageText,
  meanText,
  namesText,
  nsText,
  numberOf,
  ratioText,
} from '../words/wording.js';
import { COMPARED, pointAt } from './contention-sentences.js';
import { type Ceiling, ceilingIn, shownLane } from './contention-simulation.js';
import { threadedLanes } from './contention-throughput.js';
import { cpuShareText } from './cost-answers.js';
import { MEAN_COUNTS } from './counted-work.js';

const [FIRST, ...OTHERS] = DECOMPOSITION.strategies;
type Simpler = (typeof OTHERS)[number];

/** The decision in which each strategy differs from the one before it. */
const DECISIONS: Readonly<Record<Simpler, Pick<Step, 'short' | 'what' | 'decision'>>> = {
  'shared-hash': {
    short: 'loop',
    what: 'the loop over IOMMUs',
    decision: 'opaque-tag-hash has a table in each IOMMU, shared-hash has one for the host',
  },
  'bucket-lock-hash': {
    short: 'lock',
    what: 'the lock of the table',
    decision: 'shared-hash has one lock for the table, bucket-lock-hash has a lock bit in each bucket',
  },
  'list-in-ir-data': {
    short: 'hash',
    what: 'the hash itself',
    decision: 'bucket-lock-hash walks a bucket, list-in-ir-data walks a list of the vCPU',
  },
  'ir-data-pointer': {
    short: 'node',
    what: 'the place of the list node',
    decision: "list-in-ir-data has the node in ir_data, ir-data-pointer has it in an object of SVM's own",
  },
  'irte-pointer': {
    short: 'way',
    what: "the driver's way",
    decision:
      'ir-data-pointer goes through the IOMMU and the PCI segment, irte-pointer keeps table and entry in ir_data',
  },
  'vcpu-entries': {
    short: 'objects',
    what: 'the objects of the irqs',
    decision:
      'irte-pointer visits ir_data of each irq, vcpu-entries has all entries of the vCPU in one array',
  },
  floor: {
    short: 'rest',
    what: 'the shadow entry and the lock',
    decision: 'vcpu-entries keeps a shadow of each entry under a lock, floor does not',
  },
};

/** A step from a strategy to the next. */
export interface Step {
  readonly from: string;
  readonly to: string;
  /** Its name in tables. */
  readonly short: string;
  /** What it takes away, for a sentence. */
  readonly what: string;
  /** How the two strategies differ. */
  readonly decision: string;
}

/** The steps, in order. */
export const STEPS: readonly Step[] = OTHERS.map((to, index) => ({
  from: DECOMPOSITION.strategies[index] as string,
  to,
  ...DECISIONS[to],
}));

const LAST = OTHERS.at(-1) as string;

/** The first of the steps that Linux has not taken: it keeps the pointer since v4.9. */
const UNTAKEN = STEPS.findIndex(({ from }) => from === BASELINE);

/** The steps away from the look-up, and those that a kernel with kept pointers could still take. */
export const LOOK_UP_STEPS = STEPS.slice(0, UNTAKEN);
export const UNTAKEN_STEPS = STEPS.slice(UNTAKEN, -1);

/** The steps of a host in one language, in ns per update. */
export interface StepTimes {
  readonly iommus: number;
  readonly lane: Lane;
  readonly steps: readonly ProcessInterval[];
  /** Their sum, and that of {@link UNTAKEN_STEPS}. */
  readonly whole: ProcessInterval;
  readonly untaken: ProcessInterval;
  /** Time of the first strategy. */
  readonly first: number;
}

/** The steps of a host; null if a strategy of the decomposition is void. */
export function stepTimes(results: Results, { iommus, cell }: DecomposedCell, lane: Lane): StepTimes | null {
  const { strategies } = DECOMPOSITION;
  const valid = nanosecondsPerOperation(results, cell, lane);
  if (!strategies.every((id) => valid.some(({ strategy }) => strategy === id))) return null;
  const byProcess = stepsByProcess(cell, strategies, lane);
  const over = (figure: (steps: number[]) => number): ProcessInterval =>
    meanInterval(byProcess.map(figure), results.run.confidence);
  return {
    iommus,
    lane,
    steps: STEPS.map((_, step) => over((steps) => steps[step] as number)),
    whole: over(sum),
    untaken: over((steps) => sum(steps.slice(UNTAKEN, -1))),
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
  return STEPS.map(({ short, decision }) => [short, decision]);
}

/** How to read the table. */
export const STEPS_INTRODUCTION =
  'Neighbours among these strategies differ by one decision. A step is the time of the first of them minus the time of the ' +
  'next, paired by round within a process. A step below 0 adds time. The steps add up to the difference of the first and ' +
  'the last strategy.';

/** What the run says about the steps; the first sentence is about the host with the most IOMMUs. */
export function stepSentences(results: Results): string[] {
  const { decomposition } = results;
  if (decomposition.length === 0) return [NOT_DECOMPOSED];
  const timed = allSteps(results);
  const lane = LANES.toReversed().find((one) => timed.some((steps) => steps.lane === one));
  const shown = timed.filter((steps) => steps.lane === lane);
  const most = shown.toSorted((one, other) => other.iommus - one.iommus)[0];
  return [
    ...(most === undefined ? ['No host has valid times of all strategies.'] : wholeSentences(most)),
    ...shown.filter(({ iommus }) => iommus === 1).flatMap((one) => loopSentence(results, one)),
    ...inconclusiveSentences(timed),
    ...voidSentences(results),
    ...unreliableSentences(results),
  ];
}

const NOT_DECOMPOSED = `An update was not decomposed in this run: that needs ${namesText(DECOMPOSITION.strategies)}.`;

/** What all steps take, the largest of them, and what Linux could still save. */
function wholeSentences({ iommus, lane, steps, whole, untaken }: StepTimes): string[] {
  const [largest] = STEPS.map((step, index) => ({ ...step, time: steps[index] as ProcessInterval })).sort(
    (one, other) => other.time.estimate - one.time.estimate,
  ) as [Step & { time: ProcessInterval }];
  const nsOf = (interval: ProcessInterval): string =>
    `${stepText(interval)} ns${isToldFromZero(interval) ? '' : ' (inconclusive)'}`;
  return [
    `${languageText(lane)}, ${numberOf(iommus, 'IOMMU')}: ${FIRST} takes ${nsOf(whole)} more than ${LAST} for an update, ` +
      `${cpuShareText(whole.estimate)}.`,
    `The largest step is ${largest.what}, ${nsOf(largest.time)}.`,
    `Linux has kept the pointer since v4.9. It could still save ${nsOf(untaken)}: ` +
      `${namesText(UNTAKEN_STEPS.map(({ what }) => what))}.`,
  ];
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
      `more. The step is ${stepText(time)} ns in ${languageText(lane)}${doubt}.`,
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
  const known = COMPARED.filter((id) => results.strategies.some((strategy) => strategy.id === id));
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
