// Many CPUs at once, as part of a run: measured with as many threads as the machine has CPUs, simulated beyond. The host is
// judged by the oracle first, one operation at a time: what threads leave behind must be what it left.
import type { HostParameters } from '../../machine/host.js';
import { contention, partOfThread } from '../../workloads/contention.js';
import { THREADED_PROCESSES } from '../method.js';
import { type NativeLane, refusal } from '../native/lane.js';
import { type Prepared, prepare } from '../plan/prepare.js';
import type { BenchPlan, Progress } from '../plan/run-plan.js';
import type { ThreadedJob } from '../process/child-protocol.js';
import { writeScratch, writeStream } from '../process/scratch.js';
import { isCountable } from '../results/comparison.js';
import type { Contention, Undone } from '../results/results.js';
import { runTwice, undoneOf } from '../timing/cell-runner.js';
import { judgeAll } from '../verify/judging.js';
import { simulateAll, stepsOfSimulating } from './simulated.js';
import { calibrateThreads, runThreadedSet, type ThreadedPlan } from './threaded-runner.js';

/** Whether a host is for several CPUs at once: where flushes are per device it keeps one chain of them, for one CPU. */
function isForThreads({ flush }: HostParameters): boolean {
  return flush !== 'per-device';
}

/** The part of a run in which many CPUs are at work at once, while it is being filled. */
export class ContentionRun {
  readonly #plan: BenchPlan;
  readonly #directory: string;
  readonly #prepared: Prepared;
  readonly #threaded: ThreadedPlan;
  /** What could not be judged or run. */
  readonly #undone: Undone[];
  #measured: Contention;

  private constructor(
    plan: BenchPlan,
    directory: string,
    prepared: Prepared,
    threaded: ThreadedPlan,
    undone: readonly Undone[],
    measured: Contention,
  ) {
    this.#undone = [...undone];
    this.#plan = plan;
    this.#directory = directory;
    this.#prepared = prepared;
    this.#threaded = threaded;
    this.#measured = measured;
  }

  /** How often the whole of it advances a run's progress. */
  static stepsOf({ strategies, processes, threads }: BenchPlan): number {
    if (threads === null) return 0;
    return (
      strategies.length + 1 + Math.min(processes, THREADED_PROCESSES) + stepsOfSimulating(strategies.length)
    );
  }

  /**
   * Judges the strategies on the host and sizes the runs.
   *
   * @returns Null where no threads were asked for, or the host is not for them.
   */
  static async open(
    plan: BenchPlan,
    directory: string,
    lane: NativeLane,
    progress: Progress,
  ): Promise<ContentionRun | null> {
    const { strategies, threads, host, seed } = plan;
    if (threads === null || !isForThreads(host)) return null;
    const parameters = contention.schema.parse({ threads });
    const prepared = await prepare(plan, { workload: contention, parameters }, directory);
    const { checks, undone } = await judgeAll(plan, prepared, false, progress);
    const noNative = refusal(lane, prepared.stream);
    const all = Array.from({ length: threads }, (_, thread) =>
      partOfThread(prepared.stream, thread, threads),
    );
    const parts = await Promise.all(
      all.map(({ words }, thread) => writeStream(directory, `contention.${thread}`, words)),
    );
    // Who does not come to an end alone does not with others either.
    const able = strategies.filter(({ strategy: { id } }) =>
      checks.some((check) => check.strategy === id && isCountable(check)),
    );
    const threaded = await Promise.all(
      able.map(async ({ strategy: { id }, url }) => {
        const job: ThreadedJob = { strategy: url, stream: prepared.streamFile, parts, host };
        const jobFile = await writeScratch(directory, `threads.${id}.json`, JSON.stringify(job));
        const program = noNative === null ? (lane.programs.get(id) ?? null) : null;
        const check = checks.find(({ strategy }) => strategy === id);
        return { id, jobFile, program, maskedDigest: check?.maskedDigest ?? null };
      }),
    );
    const operationsPerWindow = (all[0] as (typeof all)[number]).windowOperations;
    const threadedPlan = { strategies: threaded, parts, operationsPerWindow, seed };
    const windowsPerRun = await calibrateThreads(threadedPlan, progress.note);
    progress.advance('calibrating threads');
    return new ContentionRun(plan, directory, prepared, threadedPlan, undone, {
      threads,
      workload: prepared.info,
      checks: [...checks],
      processes: 0,
      windowsPerRun,
      noNative,
      series: [],
      prices: [],
      busiest: [],
      simulated: [],
    });
  }

  /** Runs the set of processes with this number, if the run has one. */
  async runSet(processNumber: number, progress: Progress): Promise<void> {
    if (processNumber >= THREADED_PROCESSES) return;
    const ended = await runTwice(`set ${processNumber} with threads`, progress.note, () =>
      runThreadedSet(this.#threaded, this.#measured.windowsPerRun, processNumber),
    );
    this.#undone.push(...undoneOf(ended, this.#prepared.info.id, 'run with threads'));
    const series = ended.map(({ isOfMachine: _, ...one }) => one);
    this.#measured = {
      ...this.#measured,
      processes: processNumber + 1,
      series: [...this.#measured.series, ...series],
    };
    progress.advance(`running threads, process ${processNumber + 1}`);
  }

  /** Simulates what was not measured. */
  async finish(
    progress: Progress,
  ): Promise<{ readonly contention: Contention; readonly undone: readonly Undone[] }> {
    const { simulation, undone } = await simulateAll(
      this.#plan,
      this.#prepared,
      this.#measured,
      this.#directory,
      progress,
    );
    return { contention: { ...this.#measured, ...simulation }, undone: [...this.#undone, ...undone] };
  }
}
