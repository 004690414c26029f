// The simulation of a run: prices are fitted to what its threads measured, and with them each strategy is simulated on the
// measured host and on hosts for many more CPUs.
import type { Strategy } from '../../strategies/strategy.js';
import { contention } from '../../workloads/contention.js';
import { concurrently } from '../cell-runner.js';
import { Child } from '../child.js';
import type { SimulationJob } from '../child-protocol.js';
import { CHILD_TIMEOUT_MS, SIMULATED_CPUS, STARTING_PROCESSES } from '../method.js';
import type { Prepared } from '../prepare.js';
import {
  type BusiestLock,
  type Contention,
  type ContentionPrices,
  LANES,
  type Lane,
  type Simulated,
} from '../results.js';
import type { BenchPlan } from '../run-plan.js';
import { writeScratch, writeStream } from '../scratch.js';
import { atomicsOf, fitLocalPrices, fitTransferPrices, pricesOf } from './prices.js';
import type { MeanWork } from './recorded-host.js';
import type { LockUse, SimulationResult } from './simulation.js';
import { threadCounts } from './threaded-runner.js';
import { throughputOf } from './throughput.js';

/** Rounds of a host that is simulated: in one every vCPU has its turn, which is recorded. */
const RECORDED_ROUNDS = 1;

/** How often the simulation of so many strategies calls `advance`. */
export function stepsOfSimulating(strategies: number): number {
  return strategies;
}

/** A strategy that is simulated. */
interface Subject {
  readonly id: string;
  /** CPUs of the larger hosts that its vm_ids are enough for. */
  readonly hosts: readonly number[];
  readonly child: Child;
  /** On the measured host. */
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

/** Simulates a strategy. @returns Null if its process has failed: what follows is missing from its curve. */
function ask(
  { child }: Subject,
  threads: number,
  cpus: number,
  prices: ContentionPrices,
): Promise<SimulationResult | null> {
  const { accessNs, lockNs, entryNs, lockTransferNs, lineTransferNs } = pricesOf(prices);
  const words = `simulate ${threads} ${cpus} ${accessNs} ${lockNs} ${entryNs} ${lockTransferNs} ${lineTransferNs}`;
  return child.ask<SimulationResult>(words).catch(() => null);
}

/** Those of some hosts whose VMs a strategy's ids all tell apart. */
function hostsWithin({ limits }: Strategy, hosts: readonly number[]): number[] {
  const { vmsPerThread } = contention.schema.parse({});
  const ofVms = limits.filter(({ kind }) => kind === 'max-vm-id' || kind === 'max-vms');
  const most = Math.min(...ofVms.map(({ value = 0 }) => value));
  return hosts.filter((cpus) => cpus * vmsPerThread <= most);
}

/** The prices of a lane; null if no strategy was measured in it. */
async function fitPrices(
  lane: Lane,
  subjects: readonly Subject[],
  measured: Contention,
): Promise<ContentionPrices | null> {
  const alone = subjects.flatMap(({ id, work }) => {
    const perSecond = throughputOf(measured, id, lane, 1);
    return perSecond === null ? [] : [{ ns: 1e9 / perSecond, work }];
  });
  if (alone.length === 0) return null;
  const local = fitLocalPrices(lane, alone);
  const together = threadCounts(measured.threads)
    .filter((threads) => threads > 1)
    .flatMap((threads) =>
      subjects.flatMap((subject) => {
        const perSecond = throughputOf(measured, subject.id, lane, threads);
        return perSecond === null ? [] : [{ subject, threads, perSecond }];
      }),
    );
  if (together.length === 0) return { lane, ...local, lockTransferNs: 0, lineTransferNs: 0 };
  const transfers = await fitTransferPrices(together, (prices) =>
    concurrently(together, STARTING_PROCESSES, ({ subject, threads }) =>
      ask(subject, measured.threads, threads, { lane, ...local, ...prices }),
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
      const result = await ask(subject, measured.threads, cpus, lanePrices);
      if (result !== null) points.push(pointOf(cpus, result));
    }
    for (const cpus of lane === mainLane ? subject.hosts : []) {
      const result = await ask(subject, cpus, cpus, lanePrices);
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
  advance: () => void,
): Promise<Pick<Contention, 'prices' | 'busiest' | 'simulated'>> {
  const larger = largerHosts(measured);
  const streams = { ...(await writeHosts(plan, larger, directory)), [measured.threads]: prepared.streamFile };
  const subjects: Subject[] = [];
  try {
    await concurrently(plan.strategies, STARTING_PROCESSES, async ({ strategy, url }) => {
      const { id } = strategy;
      if (LANES.every((lane) => throughputOf(measured, id, lane, 1) === null)) return;
      const job: SimulationJob = { strategy: url, host: plan.host, streams, seed: plan.seed };
      const jobFile = await writeScratch(directory, `simulated.${id}.json`, JSON.stringify(job));
      const child = new Child('contention/simulation-child', [jobFile], CHILD_TIMEOUT_MS);
      const work = await child.ask<MeanWork>(`work ${measured.threads}`).catch(() => null);
      if (work === null) child.kill();
      else subjects.push({ id, hosts: hostsWithin(strategy, larger), child, work });
    });
    const prices: ContentionPrices[] = [];
    for (const lane of LANES) {
      const fitted = await fitPrices(lane, subjects, measured);
      if (fitted !== null) prices.push(fitted);
    }
    const curves = await concurrently(subjects, STARTING_PROCESSES, async (subject) => {
      const curve = await simulateSubject(subject, measured, prices);
      subject.child.kill();
      advance();
      return curve;
    });
    return {
      prices,
      busiest: curves.map(({ busiest }) => busiest),
      simulated: curves.flatMap(({ simulated }) => simulated),
    };
  } finally {
    for (const { child } of subjects) child.kill();
  }
}
