// Many CPUs on one host, by discrete events: who waits for which lock, and which cache lines come from another CPU. Each
// CPU loads and puts its own vCPUs back to back, as a thread of the measured lane does, and every operation does to
// lines and locks what was recorded of it. An event is the taking or the release of a lock; what is done between two of
// them is done at once.
import TinyQueue from 'tinyqueue';
import { randomFrom } from '../../machine/random.js';
import { threadOf } from '../../workloads/contention.js';
import type { Program, RecordedHost } from './recorded-host.js';
import { STEP } from './recording-memory.js';

/** What things cost, in ns. */
export interface Prices {
  /** A word read or written. */
  readonly accessNs: number;
  /** A lock taken and released. */
  readonly lockNs: number;
  /** A live entry written, besides its words. */
  readonly entryNs: number;
  /** A lock taken whose line another CPU has: the locked instruction waits for it. So does who waits for the lock. */
  readonly lockTransferNs: number;
  /**
   * Another line read that another CPU has written, or written that another CPU has; part of it may pass while the CPU
   * does other work.
   */
  readonly lineTransferNs: number;
}

/**
 * Part of a transfer that it takes to write a line which the CPU has read and others have too: they drop their copies,
 * but nothing is fetched.
 */
const UPGRADE_PART = 0.5;

/** Operations of a CPU that are simulated, and of all at the least; the first part of them is not counted. */
const OPERATIONS_PER_CPU = 16;
const LEAST_OPERATIONS = 4096;
const WARM_UP_PART = 0.25;

/** What was done under the locks of one name. */
export interface LockUse {
  readonly name: string;
  /** Locks of that name. */
  readonly count: number;
  /** Times that one of them, on average, was taken for each operation of all CPUs. */
  readonly perUpdate: number;
  /** Part of the time in which one of them, on average, was held or on its way to the next holder. */
  readonly utilisation: number;
  /** While it was held once, on average; locks taken and entries written are atomics. */
  readonly accesses: number;
  readonly locks: number;
  readonly entries: number;
  /** The hand-over of the lock itself among them. */
  readonly lockTransfers: number;
  readonly lineTransfers: number;
}

/** What came of a simulation. */
export interface SimulationResult {
  /** Operations of all CPUs per second. */
  readonly perSecond: number;
  /** Of an operation, on average. */
  readonly lockTransfers: number;
  readonly lineTransfers: number;
  /** The locks that were held for the largest part of the time; null if none was taken. */
  readonly busiest: LockUse | null;
}

/** Which CPUs have a copy of each line. */
class Lines {
  readonly #words: number;
  readonly #copies: Int32Array;
  /** How many have one. */
  readonly #holders: Int32Array;

  constructor(lines: number, cpus: number) {
    this.#words = Math.ceil(cpus / 32);
    this.#copies = new Int32Array(lines * this.#words);
    this.#holders = new Int32Array(lines);
  }

  /** A CPU reads or writes a line. @returns The transfers that it takes: 1, a part, or none. */
  touch(cpu: number, line: number, writes: boolean): number {
    const at = line * this.#words + (cpu >>> 5);
    const bit = 1 << (cpu & 31);
    const has = ((this.#copies[at] as number) & bit) !== 0;
    const holders = this.#holders[line] as number;
    if (has && (!writes || holders === 1)) return 0;
    if (writes && holders > 0) {
      this.#copies.fill(0, line * this.#words, (line + 1) * this.#words);
      this.#holders[line] = 0;
    }
    this.#copies[at] = (this.#copies[at] as number) | bit;
    this.#holders[line] = (this.#holders[line] as number) + 1;
    if (has) return UPGRADE_PART;
    return holders > 0 ? 1 : 0;
  }
}

/** A CPU, and where it is in what it does. */
interface Cpu {
  readonly number: number;
  readonly vcpus: readonly number[];
  /** Its vCPUs in the order of this round, and how many of them have had their turn. */
  order: Uint32Array;
  turn: number;
  isLoading: boolean;
  program: Program;
  step: number;
  /** Locks that it holds. */
  readonly held: number[];
}

/** When a CPU goes on. */
interface Event {
  readonly time: number;
  readonly cpu: Cpu;
}

/** What was done under each lock since the warm-up, by its number. */
class Uses {
  readonly takes: Float64Array;
  readonly ns: Float64Array;
  readonly accesses: Float64Array;
  readonly lockCount: Float64Array;
  readonly entries: Float64Array;
  readonly lockTransfers: Float64Array;
  readonly lineTransfers: Float64Array;

  constructor(locks: number) {
    this.takes = new Float64Array(locks);
    this.ns = new Float64Array(locks);
    this.accesses = new Float64Array(locks);
    this.lockCount = new Float64Array(locks);
    this.entries = new Float64Array(locks);
    this.lockTransfers = new Float64Array(locks);
    this.lineTransfers = new Float64Array(locks);
  }

  clear(): void {
    for (const counts of Object.values(this) as Float64Array[]) counts.fill(0);
  }
}

/**
 * Simulates the first so many CPUs of a recorded host.
 *
 * @param threads - CPUs that the host was made for.
 * @param seed - Decides in which order each CPU's vCPUs have their turns.
 */
export function simulate(
  host: RecordedHost,
  threads: number,
  cpus: number,
  prices: Prices,
  seed: number,
): SimulationResult {
  const { loads, puts, kinds, lines, accesses, locks, lockNames } = host;
  const { accessNs, lockNs, entryNs, lockTransferNs, lineTransferNs } = prices;
  const random = randomFrom(seed);
  const copies = new Lines(host.lineCount, cpus);
  const uses = new Uses(lockNames.length);
  const holder = new Int32Array(lockNames.length).fill(-1);
  const takenAt = new Float64Array(lockNames.length);
  const waiting = new Map<number, Cpu[]>();
  const events = new TinyQueue<Event>([], (one, other) => one.time - other.time);

  const operations = Math.max(LEAST_OPERATIONS, cpus * OPERATIONS_PER_CPU);
  const warmUp = Math.floor(operations * WARM_UP_PART);
  let done = 0;
  let countedFrom = 0;
  let lockTransfers = 0;
  let lineTransfers = 0;

  /** A CPU's next operation. */
  function begin(cpu: Cpu): void {
    if (cpu.isLoading) {
      cpu.isLoading = false;
    } else {
      cpu.isLoading = true;
      cpu.turn = (cpu.turn + 1) % cpu.vcpus.length;
      if (cpu.turn === 0) cpu.order = random.permutation(cpu.vcpus.length);
    }
    const vcpu = cpu.vcpus[cpu.order[cpu.turn] as number] as number;
    cpu.program = (cpu.isLoading ? loads : puts)[vcpu] as Program;
    cpu.step = cpu.program.start;
  }

  function work(cpu: Cpu, counts: Float64Array, amount: number): void {
    for (const lock of cpu.held) counts[lock] = (counts[lock] as number) + amount;
  }

  /** A CPU takes the line of a lock. @returns ns that it waits for it. */
  function fetchLock(cpu: Cpu, line: number): number {
    const transfers = copies.touch(cpu.number, line, true);
    lockTransfers += transfers;
    work(cpu, uses.lockTransfers, transfers);
    return transfers * lockTransferNs;
  }

  /** A CPU reads or writes another line. @returns ns that it waits for it. */
  function touch(cpu: Cpu, line: number, writes: boolean): number {
    const transfers = copies.touch(cpu.number, line, writes);
    lineTransfers += transfers;
    work(cpu, uses.lineTransfers, transfers);
    return transfers * lineTransferNs;
  }

  /** A lock is a CPU's from `time` on. */
  function take(cpu: Cpu, lock: number, time: number): void {
    holder[lock] = cpu.number;
    takenAt[lock] = time;
    uses.takes[lock] = (uses.takes[lock] as number) + 1;
    cpu.held.push(lock);
    work(cpu, uses.lockCount, 1);
  }

  /** Lets go of a lock, which passes to the first CPU that waits for it. */
  function release(cpu: Cpu, step: number, time: number): void {
    const lock = locks[step] as number;
    cpu.held.splice(cpu.held.indexOf(lock), 1);
    const next = waiting.get(lock)?.shift();
    const free = next === undefined ? time : time + lockTransferNs;
    uses.ns[lock] = (uses.ns[lock] as number) + free - Math.max(countedFrom, takenAt[lock] as number);
    holder[lock] = -1;
    if (next === undefined) return;
    take(next, lock, free);
    fetchLock(next, lines[step] as number);
    next.step++;
    events.push({ time: free + lockNs, cpu: next });
  }

  /**
   * A CPU goes on at `start`: with the lock at which it stands, and then up to the next one.
   *
   * @returns When it comes there; null if it waits for a lock.
   */
  function advance(cpu: Cpu, start: number): number | null {
    let time = start;
    const first = kinds[cpu.step];
    if (cpu.step < cpu.program.end && first === STEP.lock) {
      const lock = locks[cpu.step] as number;
      if (holder[lock] !== -1) {
        const queue = waiting.get(lock) ?? [];
        queue.push(cpu);
        waiting.set(lock, queue);
        return null;
      }
      take(cpu, lock, time);
      const waited = fetchLock(cpu, lines[cpu.step] as number);
      time += lockNs + waited;
      cpu.step++;
    } else if (cpu.step < cpu.program.end && first === STEP.unlock) {
      release(cpu, cpu.step, time);
      cpu.step++;
    }
    return advanceToLock(cpu, time);
  }

  function advanceToLock(cpu: Cpu, start: number): number {
    let time = start;
    for (;;) {
      if (cpu.step === cpu.program.end) {
        end(time);
        begin(cpu);
        // Another CPU may be before it.
        return time;
      }
      const { step } = cpu;
      const kind = kinds[step] as number;
      if (kind === STEP.lock || kind === STEP.unlock) return time;
      const words = accesses[step] as number;
      work(cpu, uses.accesses, words);
      time += words * accessNs + touch(cpu, lines[step] as number, kind !== STEP.read);
      if (kind === STEP.entry) {
        work(cpu, uses.entries, 1);
        time += entryNs;
      }
      cpu.step++;
    }
  }

  /** An operation has ended. */
  function end(time: number): void {
    done++;
    if (done !== warmUp) return;
    countedFrom = time;
    lockTransfers = 0;
    lineTransfers = 0;
    uses.clear();
  }

  const vcpusOf = Array.from({ length: threads }, (): number[] => []);
  for (const vcpu of loads.keys()) vcpusOf[threadOf(vcpu, threads)]?.push(vcpu);
  for (let number = 0; number < cpus; number++) {
    const vcpus = vcpusOf[number] as number[];
    const order = random.permutation(vcpus.length);
    const cpu: Cpu = {
      number,
      vcpus,
      order,
      turn: -1,
      isLoading: false,
      program: loads[0] as Program,
      step: 0,
      held: [],
    };
    begin(cpu);
    // They do not begin in step.
    events.push({ time: random.below(1000) / 10, cpu });
  }
  let now = 0;
  while (done < operations) {
    const event = events.pop();
    if (event === undefined) throw new Error('all CPUs wait for a lock');
    now = event.time;
    const next = advance(event.cpu, now);
    if (next !== null) events.push({ time: next, cpu: event.cpu });
  }

  const counted = done - warmUp;
  return {
    perSecond: (counted * 1e9) / (now - countedFrom),
    lockTransfers: lockTransfers / counted,
    lineTransfers: lineTransfers / counted,
    busiest: busiestOf(lockNames, uses, counted, now - countedFrom),
  };
}

/** The locks of the name that was busiest; null if none was held. */
function busiestOf(lockNames: readonly string[], uses: Uses, operations: number, ns: number): LockUse | null {
  let busiest: LockUse | null = null;
  for (const name of new Set(lockNames)) {
    const group = [...lockNames.keys()].filter((lock) => lockNames[lock] === name);
    const sumOf = (counts: Float64Array): number =>
      group.reduce((sum, lock) => sum + (counts[lock] as number), 0);
    const takes = sumOf(uses.takes);
    const utilisation = Math.min(1, sumOf(uses.ns) / group.length / ns);
    if (takes === 0 || utilisation <= (busiest?.utilisation ?? 0)) continue;
    busiest = {
      name,
      count: group.length,
      perUpdate: takes / group.length / operations,
      utilisation,
      accesses: sumOf(uses.accesses) / takes,
      locks: sumOf(uses.lockCount) / takes,
      entries: sumOf(uses.entries) / takes,
      lockTransfers: sumOf(uses.lockTransfers) / takes,
      lineTransfers: sumOf(uses.lineTransfers) / takes,
    };
  }
  return busiest;
}
