// The results of a run: the contract between measuring and reporting. Raw samples are stored; ratios, intervals
// and verdicts are computed from them later, by anyone.
import { z } from 'zod';
import { hostSchema } from '../../machine/host.js';
import { SWEEP_AXIS_NAMES } from '../../workloads/sweep-axes.js';
import { CHECK_NAMES } from './checks.js';
import { COUNTED_VERBS } from './counted-verbs.js';
import { FAILURE_KINDS, LIMIT_KINDS } from './failures.js';

/** Version of the schema below; a change of meaning raises it. */
export const RESULTS_VERSION = 7;

/** Ids of strategies and workloads. */
export const idSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{0,63}$/, 'lower-case letters, digits, "." and "-"');
const count = z.int().min(0);
const digest = z.string().regex(/^[0-9a-f]{16}$/, '16 hexadecimal digits');

/** A declared limit of a strategy. */
export const limitSchema = z.strictObject({
  kind: z.enum(LIMIT_KINDS),
  value: z.int().min(1).optional(),
});

const strategySchema = z.strictObject({
  id: idSchema,
  title: z.string(),
  summary: z.string(),
  source: z.string(),
  gaLog: z.enum(['always', 'blocking']),
  limits: z.array(limitSchema),
  notes: z.array(z.string()),
  /** It promises right answers on every host that its ids have room for. */
  sound: z.boolean(),
  /** Path of a user's module as given; null for a built-in strategy. */
  file: z.string().nullable(),
});

/** The shortest history that was found to show a finding; it can be replayed. */
const counterexampleSchema = z.strictObject({
  /** The host's parameters, as far as they are not those of the preset v6.8: "iommus=1 hashBits=4". */
  host: z.string(),
  /** The operations in kernel terms, runs of like ones as one step. */
  steps: z.array(z.string()).min(1),
  /** What the last of them came to. */
  outcome: z.string(),
});

const findingSchema = z.strictObject({
  kind: z.enum(FAILURE_KINDS),
  /** The check that found it. */
  check: z.enum(CHECK_NAMES),
  /** How often it was found in the whole stream. */
  count: z.int().min(1),
  /** The declared limit of the strategy that it lies within; null if it is unexpected. */
  declaredBy: limitSchema.shape.kind.nullable(),
  /** The first one found. */
  first: z.strictObject({
    /** Index of the operation in the stream, from 0. */
    operation: count,
    /** The operation, such as "load vm 4 vcpu 15 on CPU 2". */
    what: z.string(),
    /** The irq whose IRTE or interrupt was wrong; null where none is concerned. */
    irq: count.nullable(),
    expected: z.string(),
    found: z.string(),
    /** What it came to, in one sentence. */
    outcome: z.string(),
  }),
  /** Null where none was looked for. */
  counterexample: counterexampleSchema.nullable(),
});

const commandsSchema = z.strictObject({ invalidate: count, completionWait: count });

const checkSchema = z.strictObject({
  strategy: idSchema,
  /** Operations judged: setup, window twice, teardown. */
  operations: count,
  /** Time that running and judging them took. */
  seconds: z.number().min(0),
  findings: z.array(findingSchema),
  /** Interrupts whose GA log entry was lost to an overflow that the hardware declared. */
  lostToOverflow: count,
  /** Commands queued by one replay of the window. */
  commandsPerWindow: commandsSchema,
  /** Bytes of modelled memory held after the setup, tables and heap objects. */
  memoryBytes: count,
  /** Digest of the IRTEs after the window, tag and ga_log_intr masked; null where the check ended before. */
  maskedDigest: digest.nullable(),
  /** Whether the masked digest equals the oracle's own. */
  matchesOracle: z.boolean(),
});

/** Something that was asked for and could not be done, even in a second try, because the machine ended its process. */
const undoneSchema = z.strictObject({
  strategy: idSchema,
  /** The workload, or what else it was to be done on. */
  where: z.string(),
  what: z.enum(['judged', 'counted', 'timed', 'run with threads', 'simulated']),
  reason: z.string(),
});

/** In which language a design runs. */
export const LANES = ['v8', 'c'] as const;

/** In which language a design runs. */
export type Lane = (typeof LANES)[number];

/** A round of a process, and what the clocks said of it. */
const standingSchema = z.strictObject({
  /** From 0. */
  round: count,
  /** Wall time of the untimed replay and the batch, by a monotonic clock, and the CPU time of the process meanwhile. */
  roundNs: count,
  cpuNs: count,
  /** How much further the wall clock of the runner went meanwhile than its monotonic one, in ms. */
  clockMs: z.number(),
});

/** A round that all processes of the set took once more: it counts for nothing. */
const disturbedSchema = standingSchema.extend({
  /** As the sample and its collections would have been. */
  ns: z.number().positive(),
  collections: count,
  /** Whether this process was disturbed, and not only another one. */
  isOwn: z.boolean(),
});

const seriesSchema = z.strictObject({
  strategy: idSchema,
  /** The A/A twin is the baseline once more, under another name. */
  role: z.enum(['strategy', 'twin']),
  /** TypeScript compiled by V8, or the same design in C. */
  lane: z.enum(LANES),
  processNumber: count,
  /** Seed of its modelled heap, drawn for each process. */
  heapSeed: count,
  /** ns per operation of each replay of the warm-up, in order. */
  warmUp: z.array(z.number().positive()),
  /** ns per operation of each round's timed batch, in order; of a round that was taken again, the second one. */
  samples: z.array(z.number().positive()),
  /** Garbage collections during each sample. */
  collections: z.array(count),
  /** The first of each round that was taken again, as a process was disturbed in it. */
  disturbed: z.array(disturbedSchema),
  /** Samples of rounds that were taken again and in which this process was disturbed in the second one. They count. */
  standing: z.array(standingSchema),
  /** Replays of the window that the process made. */
  replays: count,
  /** Of the IRTEs and deliveries; in the lane of C, of all memory and of these. */
  digest: digest.nullable(),
  /**
   * Whether it is that of the untimed reference run after as many replays; in the lane of C, that of the process in V8 with
   * the same heap.
   */
  digestMatches: z.boolean(),
  /** Largest resident set of the process, in bytes. */
  peakBytes: count,
  /** Why the process gave no figures; null if it did. */
  error: z.string().nullable(),
});

/** The timing of a cell. */
const timingSchema = z.strictObject({
  /** Processes that were run. */
  processes: count,
  /** Replays of the window in one timed batch, the same for all strategies. */
  windowsPerBatch: count,
  /** Replays of the window before the first round. */
  warmUpWindows: count,
  /** An untimed process of each strategy, made after the last process; without a digest where no timed one has any. */
  references: z.array(
    z.strictObject({
      strategy: idSchema,
      /** After each number of replays that a process in V8 made, in order. */
      digests: z.array(z.strictObject({ replays: count, digest })),
      /** After the last of them, of the IRTEs alone, tag and ga_log_intr masked. */
      maskedDigest: digest.nullable(),
      /** Why it failed, twice; null if it did not. */
      error: z.string().nullable(),
    }),
  ),
  series: z.array(seriesSchema),
  /** Why no design in C takes part; null if those that there are do. */
  noNative: z.string().nullable(),
});

/** A count over the operations of a verb; quantiles are of nearest rank, so that they are counts too. */
const distributionSchema = z.strictObject({ mean: z.number().min(0), p50: count, p99: count, worst: count });

/** The counts of the operations of a verb; Work in harness/counting/ says what each is. */
const workSummarySchema = z.strictObject({
  loads: distributionSchema,
  stores: distributionSchema,
  linesRead: distributionSchema,
  linesWritten: distributionSchema,
  lines: distributionSchema,
  entryLines: distributionSchema,
  chain: distributionSchema,
  locks: distributionSchema,
  atomics: distributionSchema,
  entries: distributionSchema,
  invalidate: distributionSchema,
  completionWait: distributionSchema,
});

/** Bytes of modelled memory: what one more entry, vCPU or VM takes, and what a host without any holds. */
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
  /** Whether they are those of the window; otherwise those of setup and teardown. */
  inWindow: z.boolean(),
  operations: z.int().min(1),
  work: workSummarySchema,
});

const countedWorkSchema = z.strictObject({
  strategy: idSchema,
  /** Verbs that the stream has. */
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
  /** What the C compiler says of itself, with its flags; null where there is none. */
  compiler: z.string().nullable(),
  /** What Linux reads the time from. */
  clockSource: z.string().nullable(),
  /** The CPU that timed processes are pinned to; null where they are not. */
  timedCpu: count.nullable(),
  kernel: z.string(),
  node: z.string(),
  v8: z.string(),
  /** Flags of the runner's own process, and of NODE_OPTIONS. */
  nodeFlags: z.array(z.string()),
  /** Flags that the method gives every timed process. */
  timedNodeFlags: z.array(z.string()),
  /** What is not ideal for timing, a sentence each. */
  warnings: z.array(z.string()),
});

const cellSchema = z.strictObject({
  workload: idSchema,

  checks: z.array(checkSchema),
  /** Of each strategy whose check came to its end; of the others nothing is counted. */
  counted: z.array(countedWorkSchema),
  timing: timingSchema,
});

/** One host of a sweep; `counted` is over one round in which every vCPU has its turn. */
const sweepPointSchema = z.strictObject({
  axis: z.enum(SWEEP_AXIS_NAMES),
  /** What is varied along the axis, and what the rest of the host is. */
  along: z.string(),
  /** The number, or the placement, of this host. */
  value: z.union([z.number(), z.string()]),
  host: hostSchema,
  /** Of the workload sweep. */
  parameters: z.record(z.string(), z.number()),
  counted: z.array(countedWorkSchema),
  /** Its checks, counts and times, as of a workload; null where it was only counted. */
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
  /** Whether each entry said at the end what its vCPU's last operation says. */
  isQuiescent: z.boolean(),
  /** Why the process gave no figures; null if it did. */
  error: z.string().nullable(),
});

/**
 * Prices of the simulation in ns, one set for all strategies of a lane: fitted to what was measured; see
 * harness/contention/prices.
 */
const contentionPricesSchema = z.strictObject({
  lane: z.enum(LANES),
  /** A word read or written. */
  accessNs: z.number().min(0),
  /** A lock taken and released; in C also the locked write of a live entry. */
  atomicNs: z.number().min(0),
  /** The line of a lock that comes from another CPU. */
  lockTransferNs: z.number().min(0),
  /** Another line that does. */
  lineTransferNs: z.number().min(0),
});

/** The locks that are held for the largest part of the time, on the largest host that was simulated. */
const busiestLockSchema = z.strictObject({
  /** What they are in, such as "gatag_hash" or "irq_remap_table". */
  name: z.string(),
  /** How many there are. */
  count: z.int().min(1),
  /** Times that one of them is taken for each load or put of the host, on average. */
  perUpdate: z.number().min(0),
  /** While one is held once, on average. */
  accesses: z.number().min(0),
  atomics: z.number().min(0),
  /** Lines of locks from another CPU, its own among them, and other lines. */
  lockTransfers: z.number().min(0),
  lineTransfers: z.number().min(0),
});

/** What a strategy does with so many CPUs, as simulated. */
const simulatedSchema = z.strictObject({
  strategy: idSchema,
  lane: z.enum(LANES),
  points: z.array(
    z.strictObject({
      cpus: z.int().min(1),
      /** Loads and puts of all CPUs per second. */
      perSecond: z.number().positive(),
      /** The locks that are busiest, null if none is taken, and the part of the time in which one of them is held. */
      busiest: z.string().nullable(),
      utilisation: z.number().min(0).max(1),
    }),
  ),
});

/** Many CPUs at once. */
const contentionSchema = z.strictObject({
  /** Most threads at once: one for each CPU, unless more were asked for. */
  threads: z.int().min(1),
  /** The host that the threads share. */
  workload: workloadSchema,
  /** Of the same stream, one operation at a time. */
  checks: z.array(checkSchema),
  /** Processes of each strategy and lane. */
  processes: count,
  /** Replays of its window after which the first thread to have done them ends a run. */
  windowsPerRun: count,
  /** Why no design in C takes part; null if those that there are do. */
  noNative: z.string().nullable(),
  series: z.array(threadedSeriesSchema),
  prices: z.array(contentionPricesSchema),
  busiest: z.array(z.strictObject({ strategy: idSchema, lock: busiestLockSchema.nullable() })),
  simulated: z.array(simulatedSchema),
});

/** One file of results. */
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
      /** Planned for each strategy and workload. */
      processes: z.int().min(1),
      rounds: z.int().min(1),
      /** Shortest timed batch aimed at, in ms. */
      batchMs: z.number().positive(),
      baseline: idSchema,
      band: z.number().positive().max(0.5),
      confidence: z.number().min(0.5).max(0.999),
    }),
    environment: environmentSchema,
    host: hostSchema,
    strategies: z.array(strategySchema),
    workloads: z.array(workloadSchema),
    /** One for each workload, in the same order. */
    cells: z.array(cellSchema),
    /** What each strategy holds on the run's host. */
    held: z.array(heldSchema),
    /** Of each strategy whose source could be counted. */
    code: z.array(codeSchema),
    /** Axis by axis. */
    sweeps: z.array(sweepPointSchema),
    /** Null where nothing was run with threads. */
    contention: contentionSchema.nullable(),
    /** What was asked for and could not be done. */
    undone: z.array(undoneSchema),
  })
  .refine(
    ({ workloads, cells }) =>
      cells.map((cell) => cell.workload).join() === workloads.map(({ id }) => id).join(),
    {
      path: ['cells'],
      message: 'expected one cell for each workload, in the order of the workloads',
    },
  )
  .refine(({ workloads }) => new Set(workloads.map(({ id }) => id)).size === workloads.length, {
    path: ['workloads'],
    message: 'expected ids that differ',
  });

/** One file of results. */
export type Results = z.infer<typeof resultsSchema>;
/** One workload's checks and timing. */
export type Cell = Results['cells'][number];
/** The oracle's verdict on one strategy and workload. */
export type Check = Cell['checks'][number];
/** Something that was asked for and could not be done. */
export type Undone = Results['undone'][number];
/** One finding of the oracle. */
export type Finding = Check['findings'][number];
/** The shortest history that shows a finding. */
export type Counterexample = z.infer<typeof counterexampleSchema>;
/** The kind of a finding. */
export type FindingKind = Finding['kind'];
/** The timing of one cell. */
export type Timing = Cell['timing'];
/** One process's samples. */
export type Series = Timing['series'][number];
/** The counted work of one strategy in a cell. */
export type CountedWork = Cell['counted'][number];
/** The counted operations of one verb. */
export type VerbCounts = CountedWork['verbs'][number];
/** What the operations of a verb did. */
export type WorkSummary = VerbCounts['work'];
/** One host of a sweep. */
export type SweptPoint = Results['sweeps'][number];
/** What a design holds. */
export type Held = Results['held'][number];
/** How much code a design is. */
export type OwnCode = Results['code'][number];
/** Statements, branches and locks. */ /** A strategy's description in the results. */
export type StrategyInfo = Results['strategies'][number];
/** A workload's description in the results. */
export type WorkloadInfo = Results['workloads'][number];
/** The machine that measured. */
export type Environment = Results['environment'];
/** Many CPUs at once. */
export type Contention = NonNullable<Results['contention']>;
/** One process with several threads. */
export type ThreadedSeries = Contention['series'][number];
/** Prices of the simulation. */
export type ContentionPrices = Contention['prices'][number];
/** The lock that is held most. */
export type BusiestLock = NonNullable<Contention['busiest'][number]['lock']>;
/** What a strategy does with so many CPUs, as simulated. */
export type Simulated = Contention['simulated'][number];
