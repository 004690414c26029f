// Counts the loads and puts of vCPU threads as they come, and sees where they do not fit.
import { type PutState, SwitchLog } from './switch-log.js';

/** The counts of an empty schedule. */
const NO_COUNTS = {
  /** vCPU threads that came on a CPU at least once. */
  vcpuThreadsSwitchedIn: 0,
  /** Switches to a vCPU thread. */
  loads: 0,
  /** Switches away from a vCPU thread; the next four count them by state. */
  puts: 0,
  putsR: 0,
  putsRPlus: 0,
  putsS: 0,
  putsOther: 0,
  /** Switches from one vCPU thread to another. */
  vcpuToVcpuSwitches: 0,
  /** Loads of a thread on another CPU than its previous load. */
  migrations: 0,
};

/** The count that a put's state adds to. */
const PUT_COUNTS = { R: 'putsR', 'R+': 'putsRPlus', S: 'putsS', other: 'putsOther' } as const;

const NO_CPU = -1;

/** The schedule of vCPU threads. */
export class Schedule {
  readonly counts = { ...NO_COUNTS };
  readonly log: SwitchLog;
  /** Loads of a thread that was on a CPU, and puts of one that was not there: the switch between them is missing. */
  loadsWithoutPut = 0;
  putsWithoutLoad = 0;
  /** Loads on a CPU that another vCPU thread had not left. */
  loadsOnBusyCpu = 0;
  /** Of each thread: the CPU that it is on, and that of its previous load. */
  readonly #on: number[] = [];
  readonly #last: number[] = [];
  readonly #threadOn = new Map<number, number>();

  constructor(limit: number) {
    this.log = new SwitchLog(limit);
  }

  put(thread: number, cpu: number, state: PutState): void {
    const on = this.#on[thread];
    if (on !== undefined && on !== cpu) this.putsWithoutLoad++;
    this.#on[thread] = NO_CPU;
    this.counts.puts++;
    this.counts[PUT_COUNTS[state]]++;
    this.log.append({ kind: 'put', thread, cpu, state });
  }

  load(thread: number, cpu: number): void {
    const { counts } = this;
    const last = this.#last[thread];
    if (last === undefined) counts.vcpuThreadsSwitchedIn++;
    else if (last !== cpu) counts.migrations++;
    if ((this.#on[thread] ?? NO_CPU) !== NO_CPU) this.loadsWithoutPut++;
    const other = this.#threadOn.get(cpu) ?? thread;
    if (other !== thread && this.#on[other] === cpu) this.loadsOnBusyCpu++;
    this.#threadOn.set(cpu, thread);
    this.#on[thread] = cpu;
    this.#last[thread] = cpu;
    counts.loads++;
    this.log.append({ kind: 'load', thread, cpu });
  }

  /** A load unless the thread is the last one that entered a guest on this CPU. */
  entry(thread: number, cpu: number): void {
    if (this.#on[thread] !== cpu || this.#threadOn.get(cpu) !== thread) this.load(thread, cpu);
  }
}
