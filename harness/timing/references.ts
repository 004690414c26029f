// The digests that timed processes must end with. An untimed process of the same strategy gives its digest after each
// number of replays that a timed process made, rounds that were taken again included.

import { STARTING_PROCESSES } from '../method.js';
import type { Progress } from '../plan/run-plan.js';
import type { DigestReply, ReadyReply, ReplayReply } from '../process/timed-protocol.js';
import { concurrently, tryTwice } from '../process/workshop.js';
import type { Series, Timing } from '../results/results.js';
import { type CellPlan, type EndedSeries, startChild, type TimedStrategy } from './cell-runner.js';

type Reference = Timing['references'][number];

/** Runs one untimed process to each number of replays in ascending order. @throws Error if it fails. */
async function digestsAfter(strategy: TimedStrategy, replays: readonly number[]): Promise<Reference> {
  const child = startChild(strategy);
  try {
    await child.hear<ReadyReply>();
    const digests: Reference['digests'] = [];
    let maskedDigest: string | null = null;
    let made = 0;
    for (const count of replays) {
      await child.ask<ReplayReply>(`replay ${count - made}`);
      made = count;
      const reply = await child.ask<DigestReply>('digest');
      digests.push({ replays: count, digest: reply.digest });
      maskedDigest = reply.maskedDigest;
    }
    return { strategy: strategy.id, maskedDigest, digests, error: null };
  } finally {
    child.kill();
  }
}

/** Makes the untimed runs of a cell after its last set of processes. One step of progress for each strategy. */
export function runReferences(
  { strategies, where }: Pick<CellPlan, 'strategies' | 'where'>,
  series: readonly EndedSeries[],
  progress: Progress,
): Promise<Reference[]> {
  return concurrently(strategies, STARTING_PROCESSES, async (strategy) => {
    const ended = series.filter(
      ({ strategy: id, lane, digest }) => id === strategy.id && lane === 'v8' && digest !== null,
    );
    const replays = [...new Set(ended.map((one) => one.replays))].sort((one, other) => one - other);
    const none: Reference = { strategy: strategy.id, maskedDigest: null, digests: [], error: null };
    const who = `the untimed run of ${strategy.id} on ${where}`;
    const reference =
      replays.length === 0
        ? none
        : await tryTwice(who, progress.note, () => digestsAfter(strategy, replays)).catch((error) => ({
            ...none,
            error: error instanceof Error ? error.message : String(error),
          }));
    progress.advance(`running ${where} untimed`);
    return reference;
  });
}

/** The digest that a process must end with: an untimed run's, or in C that of the process in V8 with the same heap. */
function expectedDigest(
  { strategy, role, lane, processNumber, replays }: EndedSeries,
  series: readonly EndedSeries[],
  references: readonly Reference[],
): string | null {
  if (lane === 'v8') {
    const reference = references.find((candidate) => candidate.strategy === strategy);
    return reference?.digests.find((candidate) => candidate.replays === replays)?.digest ?? null;
  }
  const inV8 = (one: EndedSeries) =>
    one.lane === 'v8' &&
    one.strategy === strategy &&
    one.role === role &&
    one.processNumber === processNumber;
  return series.find(inV8)?.memoryDigest ?? null;
}

/** Compares the digest of each series with the one that it must have. */
export function judgedSeries(series: readonly EndedSeries[], references: readonly Reference[]): Series[] {
  return series.map((one) => {
    const { memoryDigest: _memoryDigest, isOfMachine: _isOfMachine, ...rest } = one;
    const digestMatches = one.digest !== null && one.digest === expectedDigest(one, series, references);
    return { ...rest, digestMatches };
  });
}
