// The protocol of a cell: one workload, all strategies. Each (strategy, fork) is a fresh process; processes start
// and warm up side by side, and then take turns, one timed batch each, in an order that no strategy profits from.
import { randomFrom } from '../machine/random.js';
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
  CALIBRATION_MS,
  CHILD_TIMEOUT_MS,
  MIN_BATCH_MS,
  STARTING_PROCESSES,
  WARM_UP_MS,
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
  readonly strategies: readonly TimedStrategy[];
  readonly baseline: string;
  readonly forks: number;
  readonly rounds: number;
  readonly operationsPerWindow: number;
  /** Decides the order of strategies within rounds. */
  readonly seed: number;
  /** Called after each step of work, of {@link stepsOfTiming}. */
  readonly advance: () => void;
}

/** How often {@link CellPlan.advance} is called by {@link timeCell}. */
export function stepsOfTiming(strategies: number, forks: number): number {
  return 2 * strategies + forks;
}

/** One process of a fork. */
interface Contender {
  readonly strategy: string;
  readonly role: Series['role'];
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
export function* roundOrders(contenders: number, seed: number): Generator<number[]> {
  const random = randomFrom(seed);
  for (;;) {
    const square = [...random.permutation(contenders)];
    for (const shift of random.permutation(contenders)) {
      yield square.map((_, place) => square[(place + shift) % contenders] as number);
    }
  }
}

function startChild(strategy: TimedStrategy): Child {
  return new Child('timed-child', strategy.jobFile, CHILD_TIMEOUT_MS);
}

type Reference = Timing['references'][number];

/** Steady ns of one window of a strategy; null if it gave none. */
async function calibrate(strategy: TimedStrategy): Promise<number | null> {
  const child = startChild(strategy);
  try {
    await child.hear<ReadyReply>();
    return (await child.ask<CalibrateReply>(`calibrate ${CALIBRATION_MS}`)).windowNs;
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

/** Times a cell. A process that fails makes its series void and takes nothing else with it. */
export async function timeCell(plan: CellPlan): Promise<Timing> {
  const windowNs = await concurrently(plan.strategies, STARTING_PROCESSES, async (strategy) => {
    const ns = await calibrate(strategy);
    plan.advance();
    return ns;
  });
  const fastest = Math.min(...windowNs.filter((ns) => ns !== null));
  const windows = (milliseconds: number) =>
    Number.isFinite(fastest) ? Math.max(1, Math.ceil((milliseconds * 1e6) / fastest)) : 1;
  const windowsPerBatch = windows(MIN_BATCH_MS);
  const warmUpWindows = Math.max(WARM_UP_WINDOWS, windows(WARM_UP_MS));
  const replays = warmUpWindows + plan.rounds * (1 + windowsPerBatch);
  const references = await concurrently(plan.strategies, STARTING_PROCESSES, async (strategy) => {
    const digests = await reference(strategy, replays);
    plan.advance();
    return digests;
  });
  const series: Series[] = [];
  for (let fork = 0; fork < plan.forks; fork++) {
    series.push(...(await runFork(plan, fork, { windowsPerBatch, warmUpWindows, references })));
    plan.advance();
  }
  return { windowsPerBatch, warmUpWindows, replays, references, series };
}

type Protocol = Pick<Timing, 'windowsPerBatch' | 'warmUpWindows' | 'references'>;

async function runFork(plan: CellPlan, fork: number, protocol: Protocol): Promise<Series[]> {
  const { strategies, baseline, rounds, operationsPerWindow } = plan;
  const twin = strategies.filter(({ id }) => id === baseline);
  const entrants = [
    ...strategies.map((strategy) => ({ strategy, role: 'strategy' as const })),
    ...twin.map((strategy) => ({ strategy, role: 'twin' as const })),
  ];
  const contenders = await concurrently(entrants, STARTING_PROCESSES, ({ strategy, role }) =>
    warmUp(strategy, role, protocol.warmUpWindows, operationsPerWindow),
  );
  for (const { child, error } of contenders) if (error === null) child.say(`rounds ${rounds}`);
  const orders = roundOrders(contenders.length, plan.seed + fork);
  const operations = protocol.windowsPerBatch * operationsPerWindow;
  for (let round = 0; round < rounds; round++) {
    for (const index of orders.next().value as number[]) {
      await runRound(contenders[index] as Contender, protocol.windowsPerBatch, operations);
    }
  }
  return concurrently(contenders, 1, (contender) => finish(contender, fork, protocol));
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
  windows: number,
  operations: number,
): Promise<Contender> {
  const contender: Contender = {
    strategy: strategy.id,
    role,
    child: startChild(strategy),
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

async function finish(contender: Contender, fork: number, protocol: Protocol): Promise<Series> {
  let end: DigestReply | null = null;
  await attempt(contender, async () => {
    end = await contender.child.ask<DigestReply>('digest');
  });
  const { strategy, role, warmUp: series, samples, collections, error } = contender;
  const { digest, peakBytes } = (end as DigestReply | null) ?? { digest: null, peakBytes: 0 };
  const untimed = protocol.references.find((candidate) => candidate.strategy === strategy);
  const digestMatches = digest !== null && digest === untimed?.digest;
  return {
    strategy,
    role,
    fork,
    warmUp: series,
    samples,
    collections,
    digest,
    digestMatches,
    peakBytes,
    error,
  };
}
