// The expected state of a host, by identity: the vCPU of each irq, and the CPU of each vCPU. The model knows no tags,
// hashes or lists. It encodes IRTEs with its own code, from the layout in the IOMMU specification.
import { hostDestination, hostVector } from '../../machine/irq-cfg.js';
import type { Operation, StreamHeader } from '../../workloads/stream/stream.js';

/** No CPU, vCPU or irq. */
export const NONE = -1;

/** The vCPU that an operation is on; NONE if it is on none. */
export function vcpuOf({ name, operand, argument }: Operation): number {
  if (name === 'load' || name === 'put') return operand;
  return name === 'route' ? argument >>> 8 : NONE;
}

/** The owner of an irq that does not exist. */
const NO_IRQ = -2;

/** An IRTE without word 1, which is the tag in guest mode and 0 otherwise. */
export interface ExpectedIrte {
  readonly word0: number;
  readonly word2: number;
  readonly word3: number;
  readonly isGuestMode: boolean;
}

/** The entry of no irq. */
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

/** Page frame number of a vCPU's backing page. It repeats the host's rule on purpose. */
const backingPage = (vcpu: number): number => 0x100000 + vcpu;

/** Word 0 of a guest-mode entry. */
export function guestWord0(flags: number, destination: number): number {
  return VALID | GUEST_MODE | flags | (destination << 8);
}

/** Word 0 of a guest-mode entry, with another running state. */
export function word0WithRunState(word0: number, flags: number, destination: number): number {
  return (word0 & 0xff & ~(GA_LOG_INTR | IS_RUN)) | flags | (destination << 8);
}

/** Word 3 of a guest-mode entry, with another destination. */
export function word3WithDestination(word3: number, destination: number): number {
  return (word3 & 0x00ff_ffff) | (destination & 0xff00_0000);
}

/** Word 3 of a guest-mode entry. */
export function guestWord3(vcpu: number, destination: number): number {
  return (backingPage(vcpu) >>> 20) | (destination & 0xff00_0000);
}

/** The CPU of a vCPU that blocks. */
const BLOCKING = -2;

/** Words of a record. The fields of a vCPU or irq that loads and puts need fit in a quarter of a cache line. */
const RECORD_WORDS = 4;

/** Of a vCPU: the CPU that it runs on, NONE or BLOCKING. */
const CPU = 0;
/** The CPU of its last load, and the number of its loads. */
const LAST_CPU = 1;
const LOADS = 2;
/** The first irq routed to it, or NONE. */
const FIRST_IRQ = 3;
/** A vCPU at its creation: on no CPU, with CPU 0 as its last one, never loaded, without an irq. */
const NEW_VCPU = [NONE, 0, 0, NONE] as const;

/** The identity of a vCPU: the VM, or NONE before its first creation; the vcpu_id; the index in the VM. */
const VM = 0;
const VCPU_ID = 1;
const VCPU_INDEX = 2;
/** How many VMs were created before its own. */
const CREATION = 3;

/** Of an irq: the next irq of its vCPU, or NONE; its vector. */
const NEXT_IRQ = 0;
const VECTOR = 1;
/** The destination set by its route, and the number of its vCPU's loads then. The next load replaces the destination. */
const ROUTED_TO = 2;
const ROUTED_AT = 3;

/** The state of a host. Operations change it. */
export class Model {
  /** VMs created since boot. A replay of a window creates the VMs of the same numbers again. */
  createdVms = 0;
  /** VMs that exist. */
  aliveVms = 0;
  /** vCPUs that exist. */
  aliveVcpus = 0;
  /** The largest vCPU id so far; NONE before the first VM. */
  maxVcpuId = NONE;
  /** The largest index of a vCPU in its VM so far; NONE before the first VM. */
  maxVcpuIndex = NONE;
  /** The strategy's policy for ga_log_intr. */
  readonly gaLog: 'always' | 'blocking';

  /** vCPUs of each VM; 0 unless it exists. */
  readonly #vcpusOf: Int32Array;
  /** Records of vCPUs, and of their identities. */
  readonly #vcpus: Int32Array;
  readonly #identities: Int32Array;
  /** Records of irqs. */
  readonly #irqs: Int32Array;
  /** The vCPU that each irq is routed to, NONE or NO_IRQ; and the previous irq of its vCPU. */
  readonly #owners: Int32Array;
  readonly #previous: Int32Array;

  constructor(
    gaLog: 'always' | 'blocking',
    { vms, vcpus, irqs }: Pick<StreamHeader, 'vms' | 'vcpus' | 'irqs'>,
  ) {
    this.gaLog = gaLog;
    this.#vcpusOf = new Int32Array(vms);
    this.#vcpus = new Int32Array(vcpus * RECORD_WORDS);
    this.#identities = new Int32Array(vcpus * RECORD_WORDS);
    this.#irqs = new Int32Array(irqs * RECORD_WORDS);
    this.#owners = new Int32Array(irqs).fill(NO_IRQ);
    this.#previous = new Int32Array(irqs).fill(NONE);
    for (let vcpu = 0; vcpu < vcpus; vcpu++) {
      this.#vcpus.set(NEW_VCPU, vcpu * RECORD_WORDS);
      this.#identities[vcpu * RECORD_WORDS + VM] = NONE;
    }
  }

  /** Applies an operation. */
  apply({ name, operand, argument, count, firstVcpuId }: Operation): void {
    const record = operand * RECORD_WORDS;
    switch (name) {
      case 'load':
        this.#vcpus[record + CPU] = argument;
        this.#vcpus[record + LAST_CPU] = argument;
        this.#vcpus[record + LOADS] = (this.#vcpus[record + LOADS] as number) + 1;
        break;
      case 'put':
        this.#vcpus[record + CPU] = argument !== 0 ? BLOCKING : NONE;
        break;
      case 'createVm':
        this.#createVm(operand, argument, count, firstVcpuId);
        break;
      case 'destroyVm':
        this.aliveVms--;
        this.aliveVcpus -= this.#vcpusOf[operand] as number;
        this.#vcpusOf[operand] = 0;
        break;
      case 'allocIrq':
        this.#owners[operand] = NONE;
        break;
      case 'freeIrq':
        this.#owners[operand] = NO_IRQ;
        break;
      case 'route':
        this.#unroute(operand);
        this.#route(operand, argument >>> 8, argument & 0xff);
        break;
      case 'unroute':
        this.#unroute(operand);
        break;
      case 'interrupt':
      case 'drainGaLog':
        break;
    }
  }

  /** The expected entry of an irq; empty if the irq is freed. */
  irteOf(irq: number): ExpectedIrte {
    const vcpu = this.#owners[irq] as number;
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
    return (this.#irqs[irq * RECORD_WORDS + VECTOR] as number) | (backingPage(vcpu) << 12);
  }

  /** is_run and ga_log_intr of the entries of a vCPU. */
  runFlagsOf(vcpu: number): number {
    const cpu = this.#vcpus[vcpu * RECORD_WORDS + CPU] as number;
    const isRun = cpu >= 0;
    const logs = this.gaLog === 'always' || cpu === BLOCKING;
    return (isRun ? IS_RUN : 0) | (logs ? GA_LOG_INTR : 0);
  }

  /** Destination of an irq that is routed to a vCPU: the CPU of the last load, or the one set by a later route. */
  destinationOf(irq: number, vcpu: number): number {
    const isRoutedSince =
      this.#irqs[irq * RECORD_WORDS + ROUTED_AT] === this.#vcpus[vcpu * RECORD_WORDS + LOADS];
    return (
      isRoutedSince ? this.#irqs[irq * RECORD_WORDS + ROUTED_TO] : this.#vcpus[vcpu * RECORD_WORDS + LAST_CPU]
    ) as number;
  }

  /** The first irq routed to a vCPU, or NONE. */
  firstIrqOf(vcpu: number): number {
    return this.#vcpus[vcpu * RECORD_WORDS + FIRST_IRQ] as number;
  }

  /** The next irq of the same vCPU, or NONE. */
  irqAfter(irq: number): number {
    return this.#irqs[irq * RECORD_WORDS + NEXT_IRQ] as number;
  }

  /** The vCPU that an irq is routed to, or NONE. */
  vcpuOf(irq: number): number {
    return Math.max(NONE, this.#owners[irq] ?? NONE);
  }

  /** Whether a vCPU has been created. */
  hasVcpu(vcpu: number): boolean {
    return (this.#identities[vcpu * RECORD_WORDS + VM] ?? NONE) !== NONE;
  }

  vmOf(vcpu: number): number {
    return this.#identities[vcpu * RECORD_WORDS + VM] as number;
  }

  vcpuIdOf(vcpu: number): number {
    return this.#identities[vcpu * RECORD_WORDS + VCPU_ID] as number;
  }

  /** A vCPU's index in its VM. */
  vcpuIndexOf(vcpu: number): number {
    return this.#identities[vcpu * RECORD_WORDS + VCPU_INDEX] as number;
  }

  /** The place of a vCPU's VM among all creations since boot, from 0. */
  creationOf(vcpu: number): number {
    return this.#identities[vcpu * RECORD_WORDS + CREATION] as number;
  }

  /** The CPU that a vCPU runs on, or NONE. */
  cpuOf(vcpu: number): number {
    return Math.max(NONE, this.#vcpus[vcpu * RECORD_WORDS + CPU] as number);
  }

  isBlocking(vcpu: number): boolean {
    return this.#vcpus[vcpu * RECORD_WORDS + CPU] === BLOCKING;
  }

  isAlive(vm: number): boolean {
    return this.#vcpusOf[vm] !== 0;
  }

  #createVm(vm: number, firstVcpu: number, count: number, firstVcpuId: number): void {
    const creation = this.createdVms++;
    this.aliveVms++;
    this.aliveVcpus += count;
    this.#vcpusOf[vm] = count;
    this.maxVcpuId = Math.max(this.maxVcpuId, firstVcpuId + count - 1);
    this.maxVcpuIndex = Math.max(this.maxVcpuIndex, count - 1);
    for (let index = 0; index < count; index++) {
      const record = (firstVcpu + index) * RECORD_WORDS;
      this.#vcpus.set(NEW_VCPU, record);
      this.#identities[record + VM] = vm;
      this.#identities[record + VCPU_ID] = firstVcpuId + index;
      this.#identities[record + VCPU_INDEX] = index;
      this.#identities[record + CREATION] = creation;
    }
  }

  #route(irq: number, vcpu: number, vector: number): void {
    const [at, owner] = [irq * RECORD_WORDS, vcpu * RECORD_WORDS];
    const first = this.#vcpus[owner + FIRST_IRQ] as number;
    this.#owners[irq] = vcpu;
    this.#irqs[at + VECTOR] = vector;
    this.#irqs[at + ROUTED_TO] = Math.max(0, this.#vcpus[owner + CPU] as number);
    this.#irqs[at + ROUTED_AT] = this.#vcpus[owner + LOADS] as number;
    this.#irqs[at + NEXT_IRQ] = first;
    this.#previous[irq] = NONE;
    if (first !== NONE) this.#previous[first] = irq;
    this.#vcpus[owner + FIRST_IRQ] = irq;
  }

  #unroute(irq: number): void {
    const vcpu = this.#owners[irq] as number;
    if (vcpu === NONE) return;
    const next = this.#irqs[irq * RECORD_WORDS + NEXT_IRQ] as number;
    const previous = this.#previous[irq] as number;
    if (next !== NONE) this.#previous[next] = previous;
    if (previous === NONE) this.#vcpus[vcpu * RECORD_WORDS + FIRST_IRQ] = next;
    else this.#irqs[previous * RECORD_WORDS + NEXT_IRQ] = next;
    this.#owners[irq] = NONE;
  }
}
