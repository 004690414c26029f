// The protocol of a cell: one workload, some strategies. Each process number has one set of processes: one for each
// strategy, the A/A control, and language that takes part in the set. Those of a strategy have the same heap in both
// languages. The processes of a set start and warm up two at a time. Then they take turns, one timed batch each, in a drawn
// order.
import type { HostParameters } from '../../machine/host.js';
import { randomFrom } from '../../machine/random.js';
import {
  ENVIRONMENT_BYTES,
  HEAP_SEEDS,
  MIN_BATCH_MS,
  STARTING_PROCESSES,
  WARM_UP_WINDOWS,
} from '../method.js';
import { hostWords } from '../native/lane.js';
import type { ProcessCounts, Progress } from '../plan/run-plan.js';
import { Child } from '../process/child.js';
import type { CalibrateReply, DigestReply, ReadyReply, WarmReply } from '../process/timed-protocol.js';
import { concurrently, inTurn, tryTwice } from '../process/workshop.js';
import { LANES, type Lane, type Series, type Timing, type Undone } from '../results/results.js';
import { attempt, type ProcessEnd, type RoundTaker, roundOrders, takeRounds } from './rounds.js';

/** A strategy ready to be timed on a cell's stream. */
export interface TimedStrategy {
  readonly id: string;
  /** Path of the job that its processes are started with. */
  readonly jobFile: string;
  /** Path of the strategy's program in C; null if it is timed in V8 alone. */
  readonly program: string | null;
}

/** How a cell is timed. */
export interface CellPlan {
  /** Id of the workload, or of the point of a sweep. */
  readonly where: string;
  /** In any order: the order of the processes is drawn, and does not depend on this one. */
  readonly strategies: readonly TimedStrategy[];
  readonly baseline: string;
  /** The language with more processes takes part in every set, the other one in some, evenly spread. */
  readonly processes: ProcessCounts;
  readonly rounds: number;
  readonly operationsPerWindow: number;
  /** Path of the stream's file. */
  readonly stream: string;
  readonly host: HostParameters;
  /** Decides the order of the processes in each round, and each process's heap. */
  readonly seed: number;
}

/** The length of a cell's batch. */
export type CellProtocol = Pick<Timing, 'windowsPerBatch'>;

/** Replays of the window before the first round. */
export function warmUpWindows(lane: Lane, { windowsPerBatch }: CellProtocol): number {
  return Math.max(WARM_UP_WINDOWS[lane], windowsPerBatch);
}

/** The series of a process that has ended, before its digest is compared with an untimed run's. */
export type EndedSeries = Omit<Series, 'digestMatches'> & ProcessEnd;

/**
 * A member of a set: a process in each language that takes part; none in C without a program. It draws its modelled heap, and
 * bytes of its environment.
 */
interface Entrant extends Pick<Series, 'role' | 'heapSeed'> {
  readonly strategy: TimedStrategy;
  readonly lanes: readonly Lane[];
  readonly padding: number;
}

/** One process of a set. */
interface Contender extends RoundTaker, Pick<Series, 'strategy' | 'role' | 'lane' | 'heapSeed'> {
  readonly child: Child;
  readonly warmUp: number[];
}

/** Starts a strategy in a language. */
function startChild(
  lane: Lane,
  { jobFile, program }: TimedStrategy,
  { host, stream }: CellPlan,
  { heapSeed, padding }: Pick<Entrant, 'heapSeed' | 'padding'>,
): Child {
  if (lane === 'v8') return new Child('timing/timed-child', [jobFile, String(heapSeed)], padding);
  const words = [...hostWords({ ...host, heapSeed }), stream];
  return new Child({ program: program as string }, words, padding);
}

/** The languages of a set in which a strategy takes part. */
function lanesOf({ program }: TimedStrategy, inSet: readonly Lane[]): Lane[] {
  return inSet.filter((lane) => lane === 'v8' || program !== null);
}

/** @returns Replays that make a batch long enough, in every language of the strategy. */
async function sizeBatch(strategy: TimedStrategy, plan: CellPlan): Promise<number> {
  const lanes = LANES.filter((lane) => plan.processes[lane] > 0);
  const children = lanesOf(strategy, lanes).map((lane) =>
    startChild(lane, strategy, plan, { heapSeed: plan.host.heapSeed, padding: 0 }),
  );
  try {
    const sizes = await inTurn(children, async (child) => {
      await child.hear<ReadyReply>();
      return child.ask<CalibrateReply>(`calibrate ${MIN_BATCH_MS}`);
    });
    return Math.max(...sizes.map(({ windows }) => windows));
  } finally {
    for (const child of children) child.kill();
  }
}

/** Sizes the batch of a cell, so that it is long enough in every strategy. One step of progress for each strategy. */
export async function prepareCell(plan: CellPlan, progress: Progress): Promise<CellProtocol> {
  const { strategies, where } = plan;
  const windows = await concurrently(strategies, STARTING_PROCESSES, async (strategy) => {
    const who = `${strategy.id} on ${where}`;
    // A strategy that fails here fails in every process, and its series will say why.
    const enough = await tryTwice(who, progress.note, () => sizeBatch(strategy, plan)).catch(() => 1);
    progress.advance(`calibrating ${where}`);
    return enough;
  });
  return { windowsPerBatch: Math.max(1, ...windows) };
}

/** The sets of a cell. */
export function setsOf(processes: ProcessCounts): number {
  return Math.max(...Object.values(processes));
}

/** The languages that take part in a set. The sets of a language are evenly spread, from the first on. */
export function lanesOfSet(processes: ProcessCounts, processNumber: number): Lane[] {
  const sets = setsOf(processes);
  const sofar = (lane: Lane, number: number) => Math.floor((number * processes[lane]) / sets);
  return LANES.filter((lane) => sofar(lane, processNumber) > sofar(lane, processNumber - 1));
}

/** The members of a set, the baseline twice, in an order that does not depend on the plan's. */
function entrantsOf({ strategies, baseline }: CellPlan, inSet: readonly Lane[]) {
  const sorted = strategies
    .map((strategy) => ({ strategy, lanes: lanesOf(strategy, inSet) }))
    .sort((one, other) => (one.strategy.id < other.strategy.id ? -1 : 1));
  const twins = sorted.filter(({ strategy }) => strategy.id === baseline);
  return [
    ...sorted.map((one) => ({ ...one, role: 'strategy' as const })),
    ...twins.map((one) => ({ ...one, role: 'twin' as const })),
  ];
}

/**
 * Runs one set of processes of a cell. If the machine killed a process, the whole set is run again, so that samples stay
 * paired. A process that fails makes its own series void, and no other.
 *
 * @param note - Is told when a second run succeeded.
 */
export function runSet(
  plan: CellPlan,
  protocol: CellProtocol,
  processNumber: number,
  note: Progress['note'],
): Promise<EndedSeries[]> {
  return runTwice(`set ${processNumber} of ${plan.where}`, note, async () => {
    const random = randomFrom(plan.seed + processNumber);
    const all = entrantsOf(plan, lanesOfSet(plan.processes, processNumber));
    const entrants = Array.from(random.permutation(all.length), (index) => ({
      ...(all[index] as (typeof all)[number]),
      heapSeed: random.below(HEAP_SEEDS),
      padding: random.below(ENVIRONMENT_BYTES),
    }));
    const pairs = await concurrently(entrants, STARTING_PROCESSES, (entrant) =>
      warmUp(plan, entrant, protocol),
    );
    const contenders = pairs.flat();
    await Promise.all(contenders.map((contender) => attempt(contender, () => contender.child.pin())));
    await takeRounds(contenders, plan, protocol.windowsPerBatch, roundOrders(contenders.length, random));
    const finished = await concurrently(pairs, STARTING_PROCESSES, (pair) => finish(pair, processNumber));
    const series = finished.flat();
    return all.flatMap(({ strategy, role }) =>
      series.filter((one) => one.strategy === strategy.id && one.role === role),
    );
  });
}

/** Runs a set, and once more if the machine ended one of its processes. */
export async function runTwice<S extends ProcessEnd & { readonly strategy: string }>(
  who: string,
  note: Progress['note'],
  run: () => Promise<S[]>,
): Promise<S[]> {
  const first = await run();
  const failed = first.find(({ isOfMachine }) => isOfMachine);
  if (failed === undefined) return first;
  const second = await run();
  const isWhole = second.every(({ isOfMachine }) => !isOfMachine);
  if (isWhole) note(`${who}, ${failed.strategy}: ${failed.error}; the set was run again`);
  return second;
}

/** The work of a set that the machine prevented in both runs. */
export function undoneOf(
  series: readonly (ProcessEnd & { readonly strategy: string })[],
  where: string,
  what: Undone['what'],
): Undone[] {
  return series.flatMap(({ strategy, error, isOfMachine }) =>
    isOfMachine && error !== null ? [{ strategy, where, what, reason: error }] : [],
  );
}

/** Starts and warms up the processes of an entrant, one after the other. */
async function warmUp(plan: CellPlan, entrant: Entrant, protocol: CellProtocol): Promise<Contender[]> {
  const { strategy, role, heapSeed, padding, lanes } = entrant;
  const contenders = lanes.map(
    (lane): Contender => ({
      strategy: strategy.id,
      role,
      lane,
      heapSeed,
      child: startChild(lane, strategy, plan, { heapSeed, padding }),
      warmUp: [],
      samples: [],
      collections: [],
      disturbed: [],
      standing: [],
      replays: 0,
      error: null,
      isOfMachine: false,
    }),
  );
  for (const contender of contenders) {
    await attempt(contender, async () => {
      await contender.child.hear<ReadyReply>();
      const windows = warmUpWindows(contender.lane, protocol);
      const { windowNs } = await contender.child.ask<WarmReply>(`warm ${windows}`);
      contender.warmUp.push(...windowNs.map((ns) => ns / plan.operationsPerWindow));
      contender.replays += windows;
    });
  }
  return contenders;
}

/** Asks the processes of an entrant for their digests, and ends them. */
function finish(pair: readonly Contender[], processNumber: number): Promise<EndedSeries[]> {
  return inTurn(pair, async (contender) => {
    const end = await attempt(contender, () => contender.child.ask<DigestReply>('digest'));
    const { child, ...known } = contender;
    child.kill();
    const { digest = null, peakBytes = 0 } = end ?? {};
    return { ...known, processNumber, digest, peakBytes };
  });
}
