// The simulated part of a run: unit costs are fitted to the measured throughput, and with them each strategy is simulated
// on the measured host, on hosts with many more CPUs, and on a host whose updates wait for the IOMMU.
import { COSTS_OF_2016, type HostParameters } from '../../machine/host.js';
import { contention } from '../../workloads/contention.js';
import { COMPLETION_WAITS_NS, SIMULATED_CPUS, STARTING_PROCESSES, WAITING_CPUS } from '../method.js';
import type { Prepared } from '../plan/prepare.js';
import type { BenchPlan, Progress, RunContext } from '../plan/run-plan.js';
import type { StrategyDescription } from '../plan/strategy-module.js';
import { Child, ChildError } from '../process/child.js';
import { writeScratch, writeStream } from '../process/scratch.js';
import { concurrently, tryTwice } from '../process/workshop.js';
import {
  type BusiestLock,
  type CompletionWaits,
  type Contention,
  type ContentionPrices,
  LANES,
  type Lane,
  type Simulated,
  type Undone,
} from '../results/results.js';
import { throughputOf } from '../results/throughput.js';
import type { LockUse } from './lock-use.js';
import { atomicsOf, fitLocalPrices, fitTransferPrices, pricesOf } from './prices.js';
import type { MeanWork } from './recorded-host.js';
import type { SimulationResult, SimulationSetting } from './simulation.js';
import type { SimulationJob } from './simulation-child.js';
import { threadCounts } from './threaded-runner.js';

/** Rounds of a simulated host's stream. In one round every vCPU is loaded and put once, which is recorded. */
const RECORDED_ROUNDS = 1;

/** The host of a simulation, in notes and in the results. */
const WHERE = 'many CPUs';

/** The name of the host on which the wait is swept. Other hosts are named by their threads. */
const WAITING_HOST = 'waits';

/** The host on which the wait is swept: the run's own if its updates wait, else as it would have been in 2016. */
function waitingHost({ host }: BenchPlan): HostParameters {
  return host.flush === 'per-entry' ? host : { ...host, ...COSTS_OF_2016 };
}

/** What the parts of a run with many CPUs share. */
export interface ContentionContext extends Omit<RunContext<BenchPlan>, 'progress'> {
  /** The host for the threads. */
  readonly prepared: Prepared;
}

/** The simulation of one strategy, in a process that is started again once if the machine ends it. */
function createSimulator(strategy: StrategyDescription, jobFile: string, note: (line: string) => void) {
  let child: Child | undefined;
  return {
    strategy,
    /** Why it has failed; null if it has not. */
    failure: null as string | null,

    /** @returns Null once it has failed. */
    async ask<T extends object>(request: string): Promise<T | null> {
      if (this.failure !== null) return null;
      try {
        return await tryTwice(`${strategy.id} on ${WHERE}`, note, async () => {
          child ??= new Child('contention/simulation-child', [jobFile]);
          return child.ask<T>(request).catch((error) => {
            child = undefined;
            throw error;
          });
        });
      } catch (error) {
        if (!(error instanceof ChildError)) throw error;
        this.failure = error.message;
        return null;
      }
    },

    /** Simulates the first CPUs of a host. @param waitNs - Simulates the host whose updates wait for so long. */
    simulate(threads: number, cpus: number, prices: ContentionPrices, waitNs?: number) {
      const host = waitNs === undefined ? threads : WAITING_HOST;
      const setting: SimulationSetting = { threads, cpus, prices: pricesOf(prices, waitNs) };
      return this.ask<SimulationResult>(`simulate ${host} ${JSON.stringify(setting)}`);
    },

    end: () => child?.kill(),
  };
}

type Simulator = ReturnType<typeof createSimulator>;

type Measured = Pick<Contention, 'threads' | 'series'>;

/** CPUs of the hosts beyond the measured one. None after a run of one thread: it does not show the cost of a transfer. */
function largerHosts({ threads }: Measured): number[] {
  return threads > 1 ? SIMULATED_CPUS.filter((cpus) => cpus > threads) : [];
}

/** Whether a strategy gives all VMs and vCPUs of a host with so many CPUs an id of their own. */
function hasIds({ limits }: StrategyDescription, cpus: number): boolean {
  const { vmsPerThread, vcpusPerVm } = contention.schema.parse({});
  const mostVms = limits.flatMap(({ kind, value = 0 }) => {
    if (kind === 'max-vcpus') return [value / vcpusPerVm];
    return kind === 'max-vm-id' || kind === 'max-vms' ? [value] : [];
  });
  return cpus * vmsPerThread <= Math.min(...mostVms);
}

/** Writes the streams of the hosts. @returns A simulator for each strategy that was measured. */
async function createSimulators(
  { plan, prepared, directory }: ContentionContext,
  measured: Measured,
  note: (line: string) => void,
): Promise<Simulator[]> {
  const hosts: Record<string, SimulationJob['hosts'][string]> = {
    [measured.threads]: { parameters: plan.host, stream: prepared.streamFile },
  };
  const write = async (name: string | number, threads: number, parameters: HostParameters) => {
    const size = contention.schema.parse({ threads, rounds: RECORDED_ROUNDS });
    const { stream } = await contention.generate(size, plan.seed, parameters);
    hosts[name] = { parameters, stream: await writeStream(directory, `simulated.${name}`, stream.words) };
  };
  const larger = largerHosts(measured);
  for (const threads of larger) await write(threads, threads, plan.host);
  if (larger.length > 0) await write(WAITING_HOST, WAITING_CPUS, waitingHost(plan));
  const simulators: Simulator[] = [];
  for (const { strategy, url } of plan.strategies) {
    const { id } = strategy;
    if (LANES.every((lane) => throughputOf(measured, id, lane, 1) === null)) continue;
    const job: SimulationJob = { strategy: url, hosts, seed: plan.seed };
    const jobFile = await writeScratch(directory, `simulated.${id}.json`, JSON.stringify(job));
    simulators.push(createSimulator(strategy, jobFile, note));
  }
  return simulators;
}

/**
 * The prices of a lane; null if no strategy was measured in it.
 *
 * @param all - Each with the work of its strategy's operations on the measured host.
 */
async function fitPrices(
  lane: Lane,
  all: readonly { readonly simulator: Simulator; readonly work: MeanWork }[],
  measured: Measured,
): Promise<ContentionPrices | null> {
  const measuredWith = (threads: number) =>
    all.flatMap(({ simulator, work }) => {
      const perSecond = throughputOf(measured, simulator.strategy.id, lane, threads);
      return perSecond === null ? [] : [{ simulator, work, threads, perSecond }];
    });
  const alone = measuredWith(1);
  if (alone.length === 0) return null;
  const times = alone.map(({ perSecond, work }) => ({ ns: 1e9 / perSecond, work }));
  const local = fitLocalPrices(lane, times);
  const together = threadCounts(measured.threads)
    .filter((threads) => threads > 1)
    .flatMap(measuredWith);
  if (together.length === 0) return { lane, ...local, lockTransferNs: 0, lineTransferNs: 0 };
  const transfers = await fitTransferPrices(together, (prices) =>
    concurrently(together, STARTING_PROCESSES, ({ simulator, threads }) =>
      simulator.simulate(measured.threads, threads, { lane, ...local, ...prices }),
    ),
  );
  return { lane, ...local, ...transfers };
}

/**
 * Simulates a strategy on the measured host, in each lane in which it was measured, and on the other hosts in one lane. That
 * lane is C if any strategy was measured in it, since its locks are like a kernel's.
 */
async function simulateStrategy(
  simulator: Simulator,
  measured: Measured,
  prices: readonly ContentionPrices[],
): Promise<{ simulated: Simulated[]; busiest: Contention['busiest'][number] }> {
  const { id } = simulator.strategy;
  const larger = largerHosts(measured).filter((cpus) => hasIds(simulator.strategy, cpus));
  const mainLane = prices.at(-1)?.lane;
  const simulated: Simulated[] = [];
  let lock: BusiestLock | null = null;
  for (const lanePrices of prices) {
    const { lane } = lanePrices;
    if (lane !== mainLane && throughputOf(measured, id, lane, 1) === null) continue;
    const points: Simulated['points'] = [];
    for (const cpus of [...threadCounts(measured.threads), ...(lane === mainLane ? larger : [])]) {
      const result = await simulator.simulate(Math.max(cpus, measured.threads), cpus, lanePrices);
      if (result === null) break;
      points.push({ cpus, perSecond: result.perSecond, ...heldLock(result) });
      if (cpus > measured.threads) lock = result.busiest && lockOf(lane, result.busiest);
    }
    simulated.push({ strategy: id, lane, points });
  }
  return { simulated, busiest: { strategy: id, lock } };
}

/** Simulates a strategy on the host whose updates wait, for each duration of the wait. */
async function sweepWaits(
  simulator: Simulator,
  prices: ContentionPrices,
  { iommus }: HostParameters,
): Promise<CompletionWaits['points']> {
  const { strategy } = simulator;
  const points: CompletionWaits['points'] = [];
  for (const waitNs of hasIds(strategy, WAITING_CPUS) ? COMPLETION_WAITS_NS : []) {
    const result = await simulator.simulate(WAITING_CPUS, WAITING_CPUS, prices, waitNs);
    if (result === null) break;
    const entriesPerSecond = result.entriesPerSecond / iommus;
    points.push({ strategy: strategy.id, waitNs, entriesPerSecond, ...heldLock(result) });
  }
  return points;
}

function heldLock({ busiest }: SimulationResult): { busiest: string | null; utilisation: number } {
  return { busiest: busiest?.name ?? null, utilisation: busiest?.utilisation ?? 0 };
}

function lockOf(lane: Lane, { utilisation: _utilisation, locks, entries, ...use }: LockUse): BusiestLock {
  return { ...use, atomics: atomicsOf(lane, { locks, entries }) };
}

/** Fits the prices and simulates every strategy that was measured. Advances the progress once for each of them. */
export async function simulateAll(
  context: ContentionContext,
  measured: Measured,
  { advance, note }: Progress,
) {
  const simulators = await createSimulators(context, measured, note);
  try {
    const worked = await concurrently(simulators, STARTING_PROCESSES, async (simulator) => {
      const work = await simulator.ask<MeanWork>(`work ${measured.threads}`);
      return work === null ? [] : [{ simulator, work }];
    });
    const prices: ContentionPrices[] = [];
    for (const lane of LANES) {
      const fitted = await fitPrices(lane, worked.flat(), measured);
      if (fitted !== null) prices.push(fitted);
    }
    // Other hosts are simulated in the last lane, which is C if anything was measured in it.
    const main = prices.at(-1) as ContentionPrices;
    const isExtended = largerHosts(measured).length > 0;
    const curves = await concurrently(worked.flat(), STARTING_PROCESSES, async ({ simulator }) => {
      const curve = await simulateStrategy(simulator, measured, prices);
      const waits = isExtended ? await sweepWaits(simulator, main, context.plan.host) : [];
      simulator.end();
      advance('simulating CPUs');
      return { ...curve, waits };
    });
    const points = curves.flatMap(({ waits }) => waits);
    const host = waitingHost(context.plan);
    return {
      simulation: {
        prices,
        busiest: curves.map(({ busiest }) => busiest),
        simulated: curves.flatMap(({ simulated }) => simulated),
        waits: points.length === 0 ? null : { host, cpus: WAITING_CPUS, lane: main.lane, points },
      },
      undone: simulators.flatMap(({ strategy: { id }, failure }): Undone[] =>
        failure === null ? [] : [{ strategy: id, where: WHERE, what: 'simulated', reason: failure }],
      ),
    };
  } finally {
    for (const simulator of simulators) simulator.end();
  }
}
