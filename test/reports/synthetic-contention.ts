// Many CPUs at once, as no machine measured it: two threads, both languages, and a simulation that agrees with them.
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { COMPLETION_WAITS_NS, WAITING_CPUS } from '../../harness/method.js';
import type {
  BusiestLock,
  Check,
  CompletionWaits,
  Contention,
  Lane,
  Simulated,
  ThreadedSeries,
  WorkloadInfo,
} from '../../harness/results/results.js';
import { LANES } from '../../harness/results/results.js';
import { HOST_PRESETS } from '../../machine/host.js';

const RUNS = 4;
const CPUS = Array.from({ length: 11 }, (_, power) => 2 ** power);

/** Millions of updates per second of one thread and of two, by language. */
const RATES = {
  hash: { c: [6.7, 2.8], v8: [2.3, 3.6] },
  list: { c: [14, 13], v8: [7, 9] },
  floor: { c: [20, 14], v8: [10.5, 11] },
} as const satisfies Record<string, Record<Lane, readonly [number, number]>>;

/** A hash with a lock in each bucket scales as a list does. */
const kindOf = (strategy: string): keyof typeof RATES =>
  strategy === 'floor'
    ? 'floor'
    : /hash|posted/.test(strategy) && strategy !== 'bucket-lock-hash'
      ? 'hash'
      : 'list';

const TABLE_LOCKS = { name: 'irq_remap_table', count: 2048, perUpdate: 1 / 2048, atomics: 2 } as const;

const LOCKS = {
  hash: {
    name: 'gatag_hash',
    count: 8,
    perUpdate: 1,
    accesses: 30,
    atomics: 3,
    lockTransfers: 3,
    lineTransfers: 1,
  },
  list: { ...TABLE_LOCKS, accesses: 4, lockTransfers: 2, lineTransfers: 1 },
  floor: { ...TABLE_LOCKS, accesses: 2, lockTransfers: 2, lineTransfers: 1 },
} as const satisfies Record<string, BusiestLock>;

/** What the simulation has for so many CPUs: within a tenth of what was measured, and a hash that does not grow. */
function simulatedPoint(strategy: string, lane: Lane, cpus: number): Simulated['points'][number] {
  const kind = kindOf(strategy);
  const [one, two] = RATES[kind][lane];
  const busiest = LOCKS[kind].name;
  if (cpus === 1)
    return { cpus, perSecond: 1.04e6 * one, busiest, utilisation: kind === 'hash' ? 0.6 : 0.001 };
  if (kind === 'hash') {
    const perSecond = 0.95e6 * (two - 0.1 * Math.log2(cpus / 2));
    return { cpus, perSecond, busiest, utilisation: 0.99 };
  }
  const utilisation = Math.min(0.9, cpus / 2048);
  return { cpus, perSecond: (1.06e6 * two * cpus) / 2 ** (1 + utilisation), busiest, utilisation };
}

/** What the simulation has for a wait: hashes hold their locks too, and the global lock limits short waits. */
function waitPoint(strategy: string, waitNs: number): CompletionWaits['points'][number] {
  const isHash = kindOf(strategy) === 'hash';
  const entriesPerSecond = !isHash
    ? Math.min(1.375e6, 1e9 / (waitNs + 137))
    : strategy === 'shared-hash'
      ? 1e9 / (8 * waitNs + 1500)
      : 1e9 / (1.2 * waitNs + 500);
  const busiest = isHash ? 'gatag_hash' : waitNs < 600 ? 'iommu_table_lock' : 'amd_iommu';
  return { strategy, waitNs, entriesPerSecond, busiest, utilisation: 0.99 };
}

function series(strategy: string, processes: number, noise: () => number): ThreadedSeries[] {
  return LANES.flatMap((lane) =>
    Array.from({ length: processes }, (_, processNumber): ThreadedSeries => {
      const process = noise();
      const [one, two] = RATES[kindOf(strategy)][lane];
      const rates = (threads: number, total: number) =>
        Array.from({ length: threads }, () => (1e6 * total * process * noise()) / threads);
      return {
        strategy,
        lane,
        processNumber,
        heapSeed: 500 + processNumber,
        runs: Array.from({ length: RUNS }, () => [
          { threads: 1, rates: rates(1, one) },
          { threads: 2, rates: rates(2, two) },
        ]).flat(),
        isQuiescent: true,
        error: null,
      };
    }),
  );
}

/** Contention of strategies whose checks found nothing. */
export function syntheticContention(
  strategies: readonly string[],
  workload: WorkloadInfo,
  checkOf: (strategy: string) => Check,
  processes: number,
): Contention {
  const random = xoroshiro128plus(1024);
  const noise = () => Math.exp(0.03 * (uniformFloat64(random) - 0.5));
  return {
    threads: 2,
    workload: { ...workload, parameters: { threads: 2, vmsPerThread: 4 }, window: { load: 4096, put: 4096 } },
    equals: [],
    checks: strategies.map(checkOf),
    processes,
    windowsPerRun: 64,
    series: strategies.flatMap((strategy) => series(strategy, processes, noise)),
    prices: [
      { lane: 'v8', accessNs: 1.2, atomicNs: 25, lockTransferNs: 25, lineTransferNs: 30 },
      { lane: 'c', accessNs: 0.4, atomicNs: 10, lockTransferNs: 58, lineTransferNs: 20 },
    ],
    busiest: strategies.map((strategy) => ({ strategy, lock: LOCKS[kindOf(strategy)] })),
    waits: {
      host: HOST_PRESETS['2016'],
      cpus: WAITING_CPUS,
      lane: 'c',
      points: strategies.flatMap((strategy) =>
        COMPLETION_WAITS_NS.map((waitNs) => waitPoint(strategy, waitNs)),
      ),
    },
    simulated: strategies.flatMap((strategy) =>
      LANES.map((lane) => ({
        strategy,
        lane,
        points: CPUS.map((cpus) => simulatedPoint(strategy, lane, cpus)),
      })),
    ),
  };
}
