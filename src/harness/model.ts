// What must be true of a host, kept by identity: which vCPU an irq is routed to, and where each vCPU runs. It knows
// nothing of tags, hashes or lists, and encodes IRTEs by itself, from the layout in the IOMMU specification.
import { hostDestination, hostVector } from '../machine/machine.js';
import type { Operation, StreamHeader } from '../workloads/stream.js';

/** In place of a CPU, a vCPU or an irq: none. */
export const NONE = -1;

/** In place of an irq's vCPU: there is no such irq. */
const NO_IRQ = -2;

/** The words of an IRTE that do not depend on a tag: word 1 is the tag in guest mode, and 0 otherwise. */
export interface ExpectedIrte {
  readonly word0: number;
  readonly word2: number;
  readonly word3: number;
  readonly isGuestMode: boolean;
}

/** An entry that no irq has. */
const EMPTY_IRTE: ExpectedIrte = { word0: 0, word2: 0, word3: 0, isGuestMode: false };

const VALID = 1;
const REMAP_LOWEST_PRIORITY_LOGICAL = (1 << 2) | (1 << 6);
const GA_LOG_INTR = 1 << 2;
const IS_RUN = 1 << 6;
const GUEST_MODE = 1 << 7;

/** The entry of an irq in remap mode. */
function remapIrte(irq: number): ExpectedIrte {
  return {
    word0: VALID | REMAP_LOWEST_PRIORITY_LOGICAL | (hostDestination(irq) << 8),
    word2: hostVector(irq),
    word3: 0,
    isGuestMode: false,
  };
}

/** Page frame number of the backing page of the vCPU with this number; the host's rule, said again. */
const backingPage = (vcpu: number): number => 0x100000 + vcpu;

/** Word 0 of a guest-mode entry. */
export function guestWord0(flags: number, destination: number): number {
  return VALID | GUEST_MODE | flags | (destination << 8);
}

/** Word 0 of a guest-mode entry with this running state in place of its own. */
export function word0WithRunState(word0: number, flags: number, destination: number): number {
  return (word0 & 0xff & ~(GA_LOG_INTR | IS_RUN)) | flags | (destination << 8);
}

/** Word 3 of a guest-mode entry with this destination in place of its own. */
export function word3WithDestination(word3: number, destination: number): number {
  return (word3 & 0x00ff_ffff) | (destination & 0xff00_0000);
}

/** Word 3 of a guest-mode entry. */
export function guestWord3(vcpu: number, destination: number): number {
  return (backingPage(vcpu) >>> 20) | (destination & 0xff00_0000);
}

/** The state of a host, changed by operations. Its arrays are as large as a stream says there is need. */
export class Model {
  /** VMs created so far. */
  createdVms = 0;
  /** VMs that there are. */
  aliveVms = 0;
  /** The largest vCPU id so far; NONE before the first VM. */
  maxVcpuId = NONE;
  /** The largest index of a vCPU in its VM so far; NONE before the first VM. */
  maxVcpuIndex = NONE;
  /** The strategy's policy for ga_log_intr. */
  readonly gaLog: 'always' | 'blocking';

  readonly #isAlive: Uint8Array;
  readonly #vmOf: Int32Array;
  readonly #vcpuId: Int32Array;
  readonly #vcpuIndex: Int32Array;
  /** CPU that a vCPU runs on, or NONE. */
  readonly #cpu: Int32Array;
  readonly #isBlocking: Uint8Array;
  /** CPU of a vCPU's last load. */
  readonly #lastCpu: Int32Array;
  /** Loads of a vCPU so far. */
  readonly #loads: Int32Array;
  /** First irq that is routed to a vCPU, or NONE. */
  readonly #firstIrq: Int32Array;

  /** vCPU that an irq is routed to, NONE or NO_IRQ. */
  readonly #vcpuOf: Int32Array;
  readonly #vector: Uint8Array;
  /** Neighbours of an irq among those of its vCPU, or NONE. */
  readonly #nextIrq: Int32Array;
  readonly #previousIrq: Int32Array;
  /** Destination that a route gave an irq, and its vCPU's loads at that time: the next load replaces it. */
  readonly #routedTo: Int32Array;
  readonly #routedAt: Int32Array;

  constructor(
    gaLog: 'always' | 'blocking',
    { vms, vcpus, irqs }: Pick<StreamHeader, 'vms' | 'vcpus' | 'irqs'>,
  ) {
    this.gaLog = gaLog;
    this.#isAlive = new Uint8Array(vms);
    this.#vmOf = new Int32Array(vcpus).fill(NONE);
    this.#vcpuId = new Int32Array(vcpus);
    this.#vcpuIndex = new Int32Array(vcpus);
    this.#cpu = new Int32Array(vcpus).fill(NONE);
    this.#isBlocking = new Uint8Array(vcpus);
    this.#lastCpu = new Int32Array(vcpus);
    this.#loads = new Int32Array(vcpus);
    this.#firstIrq = new Int32Array(vcpus).fill(NONE);
    this.#vcpuOf = new Int32Array(irqs).fill(NO_IRQ);
    this.#vector = new Uint8Array(irqs);
    this.#nextIrq = new Int32Array(irqs);
    this.#previousIrq = new Int32Array(irqs);
    this.#routedTo = new Int32Array(irqs);
    this.#routedAt = new Int32Array(irqs);
  }

  /** Takes an operation's effect on. */
  apply({ name, operand, argument, count, firstVcpuId }: Operation): void {
    switch (name) {
      case 'createVm':
        this.#createVm(operand, argument, count, firstVcpuId);
        break;
      case 'destroyVm':
        this.#isAlive[operand] = 0;
        this.aliveVms--;
        break;
      case 'allocIrq':
        this.#vcpuOf[operand] = NONE;
        break;
      case 'freeIrq':
        this.#vcpuOf[operand] = NO_IRQ;
        break;
      case 'route':
        this.#unroute(operand);
        this.#route(operand, argument >>> 8, argument & 0xff);
        break;
      case 'unroute':
        this.#unroute(operand);
        break;
      case 'load':
        this.#cpu[operand] = argument;
        this.#lastCpu[operand] = argument;
        this.#isBlocking[operand] = 0;
        this.#loads[operand] = (this.#loads[operand] as number) + 1;
        break;
      case 'put':
        this.#cpu[operand] = NONE;
        this.#isBlocking[operand] = argument !== 0 ? 1 : 0;
        break;
      case 'interrupt':
      case 'drainGaLog':
        break;
    }
  }

  /** The entry that an irq must have; empty once it is freed. */
  irteOf(irq: number): ExpectedIrte {
    const vcpu = this.#vcpuOf[irq] as number;
    if (vcpu === NO_IRQ) return EMPTY_IRTE;
    if (vcpu === NONE) return remapIrte(irq);
    const destination = this.destinationOf(irq, vcpu);
    return {
      word0: guestWord0(this.runFlagsOf(vcpu), destination),
      word2: this.guestWord2Of(irq, vcpu),
      word3: guestWord3(vcpu, destination),
      isGuestMode: true,
    };
  }

  /** Word 2 of the entry of an irq that is routed to a vCPU. */
  guestWord2Of(irq: number, vcpu: number): number {
    return (this.#vector[irq] as number) | (backingPage(vcpu) << 12);
  }

  /** is_run and ga_log_intr of the entries of a vCPU. */
  runFlagsOf(vcpu: number): number {
    const isRun = this.#cpu[vcpu] !== NONE;
    const logs = this.gaLog === 'always' || (!isRun && this.#isBlocking[vcpu] !== 0);
    return (isRun ? IS_RUN : 0) | (logs ? GA_LOG_INTR : 0);
  }

  /** Destination of an irq that is routed to a vCPU: the CPU of its last load, or what the route since then gave. */
  destinationOf(irq: number, vcpu: number): number {
    const isRoutedSince = this.#routedAt[irq] === this.#loads[vcpu];
    return (isRoutedSince ? this.#routedTo[irq] : this.#lastCpu[vcpu]) as number;
  }

  /** The first irq routed to a vCPU, or NONE. */
  firstIrqOf(vcpu: number): number {
    return this.#firstIrq[vcpu] as number;
  }

  /** The irq after one among those of its vCPU, or NONE. */
  irqAfter(irq: number): number {
    return this.#nextIrq[irq] as number;
  }

  /** The vCPU that an irq is routed to, or NONE. */
  vcpuOf(irq: number): number {
    return Math.max(NONE, this.#vcpuOf[irq] ?? NONE);
  }

  /** Whether the stream has come to a vCPU's creation. */
  hasVcpu(vcpu: number): boolean {
    return (this.#vmOf[vcpu] ?? NONE) !== NONE;
  }

  vmOf(vcpu: number): number {
    return this.#vmOf[vcpu] as number;
  }

  vcpuIdOf(vcpu: number): number {
    return this.#vcpuId[vcpu] as number;
  }

  /** A vCPU's place in its VM. */
  vcpuIndexOf(vcpu: number): number {
    return this.#vcpuIndex[vcpu] as number;
  }

  /** The CPU that a vCPU runs on, or NONE. */
  cpuOf(vcpu: number): number {
    return this.#cpu[vcpu] as number;
  }

  isBlocking(vcpu: number): boolean {
    return this.#isBlocking[vcpu] !== 0;
  }

  isAlive(vm: number): boolean {
    return this.#isAlive[vm] !== 0;
  }

  #createVm(vm: number, firstVcpu: number, count: number, firstVcpuId: number): void {
    this.createdVms++;
    this.aliveVms++;
    this.#isAlive[vm] = 1;
    this.maxVcpuId = Math.max(this.maxVcpuId, firstVcpuId + count - 1);
    this.maxVcpuIndex = Math.max(this.maxVcpuIndex, count - 1);
    for (let index = 0; index < count; index++) {
      this.#vmOf[firstVcpu + index] = vm;
      this.#vcpuId[firstVcpu + index] = firstVcpuId + index;
      this.#vcpuIndex[firstVcpu + index] = index;
    }
  }

  #route(irq: number, vcpu: number, vector: number): void {
    const first = this.#firstIrq[vcpu] as number;
    this.#vcpuOf[irq] = vcpu;
    this.#vector[irq] = vector;
    this.#routedTo[irq] = Math.max(0, this.#cpu[vcpu] as number);
    this.#routedAt[irq] = this.#loads[vcpu] as number;
    this.#nextIrq[irq] = first;
    this.#previousIrq[irq] = NONE;
    if (first !== NONE) this.#previousIrq[first] = irq;
    this.#firstIrq[vcpu] = irq;
  }

  #unroute(irq: number): void {
    const vcpu = this.#vcpuOf[irq] as number;
    if (vcpu === NONE) return;
    const next = this.#nextIrq[irq] as number;
    const previous = this.#previousIrq[irq] as number;
    if (next !== NONE) this.#previousIrq[next] = previous;
    if (previous === NONE) this.#firstIrq[vcpu] = next;
    else this.#nextIrq[previous] = next;
    this.#vcpuOf[irq] = NONE;
  }
}
