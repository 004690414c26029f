// Many CPUs at once, as part of a run: throughput is measured with up to one thread for each CPU of the machine, and
// simulated beyond. The oracle judges the host first, one operation at a time: threads must leave the same entries.
import type { HostParameters } from '../../machine/host.js';
import { contention, partOfThread } from '../../workloads/contention.js';
import { STANDS_FOR_EQUALS, THREADED_PROCESSES } from '../method.js';
import type { NativeLane } from '../native/lane.js';
import { prepare } from '../plan/prepare.js';
import type { BenchPlan, Progress, RunContext } from '../plan/run-plan.js';
import { judgingSeconds, STEP_SECONDS, weighted } from '../plan/step-costs.js';
import { unwritten, writeScratch, writeStream } from '../process/scratch.js';
import { isCountable } from '../results/comparison.js';
import type { Check, Contention, CountedWork, Undone } from '../results/results.js';
import { runTwice, undoneOf } from '../timing/cell-runner.js';
import { judgeWorkload } from '../verify/judge-workload.js';
import { type ContentionContext, simulateAll } from './simulated.js';
import type { ThreadedJob } from './threaded-child.js';
import { calibrateThreads, runThreadedSet, type ThreadedPlan } from './threaded-runner.js';

/** Whether a host is for several CPUs: one with flushes per device keeps a single list of them, for one CPU. */
function isForThreads({ flush }: HostParameters): boolean {
  return flush !== 'per-device';
}

/** Writes each thread's part of the stream, and the job of each strategy whose check came to its end. */
async function planThreads(
  { plan, prepared: { stream, streamFile }, directory }: ContentionContext,
  threads: number,
  checks: readonly Check[],
  programs: NativeLane['programs'],
): Promise<ThreadedPlan> {
  const { strategies, host, seed } = plan;
  const all = Array.from({ length: threads }, (_, thread) => partOfThread(stream, thread, threads));
  const parts = await Promise.all(
    all.map(({ words }, thread) => writeStream(directory, `contention.${thread}`, words)),
  );
  const threaded = strategies.map(async ({ strategy: { id }, url }) => {
    const check = checks.find(({ strategy }) => strategy === id);
    // A strategy that does not come to an end alone does not with several threads either.
    if (check === undefined || !isCountable(check)) return [];
    const job: ThreadedJob = { strategy: url, stream: streamFile, parts, host };
    const jobFile = await writeScratch(directory, `threads.${id}.json`, JSON.stringify(job));
    return [{ id, jobFile, program: programs.get(id) ?? null, maskedDigest: check.maskedDigest }];
  });
  return {
    strategies: (await Promise.all(threaded)).flat(),
    parts,
    host,
    operationsPerWindow: (all[0] as (typeof all)[number]).windowOperations,
    seed,
  };
}

/** The strategies whose loads and puts do the same work as those of another one, which stands for them. */
function equalsOf(counted: readonly CountedWork[]): Contention['equals'] {
  const groups = new Map<string, string[]>();
  for (const { strategy, verbs } of counted) {
    const updates = verbs.filter(({ verb }) => verb === 'load' || verb === 'put');
    const work = JSON.stringify(updates);
    groups.set(work, [...(groups.get(work) ?? []), strategy]);
  }
  return [...groups.values()].flatMap((equal) => {
    const as = STANDS_FOR_EQUALS.find((id) => equal.includes(id)) ?? (equal[0] as string);
    return equal.filter((id) => id !== as).map((strategy) => ({ strategy, as }));
  });
}

/** Sets of processes: one in each language for each strategy. */
function threadedSets({ processes }: BenchPlan): number {
  return Math.min(processes.c, THREADED_PROCESSES);
}

/** The part of a run in which many CPUs work at once. */
export class ContentionRun {
  readonly #context: ContentionContext;
  readonly #threaded: ThreadedPlan;
  /** Everything that could not be judged or run so far. */
  readonly #undone: Undone[];
  #measured: Contention;

  private constructor(
    context: ContentionContext,
    threaded: ThreadedPlan,
    undone: readonly Undone[],
    measured: Contention,
  ) {
    this.#context = context;
    this.#threaded = threaded;
    this.#undone = [...undone];
    this.#measured = measured;
  }

  /** The expected seconds of the whole; see step-costs. Few of the strategies are equal. */
  static secondsOf(plan: BenchPlan): number {
    const { judging, threads, simulation } = STEP_SECONDS;
    if (plan.threads === null) return 0;
    return plan.strategies.length * (judging + threadedSets(plan) * threads + simulation);
  }

  /**
   * Judges the strategies on the host and sizes the runs.
   *
   * @returns Null if no threads were asked for, or the host is not for them.
   */
  static async open(
    { plan, directory, progress }: RunContext<BenchPlan>,
    { programs }: NativeLane,
  ): Promise<ContentionRun | null> {
    const { threads, host } = plan;
    if (threads === null || !isForThreads(host)) return null;
    const parameters = contention.schema.parse({ threads });
    const prepared = await prepare(plan, { workload: contention, parameters, host: {} }, directory);
    const ofStrategy = weighted(progress, judgingSeconds(prepared.stream));
    const { checks, undone, counted } = await judgeWorkload(plan, prepared, true, ofStrategy);
    const equals = equalsOf(counted);
    const strategies = plan.strategies.filter(({ strategy: { id } }) =>
      equals.every(({ strategy }) => strategy !== id),
    );
    const context = { plan: { ...plan, strategies }, prepared, directory };
    const threaded = await planThreads(context, threads, checks, programs);
    const windowsPerRun = await calibrateThreads(threaded, progress.note);
    return new ContentionRun(context, threaded, undone, {
      threads,
      workload: prepared.info,
      checks: [...checks],
      equals,
      processes: 0,
      windowsPerRun,
      series: [],
      prices: [],
      busiest: [],
      simulated: [],
      waits: null,
    });
  }

  /** The sets of processes that it has. */
  get sets(): number {
    return threadedSets(this.#context.plan);
  }

  /** Runs the set of processes with this number, if the run has one. */
  async runSet(processNumber: number, progress: Progress): Promise<void> {
    if (processNumber >= this.sets) return;
    const ended = await runTwice(`set ${processNumber} with threads`, progress.note, () =>
      runThreadedSet(this.#threaded, this.#measured.windowsPerRun, processNumber),
    );
    this.#undone.push(...undoneOf(ended, this.#measured.workload.id, 'run with threads'));
    const series = ended.map(({ isOfMachine: _, ...one }) => one);
    this.#measured = {
      ...this.#measured,
      processes: processNumber + 1,
      series: [...this.#measured.series, ...series],
    };
    const seconds = this.#context.plan.strategies.length * STEP_SECONDS.threads;
    progress.advance(`running threads, process ${processNumber + 1}`, seconds);
  }

  /** Simulates the measured host and larger ones. What was measured stays, even if the simulation's files cannot be written. */
  async finish(
    progress: Progress,
  ): Promise<{ readonly contention: Contention; readonly undone: readonly Undone[] }> {
    const ofStrategy = weighted(progress, STEP_SECONDS.simulation);
    const { simulation, undone } = await simulateAll(this.#context, this.#measured, ofStrategy).catch(
      (error) => {
        const work = { where: this.#measured.workload.id, what: 'simulated' } as const;
        return { simulation: {}, undone: unwritten(error, this.#context.plan.strategies, work) };
      },
    );
    return { contention: { ...this.#measured, ...simulation }, undone: [...this.#undone, ...undone] };
  }
}
