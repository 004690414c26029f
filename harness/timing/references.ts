// The digests that timed processes must end with. One untimed process of the same strategy gives them, for each heap and each
// number of replays that a timed process made, rounds that were taken again included. For a process in C it is the digest of
// all memory, deliveries and wakeups; for one in V8 of its IRTEs, deliveries and wakeups.

import { STARTING_PROCESSES } from '../method.js';
import type { Progress } from '../plan/run-plan.js';
import { Child, withChild } from '../process/child.js';
import type { ReferenceReply, ReferenceRequest } from '../process/timed-protocol.js';
import { concurrently, tryTwice } from '../process/workshop.js';
import type { Series, Timing } from '../results/results.js';
import type { CellPlan, EndedSeries, TimedStrategy } from './cell-runner.js';

type Reference = Timing['references'][number];

/**
 * The heap of the untimed run for a process. A process in C must end with the same memory, on its own heap. V8 compares what
 * does not depend on the heap, so that the host's own, which is null, serves all processes.
 */
function referenceHeap({ lane, heapSeed }: Pick<Series, 'lane' | 'heapSeed'>): number | null {
  return lane === 'v8' ? null : heapSeed;
}

/** The replays that untimed runs of a strategy must make, by heap. */
function neededReplays(id: string, series: readonly EndedSeries[]): Map<number | null, Set<number>> {
  const needed = new Map<number | null, Set<number>>();
  for (const one of series) {
    if (one.strategy !== id || one.digest === null) continue;
    const heap = referenceHeap(one);
    needed.set(heap, (needed.get(heap) ?? new Set()).add(one.replays));
  }
  return needed;
}

/** Asks one untimed process for the digests of all heaps. @throws Error if it fails. */
function referenceOf({ id, jobFile }: TimedStrategy, series: readonly EndedSeries[]): Promise<Reference> {
  return withChild(new Child('timing/reference-child', [jobFile]), async (child) => {
    const reference: Reference = { strategy: id, maskedDigest: null, digests: [], error: null };
    for (const [heapSeed, numbers] of neededReplays(id, series)) {
      const replays = [...numbers].sort((one, other) => one - other);
      const request: ReferenceRequest = { heapSeed, replays };
      const reply = await child.ask<ReferenceReply>(JSON.stringify(request));
      reference.maskedDigest = reply.maskedDigest;
      for (const [index, digest] of reply.digests.entries()) {
        reference.digests.push({ heapSeed, replays: replays[index] as number, digest });
      }
    }
    return reference;
  });
}

/** Makes the untimed runs of a cell after its last set of processes. One step of progress for each strategy. */
export function runReferences(
  { strategies, where }: Pick<CellPlan, 'strategies' | 'where'>,
  series: readonly EndedSeries[],
  progress: Progress,
): Promise<Reference[]> {
  return concurrently(strategies, STARTING_PROCESSES, async (strategy) => {
    const who = `the untimed run of ${strategy.id} on ${where}`;
    const run = () => referenceOf(strategy, series);
    const reference = await tryTwice(who, progress.note, run).catch(
      (error): Reference => ({
        strategy: strategy.id,
        maskedDigest: null,
        digests: [],
        error: error instanceof Error ? error.message : String(error),
      }),
    );
    progress.advance(`running ${where} untimed`);
    return reference;
  });
}

/** Compares the digest of each series with the one that it must have. */
export function judgedSeries(series: readonly EndedSeries[], references: readonly Reference[]): Series[] {
  return series.map(({ isOfMachine: _isOfMachine, ...one }) => {
    const digests = references.find(({ strategy }) => strategy === one.strategy)?.digests ?? [];
    const expected = digests.find(
      ({ heapSeed, replays }) => heapSeed === referenceHeap(one) && replays === one.replays,
    );
    return { ...one, digestMatches: one.digest !== null && one.digest === expected?.digest };
  });
}
