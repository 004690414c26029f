// What words of a checked memory are called in findings: by the object that they are in, and the operation that made it.
import type { Allocation, CheckedMemory, Fault } from '../machine/checked-memory.js';
import type { Host } from '../machine/machine.js';
import { type Address, LINE_WORDS } from '../machine/memory.js';
import { describeOperation, type VcpuNames } from '../workloads/operation-text.js';
import type { Operation } from '../workloads/stream.js';

/** What an object belongs to, by the operation that made it: "irq 3", "VM 1". */
function subjectOf({ name, operand }: Operation): string {
  return name === 'createVm' || name === 'destroyVm' ? `VM ${operand + 1}` : `irq ${operand}`;
}

/** Names of a host's words. */
export class MemoryNames {
  readonly #memory: CheckedMemory;
  readonly #host: Pick<Host, 'nameOf'>;
  readonly #operationAt: (number: number) => Operation | undefined;
  readonly #vcpus: VcpuNames;

  /** @param operationAt - The operation that the checked memory knows by a number; undefined if none is. */
  constructor(
    memory: CheckedMemory,
    host: Pick<Host, 'nameOf'>,
    operationAt: (number: number) => Operation | undefined,
    vcpus: VcpuNames,
  ) {
    this.#memory = memory;
    this.#host = host;
    this.#operationAt = operationAt;
    this.#vcpus = vcpus;
  }

  /** An object by what it is and what it belongs to: "the vcpu_svm of VM 1". */
  ofObject({ struct, madeBy }: Allocation): string {
    if (madeBy < 0) return struct;
    const operation = this.#operationAt(madeBy);
    return operation === undefined ? `a ${struct}` : `the ${struct} of ${subjectOf(operation)}`;
  }

  /** A word of an object or of the host: "word 2 of the vcpu_svm of VM 1". */
  ofWord(address: Address): string {
    const object = this.#memory.allocationAt(address);
    return object === null ? this.#ofHost(address) : this.#ofWordIn(object, address);
  }

  /** Such as: read word 2 of the kvm_kernel_irqfd of irq 3, freed by "free irq 3". */
  ofFault({ kind, action, address, object }: Fault): string {
    if (kind === 'bad-free' && object !== null) return `${action}: ${this.ofObject(object)}`;
    if (object === null) {
      const before = this.#memory.objectBefore(address);
      if (kind !== 'unallocated' || before === null) return `${action} ${this.#ofHost(address)}`;
      return `${action} beyond the ${before.bytes} bytes of ${this.ofObject(before)}`;
    }
    const freed = object.freedBy === null ? undefined : this.#operationAt(object.freedBy);
    const freedBy = freed === undefined ? '' : `, freed by "${describeOperation(freed, this.#vcpus)}"`;
    return `${action} ${this.#ofWordIn(object, address)}${freedBy}`;
  }

  #ofWordIn(object: Allocation, address: Address): string {
    return `word ${address - object.address} of ${this.ofObject(object)}`;
  }

  #ofHost(address: Address): string {
    if (address < LINE_WORDS) return `NULL + ${address} words`;
    return this.#host.nameOf(address) ?? `address ${address}`;
  }
}
