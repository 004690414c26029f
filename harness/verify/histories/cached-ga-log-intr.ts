// What is lost if an IOMMU caches ga_log_intr, which is disputed. Only strategies that set it while a vCPU blocks, and clear
// it otherwise, depend on that.
import type { BenchPlan, Progress } from '../../plan/run-plan.js';
import { STEP_SECONDS, weighted } from '../../plan/step-costs.js';
import type { LoadedStrategy } from '../../plan/strategy-module.js';
import type { Results, Undone } from '../../results/results.js';
import { verifyHistories } from './histories.js';

/** Loads and puts flush nothing on this host, so nothing tells the IOMMU that the bit has changed. */
const HOST = { flush: 'none', cachedFields: 'ga-log-intr' } as const;

type CachedPlan = Pick<BenchPlan, 'strategies' | 'seed' | 'cachedHistories'>;

/** The strategies of a plan that are judged with ga_log_intr cached. */
export const dependingOnGaLogIntr = ({ strategies, cachedHistories }: CachedPlan): LoadedStrategy[] =>
  cachedHistories === 0
    ? []
    : strategies.filter(({ strategy, failure }) => strategy.gaLog === 'blocking' && failure === null);

/** Judges them, each on histories within its limits. */
export async function judgeWithGaLogIntrCached(
  plan: CachedPlan,
  progress: Progress,
): Promise<{ cachedGaLogIntr: Results['cachedGaLogIntr']; undone: Undone[] }> {
  const { seed, cachedHistories: count } = plan;
  const judged = await verifyHistories(
    { strategies: dependingOnGaLogIntr(plan), histories: { count, seed, fixed: HOST, countBeyond: 0 } },
    // The run has announced its steps.
    weighted({ ...progress, start() {} }, STEP_SECONDS.cachedHistories),
  );
  return {
    cachedGaLogIntr: judged.checks.map(({ strategy, histories, findings }) => ({
      strategy,
      histories,
      failures: [...findings],
    })),
    undone: [...judged.undone],
  };
}
