// What a word of a checked host is, in words: findings name objects by their struct and by what they belong to.
import type { Allocation, CheckedMemory } from '../machine/checked-memory.js';
import { type Address, LINE_WORDS } from '../machine/memory.js';
import { describeOperation, describeVcpu } from '../workloads/operation-text.js';
import { type Operation, type OperationStream, operationAt } from '../workloads/stream.js';
import type { Model } from './model.js';
import type { Replay } from './replay.js';

/** Behind the name of a table of which there is one for each IOMMU. */
const NUMBER = /_\d+$/;

/** What an object belongs to, by the operation that made it: "irq 3", "VM 1". */
function subjectOf({ name, operand }: Operation): string {
  return name === 'createVm' || name === 'destroyVm' ? `VM ${operand + 1}` : `irq ${operand}`;
}

/** The names of what is on a host in checked memory. */
export class ObjectNames {
  readonly #stream: OperationStream;
  readonly #memory: CheckedMemory;
  readonly #replay: Replay;
  readonly #model: Model;
  /** The offset of each operation that was begun. */
  readonly #offsets: number[] = [];

  constructor(stream: OperationStream, memory: CheckedMemory, replay: Replay, model: Model) {
    this.#stream = stream;
    this.#memory = memory;
    this.#replay = replay;
    this.#model = model;
  }

  /** Begins the operation at an offset of the stream. */
  begin(offset: number): void {
    this.#memory.operation = this.#offsets.length;
    this.#offsets.push(offset);
  }

  /** An operation by its number from 0; undefined if it was not begun. */
  operation(index: number): Operation | undefined {
    const offset = this.#offsets[index];
    return offset === undefined ? undefined : operationAt(this.#stream.words, offset);
  }

  /** Such as: "free irq 3". */
  describe(index: number): string {
    const operation = this.operation(index);
    return operation === undefined ? 'create()' : `"${describeOperation(operation, this.#model)}"`;
  }

  /** An object by what it is and what it belongs to: "the vcpu_svm of vm 1 vcpu 0", "svm_vm_data_hash". */
  nameOf({ struct, madeBy, address }: Allocation): string {
    if (madeBy < 0) return struct;
    const operation = this.operation(madeBy);
    if (operation === undefined) return `a ${struct}`;
    const vcpu = this.#replay.vcpus.lastIndexOf(address);
    return `the ${struct} of ${vcpu === -1 ? subjectOf(operation) : describeVcpu(vcpu, this.#model)}`;
  }

  /** A word of an object: "word 2 of the kvm_kernel_irqfd of irq 3". Of the host's own, as the host names it. */
  nameOfWord(address: Address): string {
    const object = this.#memory.allocationAt(address);
    if (object !== null) return `word ${address - object.address} of ${this.nameOf(object)}`;
    if (address < LINE_WORDS) return `NULL + ${address} words`;
    return this.#replay.host.nameOf(address) ?? `address ${address}`;
  }

  /** A lock: "svm_vm_data_hash_lock", "the lock in word 11 of the vcpu_svm of vm 1 vcpu 0". */
  nameOfLock(lock: Address): string {
    const object = this.#memory.allocationAt(lock);
    if (object === null) return this.classOfLock(lock);
    return object.madeBy < 0 && object.address === lock
      ? object.struct
      : `the lock in ${this.nameOfWord(lock)}`;
  }

  /** What all locks of a kind have in common: "gatag_hash", "the lock in word 11 of a vcpu_svm". */
  classOfLock(lock: Address): string {
    const object = this.#memory.allocationAt(lock);
    if (object === null) return this.#replay.host.lockClassOf(lock) ?? this.nameOfWord(lock);
    const { struct, madeBy, address } = object;
    if (madeBy >= 0) return `the lock in word ${lock - address} of a ${struct}`;
    const table = struct.replace(NUMBER, '');
    return lock === address ? table : `the lock in word ${lock - address} of ${table}`;
  }
}
