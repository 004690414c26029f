// Many CPUs on one host, as a discrete-event simulation: which CPU waits for which lock, and which cache lines come from
// another CPU. Each CPU loads and puts its own vCPUs back to back, as a measured thread does, and repeats what was
// recorded of them. An event is the taking or the release of a lock; the work between two events is one step.
import TinyQueue from 'tinyqueue';
import { type Random, randomFrom } from '../../machine/random.js';
import { threadOf } from '../../workloads/contention.js';
import { CacheLines } from './cache-lines.js';
import { busiestLock, createLockCounts, type LockCounts } from './lock-use.js';
import type { RecordedHost, Step } from './recorded-host.js';
import { STEP } from './recording-memory.js';

/** Unit costs in ns. */
export interface Prices {
  /** A word read or written. */
  readonly accessNs: number;
  /** A lock taken and released. */
  readonly lockNs: number;
  /** A live entry written, besides its words. */
  readonly entryNs: number;
  /** The line of a lock that comes from another CPU. The locked instruction waits for it, and so do all waiters. */
  readonly lockTransferNs: number;
  /**
   * Another line that comes from another CPU: reading a line that it wrote, or writing one that it has a copy of. The CPU may do other
   * work meanwhile, so this is less.
   */
  readonly lineTransferNs: number;
  /** A COMPLETION_WAIT, from its queueing to its completion. */
  readonly waitNs: number;
}

/** What is simulated on a recorded host. */
export interface SimulationSetting {
  /** CPUs that the host was made for. */
  readonly threads: number;
  /** CPUs that work: the first of them. */
  readonly cpus: number;
  readonly prices: Prices;
}

/** The means of a simulation. */
export type SimulationResult = Readonly<ReturnType<Simulation['run']>>;

/** Operations simulated for each CPU, and at least in all; the warm-up is the first part of them and is not counted. */
const OPERATIONS_PER_CPU = 16;
const LEAST_OPERATIONS = 4096;
const WARM_UP_PART = 0.25;

/** CPUs start at random tenths of a ns below this time, so that they are not in step. */
const START_NS = 100;

/** Stored instead of the acquisition time while a lock is free. */
const FREE = -1;

/** A CPU, which loads and puts its vCPUs one after the other, in a new order in each round. */
class Cpu {
  readonly number: number;
  /** Locks that it holds. */
  readonly held: number[] = [];
  /** The steps of its operation, and the place of the next one. */
  steps: readonly Step[] = [];
  at = 0;
  readonly #host: RecordedHost;
  readonly #vcpus: readonly number[];
  readonly #random: Random;
  #order: Uint32Array;
  #turn = -1;
  #isLoading = false;

  constructor(number: number, vcpus: readonly number[], host: RecordedHost, random: Random) {
    this.number = number;
    this.#vcpus = vcpus;
    this.#host = host;
    this.#random = random;
    this.#order = random.permutation(vcpus.length);
    this.begin();
  }

  /** Begins the next operation: the put of the vCPU that is loaded, or the load of the next one. */
  begin(): void {
    this.#isLoading = !this.#isLoading;
    if (this.#isLoading) {
      this.#turn = (this.#turn + 1) % this.#vcpus.length;
      if (this.#turn === 0) this.#order = this.#random.permutation(this.#vcpus.length);
    }
    const vcpu = this.#vcpus[this.#order[this.#turn] as number] as number;
    const { loads, puts } = this.#host;
    this.steps = (this.#isLoading ? loads : puts)[vcpu] as readonly Step[];
    this.at = 0;
  }
}

class Simulation {
  readonly #host: RecordedHost;
  readonly #prices: Prices;
  readonly #lines: CacheLines;
  /** The times at which CPUs continue. */
  readonly #events = new TinyQueue<{ time: number; cpu: Cpu }>([], (one, other) => one.time - other.time);
  /** By the lock's number: when it was taken, and the CPUs that wait for it, the first one first. */
  readonly #takenAt: Float64Array;
  readonly #waiting: readonly Cpu[][];
  readonly #counts: LockCounts;
  readonly #operations: number;
  readonly #warmUp: number;
  #done = 0;
  #countedFrom = 0;
  #entries = 0;
  #lockTransfers = 0;
  #lineTransfers = 0;

  constructor(host: RecordedHost, { threads, cpus, prices }: SimulationSetting, seed: number) {
    const locks = host.lockNames.length;
    this.#host = host;
    this.#prices = prices;
    this.#lines = new CacheLines(host.lineCount, cpus);
    this.#takenAt = new Float64Array(locks).fill(FREE);
    this.#waiting = Array.from({ length: locks }, () => []);
    this.#counts = createLockCounts(locks);
    this.#operations = Math.max(LEAST_OPERATIONS, cpus * OPERATIONS_PER_CPU);
    this.#warmUp = Math.floor(this.#operations * WARM_UP_PART);
    const random = randomFrom(seed);
    for (let number = 0; number < cpus; number++) {
      const vcpus = [...host.loads.keys()].filter((vcpu) => threadOf(vcpu, threads) === number);
      const cpu = new Cpu(number, vcpus, host, random);
      this.#events.push({ time: random.below(10 * START_NS) / 10, cpu });
    }
  }

  run() {
    let now = 0;
    while (this.#done < this.#operations) {
      const event = this.#events.pop();
      if (event === undefined) throw new Error('all CPUs wait for a lock');
      now = event.time;
      this.#advance(event.cpu, now);
    }
    const operations = this.#done - this.#warmUp;
    const ns = now - this.#countedFrom;
    return {
      /** Operations of all CPUs per second. */
      perSecond: (operations * 1e9) / ns,
      /** Live entries written by all CPUs per second. */
      entriesPerSecond: (this.#entries * 1e9) / ns,
      /** Per operation. */
      lockTransfers: this.#lockTransfers / operations,
      lineTransfers: this.#lineTransfers / operations,
      /** The locks with the highest utilisation; null if none was taken. */
      busiest: busiestLock(this.#host.lockNames, this.#counts, operations, ns),
    };
  }

  /** Takes or releases the lock at which a CPU stands, and does the work up to the next one. */
  #advance(cpu: Cpu, start: number): void {
    const step = cpu.steps[cpu.at];
    let time = start;
    if (step?.kind === STEP.lock) {
      if (this.#takenAt[step.lock] !== FREE) {
        this.#waiting[step.lock]?.push(cpu);
        return;
      }
      time += this.#prices.lockNs + this.#take(cpu, time);
    } else if (step?.kind === STEP.unlock) {
      this.#release(cpu, time);
    }
    this.#events.push({ time: this.#work(cpu, time), cpu });
  }

  /** A CPU takes the free lock at which it stands. @returns ns until the lock's line is there. */
  #take(cpu: Cpu, time: number): number {
    const { lock, line } = cpu.steps[cpu.at++] as Step;
    cpu.held.push(lock);
    this.#takenAt[lock] = time;
    this.#counts.takes[lock] = (this.#counts.takes[lock] as number) + 1;
    this.#count(cpu, 'locks', 1);
    const transfers = this.#lines.touch(cpu.number, line, true);
    this.#lockTransfers += transfers;
    this.#count(cpu, 'lockTransfers', transfers);
    return transfers * this.#prices.lockTransferNs;
  }

  /** A CPU releases the lock at which it stands; the first CPU that waits for the lock takes it. */
  #release(cpu: Cpu, time: number): void {
    const { lockNs, lockTransferNs } = this.#prices;
    const { lock } = cpu.steps[cpu.at++] as Step;
    cpu.held.splice(cpu.held.indexOf(lock), 1);
    const next = this.#waiting[lock]?.shift();
    const freeAt = next === undefined ? time : time + lockTransferNs;
    const takenAt = Math.max(this.#countedFrom, this.#takenAt[lock] as number);
    this.#counts.ns[lock] = (this.#counts.ns[lock] as number) + freeAt - takenAt;
    this.#takenAt[lock] = FREE;
    if (next === undefined) return;
    this.#take(next, freeAt);
    this.#events.push({ time: freeAt + lockNs, cpu: next });
  }

  /** Does a CPU's work up to its next lock, or to the end of its operation. @returns When the CPU is there. */
  #work(cpu: Cpu, start: number): number {
    const { accessNs, entryNs, lineTransferNs, waitNs } = this.#prices;
    let time = start;
    for (; cpu.at < cpu.steps.length; cpu.at++) {
      const { kind, line, accesses } = cpu.steps[cpu.at] as Step;
      if (kind === STEP.lock || kind === STEP.unlock) return time;
      this.#count(cpu, 'accesses', accesses);
      const transfers = this.#lines.touch(cpu.number, line, kind !== STEP.read);
      this.#lineTransfers += transfers;
      this.#count(cpu, 'lineTransfers', transfers);
      time += accesses * accessNs + transfers * lineTransferNs;
      if (kind === STEP.entry) {
        this.#entries++;
        this.#count(cpu, 'entries', 1);
        time += entryNs;
      }
      if (kind === STEP.wait) time += waitNs;
    }
    this.#endOperation(time);
    cpu.begin();
    // The next operation waits for an event: another CPU may come before it.
    return time;
  }

  /** Ends an operation; the last one of the warm-up starts the counts. */
  #endOperation(time: number): void {
    this.#done++;
    if (this.#done !== this.#warmUp) return;
    this.#countedFrom = time;
    this.#entries = 0;
    this.#lockTransfers = 0;
    this.#lineTransfers = 0;
    for (const counts of Object.values(this.#counts)) counts.fill(0);
  }

  /** Adds to the work under each lock that a CPU holds. */
  #count({ held }: Cpu, what: keyof LockCounts, amount: number): void {
    const counts = this.#counts[what];
    for (const lock of held) counts[lock] = (counts[lock] as number) + amount;
  }
}

/**
 * Simulates CPUs of a recorded host.
 *
 * @param seed - Decides in which order each CPU's vCPUs have their turns.
 * @throws Error if all CPUs wait for a lock.
 */
export function simulate(host: RecordedHost, setting: SimulationSetting, seed: number): SimulationResult {
  return new Simulation(host, setting, seed).run();
}
