// What timed processes must end with: an untimed process of the same strategy tells its digest after as many replays as
// each of them really made, rounds taken again included.

import { STARTING_PROCESSES } from '../method.js';
import type { DigestReply, ReadyReply, ReplayReply } from '../process/child-protocol.js';
import { concurrently, tryTwice } from '../process/workshop.js';
import type { Series, Timing } from '../results/results.js';
import { type CellPlan, type EndedSeries, startChild, type TimedStrategy } from './cell-runner.js';

type Reference = Timing['references'][number];

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

async function runReference(
  strategy: TimedStrategy,
  replays: readonly number[],
  where: string,
  note: (line: string) => void,
): Promise<Reference> {
  const none = { strategy: strategy.id, maskedDigest: null, digests: [] };
  if (replays.length === 0) return { ...none, error: null };
  try {
    const who = `the untimed run of ${strategy.id} on ${where}`;
    return await tryTwice(who, note, () => digestsAfter(strategy, replays));
  } catch (error) {
    return { ...none, error: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * Makes the untimed runs of a cell whose processes have all been run.
 *
 * @param advance - Called once for each strategy.
 * @param note - Hears of a second try that succeeded.
 */
export function runReferences(
  { strategies, where }: Pick<CellPlan, 'strategies' | 'where'>,
  series: readonly EndedSeries[],
  advance: () => void,
  note: (line: string) => void,
): Promise<Reference[]> {
  return concurrently(strategies, STARTING_PROCESSES, async (strategy) => {
    const ended = series.filter(({ strategy: id, lane, digest }) => {
      return id === strategy.id && lane === 'v8' && digest !== null;
    });
    const replays = [...new Set(ended.map((one) => one.replays))].sort((one, other) => one - other);
    const reference = await runReference(strategy, replays, where, note);
    advance();
    return reference;
  });
}

/** Holds series against the untimed runs, and those in C against the processes in V8 with the same heap. */
export function judgedSeries(series: readonly EndedSeries[], references: readonly Reference[]): Series[] {
  const expectedOf = ({ strategy, role, lane, processNumber, replays }: EndedSeries): string | null => {
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
  };
  return series.map((one) => {
    const { memoryDigest: _memoryDigest, isOfMachine: _isOfMachine, ...rest } = one;
    return { ...rest, digestMatches: one.digest !== null && one.digest === expectedOf(one) };
  });
}
