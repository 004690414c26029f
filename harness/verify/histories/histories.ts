// Judges each strategy on generated histories within its own limits, and on some beyond each limit.
import type { EncodedHistory } from '../../../workloads/stream/history.js';
import type { Progress } from '../../plan/run-plan.js';
import type { LoadedStrategy } from '../../plan/strategy-module.js';
import { type Judged, verifyStrategies } from '../judge-strategies.js';
import type { HistoryCheck } from './history-check.js';
import type { HistoryJob } from './history-child.js';
import type { SetDraw } from './history-generator.js';

/** The histories to judge strategies on. */
export interface HistoryPlan {
  readonly strategies: readonly LoadedStrategy[];
  /** A draw of histories within and beyond the limits of each strategy, or the same histories for all. */
  readonly histories: SetDraw | readonly EncodedHistory[];
}

/** Judges every strategy on its histories. */
export function verifyHistories(
  { strategies, histories }: HistoryPlan,
  progress: Progress,
): Promise<Judged<HistoryCheck>> {
  return verifyStrategies<HistoryCheck>(
    strategies,
    {
      where: 'histories',
      module: 'verify/histories/history-child',
      jobOf: ({ url, strategy: { limits, needs } }): HistoryJob => ({
        strategy: url,
        limits,
        histories:
          'count' in histories
            ? { ...histories, fixed: { ...histories.fixed, ...needs } }
            : histories.map(({ host, words }) => ({ host, words: [...words] })),
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
