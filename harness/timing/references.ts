// The digests that timed processes must end with. One untimed process of the same strategy in V8 gives them, after each number
// of replays that a timed process made, rounds that were taken again included. They do not depend on the heap.

import { STARTING_PROCESSES } from '../method.js';
import type { Progress } from '../plan/run-plan.js';
import { Child, withChild } from '../process/child.js';
import type { ReferenceReply } from '../process/timed-protocol.js';
import { concurrently, tryTwice } from '../process/workshop.js';
import type { Series, Timing } from '../results/results.js';
import type { CellPlan, EndedSeries, TimedStrategy } from './cell-runner.js';

type Reference = Timing['references'][number];

/** A reference without digests. */
function emptyReference(strategy: string, error: string | null): Reference {
  return { strategy, digests: [], maskedDigest: null, error };
}

/** Asks an untimed process for the digests. @throws Error if it fails. */
function referenceOf({ id, jobFile }: TimedStrategy, series: readonly EndedSeries[]): Promise<Reference> {
  const ended = series.filter(({ strategy, digest }) => strategy === id && digest !== null);
  const replays = [...new Set(ended.map((one) => one.replays))].sort((one, other) => one - other);
  if (replays.length === 0) return Promise.resolve(emptyReference(id, null));
  return withChild(new Child('timing/reference-child', [jobFile]), async (child) => {
    const { digests, maskedDigest } = await child.ask<ReferenceReply>(JSON.stringify(replays));
    const known = digests.map((digest, index) => ({ replays: replays[index] as number, digest }));
    return { strategy: id, digests: known, maskedDigest, error: null };
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
    const reference = await tryTwice(who, progress.note, run).catch((error) =>
      emptyReference(strategy.id, error instanceof Error ? error.message : String(error)),
    );
    progress.advance(`running ${where} untimed`);
    return reference;
  });
}

/** Compares the digest of each series with the one that it must have. */
export function judgedSeries(series: readonly EndedSeries[], references: readonly Reference[]): Series[] {
  return series.map(({ isOfMachine: _isOfMachine, ...one }) => {
    const digests = references.find(({ strategy }) => strategy === one.strategy)?.digests ?? [];
    const expected = digests.find(({ replays }) => replays === one.replays);
    return { ...one, digestMatches: one.digest !== null && one.digest === expected?.digest };
  });
}
