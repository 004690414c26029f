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

/**
 * The names of a host's words.
 *
 * @param operationAt - Gives the operation that the checked memory knows by a number; undefined for create().
 */
export function memoryNames(
  memory: CheckedMemory,
  { host, vcpus }: Pick<Replay, 'host' | 'vcpus'>,
  operationAt: (number: number) => Operation | undefined,
  vcpuNames: VcpuNames,
) {
  /** An operation by its number, in quotation marks: "free irq 3". */
  function ofOperation(number: number): string {
    const operation = operationAt(number);
    return operation === undefined ? 'create()' : `"${describeOperation(operation, vcpuNames)}"`;
  }

  /** An object, with its owner: "the vcpu_svm of vm 1 vcpu 0", "svm_vm_data_hash". */
  function ofObject({ struct, madeBy, address }: Allocation): string {
    if (madeBy < 0) return struct;
    const operation = operationAt(madeBy);
    if (operation === undefined) return `a ${struct}`;
    const { name, argument, count } = operation;
    const index = name === 'createVm' ? vcpus.subarray(argument, argument + count).indexOf(address) : -1;
    return `the ${struct} of ${index === -1 ? subjectOf(operation) : describeVcpu(argument + index, vcpuNames)}`;
  }

  const ofWordIn = (object: Allocation, address: Address): string =>
    `word ${address - object.address} of ${ofObject(object)}`;

  function ofHost(address: Address): string {
    if (address < LINE_WORDS) return `NULL + ${address} words`;
    return host.nameOf(address) ?? `address ${address}`;
  }

  function ofHostLock(lock: Address): string {
    const name = host.lockClassOf(lock);
    if (name === null) return ofWord(lock);
    return name.endsWith('_lock') ? name : `the lock of an ${name}`;
  }

  /** A word of an object or of the host: "word 2 of the kvm_kernel_irqfd of irq 3". */
  function ofWord(address: Address): string {
    const object = memory.allocationAt(address);
    return object === null ? ofHost(address) : ofWordIn(object, address);
  }

  /** A lock: "svm_vm_data_hash_lock", "the lock in word 11 of the vcpu_svm of vm 1 vcpu 0". */
  function ofLock(lock: number): string {
    if (isBitLock(lock)) return `the lock bit in ${ofWord(wordOfLock(lock))}`;
    const object = memory.allocationAt(lock);
    if (object === null || object.isHosts) return ofHostLock(lock);
    return object.madeBy < 0 && object.address === lock
      ? object.struct
      : `the lock in ${ofWordIn(object, lock)}`;
  }

  /** The class of a lock: "gatag_hash", "the lock in word 11 of a vcpu_svm". */
  function ofLockClass(lock: number): string {
    if (isBitLock(lock)) {
      const struct = memory.allocationAt(wordOfLock(lock))?.struct ?? ofHost(wordOfLock(lock));
      return `a lock bit in ${struct.replace(NUMBER, '')}`;
    }
    const object = memory.allocationAt(lock);
    if (object === null || object.isHosts) return ofHostLock(lock);
    const { struct, madeBy, address } = object;
    if (madeBy >= 0) return `the lock in word ${lock - address} of a ${struct}`;
    const table = struct.replace(NUMBER, '');
    return lock === address ? table : `the lock in word ${lock - address} of ${table}`;
  }

  /** A fault: "read word 2 of the kvm_kernel_irqfd of irq 3, freed by ...". */
  function ofFault({ kind, action, address, object }: Fault): string {
    if (kind === 'bad-free' && object !== null) return `${action}: ${ofObject(object)}`;
    if (object === null) {
      const before = memory.objectBefore(address);
      if (kind !== 'unallocated' || before === null) return `${action} ${ofHost(address)}`;
      return `${action} beyond the ${before.bytes} bytes of ${ofObject(before)}`;
    }
    const freedBy = object.freedBy === null ? '' : `, freed by ${ofOperation(object.freedBy)}`;
    const what = action === 'woke' ? ofObject(object) : ofWordIn(object, address);
    return `${action} ${what}${freedBy}`;
  }

  return { ofOperation, ofObject, ofWord, ofLock, ofLockClass, ofFault };
}

/** What {@link memoryNames} makes. */
export type MemoryNames = ReturnType<typeof memoryNames>;
