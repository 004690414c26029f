// Runs concurrent operations in real threads: each in a worker, on one shared memory, waiting for its turns with
// Atomics.wait. The list of turns is known in advance.
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { importStrategy } from '../../../../harness/process/child-main.js';
import { createReplay, type Replay } from '../../../../harness/replay/replay.js';
import { hostInTurns } from '../../../../harness/verify/schedules/case-runner.js';
import type { CaseStream } from '../../../../harness/verify/schedules/schedule-case.js';
import type { Turn } from '../../../../harness/verify/schedules/scheduler.js';
import type { AccessKind, TurnTaker } from '../../../../harness/verify/schedules/turn-memory.js';
import { CachingIommus } from '../../../../machine/irte-cache.js';
import { type Address, Memory } from '../../../../machine/memory.js';
import { kmallocIn } from '../../../../machine/slab.js';
import type { Strategy } from '../../../../strategies/strategy.js';
import { HEADER_WORDS, operationWords } from '../../../../workloads/stream/stream.js';

/** Words of the control block: the current turn, a count of runs, CPUs that are done, the number of turns, the turns. */
const TURN = 0;
const RUNS = 1;
const DONE = 2;
const TURNS = 3;
const FIRST_TURN = 4;
const TURN_WORDS = 2;
const CONTROL_WORDS = 1 << 12;

/** The data that a thread starts with. */
interface ThreadData {
  readonly strategy: string;
  readonly scheduled: CaseStream;
  readonly cpu: number;
  readonly words: Int32Array;
  readonly control: Int32Array;
  /** The addresses of VMs, vCPUs, irqs and entries after the setup. */
  readonly addresses: Int32Array;
}

/** Makes the steps of one thread at its turns. */
class ThreadTurns implements TurnTaker {
  readonly #control: Int32Array;
  readonly #cpu: number;
  isOn = false;
  isAtomic = false;
  #made = 0;
  #left = 0;

  constructor(control: Int32Array, cpu: number) {
    this.#control = control;
    this.#cpu = cpu;
  }

  begin(): void {
    this.isOn = true;
    this.#made = 0;
    this.#awaitTurn();
  }

  end(): void {
    this.isOn = false;
    this.#next();
  }

  take<T>(_kind: AccessKind, _address: Address, _value: number, make: () => T, follows = false): T {
    if (!this.isOn) return make();
    if (!(follows || (this.isAtomic && this.#made > 0))) {
      while (this.#left === 0) {
        this.#next();
        this.#awaitTurn();
      }
      this.#left--;
    }
    this.#made++;
    return make();
  }

  #next(): void {
    Atomics.add(this.#control, TURN, 1);
    Atomics.notify(this.#control, TURN);
  }

  #awaitTurn(): void {
    for (;;) {
      const turn = Atomics.load(this.#control, TURN);
      const at = FIRST_TURN + turn * TURN_WORDS;
      if (turn < (this.#control[TURNS] as number) && this.#control[at] === this.#cpu) {
        this.#left = this.#control[at + 1] as number;
        return;
      }
      Atomics.wait(this.#control, TURN, turn);
    }
  }
}

/** Makes the host and the strategy in cleared memory. Every thread makes the same words. */
function replayIn(
  words: Int32Array,
  { host, stream }: CaseStream,
  strategy: Strategy,
  turns: TurnTaker,
): Replay {
  const memory = new Memory(words);
  memory.clear();
  const heap = kmallocIn(memory, host.heap, host.heapSeed);
  // Each thread has caches of its own, whose commands complete at once: entries do not depend on them.
  const hardware = new CachingIommus(host);
  const parts = { parameters: host, memory, heap, hardware, turns, onWake() {} };
  return createReplay(stream, strategy, (devices, listener) =>
    hostInTurns(parts, devices, listener, (made) => made),
  );
}

const addressesOf = ({ vms, vcpus, irqs, irtes }: Replay): Int32Array[] => [vms, vcpus, irqs, irtes];

/** Runs one CPU's operation, once for each run. */
async function runThread({ strategy, scheduled, cpu, words, control, addresses }: ThreadData): Promise<void> {
  const turns = new ThreadTurns(control, cpu);
  const replay = replayIn(words, scheduled, await importStrategy(strategy), turns);
  turns.isAtomic = scheduled.concurrent[cpu]?.name === 'interrupt';
  parentPort?.postMessage('ready');
  for (let run = 0; ; run++) {
    Atomics.wait(control, RUNS, run);
    let at = 0;
    for (const part of addressesOf(replay)) {
      part.set(addresses.subarray(at, at + part.length));
      at += part.length;
    }
    turns.begin();
    replay.step(scheduled.offsets[cpu] as number);
    turns.end();
    Atomics.add(control, DONE, 1);
    Atomics.notify(control, DONE);
  }
}

/** A case on a strategy, with each operation in a thread. */
export class ThreadedCase {
  readonly #replay: Replay;
  readonly #words: Int32Array;
  readonly #kept: Int32Array;
  readonly #control: Int32Array;
  readonly #threads: readonly Worker[];

  private constructor(replay: Replay, words: Int32Array, control: Int32Array, threads: readonly Worker[]) {
    this.#replay = replay;
    this.#words = words;
    this.#kept = words.slice();
    this.#control = control;
    this.#threads = threads;
  }

  /** @param strategy - URL of its module. */
  static async create(strategy: string, scheduled: CaseStream): Promise<ThreadedCase> {
    const { words } = new Memory(1 << 23);
    const shared = (count: number) => new Int32Array(new SharedArrayBuffer(count * 4));
    const [control, addresses] = [shared(CONTROL_WORDS), shared(CONTROL_WORDS)];
    const threads: Worker[] = [];
    for (const cpu of scheduled.concurrent.keys()) {
      const data: ThreadData = { strategy, scheduled, cpu, words, control, addresses };
      const thread = new Worker(new URL(import.meta.url), { workerData: data });
      threads.push(thread);
      await new Promise((resolve, reject) => thread.once('message', resolve).once('error', reject));
    }
    const replay = replayIn(words, scheduled, await importStrategy(strategy), new ThreadTurns(control, -1));
    const end = scheduled.offsets[0] as number;
    for (let offset = HEADER_WORDS; offset < end; ) {
      replay.step(offset);
      offset += operationWords((scheduled.stream.words[offset] as number) & 15);
    }
    addresses.set(addressesOf(replay).flatMap((part) => [...part]));
    return new ThreadedCase(replay, words, control, threads);
  }

  /** Runs the operations by turns. @returns All live entries afterwards. */
  run(turns: readonly Turn[]): Int32Array {
    const control = this.#control;
    this.#words.set(this.#kept);
    const ofThreads = turns.filter(({ cpu }) => cpu < this.#threads.length);
    control.set(
      ofThreads.flatMap(({ cpu, steps }) => [cpu, steps]),
      FIRST_TURN,
    );
    control[TURNS] = ofThreads.length;
    Atomics.store(control, TURN, 0);
    Atomics.store(control, DONE, 0);
    Atomics.add(control, RUNS, 1);
    Atomics.notify(control, RUNS);
    for (let done = 0; done < this.#threads.length; done = Atomics.load(control, DONE)) {
      Atomics.wait(control, DONE, done);
    }
    const { start, end } = this.#replay.host.irtes;
    return this.#words.slice(start, end);
  }

  async end(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.terminate()));
  }
}

if (parentPort !== null) await runThread(workerData as ThreadData);
