// Every constant that shapes a result, with its reason. None of them is changed after a run has begun.

/** The strategy that the others are compared with: what the review proposes. It takes part twice (A/A). */
export const BASELINE = 'ir-data-pointer';

/**
 * Ratios inside 1 ± this are "equivalent": a reviewer would not trade complexity for less, and two copies of
 * the same loop differ by about as much between processes (SD 2.8 % on the machine this was tried on).
 */
export const EQUIVALENCE_BAND = 0.03;

/** Confidence of every interval. */
export const CONFIDENCE = 0.95;

/**
 * Fewest processes that a verdict, a rank or a winner may stand on. Of fewer the interval is hardly worth its name:
 * Student's t is 12.7 for two and 3.2 for four, and one odd process among them is taken for what all are like.
 */
export const VERDICT_PROCESSES = 5;

/**
 * Warm-up of each process before its first round: at least so many replays, and at least so many batches. With
 * synchronous compilation a window's time is level from its third or fourth replay; the series of each warm-up is
 * kept, so that one can see it, and a cell whose rounds still change says so.
 */
export const WARM_UP_WINDOWS = 12;
export const WARM_UP_BATCHES = 2;

/** Shortest timed batch in ms, in the fastest strategy of the cell; shorter ones measure cold caches. */
export const MIN_BATCH_MS = 3;

/**
 * Node's flags in every timed process. V8 compiles on a second thread, and what it inlines depends on when that
 * thread gets its turn and on budgets of bytecodes that these strategies exceed: without the flags the same
 * process ran at anything from 62 to 91 ns per operation (ir-data-pointer on `pinned`, ten processes), and under
 * V8's absolute budget of 4,600 a design with one loop more in its update took 2.4 times as long as without. So
 * compilation is made synchronous, and the budgets large enough for all of an operation, as it is in C: between
 * 4,000 and 20,000 bytecodes for one operation no strategy's time changed by more than 3 %.
 */
export const TIMED_NODE_FLAGS = [
  '--single-threaded',
  '--max-inlined-bytecode-size=5000',
  '--max-inlined-bytecode-size-cumulative=20000',
  '--max-inlined-bytecode-size-absolute=50000',
] as const;

/**
 * Hosts of the sweeps with more vCPUs than this are not counted in every run: their setup takes longer than all others
 * together, and the counts go on as they have come.
 */
export const COUNTED_SWEEP_VCPUS = 1 << 12;

/**
 * One set of processes in this many has processes in C, from the first on. They differ less than the processes in V8,
 * whose compiler decides anew in each. So fewer of them give equally narrow intervals, and the run is shorter. The default
 * suite has as many as a verdict needs.
 */
export const NATIVE_PROCESS_INTERVAL = 2;

/**
 * A process was disturbed in a round if it waited, wall time less CPU time, for more than so many ms and such a part of the
 * round. On the machine that this was tried on, while it was quiet, 95 of 100 rounds waited for less than 0.03 ms, and two of
 * 1,200 for more than 1 ms; with four to seven processes on its two CPUs a quarter to two thirds did. The part is for long
 * rounds, which what is short in them changes by less than the band.
 */
export const DISTURBED_WAIT_MS = 1;
export const DISTURBED_WAIT_PART = 0.02;

/**
 * So too if the wall clock and the monotonic one went on by so much more or less than each other, in ms: the machine was
 * suspended, or its clock was set. Readings of the two differ by 1 ms, on a busy machine by 5; slewing is half a thousandth.
 */
export const DISTURBED_CLOCK_MS = 100;

/** Processes that start and warm up at a time; timed rounds are exclusive. */
export const STARTING_PROCESSES = 2;

/** Trials of a calibration: with 40 and a nominal 5 %, more than 4 false alarms are as rare as one in twenty. */
export const CALIBRATION_TRIALS = 40;

/** A process draws its modelled heap out of so many, so that no interval is blind to where objects lie. */
export const HEAP_SEEDS = 0x7fff_ffff;

/**
 * With several threads: at the most so many processes of each strategy, and turns of each of them. How two threads fall
 * into step differs from run to run and between processes, and less within a run, so that turns are short and many, and
 * processes no more than a verdict needs.
 */
export const THREADED_PROCESSES = VERDICT_PROCESSES;
export const THREADED_ROUNDS = 6;

/** Shortest run with threads in ms, of one thread of the fastest strategy in either lane. */
export const THREADED_RUN_MS = 1.5;

/** Threads unless more are asked for: each has an isolate of V8, and those of all strategies are alive at once. */
export const MOST_THREADS_BY_DEFAULT = 16;

/** CPUs of the hosts that are simulated. A host for 1024 takes as long as all the others. */
export const SIMULATED_CPUS = [1, 2, 4, 8, 16, 32, 64, 256, 1024] as const;

const ALL_WORKLOADS = [
  'pinned',
  'overcommit',
  'many-queues',
  'beyond-255-vms',
  'rebalance',
  'halt-wake',
  'recorded',
] as const;

/** The suites: workloads, processes per strategy, and timed batches per process. */
export const SUITES = {
  /** Shows that everything works, and has too few processes for a verdict. */
  quick: { workloads: ['pinned', 'overcommit', 'recorded'], processes: 3, rounds: 5 },
  default: { workloads: ALL_WORKLOADS, processes: 10, rounds: 10 },
  full: { workloads: ALL_WORKLOADS, processes: 20, rounds: 20 },
} as const;

/** Name of a suite. */
export type SuiteName = keyof typeof SUITES;

/**
 * How long something may go on before it is called endless. No clock on the wall decides that: a machine that pauses, is
 * busy or has a quota is no fault of a design. What counts is
 *
 * - `accesses`: how often one operation may touch memory. It is a multiple of OPERATION_ACCESSES, and of
 *   OPERATION_ACCESSES_PER_OBJECT for each irq, vCPU and VM of the stream: nothing that ends reads every structure of a
 *   host that many times over, or makes that many slabs;
 * - `cpuMs`: where a loop touches no memory, the CPU time of its process, in ms, for one slice of a stream, one history or
 *   the schedules of one case. Each takes some ms to some hundred.
 *
 * What is over the first bound is judged again from its start, in a fresh process, while no other child works, with the
 * second bound. Only what is over that too is called endless, and its strategy is judged no further. The third is for
 * histories that are tried to shorten one: what comes of it is judged once more with the first.
 */
export const PATIENCE = {
  first: { cpuMs: 1500, accesses: 1 },
  second: { cpuMs: 15_000, accesses: 10 },
  trial: { cpuMs: 200, accesses: 1 },
} as const;
export const OPERATION_ACCESSES = 1 << 18;
export const OPERATION_ACCESSES_PER_OBJECT = 1 << 10;

/** One of the bounds of {@link PATIENCE}. */
export type Patience = (typeof PATIENCE)[keyof typeof PATIENCE];

/**
 * The first time-out on the wall, as a multiple of the CPU time that may be used by then. It is doubled for as long as the
 * process has had less than that. A little more than 1, since no process has a CPU for all of the time.
 */
export const FIRST_TIMEOUT = 1.25;

/** Operations are judged in slices of about so many ms, each by itself bounded; shorter than any bound on CPU time. */
export const SLICE_MS = 50;

/**
 * A stream of at most so many words is first judged as a whole, under one time-out of this part of the CPU time that it may
 * use: to watch each slice would take longer than to judge it. Where that does not come to its end, each slice is watched.
 */
export const SHORT_STREAM_WORDS = 1 << 12;
export const QUICK_PART = 0.25;

/**
 * A child that works on a long answer says so about once in SIGN_OF_LIFE_MS. One that has said nothing for SILENT_SECONDS
 * of the runner's own time is asked how much CPU time it has had since: with more than SILENT_CPU_SECONDS it is hung, with
 * less than STUCK_CPU_SECONDS it waits for something that does not come. Anything else is a busy machine, and is waited
 * for. Where nobody tells the CPU time of a process, UNKNOWN_SECONDS are enough.
 */
export const SIGN_OF_LIFE_MS = 1000;
export const SILENT_SECONDS = 120;
export const SILENT_CPU_SECONDS = 120;
export const STUCK_CPU_SECONDS = 1;
export const UNKNOWN_SECONDS = 1200;

/**
 * Operations after the setup in which state is looked for that a strategy keeps outside the modelled memory. What it
 * keeps it uses, so that few are enough.
 */
export const STATE_OPERATIONS = 2000;

/** One generated history in so many is searched for hidden state. */
export const STATE_HISTORIES = 8;

/** Histories tried at the most to shorten one that shows a finding, and operations in them; a history has some dozens. */
export const MINIMISE_TRIALS = 4000;
export const MINIMISE_OPERATIONS = 3_000_000;

/** How many of them may have an operation that does not end. */
export const ENDED_TRIALS = 4;

/** Histories tried where what is looked for is an operation that loops without touching memory: each takes all its time. */
export const ENDLESS_TRIALS = 30;

/** Generated histories that `verify` judges each strategy on: within its limits, and beyond each of them. */
export const HISTORIES = 1000;
export const HISTORIES_BEYOND = 40;

/** Address space of the memory that histories are judged in, in bytes: their hosts are small. */
export const HISTORY_MEMORY_BYTES = 1 << 26;

/** The same of the host that create() of a user's module is tried on. */
export const TRIAL_BYTES = 1 << 25;

/**
 * Preemptions of the schedules that are all run, of two operations at once and of three; further ones are drawn at random,
 * with switches up to a number, so many from a random case.
 */
export const PREEMPTIONS = { pair: 2, triple: 1 } as const;
export const RANDOM_SWITCHES = 6;
export const RANDOM_SCHEDULES_PER_CASE = 300;

/**
 * Random schedules that `verify` judges each strategy on. Those with few preemptions of the enumerated cases, which come
 * first, are 66,000 to 127,000, depending on how many steps a design takes; all together take about five seconds.
 */
export const SCHEDULES = 10_000;

/** Random cases that are wrong one operation after the other, after which a strategy is judged no further. */
export const WRONG_CASES = 20;
