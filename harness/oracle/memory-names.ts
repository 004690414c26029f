// Names the words of a checked memory by their object and by the operation that allocated it.

import { type Address, isBitLock, LINE_WORDS, wordOfLock } from '../../machine/memory.js';
import { describeOperation, describeVcpu, type VcpuNames } from '../../workloads/stream/operation-text.js';
import type { Operation } from '../../workloads/stream/stream.js';
import type { Replay } from '../replay/replay.js';
import type { Allocation, CheckedMemory, Fault } from './memory/checked-memory.js';

/** The end of a table's name if there is one table for each IOMMU. */
const NUMBER = /_\d+$/;

/** The owner of an object, from the operation that allocated it: "irq 3", "VM 1". */
function subjectOf({ name, operand }: Operation): string {
  return name === 'createVm' || name === 'destroyVm' ? `VM ${operand + 1}` : `irq ${operand}`;
}

/** The names of a host's words. */
export class MemoryNames {
  readonly #memory: CheckedMemory;
  readonly #replay: Pick<Replay, 'host' | 'vcpus'>;
  readonly #operationAt: (number: number) => Operation | undefined;
  readonly #vcpus: VcpuNames;

  /** @param operationAt - Gives the operation that the checked memory knows by a number; undefined for create(). */
  constructor(
    memory: CheckedMemory,
    replay: Pick<Replay, 'host' | 'vcpus'>,
    operationAt: (number: number) => Operation | undefined,
    vcpus: VcpuNames,
  ) {
    this.#memory = memory;
    this.#replay = replay;
    this.#operationAt = operationAt;
    this.#vcpus = vcpus;
  }

  /** An operation by its number, in quotation marks: "free irq 3". */
  ofOperation(number: number): string {
    const operation = this.#operationAt(number);
    return operation === undefined ? 'create()' : `"${describeOperation(operation, this.#vcpus)}"`;
  }

  /** An object, with its owner: "the vcpu_svm of vm 1 vcpu 0", "svm_vm_data_hash". */
  ofObject({ struct, madeBy, address }: Allocation): string {
    if (madeBy < 0) return struct;
    const operation = this.#operationAt(madeBy);
    if (operation === undefined) return `a ${struct}`;
    const { name, argument, count } = operation;
    const index =
      name === 'createVm' ? this.#replay.vcpus.subarray(argument, argument + count).indexOf(address) : -1;
    return `the ${struct} of ${index === -1 ? subjectOf(operation) : describeVcpu(argument + index, this.#vcpus)}`;
  }

  /** A word of an object or of the host: "word 2 of the kvm_kernel_irqfd of irq 3". */
  ofWord(address: Address): string {
    const object = this.#memory.allocationAt(address);
    return object === null ? this.#ofHost(address) : this.#ofWordIn(object, address);
  }

  /** A lock: "svm_vm_data_hash_lock", "the lock in word 11 of the vcpu_svm of vm 1 vcpu 0". */
  ofLock(lock: number): string {
    if (isBitLock(lock)) return `the lock bit in ${this.ofWord(wordOfLock(lock))}`;
    const object = this.#memory.allocationAt(lock);
    if (object === null || object.isHosts) return this.#ofHostLock(lock);
    return object.madeBy < 0 && object.address === lock
      ? object.struct
      : `the lock in ${this.#ofWordIn(object, lock)}`;
  }

  /** The class of a lock: "gatag_hash", "the lock in word 11 of a vcpu_svm". */
  ofLockClass(lock: number): string {
    if (isBitLock(lock)) {
      const struct = this.#memory.allocationAt(wordOfLock(lock))?.struct ?? this.#ofHost(wordOfLock(lock));
      return `a lock bit in ${struct.replace(NUMBER, '')}`;
    }
    const object = this.#memory.allocationAt(lock);
    if (object === null || object.isHosts) return this.#ofHostLock(lock);
    const { struct, madeBy, address } = object;
    if (madeBy >= 0) return `the lock in word ${lock - address} of a ${struct}`;
    const table = struct.replace(NUMBER, '');
    return lock === address ? table : `the lock in word ${lock - address} of ${table}`;
  }

  /** A fault: "read word 2 of the kvm_kernel_irqfd of irq 3, freed by ...". */
  ofFault({ kind, action, address, object }: Fault): string {
    if (kind === 'bad-free' && object !== null) return `${action}: ${this.ofObject(object)}`;
    if (object === null) {
      const before = this.#memory.objectBefore(address);
      if (kind !== 'unallocated' || before === null) return `${action} ${this.#ofHost(address)}`;
      return `${action} beyond the ${before.bytes} bytes of ${this.ofObject(before)}`;
    }
    const freedBy = object.freedBy === null ? '' : `, freed by ${this.ofOperation(object.freedBy)}`;
    return `${action} ${this.#ofWordIn(object, address)}${freedBy}`;
  }

  #ofWordIn(object: Allocation, address: Address): string {
    return `word ${address - object.address} of ${this.ofObject(object)}`;
  }

  #ofHost(address: Address): string {
    if (address < LINE_WORDS) return `NULL + ${address} words`;
    return this.#replay.host.nameOf(address) ?? `address ${address}`;
  }

  #ofHostLock(lock: Address): string {
    const name = this.#replay.host.lockClassOf(lock);
    if (name === null) return this.ofWord(lock);
    return name.endsWith('_lock') ? name : `the lock of an ${name}`;
  }
}
