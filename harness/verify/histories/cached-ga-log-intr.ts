// What is lost if an IOMMU caches ga_log_intr, which is disputed. Only strategies that set it while a vCPU blocks, and clear
// it otherwise, depend on that.
import type { BenchPlan, Progress } from '../../plan/run-plan.js';
import { STEP_SECONDS, weighted } from '../../plan/step-costs.js';
import type { LoadedStrategy } from '../../plan/strategy-module.js';
import type { Results, Undone } from '../../results/results.js';
import { verifyHistories } from './histories.js';
import { boundsOf, historiesWithin } from './history-generator.js';

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
  const judged = [];
  for (const loaded of dependingOnGaLogIntr(plan)) {
    const { limits, needs } = loaded.strategy;
    const draw = { count: plan.cachedHistories, seed: plan.seed, fixed: { ...HOST, ...needs } };
    const histories = historiesWithin(boundsOf(limits), draw);
    // The run has announced its steps.
    const steps = weighted({ ...progress, start() {} }, STEP_SECONDS.cachedHistories);
    judged.push(await verifyHistories({ strategies: [loaded], histories }, steps));
  }
  return {
    cachedGaLogIntr: judged.flatMap(({ checks }) =>
      checks.map(({ strategy, histories, findings }) => ({ strategy, histories, failures: [...findings] })),
    ),
    undone: judged.flatMap(({ undone }) => undone),
  };
}
