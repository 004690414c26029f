// The results of a run: the contract between measuring and reporting. They hold raw samples. Ratios, intervals and
// verdicts are computed from these later.
import { z } from 'zod';
import { hostSchema } from '../../machine/host.js';
import { SWEEP_AXIS_NAMES } from '../../workloads/sweep-axes.js';
import { CHECK_NAMES } from './checks.js';
import { COUNTED_VERBS } from './counted-verbs.js';
import { FAILURE_KINDS, LIMIT_KINDS } from './failures.js';
import { type Counts, METRICS } from './metrics.js';
import { misfitOf } from './misfits.js';

/** Version of the schema. A change of meaning raises it. */
export const RESULTS_VERSION = 12;

/** Ids of strategies and workloads. */
export const idSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{0,63}$/, 'lower-case letters, digits, "." and "-"');
/** Most processes of a strategy, and most rounds of a process. */
export const MOST_REPEATS = 1000;

const count = z.int().min(0);
const digest = z.string().regex(/^[0-9a-f]{16}$/, '16 hexadecimal digits');

/** A declared limit of a strategy. */
export const limitSchema = z.strictObject({ kind: z.enum(LIMIT_KINDS), value: z.int().min(1).optional() });

const strategySchema = z.strictObject({
  id: idSchema,
  title: z.string(),
  summary: z.string(),
  source: z.string(),
  gaLog: z.enum(['always', 'blocking']),
  limits: z.array(limitSchema),
  notes: z.array(z.string()),
  /** The places of the kernel that a patch touches; none if the module names none. */
  touches: z.array(z.string()),
  /** Whether it promises correct answers on every host that its ids have room for. */
  sound: z.boolean(),
  /** Path of a user's module as given; null for a built-in strategy. */
  file: z.string().nullable(),
});

/** The shortest history found that shows a failure. It can be replayed. */
const counterexampleSchema = z.strictObject({
  /** Host parameters that differ from the preset v6.8: "iommus=1 hashBits=4". */
  host: z.string(),
  /** The operations in kernel terms; a run of similar ones is one step. */
  steps: z.array(z.string()).min(1),
  /** The outcome of the last step. */
  outcome: z.string(),
});

const findingSchema = z.strictObject({
  kind: z.enum(FAILURE_KINDS),
  /** The check that failed. */
  check: z.enum(CHECK_NAMES),
  /** Occurrences in the whole stream. */
  count: z.int().min(1),
  /** The declared limit that covers it; null if it is unexpected. */
  declaredBy: limitSchema.shape.kind.nullable(),
  /** The first occurrence. */
  first: z.strictObject({
    /** Index of the operation in the stream, from 0. */
    operation: count,
    /** The operation, such as "load vm 4 vcpu 15 on CPU 2". */
    what: z.string(),
    /** The irq whose IRTE or interrupt was wrong; null if none was. */
    irq: count.nullable(),
    expected: z.string(),
    found: z.string(),
    /** The outcome in one sentence. */
    outcome: z.string(),
  }),
  /** Null if none was searched for. */
  counterexample: counterexampleSchema.nullable(),
});

/** Interrupts with their GA log entries and wakeups; harness/oracle/wakeup-counter.ts says which wakeups are spurious. */
const wakeupsSchema = z.strictObject({
  interrupts: count,
  gaLogEntries: count,
  wakes: count,
  spurious: count,
});

export type Wakeups = z.infer<typeof wakeupsSchema>;

const checkSchema = z.strictObject({
  strategy: idSchema,
  /** Judged operations: setup, window twice, teardown. */
  operations: count,
  /** Duration of the check. */
  seconds: z.number().min(0),
  findings: z.array(findingSchema),
  /** Interrupts whose GA log entry was lost to a declared overflow. */
  lostToOverflow: count,
  /** Invalidation commands of one replay of the window. */
  commandsPerWindow: z.strictObject({ invalidate: count, completionWait: count }),
  /** The wakeups of one replay of the window. */
  wakeupsPerWindow: wakeupsSchema,
  /** Bytes of modelled memory after the setup: tables and heap objects. */
  memoryBytes: count,
  /** Digest of the IRTEs after the window, tag and ga_log_intr masked; null if the check ended earlier. */
  maskedDigest: digest.nullable(),
  /** Whether the masked digest equals the oracle's own. */
  matchesOracle: z.boolean(),
});

/** Work that the machine prevented: it ended the process, and that of a second try. */
const undoneSchema = z.strictObject({
  strategy: idSchema,
  /** The workload, or another place such as "sweeps". */
  where: z.string(),
  what: z.enum(['judged', 'counted', 'timed', 'run with threads', 'simulated']),
  reason: z.string(),
});

/** The languages in which a strategy is timed. */
export const LANES = ['v8', 'c'] as const;

export type Lane = (typeof LANES)[number];

/** A round of a process, with its clocks. */
const standingSchema = z.strictObject({
  /** From 0. */
  round: count,
  /** Wall time of the untimed replay and the batch by a monotonic clock, and the process's CPU time meanwhile. */
  roundNs: count,
  cpuNs: count,
  /** Advance of the runner's wall clock over its monotonic clock meanwhile, in ms. */
  clockMs: z.number(),
});

/** A round that all processes of the set took once more: it counts for nothing. */
const disturbedSchema = standingSchema.extend({
  /** The discarded sample and its garbage collections. */
  ns: z.number().positive(),
  collections: count,
  /** Whether this process was disturbed, not only another one. */
  isOwn: z.boolean(),
});

const seriesSchema = z.strictObject({
  strategy: idSchema,
  /** The A/A control (`twin`) is the baseline once more. */
  role: z.enum(['strategy', 'twin']),
  /** TypeScript in V8, or the same design in C. */
  lane: z.enum(LANES),
  processNumber: count,
  /** Seed of the modelled heap, drawn for each process. */
  heapSeed: count,
  /** ns per operation of each replay of the warm-up, in order. */
  warmUp: z.array(z.number().min(0)),
  /** ns per operation of each round's batch, in order. For a repeated round this is the second batch. */
  samples: z.array(z.number().positive()),
  /** Garbage collections during each sample. */
  collections: z.array(count),
  /** The first batch of each repeated round. */
  disturbed: z.array(disturbedSchema),
  /** Repeated rounds in which this process was disturbed again. Their samples count. */
  standing: z.array(standingSchema),
  /** All replays of the window in this process. */
  replays: count,
  /** Digest of the IRTEs, deliveries and wakeups. */
  digest: digest.nullable(),
  /** Whether the digest equals that of an untimed process in V8 after the same number of replays. */
  digestMatches: z.boolean(),
  /** Peak resident set of the process, in bytes. */
  peakBytes: count,
  /** Why the process gave no figures; null if it did. */
  error: z.string().nullable(),
});

/** The timing of a cell. */
const timingSchema = z.strictObject({
  /** Sets of processes that were run. A language may have taken part in some of them only. */
  processes: count,
  /** Replays of the window in one timed batch, the same for all strategies. */
  windowsPerBatch: count,
  /** The untimed processes of each strategy. They give no digest if no timed process has one. */
  references: z.array(
    z.strictObject({
      strategy: idSchema,
      /** A digest for each number of replays that timed processes made. */
      digests: z.array(z.strictObject({ replays: count, digest })),
      /** The last digest, of the IRTEs alone, tag and ga_log_intr masked. */
      maskedDigest: digest.nullable(),
      /** Why it failed twice; null if it did not. */
      error: z.string().nullable(),
    }),
  ),
  series: z.array(seriesSchema),
});

/** A count over operations. Quantiles have nearest rank, so they are counts too. */
const distributionSchema = z.strictObject({ mean: z.number().min(0), p50: count, p99: count, worst: count });

type WorkShape = Record<keyof Counts, typeof distributionSchema>;

/** The counts of the operations of a verb. */
const workSummarySchema = z.strictObject(
  Object.fromEntries(METRICS.map((metric) => [metric, distributionSchema])) as WorkShape,
);

/** Bytes of modelled memory for each entry, vCPU and VM, and of an empty host. */
const heldSchema = z.strictObject({
  strategy: idSchema,
  perEntry: z.number(),
  perVcpu: z.number(),
  perVm: z.number(),
  fixed: z.number(),
});

/** The size of a strategy's code; ownCode in harness/counting/ defines what counts. */
const codeSchema = z.strictObject({
  strategy: idSchema,
  /** Its own module and those that it imports, without the modelled host. */
  modules: z.int().min(1),
  statements: count,
  branches: count,
  /** Places that take a lock. */
  locks: count,
});

/** The operations of a verb. */
const verbCountsSchema = z.strictObject({
  verb: z.enum(COUNTED_VERBS),
  /** Whether they are in the window, or in setup and teardown. */
  inWindow: z.boolean(),
  operations: z.int().min(1),
  work: workSummarySchema,
});

const countedWorkSchema = z.strictObject({
  strategy: idSchema,
  /** The operations that the stream has. */
  verbs: z.array(verbCountsSchema),
});

const recordingSchema = z.strictObject({
  file: z.string(),
  recorded: z.string(),
  assumed: z.string(),
  counts: z.record(z.string(), z.number()),
  warnings: z.array(z.string()),
});

const operationCounts = z.record(z.string(), count);

const workloadSchema = z.strictObject({
  id: idSchema,
  description: z.string(),
  favours: z.string(),
  penalises: z.string(),
  parameters: z.record(z.string(), z.union([z.number(), z.string()])),
  /** The parameters of the run's host that it changes. */
  host: z.record(z.string(), z.union([z.number(), z.string()])),
  /** Digest of the stream's words. */
  stream: digest,
  vms: count,
  vcpus: count,
  irqs: count,
  devices: count,
  cpus: count,
  setup: operationCounts,
  window: operationCounts,
  teardown: operationCounts,
  recording: recordingSchema.nullable(),
});

const environmentSchema = z.strictObject({
  cpuModel: z.string(),
  cpus: count,
  memoryBytes: count,
  /** Load average over one minute when the run began. */
  load: z.number(),
  governor: z.string().nullable(),
  turbo: z.string().nullable(),
  smt: z.string().nullable(),
  virtualised: z.string().nullable(),
  cgroupCpuQuota: z.string().nullable(),
  /** The C compiler's version line and flags; null without a compiler. */
  compiler: z.string().nullable(),
  /** Linux's clock source. */
  clockSource: z.string().nullable(),
  /** The CPU to which timed processes are pinned; null if they are not. */
  timedCpu: count.nullable(),
  kernel: z.string(),
  node: z.string(),
  v8: z.string(),
  /** Flags of the runner's own process and of NODE_OPTIONS. */
  nodeFlags: z.array(z.string()),
  /** Flags of every timed process. */
  timedNodeFlags: z.array(z.string()),
  /** What makes timings less reliable, a sentence each. */
  warnings: z.array(z.string()),
});

const cellSchema = z.strictObject({
  workload: idSchema,

  checks: z.array(checkSchema),
  /** Only strategies whose check ran to its end are counted. */
  counted: z.array(countedWorkSchema),
  timing: timingSchema,
});

/** One host of a sweep. `counted` covers a stream in which every vCPU is loaded and put once. */
const sweepPointSchema = z.strictObject({
  axis: z.enum(SWEEP_AXIS_NAMES),
  /** The parameter that varies, and the rest of the host, in words. */
  along: z.string(),
  /** The value of the parameter. */
  value: z.union([z.number(), z.string()]),
  host: hostSchema,
  /** Of the workload sweep. */
  parameters: z.record(z.string(), z.number()),
  counted: z.array(countedWorkSchema),
  /** Its checks, counts and times; null if it was only counted. */
  cell: cellSchema.nullable(),
});

/** One process with several threads. */
const threadedSeriesSchema = z.strictObject({
  strategy: idSchema,
  lane: z.enum(LANES),
  processNumber: count,
  heapSeed: count,
  /** In the order in which they were run; `rates` are operations per second of each thread. */
  runs: z.array(z.strictObject({ threads: z.int().min(1), rates: z.array(z.number().positive()) })),
  /** Whether all live entries were right at the end. */
  isQuiescent: z.boolean(),
  /** Why the process gave no figures; null if it did. */
  error: z.string().nullable(),
});

/** Unit costs of the simulation in ns, the same for all strategies of a lane; see harness/contention/prices. */
const contentionPricesSchema = z.strictObject({
  lane: z.enum(LANES),
  /** A word read or written. */
  accessNs: z.number().min(0),
  /** A lock taken and released; in C also the locked write of a live entry. */
  atomicNs: z.number().min(0),
  /** A lock line from another CPU. */
  lockTransferNs: z.number().min(0),
  /** A data line from another CPU. */
  lineTransferNs: z.number().min(0),
});

/** The locks with the highest utilisation on the largest simulated host. */
const busiestLockSchema = z.strictObject({
  /** The object that they are in, such as "gatag_hash" or "irq_remap_table". */
  name: z.string(),
  /** How many there are. */
  count: z.int().min(1),
  /** How often one of them is taken per update of the host. */
  perUpdate: z.number().min(0),
  /** Of one hold. */
  accesses: z.number().min(0),
  atomics: z.number().min(0),
  /** Lines from another CPU: of locks, including the lock itself, and of data. */
  lockTransfers: z.number().min(0),
  lineTransfers: z.number().min(0),
});

/** The name of the busiest locks, null if none is taken, and the part of the time in which one is held. */
const heldLock = { busiest: z.string().nullable(), utilisation: z.number().min(0).max(1) };

/** The simulated throughput of a strategy, by CPUs. */
const simulatedSchema = z.strictObject({
  strategy: idSchema,
  lane: z.enum(LANES),
  points: z.array(
    z.strictObject({
      cpus: z.int().min(1),
      /** Updates of all CPUs per second. */
      perSecond: z.number().positive(),
      ...heldLock,
    }),
  ),
});

/** The simulation of a host that flushes after each entry: a CPU holds its IOMMU's command lock until the wait is over. */
const waitsSchema = z.strictObject({
  host: hostSchema,
  cpus: z.int().min(1),
  /** Its unit costs are used. */
  lane: z.enum(LANES),
  points: z.array(
    z.strictObject({
      strategy: idSchema,
      /** The swept duration of a COMPLETION_WAIT in ns. */
      waitNs: z.number().positive(),
      /** Live entries written per second and IOMMU. */
      entriesPerSecond: z.number().min(0),
      ...heldLock,
    }),
  ),
});

/** Many CPUs at once. */
const contentionSchema = z.strictObject({
  /** The largest number of threads. */
  threads: z.int().min(1),
  /** The host that the threads share. */
  workload: workloadSchema,
  /** Of the same stream, without concurrency. */
  checks: z.array(checkSchema),
  /** Strategies that were not run because their loads and puts do the same work as those of another one. */
  equals: z.array(z.strictObject({ strategy: idSchema, as: idSchema })),
  /** Processes of each strategy and lane. */
  processes: count,
  /** A run ends when one thread has replayed its window this often. */
  windowsPerRun: count,
  series: z.array(threadedSeriesSchema),
  prices: z.array(contentionPricesSchema),
  busiest: z.array(z.strictObject({ strategy: idSchema, lock: busiestLockSchema.nullable() })),
  simulated: z.array(simulatedSchema),
  /** Null if no strategy was simulated with waits. */
  waits: waitsSchema.nullable(),
});

/** Samples of a process: updates, each timed by itself. */
const singleTimesSchema = z.strictObject({
  samples: z.int().min(1),
  /** The mean of the median of the loads and that of the puts. */
  medianNs: z.number(),
  /** The 99th percentile of all samples. A maximum would be a preemption. */
  p99Ns: z.number(),
});

/** One process of a strategy. It takes part in all points. */
const singleProcessSchema = z.strictObject({
  processNumber: count,
  heapSeed: count,
  /** With hot caches, and after the lines that the update touches were evicted. Null if the process failed. */
  hot: singleTimesSchema.nullable(),
  cold: singleTimesSchema.nullable(),
  /** Digest of all memory after the last point. */
  digest: digest.nullable(),
  /** Whether it equals that of an untimed process in V8 with the same heap, after as many replays. */
  digestMatches: z.boolean(),
  /** Why the process gave no figures; null if it did. */
  error: z.string().nullable(),
});

/** Loads and puts of a vCPU in C, each timed by itself; see harness/single-updates/. */
const singleUpdatesSchema = z.strictObject({
  /** Why there is nothing; null if there is something. */
  reason: z.string().nullable(),
  /** The check of the evictions, in ns for a line: evicted lines, and lines that no cache holds. Null if it failed. */
  chain: z
    .strictObject({
      lines: z.int().min(1),
      evictedNs: z.number().positive(),
      chaseNs: z.number().positive(),
      hugePages: z.boolean(),
    })
    .nullable(),
  /** By entries of the vCPU. */
  points: z.array(
    z.strictObject({
      entries: z.int().min(1),
      strategies: z.array(
        z.strictObject({
          strategy: idSchema,
          role: z.enum(['strategy', 'twin']),
          processes: z.array(singleProcessSchema),
        }),
      ),
    }),
  ),
});

/** Strategies that need another host, on that host. They are compared with its baseline, and with no other strategy. */
const otherHostSchema = z.strictObject({
  host: hostSchema,
  /** The run's baseline, and those that need the host. */
  strategies: z.array(strategySchema),
  /** Some of the run's workloads. */
  workloads: z.array(workloadSchema),
  cells: z.array(cellSchema),
  held: z.array(heldSchema),
});

/** What a strategy gets wrong on generated histories of hosts whose IOMMUs cache ga_log_intr. */
const cachedGaLogIntrSchema = z.strictObject({
  strategy: idSchema,
  /** Judged histories. */
  histories: count,
  failures: z.array(z.strictObject({ finding: findingSchema, histories: z.int().min(1) })),
});

/** The results of a run. */
export const resultsSchema = z
  .strictObject({
    schema: z.literal('gatag-bench results'),
    version: z.literal(RESULTS_VERSION),
    tool: z.strictObject({ version: z.string(), revision: z.string().nullable() }),
    run: z.strictObject({
      /** UTC, ISO 8601. */
      startedAt: z.iso.datetime(),
      seconds: z.number().min(0),
      suite: z.enum(['quick', 'default', 'full']),
      seed: count,
      /** Planned processes of each strategy and workload in C; in V8 if nothing is timed in C. */
      processes: z.int().min(1).max(MOST_REPEATS),
      rounds: z.int().min(1).max(MOST_REPEATS),
      /** Why nothing was timed in C; null if something was. */
      noNative: z.string().nullable(),
      /** Shortest batch aimed at, in ms. */
      batchMs: z.number().positive(),
      baseline: idSchema,
      band: z.number().positive().max(0.5),
      confidence: z.number().min(0.5).max(0.999),
    }),
    environment: environmentSchema,
    host: hostSchema,
    strategies: z.array(strategySchema),
    workloads: z.array(workloadSchema),
    /** In the order of the workloads. */
    cells: z.array(cellSchema),
    /** Memory of each strategy on the run's host. */
    held: z.array(heldSchema),
    /** Size of each strategy's source, if it could be parsed; also of those on other hosts. */
    code: z.array(codeSchema),
    /** Axis by axis. */
    sweeps: z.array(sweepPointSchema),
    otherHosts: z.array(otherHostSchema),
    /** The cells of the decomposition, by IOMMUs of the host; empty if it was not timed. Only its strategies take part. */
    decomposition: z.array(z.strictObject({ iommus: z.int().min(1), cell: cellSchema })),
    /** Strategies that set ga_log_intr only while a vCPU blocks; whether an IOMMU caches that bit is disputed. */
    cachedGaLogIntr: z.array(cachedGaLogIntrSchema),
    /** Null without a run with threads. */
    contention: contentionSchema.nullable(),
    singleUpdates: singleUpdatesSchema,
    /** Work that the machine prevented. */
    undone: z.array(undoneSchema),
  })
  .check(({ value, issues }) => {
    const misfit = misfitOf(value);
    if (misfit !== null) issues.push({ code: 'custom', input: value, ...misfit });
  });

export type Results = z.infer<typeof resultsSchema>;
export type Cell = Results['cells'][number];
export type Check = Cell['checks'][number];
export type Undone = Results['undone'][number];
export type Finding = Check['findings'][number];
export type Counterexample = z.infer<typeof counterexampleSchema>;
export type FindingKind = Finding['kind'];
export type Timing = Cell['timing'];
export type Series = Timing['series'][number];
export type CountedWork = Cell['counted'][number];
export type VerbCounts = CountedWork['verbs'][number];
export type WorkSummary = VerbCounts['work'];
export type SweptPoint = Results['sweeps'][number];
export type DecomposedCell = Results['decomposition'][number];
export type Held = Results['held'][number];
export type OwnCode = Results['code'][number];
export type StrategyInfo = Results['strategies'][number];
export type WorkloadInfo = Results['workloads'][number];
export type Environment = Results['environment'];
export type Contention = NonNullable<Results['contention']>;
export type ThreadedSeries = Contention['series'][number];
export type ContentionPrices = Contention['prices'][number];
export type BusiestLock = NonNullable<Contention['busiest'][number]['lock']>;
export type Simulated = Contention['simulated'][number];
export type SingleUpdates = Results['singleUpdates'];
export type SinglePoint = SingleUpdates['points'][number];
export type SingleProcess = SinglePoint['strategies'][number]['processes'][number];
export type SingleTimes = NonNullable<SingleProcess['hot']>;
export type CompletionWaits = NonNullable<Contention['waits']>;
