// Judges each strategy on generated histories within its own limits, and on some beyond each limit.
import type { Limit } from '../../../strategies/limits.js';
import type { EncodedHistory } from '../../../workloads/stream/history.js';
import { HISTORIES_BEYOND } from '../../method.js';
import type { Progress } from '../../plan/run-plan.js';
import type { LoadedStrategy, StrategyDescription } from '../../plan/strategy-module.js';
import { writeScratch } from '../../process/scratch.js';
import { type Judged, verifyStrategies } from '../judge-strategies.js';
import type { HistoryCheck, HistorySet } from './history-check.js';
import type { HistoryJob, WrittenHistory } from './history-child.js';
import { boundsOf, type Draw, historiesBeyond, historiesWithin } from './history-generator.js';

/** The histories to judge strategies on. */
export interface HistoryPlan {
  readonly strategies: readonly LoadedStrategy[];
  /** A draw of histories within and beyond the limits of each strategy, or the same histories for all. */
  readonly histories: Draw | readonly EncodedHistory[];
}

const written = ({ host, words }: EncodedHistory): WrittenHistory => ({ host, words: [...words] });

/** The histories for strategies with these limits. */
function historySet(
  limits: readonly Limit[],
  histories: HistoryPlan['histories'],
): HistorySet<WrittenHistory> {
  if (!('count' in histories)) return { within: histories.map(written), beyond: [] };
  const beyond = limits.map((limit) => {
    const draw = { ...histories, count: HISTORIES_BEYOND };
    return { limit, histories: historiesBeyond(limit, limits, draw)?.map(written) ?? null };
  });
  return { within: historiesWithin(boundsOf(limits), histories).map(written), beyond };
}

/** Judges every strategy on its histories. */
export function verifyHistories(
  { strategies, histories }: HistoryPlan,
  progress: Progress,
): Promise<Judged<HistoryCheck>> {
  /** Strategies with the same limits and needs share a file of histories. */
  const files = new Map<string, Promise<string>>();

  function fileFor({ limits, needs }: StrategyDescription, directory: string): Promise<string> {
    const key = JSON.stringify([limits, needs]);
    const on = 'count' in histories ? { ...histories, fixed: { ...histories.fixed, ...needs } } : histories;
    const set = (): string => JSON.stringify(historySet(limits, on));
    const file = files.get(key) ?? writeScratch(directory, `histories.${files.size}.json`, set());
    files.set(key, file);
    return file;
  }

  return verifyStrategies<HistoryCheck>(
    strategies,
    {
      where: 'histories',
      module: 'verify/histories/history-child',
      jobOf: async ({ url, strategy }, directory): Promise<HistoryJob> => ({
        strategy: url,
        histories: await fileFor(strategy, directory),
      }),
      failed: (strategy, finding) => ({
        strategy,
        histories: 0,
        allHistories: 0,
        operations: 0,
        findings: [{ finding, histories: 0 }],
        limits: [],
      }),
    },
    progress,
  );
}
