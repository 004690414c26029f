// The built-in workloads, in the order in which they are reported.
import { beyond255Vms } from './beyond-255-vms.js';
import { churn } from './churn.js';
import { haltWake } from './halt-wake.js';
import { manyQueues } from './many-queues.js';
import { overcommit } from './overcommit.js';
import { pinned } from './pinned.js';
import { rebalance } from './rebalance.js';
import { recorded } from './recorded.js';
import type { Workload } from './workload.js';

/** All workloads. */
export const WORKLOADS: readonly Workload[] = [
  pinned,
  overcommit,
  manyQueues,
  beyond255Vms,
  rebalance,
  haltWake,
  churn,
  recorded,
] as readonly Workload[];
