// The digests that timed processes must end with. An untimed process of the same strategy gives its digest after each
// number of replays that a timed process made, rounds that were taken again included. A process in C must end with all the
// memory of a process in V8 with the same heap: of the timed one, or else of an untimed one.

import { STARTING_PROCESSES } from '../method.js';
import type { Progress } from '../plan/run-plan.js';
import type { DigestReply, ReadyReply, ReplayReply } from '../process/timed-protocol.js';
import { concurrently, tryTwice } from '../process/workshop.js';
import type { Series, Timing } from '../results/results.js';
import { type CellPlan, type EndedSeries, startChild, type TimedStrategy } from './cell-runner.js';

type Reference = Timing['references'][number];

/**
 * Runs one untimed process to each number of replays.
 *
 * @param heapSeed - The heap of processes in C; null for the host's own, which serves all processes in V8.
 * @throws Error if it fails.
 */
async function digestsAfter(
  strategy: TimedStrategy,
  heapSeed: number | null,
  replays: ReadonlySet<number>,
): Promise<Pick<Reference, 'digests' | 'maskedDigest'>> {
  const child = startChild(strategy, heapSeed ?? undefined);
  try {
    await child.hear<ReadyReply>();
    const digests: Reference['digests'] = [];
    let maskedDigest: string | null = null;
    let made = 0;
    for (const count of [...replays].sort((one, other) => one - other)) {
      await child.ask<ReplayReply>(`replay ${count - made}`);
      made = count;
      const reply = await child.ask<DigestReply>('digest');
      digests.push({
        heapSeed,
        replays: count,
        digest: heapSeed === null ? reply.digest : reply.memoryDigest,
      });
      maskedDigest = reply.maskedDigest;
    }
    return { digests, maskedDigest };
  } finally {
    child.kill();
  }
}

/** Whether two processes have made the same replays on the same heap, one of them in V8. */
const isPartner = (one: EndedSeries, inV8: EndedSeries): boolean =>
  inV8.lane === 'v8' &&
  inV8.memoryDigest !== null &&
  inV8.strategy === one.strategy &&
  inV8.heapSeed === one.heapSeed &&
  inV8.replays === one.replays;

/** The replays of a strategy's processes that need an untimed process, by its heap; null is the host's own. */
function neededReplays(id: string, series: readonly EndedSeries[]): Map<number | null, Set<number>> {
  const needed = new Map<number | null, Set<number>>();
  for (const one of series) {
    const { strategy, lane, digest, heapSeed, replays } = one;
    if (strategy !== id || digest === null) continue;
    if (lane === 'c' && series.some((other) => isPartner(one, other))) continue;
    const heap = lane === 'v8' ? null : heapSeed;
    needed.set(heap, (needed.get(heap) ?? new Set()).add(replays));
  }
  return needed;
}

async function referenceOf(strategy: TimedStrategy, series: readonly EndedSeries[]): Promise<Reference> {
  const reference: Reference = { strategy: strategy.id, maskedDigest: null, digests: [], error: null };
  for (const [heapSeed, replays] of neededReplays(strategy.id, series)) {
    const { digests, maskedDigest } = await digestsAfter(strategy, heapSeed, replays);
    reference.digests.push(...digests);
    reference.maskedDigest = maskedDigest;
  }
  return reference;
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

/** The digest that a process must end with; null if it is not known. */
function expectedDigest(
  one: EndedSeries,
  series: readonly EndedSeries[],
  references: readonly Reference[],
): string | null {
  const { strategy, lane, heapSeed, replays } = one;
  const partner = lane === 'c' ? series.find((other) => isPartner(one, other)) : undefined;
  if (partner !== undefined) return partner.memoryDigest;
  const heap = lane === 'v8' ? null : heapSeed;
  const digests = references.find((reference) => reference.strategy === strategy)?.digests ?? [];
  return digests.find((known) => known.heapSeed === heap && known.replays === replays)?.digest ?? null;
}

/** Compares the digest of each series with the one that it must have. */
export function judgedSeries(series: readonly EndedSeries[], references: readonly Reference[]): Series[] {
  return series.map((one) => {
    const { memoryDigest: _memoryDigest, isOfMachine: _isOfMachine, ...rest } = one;
    const digestMatches = one.digest !== null && one.digest === expectedDigest(one, series, references);
    return { ...rest, digestMatches };
  });
}
