// Results of the size of a default run that no machine measured: all built-in strategies, eight workloads, sweeps and threads.
import {
  type Cell,
  type Check,
  type CountedWork,
  type Results,
  resultsSchema,
  type Series,
  type WorkloadInfo,
} from '../../harness/results/results.js';
import { hostSchema } from '../../machine/host.js';
import { BUILT_IN } from '../../strategies/index.js';
import { syntheticContention } from './synthetic-contention.js';
import { decomposedResults, onOtherHost } from './synthetic-results.js';
import { syntheticSingleUpdates } from './synthetic-single-updates.js';

/** Time relative to the baseline, and lines, locks and dependent loads of a load with two entries on eight IOMMUs. */
const STRATEGIES: Readonly<Record<string, readonly [number, number, number, number]>> = {
  'posted-v4': [2.21, 34, 10, 6],
  'split-id-hash': [2.2, 34, 10, 6],
  'wide-vm-id-hash': [2.2, 34, 10, 6],
  'opaque-tag-hash': [2.2, 34, 10, 6],
  'shared-hash': [1.26, 20, 3, 7],
  'bucket-lock-hash': [1.21, 19, 3, 7],
  'list-in-ir-data': [0.95, 18, 3, 5],
  'ir-data-pointer': [1, 20, 3, 6],
  'pointer-array': [1.001, 19, 3, 6],
  'irte-pointer': [0.85, 13, 3, 5],
  'vcpu-entries': [0.6, 9, 3, 3],
  'indexed-tag': [1.001, 20, 3, 6],
  'pointer-as-tag': [1, 20, 3, 6],
  'merged-4.9': [1.08, 22, 3, 7],
  'merged-6.17': [0.999, 22, 3, 6],
  'merged-7.3': [0.999, 22, 3, 6],
  floor: [0.5, 8, 2, 2],
};

/** ns of the baseline, and whether V8 was timed too. */
const WORKLOADS: Readonly<Record<string, readonly [number, boolean]>> = {
  pinned: [41.5, true],
  overcommit: [25.1, true],
  'many-queues': [926, false],
  'beyond-255-vms': [25.6, false],
  rebalance: [120, false],
  'halt-wake': [25.9, false],
  churn: [88, false],
  recorded: [32.9, true],
};

const WRONG: Readonly<Record<string, readonly string[]>> = {
  overcommit: ['posted-v4'],
  'beyond-255-vms': ['posted-v4', 'split-id-hash'],
};

/** The run; `pointer-as-tag` is on another host. */
export function fullResults(): Results {
  const base = decomposedResults();
  const [pinned, beyond] = base.cells as [Cell, Cell];
  const info = base.strategies[0] as Results['strategies'][number];
  const strategies = BUILT_IN.map(
    (id) =>
      base.strategies.find((strategy) => strategy.id === id) ?? { ...info, id, limits: [], sound: true },
  );
  const seriesOf = (id: string, role: Series['role'], ns: number, isInV8: boolean): Series[] =>
    pinned.timing.series
      .filter(
        (one) => one.strategy === 'ir-data-pointer' && one.role === role && (isInV8 || one.lane === 'c'),
      )
      .map((one) => {
        const factor = (ns * (STRATEGIES[id]?.[0] ?? 1)) / (one.lane === 'c' ? 10.65 : 15);
        return { ...one, strategy: id, samples: one.samples.map((sample) => sample * factor) };
      });
  const checkOf = (strategy: string, workload: string): Check => {
    const right = { ...(pinned.checks[3] as Check), strategy };
    if (!WRONG[workload]?.includes(strategy)) return right;
    return beyond.checks.find((check) => check.strategy === strategy) ?? right;
  };
  const countedOf = (strategy: string, entries: number, iommus: number): CountedWork => {
    const [, lines, locks, chain] = STRATEGIES[strategy] as (typeof STRATEGIES)[string];
    const one = (value: number) => ({ mean: value, p50: value, p99: value, worst: value });
    const isHash = locks === 10;
    const template = pinned.counted[3] as CountedWork;
    return {
      strategy,
      verbs: template.verbs.map((verb) => ({
        ...verb,
        work: {
          ...verb.work,
          lines: one(lines - (isHash ? 2 * (8 - iommus) : 0) + 4 * (entries - 2)),
          locks: one(locks - (isHash ? 8 - iommus : 0) + entries - 2),
          chain: one(chain),
          entries: one(entries),
        },
      })),
    };
  };
  const cells = Object.entries(WORKLOADS).map(
    ([workload, [ns, isInV8]]): Cell => ({
      workload,
      checks: BUILT_IN.map((id) => checkOf(id, workload)),
      counted: BUILT_IN.map((id) => countedOf(id, workload === 'many-queues' ? 64 : 2, 8)),
      timing: {
        ...pinned.timing,
        references: BUILT_IN.map((strategy) => ({
          ...(pinned.timing.references[3] as object),
          strategy,
        })) as never,
        series: [
          ...seriesOf('ir-data-pointer', 'twin', ns, isInV8),
          ...BUILT_IN.flatMap((id) => seriesOf(id, 'strategy', ns, isInV8)),
        ],
      },
    }),
  );
  const workloads = cells.map(
    ({ workload: id }): WorkloadInfo => ({
      ...(base.workloads.find((one) => one.id === id) ?? (base.workloads[0] as WorkloadInfo)),
      id,
    }),
  );
  const sweep = (axis: 'entriesPerVcpu' | 'iommus' | 'vms', values: readonly number[]): Results['sweeps'] =>
    values.map((value) => ({
      axis,
      along: `the axis ${axis}`,
      value,
      cell: null,
      host: hostSchema.parse({}),
      parameters: { vms: 4, irqsPerVcpu: 2 },
      counted: BUILT_IN.map((id) =>
        countedOf(id, axis === 'entriesPerVcpu' ? value : 2, axis === 'iommus' ? value : 8),
      ),
    }));
  const full = resultsSchema.parse({
    ...base,
    strategies,
    workloads,
    cells,
    held: strategies.map(({ id }) => ({
      strategy: id,
      perEntry: 120,
      perVcpu: 72,
      perVm: 32,
      fixed: 2_097_152,
    })),
    code: strategies.map(({ id }) => ({ strategy: id, modules: 8, statements: 170, branches: 30, locks: 6 })),
    singleUpdates: syntheticSingleUpdates(
      BUILT_IN.filter((id) => id !== 'pointer-as-tag'),
      'ir-data-pointer',
      6,
    ),
    sweeps: [
      ...sweep('entriesPerVcpu', [1, 2, 4, 8, 16, 32, 64, 256]),
      ...sweep('iommus', [1, 2, 4, 8]),
      ...sweep('vms', [100, 128]),
    ],
  });
  return resultsSchema.parse({
    ...onOtherHost(full, 'pointer-as-tag'),
    contention: syntheticContention(
      BUILT_IN.filter((id) => id !== 'pointer-as-tag'),
      base.contention?.workload as WorkloadInfo,
      (strategy) => checkOf(strategy, 'pinned'),
      5,
    ),
  });
}
