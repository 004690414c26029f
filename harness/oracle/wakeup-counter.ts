// Counts the GA log entries and the wakeups of a stream, and which of the wakeups were spurious: a cost, and no failure.
import { DELIVERY } from '../../machine/ga-log.js';
import type { Operation } from '../../workloads/stream/stream.js';
import type { Wakeups } from '../results/results.js';
import { NONE } from './model.js';

/** The counter. */
export class WakeupCounter {
  #counts: Wakeups = { interrupts: 0, gaLogEntries: 0, wakes: 0, spurious: 0 };
  /** Whether each vCPU blocks, and has not been woken since. */
  readonly #blocks: Uint8Array;
  /** Whether an interrupt has been posted to each vCPU since it last ran. */
  readonly #isPending: Uint8Array;

  constructor(vcpus: number) {
    this.#blocks = new Uint8Array(vcpus);
    this.#isPending = new Uint8Array(vcpus);
  }

  /** Notes a load, a put, or new vCPUs. */
  apply({ name, operand, argument, count }: Operation): void {
    if (name === 'load') this.#set(operand, 0, 0);
    else if (name === 'put') this.#blocks[operand] = argument;
    else if (name === 'createVm') {
      for (let vcpu = argument; vcpu < argument + count; vcpu++) this.#set(vcpu, 0, 0);
    }
  }

  /** An interrupt arrived. @param vcpu - The vCPU that it is for, or NONE. @param delivery - One of DELIVERY. */
  interrupted(vcpu: number, delivery: number): void {
    this.#counts.interrupts++;
    if (delivery === DELIVERY.logged) this.#counts.gaLogEntries++;
    if (vcpu !== NONE && delivery !== DELIVERY.doorbell) this.#isPending[vcpu] = 1;
  }

  /**
   * A vCPU was woken. The wakeup is spurious if the vCPU does not block, which includes that it was woken before, or if it
   * has no interrupt pending.
   */
  woke(vcpu: number): void {
    this.#counts.wakes++;
    if (this.#blocks[vcpu] === 0 || this.#isPending[vcpu] === 0) this.#counts.spurious++;
    this.#blocks[vcpu] = 0;
  }

  /** The counts since the last call. */
  take(): Wakeups {
    const counts = this.#counts;
    this.#counts = { interrupts: 0, gaLogEntries: 0, wakes: 0, spurious: 0 };
    return counts;
  }

  #set(vcpu: number, blocks: number, isPending: number): void {
    this.#blocks[vcpu] = blocks;
    this.#isPending[vcpu] = isPending;
  }
}
