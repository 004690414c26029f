// The protocol of a cell: one workload, all strategies. Each (strategy, fork) is a fresh process; processes start
// and warm up side by side, and then take turns, one timed batch each, in an order that no strategy profits from.
import { type Random, randomFrom } from '../machine/random.js';
import { Child } from './child.js';
import type {
  CalibrateReply,
  DigestReply,
  ReadyReply,
  ReplayReply,
  RoundReply,
  WarmReply,
} from './child-protocol.js';
import {
  CHILD_TIMEOUT_MS,
  MIN_BATCH_MS,
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
}

/** What a cell is run with. */
export interface CellPlan {
  /** In any order: the order of the runs is drawn, and drawn alike however the strategies come. */
  readonly strategies: readonly TimedStrategy[];
  readonly baseline: string;
  readonly rounds: number;
  readonly operationsPerWindow: number;
  /** Decides the order of strategies within rounds, and each process's heap. */
  readonly seed: number;
}

/** How long a batch and a warm-up of a cell are, and what its processes must end with. */
export type CellProtocol = Pick<Timing, 'windowsPerBatch' | 'warmUpWindows' | 'replays' | 'references'>;

/** One process of a fork. */
interface Contender {
  readonly strategy: string;
  readonly role: Series['role'];
  readonly heapSeed: number;
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
  return new Child('timed-child', [strategy.jobFile, ...words], CHILD_TIMEOUT_MS);
}

type Reference = Timing['references'][number];

/** Replays of the window that make a batch of a strategy; null if it gave none. */
async function calibrate(strategy: TimedStrategy): Promise<number | null> {
  const child = startChild(strategy);
  try {
    await child.hear<ReadyReply>();
    return (await child.ask<CalibrateReply>(`calibrate ${MIN_BATCH_MS}`)).windows;
  } catch {
    return null;
  } finally {
    child.kill();
  }
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
export async function prepareCell(
  { strategies, rounds }: CellPlan,
  advance: () => void,
): Promise<CellProtocol> {
  const windows = await concurrently(strategies, STARTING_PROCESSES, async (strategy) => {
    const enough = await calibrate(strategy);
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
  return { windowsPerBatch, warmUpWindows, replays, references };
}

/** How often {@link prepareCell} calls `advance`. */
export function stepsOfPreparing(strategies: number): number {
  return 2 * strategies;
}

/** Who takes part in a fork, the baseline twice, in an order that does not depend on the plan's. */
function entrantsOf({ strategies, baseline }: CellPlan): Pick<Series, 'strategy' | 'role'>[] {
  const ids = strategies.map(({ id }) => id).sort();
  return [
    ...ids.map((strategy) => ({ strategy, role: 'strategy' as const })),
    ...ids.filter((id) => id === baseline).map((strategy) => ({ strategy, role: 'twin' as const })),
  ];
}

/** A process draws its heap out of so many, so that no interval is blind to where objects lie. */
const HEAP_SEEDS = 0x7fff_ffff;

/** Runs one fork of a cell. A process that fails makes its series void and takes nothing else with it. */
export async function runFork(plan: CellPlan, protocol: CellProtocol, fork: number): Promise<Series[]> {
  const { strategies, rounds, operationsPerWindow } = plan;
  const random = randomFrom(plan.seed + fork);
  const all = entrantsOf(plan);
  const entrants = Array.from(random.permutation(all.length), (index) => ({
    ...(all[index] as (typeof all)[number]),
    heapSeed: random.below(HEAP_SEEDS),
  }));
  const contenders = await concurrently(entrants, STARTING_PROCESSES, ({ strategy, role, heapSeed }) => {
    const timed = strategies.find(({ id }) => id === strategy) as TimedStrategy;
    return warmUp(timed, role, heapSeed, protocol.warmUpWindows, operationsPerWindow);
  });
  await Promise.all(contenders.map((contender) => attempt(contender, () => contender.child.pin())));
  for (const { child, error } of contenders) if (error === null) child.say(`rounds ${rounds}`);
  const orders = roundOrders(contenders.length, random);
  const operations = protocol.windowsPerBatch * operationsPerWindow;
  for (let round = 0; round < rounds; round++) {
    for (const index of orders.next().value as number[]) {
      await runRound(contenders[index] as Contender, protocol.windowsPerBatch, operations);
    }
  }
  const series = await concurrently(contenders, 1, (contender) => finish(contender, fork, protocol));
  return all.map(({ strategy, role }) => {
    return series.find((one) => one.strategy === strategy && one.role === role) as Series;
  });
}

/** Does something with a contender; an error makes it void. */
async function attempt(contender: Contender, work: () => Promise<void>): Promise<void> {
  if (contender.error !== null) return;
  try {
    await work();
  } catch (error) {
    contender.error = error instanceof Error ? error.message : String(error);
    contender.child.kill();
  }
}

async function warmUp(
  strategy: TimedStrategy,
  role: Series['role'],
  heapSeed: number,
  windows: number,
  operations: number,
): Promise<Contender> {
  const contender: Contender = {
    strategy: strategy.id,
    role,
    heapSeed,
    child: startChild(strategy, heapSeed),
    warmUp: [],
    samples: [],
    collections: [],
    error: null,
  };
  await attempt(contender, async () => {
    await contender.child.hear<ReadyReply>();
    const { windowNs } = await contender.child.ask<WarmReply>(`warm ${windows}`);
    contender.warmUp.push(...windowNs.map((ns) => ns / operations));
  });
  return contender;
}

async function runRound(contender: Contender, windows: number, operations: number): Promise<void> {
  await attempt(contender, async () => {
    const { batchNs, collections } = await contender.child.ask<RoundReply>(`round ${windows}`);
    contender.samples.push(batchNs / operations);
    contender.collections.push(collections);
  });
}

async function finish(contender: Contender, fork: number, protocol: CellProtocol): Promise<Series> {
  let end: DigestReply | null = null;
  await attempt(contender, async () => {
    end = await contender.child.ask<DigestReply>('digest');
  });
  const { strategy, role, heapSeed, warmUp: series, samples, collections, error } = contender;
  const { digest, peakBytes } = (end as DigestReply | null) ?? { digest: null, peakBytes: 0 };
  const untimed = protocol.references.find((candidate) => candidate.strategy === strategy);
  const digestMatches = digest !== null && digest === untimed?.digest;
  return {
    strategy,
    role,
    fork,
    heapSeed,
    warmUp: series,
    samples,
    collections,
    digest,
    digestMatches,
    peakBytes,
    error,
  };
}
