// What must be true of a host, kept by identity: which vCPU an irq is routed to, and where each vCPU runs. It knows
// nothing of tags, hashes or lists, and encodes IRTEs by itself, from the layout in the IOMMU specification.
import { hostDestination, hostVector } from '../machine/machine.js';
import type { Operation } from '../workloads/stream.js';

/** In place of a CPU or a vCPU: none. */
export const NONE = -1;

/** The words of an IRTE that do not depend on a tag: word 1 is the tag in guest mode, and 0 otherwise. */
export interface ExpectedIrte {
  readonly word0: number;
  readonly word2: number;
  readonly word3: number;
  readonly isGuestMode: boolean;
}

/** An entry that no irq has. */
const EMPTY_IRTE: ExpectedIrte = { word0: 0, word2: 0, word3: 0, isGuestMode: false };

interface Vm {
  readonly firstVcpu: number;
  readonly count: number;
  alive: boolean;
}

interface Vcpu {
  readonly vm: number;
  readonly id: number;
  cpu: number;
  blocking: boolean;
  readonly irqs: Set<number>;
}

interface Irq {
  vcpu: number;
  vector: number;
}

const VALID = 1;
const REMAP_LOWEST_PRIORITY_LOGICAL = (1 << 2) | (1 << 6);
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

/** The state of a host, changed by operations. */
export class Model {
  readonly vms: Vm[] = [];
  readonly vcpus: Vcpu[] = [];
  readonly irqs: Irq[] = [];

  /** The largest vCPU id so far; NONE before the first VM. */
  maxVcpuId = NONE;

  /** The strategy's policy for ga_log_intr. */
  readonly gaLog: 'always' | 'blocking';

  constructor(gaLog: 'always' | 'blocking') {
    this.gaLog = gaLog;
  }

  /** Takes an operation's effect on. */
  apply({ name, operand, argument, count, firstVcpuId }: Operation): void {
    switch (name) {
      case 'createVm':
        this.vms[operand] = { firstVcpu: argument, count, alive: true };
        this.maxVcpuId = Math.max(this.maxVcpuId, firstVcpuId + count - 1);
        for (let index = 0; index < count; index++) {
          const id = firstVcpuId + index;
          this.vcpus[argument + index] = { vm: operand, id, cpu: NONE, blocking: false, irqs: new Set() };
        }
        break;
      case 'destroyVm':
        this.vm(operand).alive = false;
        break;
      case 'allocIrq':
        this.irqs[operand] = { vcpu: NONE, vector: 0 };
        break;
      case 'freeIrq':
        delete this.irqs[operand];
        break;
      case 'route':
        this.#unroute(operand);
        Object.assign(this.irq(operand), { vcpu: argument >>> 8, vector: argument & 0xff });
        this.vcpu(argument >>> 8).irqs.add(operand);
        break;
      case 'unroute':
        this.#unroute(operand);
        break;
      case 'load':
        Object.assign(this.vcpu(operand), { cpu: argument, blocking: false });
        break;
      case 'put':
        Object.assign(this.vcpu(operand), { cpu: NONE, blocking: argument !== 0 });
        break;
      case 'interrupt':
      case 'drainGaLog':
        break;
    }
  }

  /** The entry that an irq has right after it was allocated, routed or unrouted; empty once it is freed. */
  irteOf(irq: number): ExpectedIrte {
    const state = this.irqs[irq];
    if (state === undefined) return EMPTY_IRTE;
    if (state.vcpu === NONE) return remapIrte(irq);
    const { cpu } = this.vcpu(state.vcpu);
    const page = backingPage(state.vcpu);
    const guest = {
      word0: VALID | GUEST_MODE,
      word2: state.vector | (page << 12),
      word3: page >>> 20,
      isGuestMode: true,
    };
    return this.runStateOver(guest, state.vcpu, cpu === NONE ? 0 : cpu);
  }

  /** A guest-mode entry with the running state of its vCPU, and this destination, in place of its own. */
  runStateOver(irte: ExpectedIrte, vcpu: number, destination: number): ExpectedIrte {
    const { cpu, blocking } = this.vcpu(vcpu);
    const isRun = cpu !== NONE;
    const logs = this.gaLog === 'always' || (!isRun && blocking);
    const kept = irte.word0 & 0xff & ~((1 << 2) | (1 << 6));
    return {
      ...irte,
      word0: kept | (logs ? 1 << 2 : 0) | (isRun ? 1 << 6 : 0) | (destination << 8),
      word3: (irte.word3 & 0x00ff_ffff) | (destination & 0xff00_0000),
    };
  }

  vm(vm: number): Vm {
    return this.vms[vm] as Vm;
  }

  vcpu(vcpu: number): Vcpu {
    return this.vcpus[vcpu] as Vcpu;
  }

  irq(irq: number): Irq {
    return this.irqs[irq] as Irq;
  }

  #unroute(irq: number): void {
    const state = this.irq(irq);
    if (state.vcpu !== NONE) this.vcpu(state.vcpu).irqs.delete(irq);
    state.vcpu = NONE;
  }
}
