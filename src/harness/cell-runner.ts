// The protocol of a cell: one workload, all strategies. Each (strategy, fork) is a fresh process, and one more in each
// further lane that it has: the same design in C goes on from the memory that TypeScript has set up. Processes start and
// warm up side by side, and then take turns, one timed batch each, in an order that no strategy profits from.
import { rm } from 'node:fs/promises';
import { type Random, randomFrom } from '../machine/random.js';
import { Child } from './child.js';
import type {
  CalibrateReply,
  DigestReply,
  ImageReply,
  NativeDigestReply,
  ReadyReply,
  ReplayReply,
  RoundReply,
  WarmReply,
} from './child-protocol.js';
import {
  HEAP_SEEDS,
  MIN_BATCH_MS,
  NATIVE_FORK_INTERVAL,
  STARTING_PROCESSES,
  WARM_UP_BATCHES,
  WARM_UP_WINDOWS,
} from './method.js';
import type { Series, Timing } from './results.js';

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
  /** In any order: the order of the runs is drawn, and drawn alike however the strategies come. */
  readonly strategies: readonly TimedStrategy[];
  readonly baseline: string;
  readonly rounds: number;
  readonly operationsPerWindow: number;
  /** Path of the stream's file. */
  readonly stream: string;
  /** Whether strategies take their turns one by one, each with the baseline and its twin, for want of memory. */
  readonly inGroups: boolean;
  /** Decides the order of strategies within rounds, and each process's heap. */
  readonly seed: number;
}

/** How long a batch and a warm-up of a cell are, and what its processes must end with. */
export type CellProtocol = Pick<
  Timing,
  'windowsPerBatch' | 'warmUpWindows' | 'replays' | 'references' | 'groups'
>;

/** What takes part in a fork: in V8, and where there is a program in C too. */
interface Entrant extends Pick<Series, 'role' | 'heapSeed'> {
  readonly strategy: TimedStrategy;
}

/** One process of a fork. */
interface Contender extends Pick<Series, 'strategy' | 'role' | 'lane' | 'heapSeed'> {
  readonly child: Child;
  readonly warmUp: number[];
  readonly samples: number[];
  readonly collections: number[];
  error: string | null;
}

/**
 * Works on all items, so many at a time.
 *
 * @returns The results in the order of the items.
 */
export async function concurrently<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  const workers = Array.from({ length: Math.min(limit, items.length) }, async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index] as T);
    }
  });
  await Promise.all(workers);
  return results;
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

function startChild(strategy: TimedStrategy, heapSeed?: number): Child {
  const words = heapSeed === undefined ? [] : [String(heapSeed)];
  return new Child('timed-child', [strategy.jobFile, ...words]);
}

/** Where the memory of a process is written for a program in C to read. */
function imageOf({ jobFile }: TimedStrategy, role: Series['role']): string {
  return `${jobFile}.${role}.image`;
}

type Reference = Timing['references'][number];

/** Replays of the window that make a batch of a strategy, in all its lanes; null if it gave none. */
async function calibrate(strategy: TimedStrategy, stream: string): Promise<number | null> {
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
  } catch {
    // Its series will say why.
  } finally {
    for (const lane of children) lane.kill();
    await rm(image, { force: true });
  }
  return windows.length === 0 ? null : Math.max(...windows);
}

/** The digests after so many untimed replays; null if the process failed. */
async function reference(strategy: TimedStrategy, replays: number): Promise<Reference> {
  const child = startChild(strategy);
  try {
    await child.hear<ReadyReply>();
    await child.ask<ReplayReply>(`replay ${replays}`);
    const { digest, maskedDigest } = await child.ask<DigestReply>('digest');
    return { strategy: strategy.id, digest, maskedDigest };
  } catch {
    return { strategy: strategy.id, digest: null, maskedDigest: null };
  } finally {
    child.kill();
  }
}

/**
 * Sizes the batch of a cell, so that it is long enough in every strategy, and makes an untimed reference run of each.
 *
 * @param advance - Called so often as {@link stepsOfPreparing} says.
 */
export async function prepareCell(plan: CellPlan, advance: () => void): Promise<CellProtocol> {
  const { strategies, stream, rounds } = plan;
  const windows = await concurrently(strategies, STARTING_PROCESSES, async (strategy) => {
    const enough = await calibrate(strategy, stream);
    advance();
    return enough;
  });
  const windowsPerBatch = Math.max(1, ...windows.filter((count) => count !== null));
  const warmUpWindows = Math.max(WARM_UP_WINDOWS, WARM_UP_BATCHES * windowsPerBatch);
  const replays = warmUpWindows + rounds * (1 + windowsPerBatch);
  const references = await concurrently(strategies, STARTING_PROCESSES, async (strategy) => {
    const digests = await reference(strategy, replays);
    advance();
    return digests;
  });
  return { windowsPerBatch, warmUpWindows, replays, references, groups: groupsOf(plan).length };
}

/** How often {@link prepareCell} calls `advance`. */
export function stepsOfPreparing(strategies: number): number {
  return 2 * strategies;
}

/** The plans that a fork runs one after the other: as a rule one, with all strategies. */
function groupsOf(plan: CellPlan): CellPlan[] {
  const { strategies, baseline, inGroups } = plan;
  const others = strategies.filter(({ id }) => id !== baseline);
  if (!inGroups || others.length < 2) return [plan];
  return others.map((other) => ({
    ...plan,
    strategies: strategies.filter(({ id }) => id === baseline || id === other.id),
  }));
}

/** Who takes part in a fork, the baseline twice, in an order that does not depend on the plan's. */
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
 * Runs one fork of a cell, in groups if need be: their series have fork numbers of their own, so that each strategy is
 * compared with the baseline of its group. A process that fails makes its series void and takes nothing else with it.
 */
export async function runFork(plan: CellPlan, protocol: CellProtocol, fork: number): Promise<Series[]> {
  const groups = groupsOf(plan);
  const isNative = fork % NATIVE_FORK_INTERVAL === 0;
  const series: Series[] = [];
  for (const [index, group] of groups.entries()) {
    series.push(...(await runGroup(group, protocol, fork * groups.length + index, isNative)));
  }
  return series;
}

async function runGroup(
  plan: CellPlan,
  protocol: CellProtocol,
  fork: number,
  isNative: boolean,
): Promise<Series[]> {
  const { rounds, operationsPerWindow } = plan;
  const random = randomFrom(plan.seed + fork);
  const all = entrantsOf(plan, isNative);
  const entrants = Array.from(random.permutation(all.length), (index) => ({
    ...(all[index] as (typeof all)[number]),
    heapSeed: random.below(HEAP_SEEDS),
  }));
  const pairs = await concurrently(entrants, STARTING_PROCESSES, (entrant) =>
    warmUp(plan, entrant, protocol.warmUpWindows),
  );
  const contenders = pairs.flat();
  await Promise.all(contenders.map((contender) => attempt(contender, () => contender.child.pin())));
  for (const { child, error } of contenders) if (error === null) child.say(`rounds ${rounds}`);
  const orders = roundOrders(contenders.length, random);
  const operations = protocol.windowsPerBatch * operationsPerWindow;
  for (let round = 0; round < rounds; round++) {
    for (const index of orders.next().value as number[]) {
      await runRound(contenders[index] as Contender, protocol.windowsPerBatch, operations);
    }
  }
  const finished = await concurrently(pairs, STARTING_PROCESSES, (pair) => finish(pair, fork, protocol));
  const series = finished.flat();
  return all.flatMap(({ strategy, role }) =>
    series.filter((one) => one.strategy === strategy.id && one.role === role),
  );
}

/** Does something with a contender; an error makes it void. @returns Null if it is. */
export async function attempt<T>(
  contender: { readonly child: Child; error: string | null },
  work: () => Promise<T>,
): Promise<T | null> {
  if (contender.error !== null) return null;
  try {
    return await work();
  } catch (error) {
    contender.error = error instanceof Error ? error.message : String(error);
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
    error: null,
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
    });
  }
  return contenders;
}

async function runRound(contender: Contender, windows: number, operations: number): Promise<void> {
  await attempt(contender, async () => {
    const { batchNs, collections } = await contender.child.ask<RoundReply>(`round ${windows}`);
    contender.samples.push(batchNs / operations);
    contender.collections.push(collections);
  });
}

/** Ends the processes of an entrant. The one in V8 must end as its untimed reference did, and the one in C as that. */
async function finish(
  pair: readonly Contender[],
  fork: number,
  { references }: CellProtocol,
): Promise<Series[]> {
  const series: Series[] = [];
  /** What the memory of a process that is right ends as. */
  let expected: string | null = null;
  for (const contender of pair) {
    const { strategy, role, lane, heapSeed, warmUp: warmUpSeries, samples, collections } = contender;
    const end = await attempt(contender, () =>
      contender.child.ask<NativeDigestReply & Partial<DigestReply>>('digest'),
    );
    const { memoryDigest = null, peakBytes = 0 } = end ?? {};
    const digest = (lane === 'v8' ? end?.digest : memoryDigest) ?? null;
    const untimed = references.find((candidate) => candidate.strategy === strategy);
    const digestMatches = digest !== null && digest === (lane === 'v8' ? untimed?.digest : expected);
    if (lane === 'v8' && digestMatches) expected = memoryDigest;
    series.push({
      strategy,
      role,
      lane,
      fork,
      heapSeed,
      warmUp: warmUpSeries,
      samples,
      collections,
      digest,
      digestMatches,
      peakBytes,
      error: contender.error,
    });
  }
  return series;
}
