// Many CPUs at once, as part of a run: throughput is measured with up to one thread for each CPU of the machine, and
// simulated beyond. The oracle judges the host first, one operation at a time: threads must leave the same entries.
import { contention, partOfThread } from '../../workloads/contention.js';
import { STANDS_FOR_EQUALS, THREADED_PROCESSES } from '../method.js';
import type { NativeLane } from '../native/lane.js';
import { prepare } from '../plan/prepare.js';
import type { BenchPlan, RunContext } from '../plan/run-plan.js';
import { judgingSeconds, STEP_SECONDS, weighted } from '../plan/step-costs.js';
import { unwritten, writeScratch, writeStream } from '../process/scratch.js';
import { isCountable } from '../results/comparison.js';
import type { Check, Contention, CountedWork, ThreadedSeries, Undone } from '../results/results.js';
import { runTwice, undoneOf } from '../timing/cell-runner.js';
import { judgeWorkload } from '../verify/judge-workload.js';
import { type ContentionContext, simulateAll } from './simulated.js';
import type { ThreadedJob } from './threaded-child.js';
import { calibrateThreads, runThreadedSet, type ThreadedPlan } from './threaded-runner.js';

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
    const work = JSON.stringify(verbs.filter(({ verb }) => verb === 'load' || verb === 'put'));
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

/** The expected seconds of the whole; see step-costs. Few of the strategies are equal. */
export function contentionSeconds(plan: BenchPlan): number {
  const { judging, threads, simulation } = STEP_SECONDS;
  if (plan.threads === null) return 0;
  return plan.strategies.length * (judging + threadedSets(plan) * threads + simulation);
}

/** The part of a run in which many CPUs work at once. */
export type ContentionRun = NonNullable<Awaited<ReturnType<typeof openContention>>>;

/**
 * Judges the strategies on the host and sizes the runs.
 *
 * @returns Null if no threads were asked for, or the host is not for them: one with flushes per device keeps a single list
 * of them, for one CPU.
 */
export async function openContention(
  { plan, directory, progress }: RunContext<BenchPlan>,
  { programs }: NativeLane,
) {
  const { threads, host } = plan;
  if (threads === null || host.flush === 'per-device') return null;
  const parameters = contention.schema.parse({ threads });
  const prepared = await prepare(plan, { workload: contention, parameters, host: {} }, directory);
  const workload = prepared.info;
  const ofStrategy = weighted(progress, judgingSeconds(prepared.stream));
  const judged = await judgeWorkload(plan, prepared, true, ofStrategy);
  const checks = [...judged.checks];
  const equals = equalsOf(judged.counted);
  const strategies = plan.strategies.filter(({ strategy: { id } }) =>
    equals.every(({ strategy }) => strategy !== id),
  );
  const context = { plan: { ...plan, strategies }, prepared, directory };
  const threaded = await planThreads(context, threads, checks, programs);
  const windowsPerRun = await calibrateThreads(threaded, progress.note);
  const series: ThreadedSeries[] = [];
  /** Everything that could not be judged or run so far. */
  const undone: Undone[] = [...judged.undone];
  /** The sets of processes that it has, and those that were run. */
  const sets = threadedSets(plan);
  let processes = 0;

  return {
    sets,

    /** Runs the set of processes with this number, if the run has one. */
    async runSet(processNumber: number): Promise<void> {
      if (processNumber >= sets) return;
      const ended = await runTwice(`set ${processNumber} with threads`, progress.note, () =>
        runThreadedSet(threaded, windowsPerRun, processNumber),
      );
      undone.push(...undoneOf(ended, workload.id, 'run with threads'));
      series.push(...ended.map(({ isOfMachine: _, ...one }) => one));
      processes = processNumber + 1;
      progress.advance(`running threads, process ${processes}`, strategies.length * STEP_SECONDS.threads);
    },

    /** Simulates the measured host and larger ones. What was measured stays, even if the simulation's files cannot be written. */
    async finish(): Promise<{ readonly contention: Contention; readonly undone: readonly Undone[] }> {
      const measured = { threads, workload, checks, equals, processes, windowsPerRun, series };
      const ofSimulation = weighted(progress, STEP_SECONDS.simulation);
      const simulated = await simulateAll(context, measured, ofSimulation).catch((error) => ({
        simulation: { prices: [], busiest: [], simulated: [], waits: null },
        undone: unwritten(error, strategies, { where: workload.id, what: 'simulated' }),
      }));
      return {
        contention: { ...measured, ...simulated.simulation },
        undone: [...undone, ...simulated.undone],
      };
    },
  };
}
