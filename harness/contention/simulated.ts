// The simulation of a run: prices are fitted to what its threads measured, and with them each strategy is simulated on the
// measured host and on hosts for many more CPUs.
import { contention } from '../../workloads/contention.js';
import { SIMULATED_CPUS, STARTING_PROCESSES } from '../method.js';
import type { Prepared } from '../plan/prepare.js';
import type { BenchPlan, Progress } from '../plan/run-plan.js';
import type { StrategyDescription } from '../plan/strategy-module.js';
import { Child, ChildError } from '../process/child.js';
import type { SimulationJob } from '../process/child-protocol.js';
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
import { atomicsOf, fitLocalPrices, fitTransferPrices, pricesOf } from './prices.js';
import type { MeanWork } from './recorded-host.js';
import type { LockUse, SimulationResult } from './simulation.js';
import { threadCounts } from './threaded-runner.js';

/** Rounds of a host that is simulated: in one every vCPU has its turn, which is recorded. */
const RECORDED_ROUNDS = 1;

/** How often the simulation of so many strategies calls `advance`. */
export function stepsOfSimulating(strategies: number): number {
  return strategies;
}

/** Where what is simulated is. */
const WHERE = 'many CPUs';

/** A strategy that is simulated, in a process that is started again once if the machine ends it. */
class Subject {
  readonly id: string;
  /** CPUs of the larger hosts that its vm_ids are enough for. */
  readonly hosts: readonly number[];
  readonly #jobFile: string;
  readonly #note: (line: string) => void;
  #child: Child | undefined;
  /** Why it is simulated no further; null while it is. */
  failure: string | null = null;

  constructor(id: string, hosts: readonly number[], jobFile: string, note: (line: string) => void) {
    this.id = id;
    this.hosts = hosts;
    this.#jobFile = jobFile;
    this.#note = note;
  }

  /** @returns Null if that has failed: what follows is missing. */
  async ask<T extends object>(words: string): Promise<T | null> {
    if (this.failure !== null) return null;
    try {
      return await tryTwice(`${this.id} on ${WHERE}`, this.#note, () => this.#askOnce<T>(words));
    } catch (error) {
      if (!(error instanceof ChildError)) throw error;
      this.failure = error.message;
      return null;
    }
  }

  end(): void {
    this.#child?.kill();
  }

  async #askOnce<T extends object>(words: string): Promise<T> {
    this.#child ??= new Child('contention/simulation-child', [this.#jobFile]);
    try {
      return await this.#child.ask<T>(words);
    } catch (error) {
      this.#child = undefined;
      throw error;
    }
  }
}

/** A subject with what its operations do on the measured host. */
interface Worked {
  readonly subject: Subject;
  readonly work: MeanWork;
}

/** CPUs of the hosts beyond the measured one. Where one thread ran alone nothing is known of lines from another CPU. */
function largerHosts({ threads }: Contention): number[] {
  return threads > 1 ? SIMULATED_CPUS.filter((cpus) => cpus > threads) : [];
}

/** Streams of hosts for so many threads, in files. */
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

/** Simulates a strategy. @returns Null if that has failed. */
function simulate(
  subject: Subject,
  threads: number,
  cpus: number,
  prices: ContentionPrices,
): Promise<SimulationResult | null> {
  const { accessNs, lockNs, entryNs, lockTransferNs, lineTransferNs } = pricesOf(prices);
  const words = `simulate ${threads} ${cpus} ${accessNs} ${lockNs} ${entryNs} ${lockTransferNs} ${lineTransferNs}`;
  return subject.ask<SimulationResult>(words);
}

/** Those of some hosts whose VMs a strategy's ids all tell apart. */
function hostsWithin({ limits }: StrategyDescription, hosts: readonly number[]): number[] {
  const { vmsPerThread } = contention.schema.parse({});
  const ofVms = limits.filter(({ kind }) => kind === 'max-vm-id' || kind === 'max-vms');
  const most = Math.min(...ofVms.map(({ value = 0 }) => value));
  return hosts.filter((cpus) => cpus * vmsPerThread <= most);
}

/** The prices of a lane; null if no strategy was measured in it. */
async function fitPrices(
  lane: Lane,
  subjects: readonly Worked[],
  measured: Contention,
): Promise<ContentionPrices | null> {
  const alone = subjects.flatMap(({ subject, work }) => {
    const perSecond = throughputOf(measured, subject.id, lane, 1);
    return perSecond === null ? [] : [{ ns: 1e9 / perSecond, work }];
  });
  if (alone.length === 0) return null;
  const local = fitLocalPrices(lane, alone);
  const together = threadCounts(measured.threads)
    .filter((threads) => threads > 1)
    .flatMap((threads) =>
      subjects.flatMap(({ subject }) => {
        const perSecond = throughputOf(measured, subject.id, lane, threads);
        return perSecond === null ? [] : [{ subject, threads, perSecond }];
      }),
    );
  if (together.length === 0) return { lane, ...local, lockTransferNs: 0, lineTransferNs: 0 };
  const transfers = await fitTransferPrices(together, (prices) =>
    concurrently(together, STARTING_PROCESSES, ({ subject, threads }) =>
      simulate(subject, measured.threads, threads, { lane, ...local, ...prices }),
    ),
  );
  return { lane, ...local, ...transfers };
}

/**
 * A strategy in each of its lanes as far as it was measured, and in one lane with many more CPUs: in C where any strategy was
 * measured in it, as its locks are a kernel's, and also if this one is not written in C.
 */
async function simulateSubject(
  subject: Subject,
  measured: Contention,
  prices: readonly ContentionPrices[],
): Promise<{ simulated: Simulated[]; busiest: Contention['busiest'][number] }> {
  const { id } = subject;
  // They come in the order of the lanes, C last.
  const mainLane = prices.at(-1)?.lane;
  const simulated: Simulated[] = [];
  let lock: BusiestLock | null = null;
  for (const lanePrices of prices) {
    const { lane } = lanePrices;
    if (lane !== mainLane && throughputOf(measured, id, lane, 1) === null) continue;
    const points: Simulated['points'] = [];
    for (const cpus of threadCounts(measured.threads)) {
      const result = await simulate(subject, measured.threads, cpus, lanePrices);
      if (result !== null) points.push(pointOf(cpus, result));
    }
    for (const cpus of lane === mainLane ? subject.hosts : []) {
      const result = await simulate(subject, cpus, cpus, lanePrices);
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

/** Fits the prices and simulates every strategy that was measured. */
export async function simulateAll(
  plan: BenchPlan,
  prepared: Prepared,
  measured: Contention,
  directory: string,
  { advance, note }: Progress,
): Promise<{
  readonly simulation: Pick<Contention, 'prices' | 'busiest' | 'simulated'>;
  readonly undone: Undone[];
}> {
  const larger = largerHosts(measured);
  const streams = { ...(await writeHosts(plan, larger, directory)), [measured.threads]: prepared.streamFile };
  const subjects: Subject[] = [];
  for (const { strategy, url } of plan.strategies) {
    const { id } = strategy;
    if (LANES.every((lane) => throughputOf(measured, id, lane, 1) === null)) continue;
    const job: SimulationJob = { strategy: url, host: plan.host, streams, seed: plan.seed };
    const jobFile = await writeScratch(directory, `simulated.${id}.json`, JSON.stringify(job));
    subjects.push(new Subject(id, hostsWithin(strategy, larger), jobFile, note));
  }
  try {
    const worked = await concurrently(subjects, STARTING_PROCESSES, async (subject) => {
      const work = await subject.ask<MeanWork>(`work ${measured.threads}`);
      return work === null ? [] : [{ subject, work }];
    });
    const prices: ContentionPrices[] = [];
    for (const lane of LANES) {
      const fitted = await fitPrices(lane, worked.flat(), measured);
      if (fitted !== null) prices.push(fitted);
    }
    const curves = await concurrently(worked.flat(), STARTING_PROCESSES, async ({ subject }) => {
      const curve = await simulateSubject(subject, measured, prices);
      subject.end();
      advance('simulating CPUs');
      return curve;
    });
    return {
      simulation: {
        prices,
        busiest: curves.map(({ busiest }) => busiest),
        simulated: curves.flatMap(({ simulated }) => simulated),
      },
      undone: subjects.flatMap(({ id, failure }) =>
        failure === null ? [] : [{ strategy: id, where: WHERE, what: 'simulated', reason: failure }],
      ),
    };
  } finally {
    for (const subject of subjects) subject.end();
  }
}
