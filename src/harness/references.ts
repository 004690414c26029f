// What timed processes must end with: an untimed process of the same strategy tells its digest after as many replays as
// each of them really made, rounds taken again included.
import { concurrently, type EndedSeries, startChild, type TimedStrategy } from './cell-runner.js';
import type { DigestReply, ReadyReply, ReplayReply } from './child-protocol.js';
import { STARTING_PROCESSES } from './method.js';
import type { Series, Timing } from './results.js';

type Reference = Timing['references'][number];

/** Attempts at an untimed process: what fails once may have been killed for want of memory. */
const ATTEMPTS = 2;

/** Runs an untimed process to each number of replays, the least first. @throws Error if it fails. */
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
      const told = await child.ask<DigestReply>('digest');
      digests.push({ replays: count, digest: told.digest });
      maskedDigest = told.maskedDigest;
    }
    return { strategy: strategy.id, maskedDigest, digests, error: null };
  } finally {
    child.kill();
  }
}

async function runReference(strategy: TimedStrategy, replays: readonly number[]): Promise<Reference> {
  const none = { strategy: strategy.id, maskedDigest: null, digests: [] };
  if (replays.length === 0) return { ...none, error: null };
  let failure: unknown;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    try {
      return await digestsAfter(strategy, replays);
    } catch (error) {
      failure = error;
    }
  }
  return { ...none, error: failure instanceof Error ? failure.message : String(failure) };
}

/**
 * Makes the untimed runs of a cell whose forks have all been run.
 *
 * @param advance - Called once for each strategy.
 */
export function runReferences(
  strategies: readonly TimedStrategy[],
  series: readonly EndedSeries[],
  advance: () => void,
): Promise<Reference[]> {
  return concurrently(strategies, STARTING_PROCESSES, async (strategy) => {
    const ended = series.filter(({ strategy: id, lane, digest }) => {
      return id === strategy.id && lane === 'v8' && digest !== null;
    });
    const replays = [...new Set(ended.map((one) => one.replays))].sort((one, other) => one - other);
    const reference = await runReference(strategy, replays);
    advance();
    return reference;
  });
}

/** Holds series against the untimed runs, and those in C against the processes in V8 with the same heap. */
export function judgedSeries(series: readonly EndedSeries[], references: readonly Reference[]): Series[] {
  const expectedOf = ({ strategy, role, lane, fork, replays }: EndedSeries): string | null => {
    if (lane === 'v8') {
      const reference = references.find((candidate) => candidate.strategy === strategy);
      return reference?.digests.find((candidate) => candidate.replays === replays)?.digest ?? null;
    }
    const inV8 = (one: EndedSeries) =>
      one.lane === 'v8' && one.strategy === strategy && one.role === role && one.fork === fork;
    return series.find(inV8)?.memoryDigest ?? null;
  };
  return series.map((one) => {
    const { memoryDigest: _memoryDigest, ...rest } = one;
    return { ...rest, digestMatches: one.digest !== null && one.digest === expectedOf(one) };
  });
}
