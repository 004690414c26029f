// The simulated part of a run: unit costs are fitted to the measured throughput, and with them each strategy is simulated
// on the measured host and on hosts with many more CPUs.
import { contention } from '../../workloads/contention.js';
import { SIMULATED_CPUS, STARTING_PROCESSES } from '../method.js';
import type { Prepared } from '../plan/prepare.js';
import type { BenchPlan, Progress } from '../plan/run-plan.js';
import type { StrategyDescription } from '../plan/strategy-module.js';
import { Child, ChildError } from '../process/child.js';
import { writeScratch, writeStream } from '../process/scratch.js';
import { concurrently, tryTwice } from '../process/workshop.js';
import {
  type BusiestLock,
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

/** What the parts of a run with many CPUs share. */
export interface ContentionContext {
  readonly plan: BenchPlan;
  /** The host for the threads. */
  readonly prepared: Prepared;
  /** For scratch files. */
  readonly directory: string;
}

/** The simulation of one strategy, in a process that is started again once if the machine ends it. */
class Simulator {
  readonly id: string;
  /** CPUs of the larger hosts on which the strategy's vm_ids suffice. */
  readonly hosts: readonly number[];
  readonly #jobFile: string;
  readonly #note: (line: string) => void;
  #child: Child | undefined;
  /** Why it has failed; null if it has not. */
  failure: string | null = null;

  constructor(id: string, hosts: readonly number[], jobFile: string, note: (line: string) => void) {
    this.id = id;
    this.hosts = hosts;
    this.#jobFile = jobFile;
    this.#note = note;
  }

  /** @returns Null once it has failed. */
  async ask<T extends object>(request: string): Promise<T | null> {
    if (this.failure !== null) return null;
    try {
      return await tryTwice(`${this.id} on ${WHERE}`, this.#note, () => this.#askOnce<T>(request));
    } catch (error) {
      if (!(error instanceof ChildError)) throw error;
      this.failure = error.message;
      return null;
    }
  }

  simulate(threads: number, cpus: number, prices: ContentionPrices): Promise<SimulationResult | null> {
    const setting: SimulationSetting = { threads, cpus, prices: pricesOf(prices) };
    return this.ask<SimulationResult>(`simulate ${JSON.stringify(setting)}`);
  }

  end(): void {
    this.#child?.kill();
  }

  async #askOnce<T extends object>(request: string): Promise<T> {
    this.#child ??= new Child('contention/simulation-child', [this.#jobFile]);
    try {
      return await this.#child.ask<T>(request);
    } catch (error) {
      this.#child = undefined;
      throw error;
    }
  }
}

/** A simulator, and the work of its strategy's operations on the measured host. */
interface Worked {
  readonly simulator: Simulator;
  readonly work: MeanWork;
}

/** CPUs of the hosts beyond the measured one. None after a run of one thread: it does not show the cost of a transfer. */
function largerHosts({ threads }: Contention): number[] {
  return threads > 1 ? SIMULATED_CPUS.filter((cpus) => cpus > threads) : [];
}

/** Writes the streams of hosts for these numbers of threads. */
async function writeHosts(
  { host, seed }: BenchPlan,
  hosts: readonly number[],
  directory: string,
): Promise<SimulationJob['streams']> {
  const streams: Record<number, string> = {};
  for (const threads of hosts) {
    const parameters = contention.schema.parse({ threads, rounds: RECORDED_ROUNDS });
    const { stream } = await contention.generate(parameters, seed, host);
    streams[threads] = await writeStream(directory, `simulated.${threads}`, stream.words);
  }
  return streams;
}

/** The hosts whose VMs or vCPUs all get an id of their own from a strategy. */
function hostsWithin({ limits }: StrategyDescription, hosts: readonly number[]): number[] {
  const { vmsPerThread, vcpusPerVm } = contention.schema.parse({});
  const mostVms = limits.flatMap(({ kind, value = 0 }) => {
    if (kind === 'max-vcpus') return [value / vcpusPerVm];
    return kind === 'max-vm-id' || kind === 'max-vms' ? [value] : [];
  });
  return hosts.filter((cpus) => cpus * vmsPerThread <= Math.min(...mostVms));
}

/** A simulator for each strategy that was measured. */
async function createSimulators(
  { plan, prepared, directory }: ContentionContext,
  measured: Contention,
  note: (line: string) => void,
): Promise<Simulator[]> {
  const larger = largerHosts(measured);
  const streams = { ...(await writeHosts(plan, larger, directory)), [measured.threads]: prepared.streamFile };
  const simulators: Simulator[] = [];
  for (const { strategy, url } of plan.strategies) {
    const { id } = strategy;
    if (LANES.every((lane) => throughputOf(measured, id, lane, 1) === null)) continue;
    const job: SimulationJob = { strategy: url, host: plan.host, streams, seed: plan.seed };
    const jobFile = await writeScratch(directory, `simulated.${id}.json`, JSON.stringify(job));
    simulators.push(new Simulator(id, hostsWithin(strategy, larger), jobFile, note));
  }
  return simulators;
}

/** The prices of a lane; null if no strategy was measured in it. */
async function fitPrices(
  lane: Lane,
  all: readonly Worked[],
  measured: Contention,
): Promise<ContentionPrices | null> {
  const measuredWith = (threads: number) =>
    all.flatMap(({ simulator, work }) => {
      const perSecond = throughputOf(measured, simulator.id, lane, threads);
      return perSecond === null ? [] : [{ simulator, work, threads, perSecond }];
    });
  const alone = measuredWith(1);
  if (alone.length === 0) return null;
  const local = fitLocalPrices(
    lane,
    alone.map(({ perSecond, work }) => ({ ns: 1e9 / perSecond, work })),
  );
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
 * The throughput of a strategy on the measured host, in each lane in which it was measured, and on the larger hosts in one
 * lane. That lane is C if any strategy was measured in it, since its locks are like a kernel's.
 */
async function simulateStrategy(
  simulator: Simulator,
  measured: Contention,
  prices: readonly ContentionPrices[],
): Promise<{ simulated: Simulated[]; busiest: Contention['busiest'][number] }> {
  const { id } = simulator;
  // The prices are in the order of the lanes, C last.
  const mainLane = prices.at(-1)?.lane;
  const simulated: Simulated[] = [];
  let lock: BusiestLock | null = null;
  for (const lanePrices of prices) {
    const { lane } = lanePrices;
    if (lane !== mainLane && throughputOf(measured, id, lane, 1) === null) continue;
    const points: Simulated['points'] = [];
    for (const cpus of threadCounts(measured.threads)) {
      const result = await simulator.simulate(measured.threads, cpus, lanePrices);
      if (result !== null) points.push(pointOf(cpus, result));
    }
    for (const cpus of lane === mainLane ? simulator.hosts : []) {
      const result = await simulator.simulate(cpus, cpus, lanePrices);
      if (result === null) break;
      points.push(pointOf(cpus, result));
      lock = result.busiest && lockOf(lane, result.busiest);
    }
    simulated.push({ strategy: id, lane, points });
  }
  return { simulated, busiest: { strategy: id, lock } };
}

function pointOf(cpus: number, { perSecond, busiest }: SimulationResult): Simulated['points'][number] {
  return { cpus, perSecond, busiest: busiest?.name ?? null, utilisation: busiest?.utilisation ?? 0 };
}

function lockOf(lane: Lane, { utilisation: _utilisation, locks, entries, ...use }: LockUse): BusiestLock {
  return { ...use, atomics: atomicsOf(lane, { locks, entries }) };
}

/** Fits the prices and simulates every strategy that was measured. Advances the progress once for each of them. */
export async function simulateAll(
  context: ContentionContext,
  measured: Contention,
  { advance, note }: Progress,
): Promise<{
  readonly simulation: Pick<Contention, 'prices' | 'busiest' | 'simulated'>;
  readonly undone: Undone[];
}> {
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
    const curves = await concurrently(worked.flat(), STARTING_PROCESSES, async ({ simulator }) => {
      const curve = await simulateStrategy(simulator, measured, prices);
      simulator.end();
      advance('simulating CPUs');
      return curve;
    });
    return {
      simulation: {
        prices,
        busiest: curves.map(({ busiest }) => busiest),
        simulated: curves.flatMap(({ simulated }) => simulated),
      },
      undone: simulators.flatMap(({ id, failure }) =>
        failure === null ? [] : [{ strategy: id, where: WHERE, what: 'simulated', reason: failure }],
      ),
    };
  } finally {
    for (const simulator of simulators) simulator.end();
  }
}
