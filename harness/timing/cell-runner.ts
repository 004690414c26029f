// The protocol of a cell: one workload, all strategies. Each process number has one set of processes: one for each
// strategy and language, and the A/A control. The process in C continues from the memory that TypeScript has set up.
// The processes of a set start and warm up two at a time. Then they take turns, one timed batch each, in a drawn order.
import { rm } from 'node:fs/promises';
import { type Random, randomFrom } from '../../machine/random.js';
import {
  HEAP_SEEDS,
  MIN_BATCH_MS,
  NATIVE_PROCESS_INTERVAL,
  STARTING_PROCESSES,
  WARM_UP_BATCHES,
  WARM_UP_WINDOWS,
} from '../method.js';
import { Child, ChildError } from '../process/child.js';
import type {
  CalibrateReply,
  DigestReply,
  ImageReply,
  NativeDigestReply,
  ReadyReply,
  RoundReply,
  WarmReply,
} from '../process/child-protocol.js';
import { concurrently, tryTwice } from '../process/workshop.js';
import type { Series, Timing, Undone } from '../results/results.js';
import { isDisturbed, type RoundClocks } from './disturbance.js';

/** A strategy ready to be timed on a cell's stream. */
export interface TimedStrategy {
  readonly id: string;
  /** Path of the job that its processes are started with. */
  readonly jobFile: string;
  /** Path of the same design compiled from C, where it takes part; else null. */
  readonly program: string | null;
}

/** What a cell is run with. */
export interface CellPlan {
  /** The workload or host that it is of. */
  readonly where: string;
  /** In any order: the order of the runs is drawn, and drawn alike however the strategies come. */
  readonly strategies: readonly TimedStrategy[];
  readonly baseline: string;
  readonly rounds: number;
  readonly operationsPerWindow: number;
  /** Path of the stream's file. */
  readonly stream: string;
  /** Decides the order of strategies within rounds, and each process's heap. */
  readonly seed: number;
}

/** How long a batch and a warm-up of a cell are. */
export type CellProtocol = Pick<Timing, 'windowsPerBatch' | 'warmUpWindows'>;

/** The series of a process that has ended, before it is held against an untimed run. */
export interface EndedSeries extends Omit<Series, 'digestMatches'> {
  /** Of all memory, with which a program in C must end too. */
  readonly memoryDigest: string | null;
  /** Whether it is the machine that ended it, and not the strategy. */
  readonly isOfMachine: boolean;
}

/** A member of a set: one process in V8, and one in C where there is a program. */
interface Entrant extends Pick<Series, 'role' | 'heapSeed'> {
  readonly strategy: TimedStrategy;
}

/** One process as far as its rounds go. */
export interface RoundTaker
  extends Pick<Series, 'samples' | 'collections' | 'disturbed' | 'standing' | 'replays'> {
  readonly child: Pick<Child, 'ask' | 'kill'>;
  error: string | null;
  isOfMachine: boolean;
}

/** One process of a set. */
interface Contender extends RoundTaker, Pick<Series, 'strategy' | 'role' | 'lane' | 'heapSeed'> {
  readonly child: Child;
  readonly warmUp: number[];
}

/**
 * Orders for rounds: a random cyclic Latin square, in which each of n contenders stands once in each place over n
 * rounds, shuffled anew for each square.
 */
export function* roundOrders(contenders: number, random: Random): Generator<number[]> {
  for (;;) {
    const square = [...random.permutation(contenders)];
    for (const shift of random.permutation(contenders)) {
      yield square.map((_, place) => square[(place + shift) % contenders] as number);
    }
  }
}

/** Starts a strategy in V8, with a heap of its own if need be. */
export function startChild(strategy: TimedStrategy, heapSeed?: number): Child {
  const words = heapSeed === undefined ? [] : [String(heapSeed)];
  return new Child('timing/timed-child', [strategy.jobFile, ...words]);
}

/** Where the memory of a process is written for a program in C to read. */
function imageOf({ jobFile }: TimedStrategy, role: Series['role']): string {
  return `${jobFile}.${role}.image`;
}

/** Replays of the window that make a batch of a strategy, in all its lanes. */
async function calibrate(strategy: TimedStrategy, stream: string): Promise<number> {
  const children = [startChild(strategy)];
  const [child] = children as [Child];
  const image = imageOf(strategy, 'strategy');
  const windows: number[] = [];
  try {
    await child.hear<ReadyReply>();
    if (strategy.program !== null) {
      await child.ask<ImageReply>(`image ${image}`);
      children.push(new Child({ program: strategy.program }, [image, stream]));
      await children[1]?.hear<ReadyReply>();
    }
    for (const lane of children) {
      windows.push((await lane.ask<CalibrateReply>(`calibrate ${MIN_BATCH_MS}`)).windows);
    }
    return Math.max(...windows);
  } finally {
    for (const lane of children) lane.kill();
    await rm(image, { force: true });
  }
}

/**
 * Sizes the batch of a cell, so that it is long enough in every strategy.
 *
 * @param advance - Called once for each strategy.
 * @param note - Hears of a second try that succeeded.
 */
export async function prepareCell(
  plan: CellPlan,
  advance: () => void,
  note: (line: string) => void,
): Promise<CellProtocol> {
  const { strategies, stream, where } = plan;
  const windows = await concurrently(strategies, STARTING_PROCESSES, async (strategy) => {
    const who = `${strategy.id} on ${where}`;
    // One that fails here fails in every process, and its series will say why.
    const enough = await tryTwice(who, note, () => calibrate(strategy, stream)).catch(() => 1);
    advance();
    return enough;
  });
  const windowsPerBatch = Math.max(1, ...windows);
  const warmUpWindows = Math.max(WARM_UP_WINDOWS, WARM_UP_BATCHES * windowsPerBatch);
  return { windowsPerBatch, warmUpWindows };
}

/** The members of a set, the baseline twice, in an order that does not depend on the plan's. */
function entrantsOf({ strategies, baseline }: CellPlan, isNative: boolean): Omit<Entrant, 'heapSeed'>[] {
  const sorted = strategies
    .map((strategy) => (isNative ? strategy : { ...strategy, program: null }))
    .sort((one, other) => (one.id < other.id ? -1 : 1));
  return [
    ...sorted.map((strategy) => ({ strategy, role: 'strategy' as const })),
    ...sorted.filter(({ id }) => id === baseline).map((strategy) => ({ strategy, role: 'twin' as const })),
  ];
}

/**
 * Runs one set of processes of a cell. A set in which the machine ended a process is run once more, so that it stays
 * paired. A process that fails makes its own series void, and no other.
 *
 * @param note - Is told when a second run succeeded.
 */
export function runSet(
  plan: CellPlan,
  protocol: CellProtocol,
  processNumber: number,
  note: (line: string) => void,
): Promise<EndedSeries[]> {
  const run = () => runSetOnce(plan, protocol, processNumber);
  return runTwice(`set ${processNumber} of ${plan.where}`, note, run);
}

/** Runs a set, and once more if the machine ended one of its processes. */
export async function runTwice<S extends Pick<EndedSeries, 'strategy' | 'error' | 'isOfMachine'>>(
  who: string,
  note: (line: string) => void,
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
  series: readonly Pick<EndedSeries, 'strategy' | 'error' | 'isOfMachine'>[],
  where: string,
  what: Undone['what'],
): Undone[] {
  return series.flatMap(({ strategy, error, isOfMachine }) =>
    isOfMachine ? [{ strategy, where, what, reason: error ?? '' }] : [],
  );
}

async function runSetOnce(
  plan: CellPlan,
  protocol: CellProtocol,
  processNumber: number,
): Promise<EndedSeries[]> {
  const random = randomFrom(plan.seed + processNumber);
  const all = entrantsOf(plan, processNumber % NATIVE_PROCESS_INTERVAL === 0);
  const entrants = Array.from(random.permutation(all.length), (index) => ({
    ...(all[index] as (typeof all)[number]),
    heapSeed: random.below(HEAP_SEEDS),
  }));
  const pairs = await concurrently(entrants, STARTING_PROCESSES, (entrant) =>
    warmUp(plan, entrant, protocol.warmUpWindows),
  );
  const contenders = pairs.flat();
  await Promise.all(contenders.map((contender) => attempt(contender, () => contender.child.pin())));
  await takeRounds(contenders, plan, protocol.windowsPerBatch, roundOrders(contenders.length, random));
  const finished = await concurrently(pairs, STARTING_PROCESSES, (pair) => finish(pair, processNumber));
  const series = finished.flat();
  return all.flatMap(({ strategy, role }) =>
    series.filter((one) => one.strategy === strategy.id && one.role === role),
  );
}

/** Does something with a contender; an error makes it void. @returns Null if it is. */
export async function attempt<T>(
  contender: { readonly child: Pick<Child, 'kill'>; error: string | null; isOfMachine: boolean },
  work: () => Promise<T>,
): Promise<T | null> {
  if (contender.error !== null) return null;
  try {
    return await work();
  } catch (error) {
    contender.error = error instanceof Error ? error.message : String(error);
    contender.isOfMachine = error instanceof ChildError && error.blames === 'machine';
    contender.child.kill();
    return null;
  }
}

/** Starts and warms up the processes of an entrant: the one in V8, and after it the one in C, where there is one. */
async function warmUp(plan: CellPlan, entrant: Entrant, windows: number): Promise<Contender[]> {
  const { strategy, role, heapSeed } = entrant;
  const { id, program } = strategy;
  const contenderIn = (lane: Series['lane'], child: Child): Contender => ({
    strategy: id,
    role,
    lane,
    heapSeed,
    child,
    warmUp: [],
    samples: [],
    collections: [],
    disturbed: [],
    standing: [],
    replays: 0,
    error: null,
    isOfMachine: false,
  });
  const contenders = [contenderIn('v8', startChild(strategy, heapSeed))];
  const [first] = contenders as [Contender];
  const image = imageOf(strategy, role);
  await attempt(first, async () => {
    await first.child.hear<ReadyReply>();
    if (program !== null) await first.child.ask<ImageReply>(`image ${image}`);
  });
  if (program !== null && first.error === null) {
    const native = contenderIn('c', new Child({ program }, [image, plan.stream]));
    contenders.push(native);
    await attempt(native, () => native.child.hear<ReadyReply>());
    await rm(image, { force: true });
  }
  for (const contender of contenders) {
    await attempt(contender, async () => {
      const { windowNs } = await contender.child.ask<WarmReply>(`warm ${windows}`);
      contender.warmUp.push(...windowNs.map((ns) => ns / plan.operationsPerWindow));
      contender.replays += windows;
    });
  }
  return contenders;
}

/** A round of one process. */
interface TakenRound extends RoundReply {
  readonly clockMs: RoundClocks['clockMs'];
}

/** How much further the wall clock is than the monotonic one, in ms. */
function clockDifference(): number {
  return Date.now() - performance.now();
}

/** Has processes take a round, one after the other. @returns Those that took it. */
async function takeRound<T extends RoundTaker>(
  takers: readonly T[],
  windows: number,
): Promise<Map<T, TakenRound>> {
  const taken = new Map<T, TakenRound>();
  for (const taker of takers) {
    await attempt(taker, async () => {
      const difference = clockDifference();
      const reply = await taker.child.ask<RoundReply>(`round ${windows}`);
      taken.set(taker, { ...reply, clockMs: clockDifference() - difference });
      taker.replays += 1 + windows;
    });
  }
  return taken;
}

/**
 * Has processes take all rounds, each in the order that it is given. A round in which one was disturbed is taken once more
 * by all, so that it stays paired; the second one counts, whatever it is.
 */
export async function takeRounds(
  contenders: readonly RoundTaker[],
  { rounds, operationsPerWindow }: Pick<CellPlan, 'rounds' | 'operationsPerWindow'>,
  windows: number,
  orders: Iterator<number[]>,
): Promise<void> {
  const operations = windows * operationsPerWindow;
  for (let round = 0; round < rounds; round++) {
    const order = (orders.next().value as number[]).map((index) => contenders[index] as RoundTaker);
    const first = await takeRound(order, windows);
    const isAgain = [...first.values()].some(isDisturbed);
    if (isAgain) {
      for (const [{ disturbed }, taken] of first) {
        const { batchNs, collections, ...clocks } = taken;
        disturbed.push({
          round,
          ns: batchNs / operations,
          collections,
          ...clocks,
          isOwn: isDisturbed(taken),
        });
      }
    }
    for (const [taker, taken] of isAgain ? await takeRound(order, windows) : first) {
      const { batchNs, collections, ...clocks } = taken;
      taker.samples.push(batchNs / operations);
      taker.collections.push(collections);
      if (isAgain && isDisturbed(taken)) taker.standing.push({ round, ...clocks });
    }
  }
}

/** Asks the processes of an entrant for their digests, and ends them. */
async function finish(pair: readonly Contender[], processNumber: number): Promise<EndedSeries[]> {
  const series: EndedSeries[] = [];
  for (const contender of pair) {
    const end = await attempt(contender, () =>
      contender.child.ask<NativeDigestReply & Partial<DigestReply>>('digest'),
    );
    const { child, ...known } = contender;
    child.kill();
    const { memoryDigest = null, peakBytes = 0 } = end ?? {};
    const digest = (known.lane === 'v8' ? end?.digest : memoryDigest) ?? null;
    series.push({ ...known, processNumber, digest, memoryDigest, peakBytes });
  }
  return series;
}
