// Results that no machine measured: deterministic, valid, with one of each thing that a report must be able to
// say.
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { SINGLE_UPDATES, THREADED_PROCESSES } from '../../harness/method.js';
import {
  type Cell,
  type Check,
  type CountedWork,
  type Counterexample,
  type Finding,
  LANES,
  type Lane,
  RESULTS_VERSION,
  type Results,
  resultsSchema,
  type Series,
  type StrategyInfo,
  type WorkloadInfo,
  type WorkSummary,
} from '../../harness/results/results.js';
import { hostSchema } from '../../machine/host.js';
import { syntheticContention } from './synthetic-contention.js';
import { syntheticSingleUpdates } from './synthetic-single-updates.js';

const BASELINE = 'ir-data-pointer';

const LIMITS: Readonly<Record<string, StrategyInfo['limits']>> = {
  'posted-v4': [
    { kind: 'no-tag-compare' },
    { kind: 'ga-log-first-match' },
    { kind: 'max-vm-id', value: 255 },
  ],
  'split-id-hash': [
    { kind: 'max-vm-id', value: 255 },
    { kind: 'max-vcpu-id', value: 255 },
  ],
  'merged-6.17': [
    { kind: 'max-vms', value: 8_388_607 },
    { kind: 'max-vcpu-index', value: 511 },
    { kind: 'wakes-unlocked' },
  ],
};

const TOUCHES: Readonly<Record<string, string[]>> = {
  'opaque-tag-hash': ['struct amd_iommu: hash table and lock', 'amd_iommu_update_ga(): walks a bucket'],
  'ir-data-pointer': ['struct vcpu_svm: list head and lock'],
};

/** Id, title and time relative to the baseline in each of the three workloads. */
const STRATEGIES: readonly (readonly [string, string, readonly [number, number, number]])[] = [
  ['posted-v4', 'Patch as posted: hash in every IOMMU, no compare', [4.1, 6.3, 3.7]],
  ['split-id-hash', 'Two ids, 8 bits each, hash with compare', [4.05, 6.1, 3.72]],
  ['wide-vm-id-hash', 'Two ids, vm_id of 24 bits', [4.08, 5.2, 3.7]],
  ['opaque-tag-hash', 'One opaque tag, encoded by SVM', [4.0, 5.15, 3.68]],
  ['ir-data-pointer', 'SVM keeps the ir_data pointer', [1, 1, 1]],
  ['pointer-as-tag', 'The address of the vCPU as the tag', [0.995, 0.97, 1.002]],
  ['merged-4.9', 'As merged in v4.9', [1.12, 1.25, 1.09]],
  ['merged-6.17', 'As in v6.17', [1.01, 1.04, 0.93]],
  ['floor', 'Entry addresses in one contiguous array', [0.61, 0.55, 0.7]],
];

/** A wakeup that is lost because an IOMMU has cached ga_log_intr. */
const CACHED: Results['cachedGaLogIntr'][number] = {
  strategy: 'merged-6.17',
  histories: 300,
  failures: [
    {
      histories: 24,
      finding: {
        kind: 'lost-wakeup',
        check: 'interrupts',
        count: 31,
        declaredBy: null,
        first: {
          operation: 9,
          what: 'interrupt irq 0',
          irq: 0,
          expected: 'an entry in the GA log',
          found: 'pending',
          outcome: 'raised an interrupt that must be logged, and it came to: pending',
        },
        counterexample: {
          host: 'iommus=1 cachedFields=ga-log-intr',
          steps: [
            'create VM 1 with vCPU 0',
            'allocate irq 0 of device 0',
            'route irq 0 to vm 1 vcpu 0, vector 0x30',
            'interrupt irq 0',
            'load vm 1 vcpu 0 on CPU 2',
            'put vm 1 vcpu 0, blocking',
            'interrupt irq 0',
          ],
          outcome: 'raised an interrupt that must be logged, and it came to: pending',
        },
      },
    },
  ],
};

const WORKLOADS = ['pinned', 'beyond-255-vms', 'recorded'] as const;
const NANOSECONDS = [21.3, 48.7, 33.4] as const;

function strategyInfo([id, title]: (typeof STRATEGIES)[number]): StrategyInfo {
  const limits = LIMITS[id] ?? [];
  return {
    id,
    title,
    summary: `${title}. A summary of one paragraph that says how the design finds the entries of a vCPU.`,
    source: id.startsWith('merged') ? `Linux ${id.slice(7)}` : 'the review of 2016-07-13',
    gaLog: id === 'merged-6.17' ? 'blocking' : 'always',
    limits,
    notes: id === 'floor' ? ['It is a lower bound and no design: it takes no locks of its own.'] : [],
    touches: TOUCHES[id] ?? [],
    sound: !limits.some(({ kind }) => kind === 'no-tag-compare'),
    file: null,
  };
}

function workloadInfo(id: string): WorkloadInfo {
  return {
    id,
    description: `A two-socket host with its guests, as in "${id}".`,
    favours: 'designs that reach the entries of a vCPU without a search',
    penalises: 'designs that search every IOMMU, even one without an entry',
    parameters: { vms: 32, vcpusPerVm: 8, placement: 'spread' },
    host: {},
    stream: '0123456789abcdef',
    vms: 32,
    vcpus: 256,
    irqs: 1024,
    devices: 64,
    cpus: 256,
    setup: { createVm: 32, allocIrq: 1024, route: 1024 },
    window: { load: 8192, put: 8192, interrupt: 4096, drainGaLog: 64 },
    teardown: { unroute: 1024, freeIrq: 1024, destroyVm: 32 },
    recording:
      id === 'recorded'
        ? {
            file: 'traces/host-two-guests.txt',
            recorded: 'The schedule of 12 vCPU threads over 4.2 s, from sched:sched_switch.',
            assumed: 'Devices, routes and interrupts: two queues for each vCPU, one interrupt per load.',
            counts: { lines: 48_213, switches: 9120, malformed: 3 },
            warnings: ['3 lines were malformed and left out.'],
          }
        : null,
  };
}

/** Stories of kinds of findings; a host with nothing of its own, and one that fills more than a line. */
const STORIES = {
  'same-bucket': {
    host: 'iommus=1',
    steps: [
      'create VMs 1-3 with vCPU 0 each',
      'create VM 4 with vCPUs 0-15',
      'create VMs 5-116 with vCPU 0 each',
      'allocate irqs 0-1 of device 0',
      'route irq 0 to vm 4 vcpu 15, vector 0x30',
      'route irq 1 to vm 116 vcpu 0, vector 0x30',
      'load vm 4 vcpu 15 on CPU 2',
    ],
    outcome:
      'the IRTE of irq 1, owned by vm 116 vcpu 0, was set running on CPU 2, root page 0x100082 became 0x100012',
  },
  'aliased-tag': {
    host: '',
    steps: [
      'create VMs 1-257 with vCPU 0 each',
      'allocate irqs 0-1 of device 0',
      'route irq 0 to vm 1 vcpu 0, vector 0x30',
      'route irq 1 to vm 257 vcpu 0, vector 0x30',
      'load vm 1 vcpu 0 on CPU 2',
    ],
    outcome: 'the IRTE of irq 1, owned by vm 257 vcpu 0, was set running on CPU 2',
  },
  'stale-pointer': {
    host:
      'iommus=2 irqTableEntries=256 hashBits=1 hashMultiplier=v4.6 pointerBytes=4 heap=packed maxVmId=3 ' +
      'tableLookup=global-lock flush=per-entry',
    steps: [
      'create VM 1 with vCPU 0',
      'allocate irq 0 of device 0',
      'route irq 0 to vm 1 vcpu 0, vector 0x30',
      'interrupt irq 0, 513 times',
      'drain the GA logs of IOMMUs 0-1',
      'unroute irq 0',
      'free irq 0',
      'load vm 1 vcpu 0 on CPU 2',
    ],
    outcome: 'read word 4 of the kvm_kernel_irqfd of irq 0, freed by "free irq 0"',
  },
} satisfies Partial<Record<Finding['kind'], Counterexample>>;

/** What every finding here was first found in. */
const FIRST: Finding['first'] = {
  operation: 1234,
  what: 'load vm 4 vcpu 15 on CPU 2',
  irq: 17,
  expected: 'unchanged: is_run 0, destination 0',
  found: 'is_run 1, destination 2',
  outcome: 'the IRTE of irq 17, owned by vm 116 vcpu 0, was set running on CPU 2',
};

function finding(
  kind: keyof typeof STORIES,
  check: Finding['check'],
  declaredBy: Finding['declaredBy'],
  count: number,
): Finding {
  return { kind, check, count, declaredBy, first: FIRST, counterexample: STORIES[kind] };
}

/** A finding for which no history was looked for. */
const WITHOUT_STORY: Finding = {
  kind: 'threw',
  check: 'exceptions',
  count: 1,
  declaredBy: null,
  first: {
    operation: 77,
    what: 'destroy VM 3',
    irq: null,
    expected: 'no error',
    found: 'threw RangeError: no free vm_id',
    outcome: 'threw RangeError: no free vm_id',
  },
  counterexample: null,
};

function findings(strategy: string, workload: string): Finding[] {
  if (workload !== 'beyond-255-vms') return [];
  if (strategy === 'posted-v4') {
    return [
      finding('same-bucket', 'other-entries', 'no-tag-compare', 412),
      finding('aliased-tag', 'other-entries', 'max-vm-id', 96),
    ];
  }
  if (strategy === 'split-id-hash') return [finding('aliased-tag', 'other-entries', 'max-vm-id', 96)];
  return strategy === 'merged-4.9' ? [finding('stale-pointer', 'memory', null, 2), WITHOUT_STORY] : [];
}

function check(strategy: string, workload: string): Check {
  const found = findings(strategy, workload);
  return {
    strategy,
    operations: 44_096,
    seconds: 1.5,
    findings: found,
    lostToOverflow: workload === 'recorded' ? 5 : 0,
    commandsPerWindow: { invalidate: strategy === 'posted-v4' ? 16_384 : 0, completionWait: 0 },
    wakeupsPerWindow: {
      interrupts: 2000,
      gaLogEntries: 1000,
      wakes: 1000,
      spurious: strategy === 'merged-6.17' ? 0 : 250,
    },
    memoryBytes: strategy.includes('hash') || strategy === 'posted-v4' ? 4_521_984 : 262_144,
    maskedDigest: '00112233445566ff',
    matchesOracle: found.length === 0,
  };
}

/** A distribution that is one number, or spread. */
const spread = (value: number, isOne: boolean) =>
  isOne
    ? { mean: value, p50: value, p99: value, worst: value }
    : { mean: value, p50: value, p99: value + 1, worst: 2 * value + 2 };

function work(place: number, isOne: boolean, factor = 1): WorkSummary {
  return {
    loads: spread(58 - 4 * place, isOne),
    stores: spread(39 - 3 * place, isOne),
    linesRead: spread(26 - 2 * place, isOne),
    linesWritten: spread(14 - place, isOne),
    lines: spread(Math.round(factor * (28 - 2 * place)), isOne),
    wayLines: spread(place === 8 ? 0 : 2, isOne),
    chain: spread(place === 8 ? 3 : 6, isOne),
    locks: spread(10 - place, isOne),
    wayLocks: spread(0, true),
    atomics: spread(12 - place, isOne),
    entries: spread(2, isOne),
    invalidate: spread(0, true),
    completionWait: spread(0, true),
    mmioReads: spread(0, true),
    mmioWrites: spread(0, true),
  };
}

function counted(strategy: string, place: number, workload: string): CountedWork {
  return {
    strategy,
    verbs: [
      { verb: 'load', inWindow: true, operations: 8254, work: work(place, true) },
      { verb: 'put', inWindow: true, operations: 8254, work: work(place, true) },
      { verb: 'route', inWindow: workload === 'recorded', operations: 512, work: work(place, false) },
    ],
  };
}

/** Two axes: designs differ along the first, one by one and beyond each other, and in placement along the second. */
const SWEEPS: Results['sweeps'] = [
  ...[1, 8, 64].map((value) => ({ axis: 'entriesPerVcpu' as const, value })),
  ...[1, 4].map((value) => ({ axis: 'vms' as const, value })),
].map(({ axis, value }) => ({
  axis,
  along: `the synthetic axis ${axis}`,
  value,
  cell: null,
  host: hostSchema.parse({}),
  parameters: { vms: 4, irqsPerVcpu: 2 },
  counted: STRATEGIES.map(([strategy], place) => ({
    strategy,
    verbs: [
      {
        verb: 'load' as const,
        inWindow: true,
        operations: 16,
        work: work(place, true, typeof value === 'number' ? value ** ((place % 8) / 10) : 1),
      },
      { verb: 'route' as const, inWindow: false, operations: 16, work: work(place, true) },
    ],
  })),
}));

/** ns per update of each strategy of the decomposition in C: they grow with the IOMMUs in the first only. */
const DECOMPOSED: Readonly<Record<string, (iommus: number) => number>> = {
  'opaque-tag-hash': (iommus) => 62 + 8 * (iommus - 1),
  'shared-hash': () => 62,
  'bucket-lock-hash': () => 60,
  'list-in-ir-data': () => 42,
  [BASELINE]: () => 45,
  'irte-pointer': () => 40,
  'vcpu-entries': () => 30,
  floor: () => 25,
};

/** Lines, locks and dependent loads of a load on the same hosts. */
const DECOMPOSED_COUNTS: Readonly<Record<string, (iommus: number) => readonly [number, number, number]>> = {
  'opaque-tag-hash': (iommus) => [12 + 2 * iommus, 2 + iommus, iommus === 1 ? 7 : 6],
  'shared-hash': () => [14, 3, 7],
  'bucket-lock-hash': () => [13, 3, 7],
  'list-in-ir-data': () => [11, 3, 5],
  [BASELINE]: () => [12, 3, 6],
  'irte-pointer': () => [9, 3, 5],
  'vcpu-entries': () => [6, 3, 3],
  floor: () => [5, 2, 2],
};

/**
 * A run that decomposes the look-up, with 12 processes in C and 5 in V8, which takes twice the time.
 *
 * @param ns - Time in C of a strategy on a host.
 */
export function decomposedResults(
  ns = (strategy: string, iommus: number): number => DECOMPOSED[strategy]?.(iommus) ?? 0,
): Results {
  const results = syntheticResults();
  const random = xoroshiro128plus(8);
  const noise = () => Math.exp(0.02 * (uniformFloat64(random) - 0.5));
  const { rounds } = results.run;
  const added = Object.keys(DECOMPOSED).filter((id) => results.strategies.every((one) => one.id !== id));
  const ids = [...results.strategies.map(({ id }) => id), ...added];
  const seriesOf = (strategy: string, role: Series['role'], iommus: number): Series[] =>
    LANES.flatMap((lane) =>
      Array.from({ length: lane === 'c' ? 12 : 5 }, (_, index): Series => {
        const process = ns(strategy, iommus) * (lane === 'c' ? 1 : 2) * noise();
        return {
          strategy,
          role,
          lane,
          processNumber: lane === 'c' ? index : Math.ceil((index * 12) / 5),
          heapSeed: index,
          warmUp: [process],
          samples: Array.from({ length: rounds }, () => process * noise()),
          collections: Array.from({ length: rounds }, () => 0),
          disturbed: [],
          standing: [],
          replays: REPLAYS,
          digest: 'fedcba9876543210',
          digestMatches: true,
          peakBytes: 92_000_000,
          error: null,
        };
      }),
    );
  return resultsSchema.parse({
    ...results,
    strategies: [...results.strategies, ...added.map((id) => strategyInfo([id, `As ${id}`, [1, 1, 1]]))],
    decomposition: [1, 2, 4, 8].map((iommus) => ({
      iommus,
      cell: {
        workload: `pinned-iommus-${iommus}`,
        checks: Object.keys(DECOMPOSED).map((id) => check(id, 'pinned')),
        counted: Object.entries(DECOMPOSED_COUNTS).map(([strategy, countsOf]) => {
          const [lines, locks, chain] = countsOf(iommus);
          const counts = {
            lines: spread(lines, true),
            locks: spread(locks, true),
            chain: spread(chain, true),
          };
          return {
            strategy,
            verbs: [
              {
                verb: 'load' as const,
                inWindow: true,
                operations: 8254,
                work: { ...work(0, true), ...counts },
              },
            ],
          };
        }),
        timing: {
          processes: 12,
          windowsPerBatch: 8,
          references: Object.keys(DECOMPOSED).map((strategy) => ({
            strategy,
            digests: [{ replays: REPLAYS, digest: 'fedcba9876543210' }],
            maskedDigest: '00112233445566ff',
            error: null,
          })),
          series: [
            ...seriesOf(BASELINE, 'twin', iommus),
            ...Object.keys(DECOMPOSED).flatMap((id) => seriesOf(id, 'strategy', iommus)),
          ],
        },
      },
    })),
    contention: syntheticContention(
      ids,
      workloadInfo('contention'),
      (strategy) => check(strategy, 'contention'),
      THREADED_PROCESSES,
    ),
  });
}

/** What the synthetic run differs in. */
export interface SyntheticRun {
  readonly suite?: Results['run']['suite'];
  readonly processes?: number;
  /** Processes in which C takes part too, the first of all. */
  readonly nativeProcesses?: number;
  readonly rounds?: number;
}

/** Replays that a process makes, without and with a round that was taken again, each of which takes so many. */
const REPLAYS = 142;
const ROUND_REPLAYS = 9;

/** In the second workload two rounds were taken again, as the floor in V8 was disturbed, in the first of them twice. */
function disturbances(
  workload: number,
  strategy: string,
  lane: Lane,
  processNumber: number,
  ns: number,
): Pick<Series, 'disturbed' | 'standing' | 'replays'> {
  const round = workload !== 1 ? undefined : { 2: 3, 5: 4 }[processNumber];
  if (round === undefined) return { disturbed: [], standing: [], replays: REPLAYS };
  const isOwn = strategy === 'floor' && lane === 'v8';
  const clocks = { round, roundNs: 15_000_000, cpuNs: isOwn ? 5_000_000 : 14_990_000, clockMs: 0.25 };
  return {
    disturbed: [{ ...clocks, ns: 3 * ns, collections: 1, isOwn }],
    standing: isOwn && processNumber === 2 ? [clocks] : [],
    replays: REPLAYS + ROUND_REPLAYS,
  };
}

/** The same run, in which a strategy ran on a host with 4-byte pointers, beside the baseline. */
export function onOtherHost(results: Results, id: string): Results {
  const isThere = (strategy: string): boolean => strategy === id || strategy === BASELINE;
  const of = (isPart: (strategy: string) => boolean) => ({
    strategies: results.strategies.filter((strategy) => isPart(strategy.id)),
    held: results.held.filter(({ strategy }) => isPart(strategy)),
    cells: results.cells.map((cell) => ({
      ...cell,
      checks: cell.checks.filter(({ strategy }) => isPart(strategy)),
      counted: cell.counted.filter(({ strategy }) => isPart(strategy)),
      timing: {
        ...cell.timing,
        references: cell.timing.references.filter(({ strategy }) => isPart(strategy)),
        series: cell.timing.series.filter(({ strategy }) => isPart(strategy)),
      },
    })),
  });
  return resultsSchema.parse({
    ...results,
    ...of((strategy) => strategy !== id),
    sweeps: results.sweeps.map((point) => ({
      ...point,
      counted: point.counted.filter(({ strategy }) => strategy !== id),
    })),
    otherHosts: [
      { ...of(isThere), host: { ...results.host, pointerBytes: 4 }, workloads: results.workloads },
    ],
    singleUpdates: {
      ...results.singleUpdates,
      points: results.singleUpdates.points.map((point) => ({
        ...point,
        strategies: point.strategies.filter(({ strategy }) => strategy !== id),
      })),
    },
    contention: null,
  });
}

/** A valid run of nine strategies and three workloads; `recorded` has an unreliable A/A and a void strategy. */
export function syntheticResults({
  suite = 'default',
  processes = 10,
  nativeProcesses = processes,
  rounds = 10,
}: SyntheticRun = {}): Results {
  const random = xoroshiro128plus(2016);
  const noise = (spread: number) =>
    Math.exp(spread * (uniformFloat64(random) + uniformFloat64(random) + uniformFloat64(random) - 1.5));
  const seriesIn = (
    lane: Lane,
    strategy: string,
    role: Series['role'],
    workload: number,
    factor: number,
  ): Series[] =>
    Array.from({ length: lane === 'c' ? nativeProcesses : processes }, (_, processNumber) => {
      const process = (NANOSECONDS[workload] as number) * factor * noise(0.02);
      const isVoid = strategy === 'pointer-as-tag' && workload === 2 && processNumber === 1;
      return {
        strategy,
        role,
        lane,
        processNumber,
        heapSeed: 1000 * workload + processNumber,
        warmUp: [process * 3, process * 1.2, process],
        samples: isVoid ? [] : Array.from({ length: rounds }, () => process * noise(0.03)),
        collections: isVoid ? [] : Array.from({ length: rounds }, (_, round) => (round === 4 ? 1 : 0)),
        ...disturbances(workload, strategy, lane, processNumber, process),
        digest: isVoid ? null : 'fedcba9876543210',
        digestMatches: !isVoid,
        peakBytes: 92_000_000 + workload * 1_000_000,
        error: isVoid ? 'the child said nothing for 120 s' : null,
      };
    });
  // In C all take half the time, but the floor, which V8 has in another order than C; the recorded window is V8's alone.
  const series = (strategy: string, role: Series['role'], workload: number, factor: number): Series[] => [
    ...seriesIn('v8', strategy, role, workload, factor),
    ...(workload === 2
      ? []
      : seriesIn('c', strategy, role, workload, strategy === 'floor' ? 2 * factor : factor / 2)),
  ];
  const cells = WORKLOADS.map((workload, index): Cell => {
    const twinFactor = workload === 'recorded' ? 1.09 : 1;
    return {
      workload,
      checks: STRATEGIES.map(([id]) => check(id, workload)),
      counted: STRATEGIES.map(([id], place) => counted(id, place, workload)),
      timing: {
        processes,
        windowsPerBatch: 8,
        references: STRATEGIES.map(([id]) => ({
          strategy: id,
          digests: [REPLAYS, REPLAYS + ROUND_REPLAYS].map((replays) => ({
            replays,
            digest: 'fedcba9876543210',
          })),
          maskedDigest: '00112233445566ff',
          error: null,
        })),
        series: [
          ...series(BASELINE, 'twin', index, twinFactor),
          ...STRATEGIES.flatMap(([id, , factors]) => series(id, 'strategy', index, factors[index] as number)),
        ],
      },
    };
  });
  return resultsSchema.parse({
    schema: 'gatag-bench results',
    version: RESULTS_VERSION,
    tool: { version: '0.1.0', revision: '0123abc' },
    run: {
      startedAt: '2026-03-01T12:00:00Z',
      seconds: 271.4,
      suite,
      seed: 2016,
      processes,
      rounds,
      noNative: null,
      batchMs: 3,
      baseline: BASELINE,
      band: 0.03,
      confidence: 0.95,
    },
    environment: {
      cpuModel: 'AMD EPYC 7742 64-Core Processor',
      cpus: 2,
      memoryBytes: 8 * 2 ** 30,
      load: 0.31,
      governor: null,
      turbo: 'on',
      smt: 'on',
      virtualised: 'kvm',
      cgroupCpuQuota: null,
      compiler: 'cc (synthetic) 12.2.0; -O2',
      clockSource: 'tsc',
      timedCpu: 1,
      kernel: '6.8.0-generic',
      node: 'v20.20.2',
      v8: '11.3.244.8-node.30',
      nodeFlags: ['--expose-gc'],
      timedNodeFlags: ['--single-threaded'],
      warnings: ['The machine is virtualised: the host may take the CPU away.', 'Turbo is on.'],
    },
    host: hostSchema.parse({}),
    strategies: STRATEGIES.map(strategyInfo),
    workloads: WORKLOADS.map(workloadInfo),
    cells,
    held: STRATEGIES.map(([strategy], place) => ({
      strategy,
      perEntry: 120 + place,
      perVcpu: 72,
      perVm: 32,
      fixed: place > 3 ? 2048 : 4_196_992,
    })),
    code: STRATEGIES.map(([strategy], place) => ({
      strategy,
      modules: place === 8 ? 3 : 8,
      statements: 190 - 5 * place,
      branches: 32 - 2 * place,
      locks: place === 8 ? 0 : 6,
    })),
    sweeps: SWEEPS,
    otherHosts: [],
    decomposition: [],
    cachedGaLogIntr: [CACHED],
    contention: syntheticContention(
      STRATEGIES.map(([id]) => id),
      workloadInfo('contention'),
      (strategy) => check(strategy, 'contention'),
      Math.min(processes, THREADED_PROCESSES),
    ),
    singleUpdates: syntheticSingleUpdates(
      STRATEGIES.map(([id]) => id),
      BASELINE,
      Math.min(processes, SINGLE_UPDATES.processes.default),
    ),
    undone: [],
  } satisfies Results);
}
