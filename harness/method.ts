// Every constant that shapes a result, with its reason. None of them is changed after a run has begun.

/** The strategy that all others are compared with: the review's proposal. It is timed twice (A/A control). */
export const BASELINE = 'ir-data-pointer';

/**
 * Half-width of the equivalence band around 1. A reviewer would not trade complexity for less. Two copies of the same
 * loop differ by about as much between processes (SD 2.8% on a two-core VM).
 */
export const EQUIVALENCE_BAND = 0.03;

/**
 * Confidence of every interval. Intervals cover the processes of one run and have no part for what differs between runs. Five
 * default runs (two cores of an AMD EPYC VM, within 1.1 h) gave no reason for one: of the intervals of 120 ratios in C,
 *
 *     run                                  1      2      3      4      5
 *     hold the mean of the other four    89%    92%    83%    98%    94%
 *     median half-width, +-             1.0%   1.2%   1.1%   1.2%   1.2%
 *
 * 91% together, where 92% is the most to expect and 85% was the limit set before. No strategy was faster in one run and slower
 * in another. What lasts longer than a run and is not drawn in each process: the layout of the compiled program, the host's
 * neighbours, and the machine.
 */
export const CONFIDENCE = 0.95;

/**
 * Fewest processes for a verdict, a rank or a winner. With fewer, intervals are too wide (Student's t is 12.7 for two
 * processes and 3.2 for four), and a single outlier decides.
 */
export const VERDICT_PROCESSES = 5;

/**
 * Warm-up of each process before its first round: at least so many replays, by language, and at least one batch.
 * With synchronous compilation a window's time in V8 is level from its third or fourth replay. C has only caches, pages and
 * the branch predictor to warm, and its second replay is level. The results keep the series of each warm-up, and the report
 * names cells whose times still change in the rounds.
 */
export const WARM_UP_WINDOWS = { v8: 12, c: 4 } as const;

/** Shortest batch in ms of the fastest strategy. Shorter ones would measure cold caches. */
export const MIN_BATCH_MS = 3;

/**
 * Node's flags in every timed process. V8 compiles on a second thread. What it inlines depends on that thread's timing and
 * on bytecode budgets that these strategies exceed. Without the flags ten processes of one strategy took 62 to 91 ns per
 * operation (ir-data-pointer on `pinned`). Under V8's absolute budget of 4,600, one more loop in an update made it 2.4
 * times slower. So compilation is synchronous, and the budgets fit a whole operation, as in C. Between 4,000 and 20,000
 * bytecodes for one operation no strategy's time changed by more than 3%.
 */
export const TIMED_NODE_FLAGS = [
  '--single-threaded',
  '--max-inlined-bytecode-size=5000',
  '--max-inlined-bytecode-size-cumulative=20000',
  '--max-inlined-bytecode-size-absolute=50000',
] as const;

/** The sweeps of which a run counts every point. The others are counted and timed where they are named. */
export const COUNTED_AXES = ['entriesPerVcpu', 'iommus'] as const;

/**
 * Most vCPUs of a sweep's host that is counted in every run. Larger hosts take longer to set up than all others together,
 * and their counts continue the trend.
 */
export const COUNTED_SWEEP_VCPUS = 1 << 12;

/**
 * A process was disturbed in a round if it waited (wall time minus CPU time) for more than DISTURBED_WAIT_MS plus
 * DISTURBED_WAIT_PART of the round. On a quiet two-core VM 95% of rounds waited for less than 0.03 ms, and two of 1,200 for
 * more than 1 ms. With four to seven busy processes on it, 25% to 67% did. The part is for long rounds, in which a short
 * wait changes less than the band.
 */
export const DISTURBED_WAIT_MS = 1;
export const DISTURBED_WAIT_PART = 0.02;

/**
 * A process was also disturbed if the wall clock and the monotonic clock drifted apart by more than this many ms: the
 * machine was suspended or its clock was set. Readings of the two differ by 1 ms, or 5 on a busy machine. Slewing is below
 * 0.05%.
 */
export const DISTURBED_CLOCK_MS = 100;

/** Processes that start and warm up at the same time. Timed rounds are exclusive. */
export const STARTING_PROCESSES = 2;

/** Trials of a calibration. With 40 trials at a nominal 5%, more than 4 false alarms have a probability of 5%. */
export const CALIBRATION_TRIALS = 40;

/**
 * Each timed process draws its modelled heap, and the bytes of its environment, which move its stack by up to a page (Mytkowicz
 * et al., "Producing Wrong Data Without Doing Anything Obviously Wrong!", ASPLOS 2009). So intervals cover both. In C the stack
 * moves within a window too (PIECES of harness/native/replay.h): one place for each process made one in four 10 to 45% slower.
 */
export const HEAP_SEEDS = 0x7fff_ffff;
export const ENVIRONMENT_BYTES = 4096;

/**
 * Processes of each strategy with several threads, and rounds of each process. The way in which two threads interleave
 * varies between runs and between processes, and less within a run. So rounds are short and many, and processes no more
 * than a verdict needs.
 */
export const THREADED_PROCESSES = VERDICT_PROCESSES;
export const THREADED_ROUNDS = 6;

/**
 * Strategies whose loads and puts do the same work, word for word and line for line, are equal for many CPUs. The first of
 * these that is among them stands for them all; else the first in the order of the run.
 */
export const STANDS_FOR_EQUALS = ['opaque-tag-hash', BASELINE] as const;

/** Shortest run with threads in ms: one thread of the fastest strategy, in C or V8. */
export const THREADED_RUN_MS = 1.5;

/** Most threads by default. Each has a V8 isolate, and the threads of all strategies are alive at once. */
export const MOST_THREADS_BY_DEFAULT = 16;

/** CPUs of the simulated hosts. Four prices that are fitted to a few threads say nothing of larger ones. */
export const SIMULATED_CPUS = [1, 2, 4, 8, 16, 32, 64, 128, 256] as const;

/**
 * Durations of a COMPLETION_WAIT in ns on a host that flushes after each entry. No published time was found, so it is
 * swept around 1 us, the step in which the driver polls for the completion.
 */
export const COMPLETION_WAITS_NS = [300, 1000, 3000] as const;

/**
 * CPUs of the simulated host on which the wait is swept. They keep the locks of 8 IOMMUs busy all of the time, so 64 and 256
 * CPUs write no more entries. The vm_ids of 64 CPUs do not fit in 8 bits. A multiple of 16 loads 8 IOMMUs evenly.
 */
export const WAITING_CPUS = 48;

const ALL_WORKLOADS = [
  'pinned',
  'overcommit',
  'many-queues',
  'beyond-255-vms',
  'rebalance',
  'halt-wake',
  'churn',
  'recorded',
] as const;

/**
 * The suites. Where there is a C compiler, C has `processes.c` processes of each strategy and workload; V8 has `processes.v8`
 * on the workloads `crossChecked`, and of strategies that exist in TypeScript alone everywhere. Without a compiler V8 has
 * `processes.alone` on every workload. Each process takes `rounds` timed batches. The process is the unit of inference, so few
 * rounds in many processes say more than many rounds in few.
 */
export const SUITES = {
  /** A smoke test: too few processes for a verdict, and one strategy of each kind. */
  quick: {
    strategies: [
      'posted-v4',
      'opaque-tag-hash',
      'bucket-lock-hash',
      BASELINE,
      'vcpu-entries',
      'merged-7.3',
      'floor',
    ],
    workloads: ['pinned', 'overcommit', 'recorded'],
    crossChecked: ['pinned'],
    processes: { c: 4, v8: 2, alone: 3 },
    rounds: 3,
    threads: false,
    decomposed: false,
  },
  default: {
    strategies: null,
    workloads: ALL_WORKLOADS,
    crossChecked: ['pinned', 'halt-wake', 'pinned-iommus-8'],
    processes: { c: 12, v8: VERDICT_PROCESSES, alone: 10 },
    rounds: 4,
    threads: true,
    decomposed: true,
  },
  full: {
    strategies: null,
    workloads: ALL_WORKLOADS,
    crossChecked: null,
    processes: { c: 24, v8: 10, alone: 20 },
    rounds: 8,
    threads: true,
    decomposed: true,
  },
} as const;

export type SuiteName = keyof typeof SUITES;

/**
 * The decomposition of an update: the posted hash, the baseline, the lower bound, and the designs between them. Neighbours
 * differ by one decision. They are timed on one workload on hosts that differ in their IOMMUs, because only the first design
 * has a table in each, and because entries behind several IOMMUs are on several ways.
 */
export const DECOMPOSITION = {
  strategies: [
    'opaque-tag-hash',
    'shared-hash',
    'bucket-lock-hash',
    'list-in-ir-data',
    BASELINE,
    'irte-pointer',
    'vcpu-entries',
    'floor',
  ],
  workload: 'pinned',
  iommus: [1, 2, 4, 8],
} as const;

/**
 * The bounds after which an operation counts as endless. No wall clock is involved: a strategy is not to blame for a
 * machine that pauses, is busy or has a CPU quota.
 *
 * - `accesses`: memory accesses of one operation, in multiples of OPERATION_ACCESSES plus OPERATION_ACCESSES_PER_OBJECT
 *   for each irq, vCPU and VM of the stream. No operation that ends reads every structure of a host that many times.
 * - `cpuMs`: CPU time of the process in ms, for loops that touch no memory. It bounds one slice of a stream, one history
 *   or the schedules of one case. The longest case takes about two seconds, most take a few ms to some hundred.
 *
 * If the first bound is exceeded, the same is judged again from its start, in a fresh process while no other child works,
 * with the second bound. If that is exceeded too, the operation is endless and its strategy is judged no further. `trial`
 * is for the histories that are tried to shorten a counterexample; the result is judged again with `first`.
 */
export const PATIENCE = {
  first: { cpuMs: 4000, accesses: 1 },
  second: { cpuMs: 15_000, accesses: 10 },
  trial: { cpuMs: 200, accesses: 1 },
} as const;
export const OPERATION_ACCESSES = 1 << 18;
export const OPERATION_ACCESSES_PER_OBJECT = 1 << 10;

/** One of the bounds of {@link PATIENCE}. */
export type Patience = (typeof PATIENCE)[keyof typeof PATIENCE];

/**
 * The first wall-clock time-out, as a multiple of the CPU time allowed. It doubles while the process has used less CPU time
 * than that. It is above 1 because no process has a CPU all of the time.
 */
export const FIRST_TIMEOUT = 1.25;

/** Length of the slices in which operations are judged, in ms. Each slice has its own bound. */
export const SLICE_MS = 50;

/**
 * A stream of at most SHORT_STREAM_WORDS is first judged as a whole, under one time-out of QUICK_PART of its CPU time,
 * because watching each slice would take longer than judging. If it does not end in that time, each slice is watched.
 */
export const SHORT_STREAM_WORDS = 1 << 12;
export const QUICK_PART = 0.25;

/** After so many seconds a compiler, taskset or git is ended; a busy machine does not need them. */
export const TOOL_SECONDS = 300;

/**
 * A child that works on a long answer sends a sign of life every SIGN_OF_LIFE_MS. After SILENT_SECONDS of silence, in the
 * runner's own time, the runner looks at the child's CPU time since then. More than SILENT_CPU_SECONDS: the child hangs.
 * Less than STUCK_CPU_SECONDS: it waits for something that never comes. Otherwise the machine is busy, and the runner
 * waits on. If the platform does not tell the CPU time, the runner gives up after UNKNOWN_SECONDS.
 */
export const SIGN_OF_LIFE_MS = 1000;
export const SILENT_SECONDS = 120;
export const SILENT_CPU_SECONDS = 120;
export const STUCK_CPU_SECONDS = 1;
export const UNKNOWN_SECONDS = 1200;

/** Operations after the setup that are searched for hidden state. A strategy uses the state that it hides, so few do. */
export const STATE_OPERATIONS = 2000;

/** Every n-th generated history is searched for hidden state. */
export const STATE_HISTORIES = 8;

/** Most histories tried to shorten a counterexample, and most operations in them. A history has some dozens. */
export const MINIMISE_TRIALS = 4000;
export const MINIMISE_OPERATIONS = 3_000_000;

/** Most of these trials that may have an endless operation. */
export const ENDED_TRIALS = 4;

/** Most trials if the failure is a loop without memory accesses. Each uses all of its CPU time. */
export const ENDLESS_TRIALS = 30;

/** Generated histories for each strategy in `verify`: within its limits, and beyond each limit. */
export const HISTORIES = 1000;
export const HISTORIES_BEYOND = 40;

/**
 * Generated histories in `bench` for each strategy that sets ga_log_intr only while a vCPU blocks, on a host of v6.8 whose
 * IOMMUs cache that bit. About one in 14 loses a wakeup, so all of these show it. They take a second.
 */
export const CACHED_HISTORIES = 100;

/** Bytes of the memory for histories, whose hosts are small. */
export const HISTORY_MEMORY_BYTES = 1 << 26;

/** Bytes of the memory on which create() of a user's module is tried. */
export const TRIAL_BYTES = 1 << 25;

/**
 * Preemptions up to which all schedules of an enumerated case run, for two and for three concurrent operations. Random
 * cases have RANDOM_SCHEDULES_PER_CASE schedules each, with up to RANDOM_SWITCHES preemptions.
 */
export const PREEMPTIONS = { pair: 2, triple: 1 } as const;
export const RANDOM_SWITCHES = 6;
export const RANDOM_SCHEDULES_PER_CASE = 300;

/**
 * Random schedules for each strategy in `verify`. The enumerated cases come first; they have 175,000 to 290,000 schedules,
 * depending on the steps of a strategy. All together take about 20 seconds.
 */
export const SCHEDULES = 10_000;

/** Random cases with a failure even without concurrency, after which a strategy is judged no further. */
export const WRONG_CASES = 20;

/**
 * Updates that are timed one by one in C, with hot and with cold caches.
 *
 * - `points`: entries of a vCPU. Up to 64 they are common; 512 and 2,048 show how long interrupts are off at worst. Each has
 *   `vcpus` vCPUs with one VM each, which take turns `rounds` times in a window. An update of many entries varies little from
 *   vCPU to vCPU, and setting these up takes longer than timing them.
 * - `devices`: most devices of a VM, so that its entries fit the smallest tables of a host.
 * - `turns` of each process in a set, and `replays` of a part of the window in a turn, hot and cold. With 6 processes that is
 *   2,256 samples of each kind, and 720 from 512 entries on. A process has more than 100 samples of each, so that its 99th
 *   percentile is not its maximum, which would be a preemption.
 * - `processes` by suite. A verdict needs 5. All of it takes some 30 s on two cores, so that the quick suite leaves it out.
 */
export const SINGLE_UPDATES = {
  points: [
    { entries: 1, vcpus: 6, rounds: 2 },
    { entries: 2, vcpus: 6, rounds: 2 },
    { entries: 4, vcpus: 6, rounds: 2 },
    { entries: 16, vcpus: 6, rounds: 2 },
    { entries: 64, vcpus: 6, rounds: 2 },
    { entries: 512, vcpus: 2, rounds: 2 },
    { entries: 2048, vcpus: 2, rounds: 2 },
  ],
  devices: 8,
  turns: 4,
  replays: 4,
  processes: { quick: 0, default: 6, full: 12 },
} as const;

/** Empty measurements of a process in each of its turns. Their median is subtracted from each update. */
export const EMPTY_SAMPLES = 64;

/**
 * The check of the evictions: a chain of evicted lines against a chase through more memory than any cache holds, at least
 * CHASE_MIB, and CHASE_CACHES times the L3. Evicted lines come from memory if both take the same time for a line; CHAIN_BAND
 * bounds their ratio. It is judged on huge pages only, since with small ones the chase also misses in the TLB.
 */
export const CHASE_MIB = 256;
export const CHASE_CACHES = 2;
export const CHAIN_BAND = { low: 0.7, high: 1.5 } as const;
