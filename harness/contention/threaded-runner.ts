// Times several threads at once. Each strategy has a process in each lane, and the processes take turns in a random order.
// In its turn a process runs with one thread, then with two, and so on: the cost of another thread is then a comparison
// within one process and a few milliseconds.
import { randomFrom } from '../../machine/random.js';
import {
  HEAP_SEEDS,
  STARTING_PROCESSES,
  THREADED_ROUNDS,
  THREADED_RUN_MS,
  WARM_UP_WINDOWS,
} from '../method.js';
import { hostWords } from '../native/lane.js';
import { Child, ChildError } from '../process/child.js';
import type { CalibrateReply, ReadyReply, ReplayReply } from '../process/timed-protocol.js';
import { concurrently, tryTwice } from '../process/workshop.js';
import type { Lane, ThreadedSeries } from '../results/results.js';
import type { CellPlan, TimedStrategy } from '../timing/cell-runner.js';
import { attempt, type ProcessEnd, roundOrders } from '../timing/rounds.js';
import type { EntriesReply, RunReply } from './threaded-child.js';

/** A strategy ready to be run with threads. */
export interface ThreadedStrategy extends TimedStrategy {
  /** The oracle's digest of the entries, with tag and ga_log_intr masked; null if it has none. */
  readonly maskedDigest: string | null;
}

/** What is run with threads; the operations are those in a thread's window. */
export interface ThreadedPlan extends Pick<CellPlan, 'host' | 'operationsPerWindow' | 'seed'> {
  readonly strategies: readonly ThreadedStrategy[];
  /** Path of each thread's part of the stream. */
  readonly parts: readonly string[];
}

/** One process while it runs. */
interface Contender extends ProcessEnd, Pick<ThreadedSeries, 'lane' | 'heapSeed' | 'runs' | 'isQuiescent'> {
  readonly strategy: ThreadedStrategy;
  readonly child: Child;
}

/** 1, 2, 4 and so on below `most`, and `most`. */
export function threadCounts(most: number): number[] {
  const counts: number[] = [];
  for (let count = 1; count < most; count *= 2) counts.push(count);
  return [...counts, most];
}

/** Starts a strategy's process in V8 and warms it up, and then starts its process in C, if there is a program. */
async function start(plan: ThreadedPlan, strategy: ThreadedStrategy, heapSeed: number): Promise<Contender[]> {
  const { jobFile, program } = strategy;
  const contenderIn = (lane: Lane, child: Child): Contender => {
    return { strategy, lane, heapSeed, child, runs: [], isQuiescent: false, error: null, isOfMachine: false };
  };
  const first = contenderIn('v8', new Child('contention/threaded-child', [jobFile, String(heapSeed)]));
  await attempt(first, async () => {
    await first.child.hear<ReadyReply>();
    await first.child.ask<ReplayReply>(`warm ${WARM_UP_WINDOWS.v8}`);
  });
  if (program === null || first.error !== null) return [first];
  const words = [...hostWords({ ...plan.host, heapSeed }), ...plan.parts];
  const native = contenderIn('c', new Child({ program }, words));
  await attempt(native, () => native.child.hear<ReadyReply>());
  return [first, native];
}

/** The replays of a run: enough for the first thread alone, in every strategy and lane. */
export async function calibrateThreads(plan: ThreadedPlan, note: (line: string) => void): Promise<number> {
  const enough = await concurrently(plan.strategies, 1, (strategy) =>
    // A strategy that fails here fails in every process, and its series will say why.
    tryTwice(`${strategy.id} with threads`, note, () => calibrateStrategy(plan, strategy)).catch(() => 1),
  );
  return Math.max(1, ...enough);
}

async function calibrateStrategy(plan: ThreadedPlan, strategy: ThreadedStrategy): Promise<number> {
  const contenders = await start(plan, strategy, plan.seed);
  try {
    let windows = 1;
    for (const { child, error, isOfMachine } of contenders) {
      if (error !== null) throw new ChildError(isOfMachine ? 'machine' : 'strategy', error);
      const reply = await child.ask<CalibrateReply>(`calibrate ${THREADED_RUN_MS}`);
      windows = Math.max(windows, reply.windows);
    }
    return windows;
  } finally {
    for (const { child } of contenders) child.kill();
  }
}

/** Runs a contender's turn. */
async function takeTurn({ child, runs }: Contender, plan: ThreadedPlan, windows: number): Promise<void> {
  for (const threads of threadCounts(plan.parts.length)) {
    const reply = await child.ask<RunReply>(`run ${threads} ${windows}`);
    const rates = reply.threads.map(
      (thread) => (thread.windows * plan.operationsPerWindow * 1e9) / thread.ns,
    );
    runs.push({ threads, rates });
  }
}

/**
 * Judges the entries that a strategy's processes leave when all threads are idle. V8 must agree with the oracle. C has the
 * same heap as V8, so its entries must equal those of V8 word for word.
 */
async function judgeEntries(pair: readonly Contender[]): Promise<void> {
  let expected: string | null = null;
  for (const contender of pair) {
    await attempt(contender, async () => {
      const { maskedDigest, entriesDigest } = await contender.child.ask<EntriesReply>('entries');
      if (contender.lane === 'v8') {
        contender.isQuiescent = maskedDigest === contender.strategy.maskedDigest;
        if (contender.isQuiescent) expected = entriesDigest;
      } else {
        contender.isQuiescent = entriesDigest === expected;
      }
    });
  }
}

/** Runs one set: a fresh process for each strategy and language. */
export async function runThreadedSet(
  plan: ThreadedPlan,
  windows: number,
  processNumber: number,
): Promise<(ThreadedSeries & ProcessEnd)[]> {
  const random = randomFrom(plan.seed + processNumber);
  // The draws must not depend on the order of the plan.
  const seeded = [...plan.strategies]
    .sort((one, other) => (one.id < other.id ? -1 : 1))
    .map((strategy) => ({ strategy, heapSeed: random.below(HEAP_SEEDS) }));
  const pairs = await concurrently(seeded, STARTING_PROCESSES, ({ strategy, heapSeed }) =>
    start(plan, strategy, heapSeed),
  );
  const contenders = pairs.flat();
  const orders = roundOrders(contenders.length, random);
  for (let round = 0; round < THREADED_ROUNDS; round++) {
    for (const index of orders.next().value as number[]) {
      const contender = contenders[index] as Contender;
      await attempt(contender, () => takeTurn(contender, plan, windows));
    }
  }
  for (const pair of pairs) await judgeEntries(pair);
  return contenders.map(({ child, strategy, ...known }) => {
    child.kill();
    return { ...known, strategy: strategy.id, processNumber };
  });
}
