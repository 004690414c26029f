// The protocol of several threads at once: each strategy in a process of its own, in each lane, and all of them in turn in
// an order that none profits from. In its turn a process runs with one thread, with two, and so on, so that what
// another thread costs is seen within a process and within milliseconds.
import { rm } from 'node:fs/promises';
import { randomFrom } from '../../machine/random.js';
import {
  HEAP_SEEDS,
  STARTING_PROCESSES,
  THREADED_ROUNDS,
  THREADED_RUN_MS,
  WARM_UP_WINDOWS,
} from '../method.js';
import { Child, ChildError } from '../process/child.js';
import type {
  CalibrateReply,
  EntriesReply,
  ImageReply,
  MaskedEntriesReply,
  ReadyReply,
  ReplayReply,
  RunReply,
} from '../process/child-protocol.js';
import { concurrently, tryTwice } from '../process/workshop.js';
import type { Lane, ThreadedSeries } from '../results/results.js';
import { attempt, roundOrders } from '../timing/cell-runner.js';

/** A strategy ready to be run with threads. */
export interface ThreadedStrategy {
  readonly id: string;
  /** Path of the job that its processes are started with. */
  readonly jobFile: string;
  /** Path of the same design compiled from C, where it takes part; else null. */
  readonly program: string | null;
  /** Digest that the entries must have at the end, tag and ga_log_intr masked; null if the oracle came to none. */
  readonly maskedDigest: string | null;
}

/** What is run with threads. */
export interface ThreadedPlan {
  readonly strategies: readonly ThreadedStrategy[];
  /** Path of each thread's part of the stream. */
  readonly parts: readonly string[];
  /** Operations in a thread's window. */
  readonly operationsPerWindow: number;
  readonly seed: number;
}

/** One process. */
interface Contender {
  readonly strategy: ThreadedStrategy;
  readonly lane: Lane;
  readonly heapSeed: number;
  readonly child: Child;
  readonly runs: ThreadedSeries['runs'][number][];
  error: string | null;
  isOfMachine: boolean;
}

/** A series, and whether it is the machine that ended its process. */
export interface EndedThreads extends ThreadedSeries {
  readonly isOfMachine: boolean;
}

/** 1, 2, 4 and so on up to the most threads, and these. */
export function threadCounts(most: number): number[] {
  const counts: number[] = [];
  for (let count = 1; count < most; count *= 2) counts.push(count);
  return [...counts, most];
}

function contenderIn(strategy: ThreadedStrategy, lane: Lane, heapSeed: number, child: Child): Contender {
  return { strategy, lane, heapSeed, child, runs: [], error: null, isOfMachine: false };
}

/** Starts and warms up a strategy's process in V8, and after it the one in C, where there is one. */
async function start(plan: ThreadedPlan, strategy: ThreadedStrategy, heapSeed: number): Promise<Contender[]> {
  const { jobFile, program } = strategy;
  const image = `${jobFile}.image`;
  const first = contenderIn(
    strategy,
    'v8',
    heapSeed,
    new Child('contention/threaded-child', [jobFile, String(heapSeed)]),
  );
  const contenders = [first];
  await attempt(first, async () => {
    await first.child.hear<ReadyReply>();
    if (program !== null) await first.child.ask<ImageReply>(`image ${image}`);
    await first.child.ask<ReplayReply>(`warm ${WARM_UP_WINDOWS}`);
  });
  if (program !== null && first.error === null) {
    const child = new Child({ program }, [image, ...plan.parts]);
    const native = contenderIn(strategy, 'c', heapSeed, child);
    contenders.push(native);
    await attempt(native, () => native.child.hear<ReadyReply>());
    await rm(image, { force: true });
  }
  return contenders;
}

/** Replays of the first thread's window alone that are long enough for a run, in every strategy and lane. */
export async function calibrateThreads(plan: ThreadedPlan, note: (line: string) => void): Promise<number> {
  const enough = await concurrently(plan.strategies, 1, (strategy) =>
    // A process that fails here fails in every process, and its series will say why.
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
async function takeTurn(
  { child, runs }: Contender,
  { parts, operationsPerWindow }: ThreadedPlan,
  windows: number,
): Promise<void> {
  for (const threads of threadCounts(parts.length)) {
    const reply = await child.ask<RunReply>(`run ${threads} ${windows}`);
    const rates = reply.threads.map((thread) => (thread.windows * operationsPerWindow * 1e9) / thread.ns);
    runs.push({ threads, rates });
  }
}

/**
 * Whether the entries of a strategy's processes are what they must be once all threads are at rest: those in V8 as the
 * oracle left them, and those in C, whose heap is the same, word for word as those in V8.
 */
async function judgeRest(pair: readonly Contender[]): Promise<Map<Contender, boolean>> {
  const verdicts = new Map<Contender, boolean>();
  let expected: string | null = null;
  for (const contender of pair) {
    await attempt(contender, async () => {
      const entries = await contender.child.ask<EntriesReply & Partial<MaskedEntriesReply>>('entries');
      if (contender.lane === 'v8') {
        const isRight = entries.maskedDigest === contender.strategy.maskedDigest;
        verdicts.set(contender, isRight);
        if (isRight) expected = entries.entriesDigest;
      } else {
        verdicts.set(contender, entries.entriesDigest === expected);
      }
    });
  }
  return verdicts;
}

/** Runs one process: a fresh process for each strategy and lane. */
export async function runThreadedProcesses(
  plan: ThreadedPlan,
  windows: number,
  processNumber: number,
): Promise<EndedThreads[]> {
  const random = randomFrom(plan.seed + processNumber);
  // In an order that does not depend on the plan's.
  const strategies = [...plan.strategies].sort((one, other) => (one.id < other.id ? -1 : 1));
  const seeds = strategies.map(() => random.below(HEAP_SEEDS));
  const pairs = await concurrently([...strategies.entries()], STARTING_PROCESSES, ([index, strategy]) =>
    start(plan, strategy, seeds[index] as number),
  );
  const contenders = pairs.flat();
  const orders = roundOrders(contenders.length, random);
  for (let round = 0; round < THREADED_ROUNDS; round++) {
    for (const index of orders.next().value as number[]) {
      const contender = contenders[index] as Contender;
      await attempt(contender, () => takeTurn(contender, plan, windows));
    }
  }
  const series: EndedThreads[] = [];
  for (const pair of pairs) {
    const verdicts = await judgeRest(pair);
    for (const contender of pair) {
      const { child, strategy, ...known } = contender;
      child.kill();
      const isQuiescent = verdicts.get(contender) ?? false;
      series.push({ ...known, strategy: strategy.id, processNumber, isQuiescent });
    }
  }
  return series;
}
