// Splits a plan by the hosts that its strategies need. A strategy that fits the run's host runs there; another one runs on a
// host of its own, and is compared only with the baseline of that host.
import type { RunPlan } from './run-plan.js';

/** The plan of each host, with the strategies that run on it: first the run's own, then the others. */
export function plansByHost<P extends RunPlan>(plan: P): P[] {
  const byHost = new Map<string, P>();
  byHost.set(JSON.stringify(plan.host), { ...plan, strategies: [] });
  for (const loaded of plan.strategies) {
    const host = { ...plan.host, ...loaded.strategy.needs };
    const key = JSON.stringify(host);
    const own = byHost.get(key) ?? { ...plan, host, strategies: [] };
    byHost.set(key, { ...own, strategies: [...own.strategies, loaded] });
  }
  return [...byHost.values()];
}
