// Builds a stream: it knows enough of the host to refuse an impossible operation and to close the window.
import { isDeepStrictEqual } from 'node:util';
import type { HostParameters } from '../../machine/host.js';
import { GA_LOG_ENTRIES } from '../../machine/iommus.js';
import { devicesPerIommu } from '../../machine/pci-segment.js';
import { UsageError } from '../../machine/usage-error.js';
import { HEADER_WORDS, OP, type OperationStream, sealStream } from './stream.js';

/** Largest operand of an operation. */
const MAX_OPERAND = (1 << 28) - 1;
/** Largest vCPU number: a route keeps it in one word with the vector. */
const MAX_VCPU = (1 << 24) - 1;

const NOT_RUNNING = -1;
const NOT_ROUTED = -1;

/** Lowest vector of a device in a guest; the vectors below are exceptions or reserved. */
export const FIRST_DEVICE_VECTOR = 0x20;

interface Vm {
  readonly first: number;
  readonly count: number;
  /** Irqs routed to its vCPUs. */
  routed: number;
}

interface Vcpu {
  readonly vm: number;
  cpu: number;
  blocking: boolean;
  /** CPU of the last load. */
  destination: number;
  /** Whether all its IRTEs have that destination. An irq that is routed while the vCPU does not run has not. */
  hasOneDestination: boolean;
}

interface Irq {
  readonly device: number;
  vcpu: number;
  vector: number;
}

/**
 * Writes a stream operation by operation, and refuses an operation that no host could do. {@link finish} closes the
 * window: it appends the operations that bring every vCPU, route and IRTE back to their state at its start. A window that
 * creates VMs or irqs must itself destroy and free them.
 *
 * @remarks It allows several vCPUs on one CPU, because closing a window passes each vCPU through its own CPU.
 */
export class StreamBuilder {
  readonly #host: HostParameters;
  readonly #words = new Array<number>(HEADER_WORDS).fill(0);
  #operations = 0;

  readonly #vms: (Vm | undefined)[] = [];
  readonly #vcpus: Vcpu[] = [];
  readonly #irqs: (Irq | undefined)[] = [];
  readonly #entriesOfDevice: number[] = [];
  readonly #logged: number[];
  #cpus = 0;

  #windowStart = 0;
  #windowFirstOperation = 0;
  #startVcpus: Vcpu[] = [];
  #startIrqs: (Irq | undefined)[] = [];
  #startVms = '';

  constructor(host: HostParameters) {
    this.#host = host;
    this.#logged = new Array<number>(host.iommus).fill(0);
  }

  /** Operations written since {@link beginWindow}. */
  get windowOperations(): number {
    return this.#operations - this.#windowFirstOperation;
  }

  /** Adds a device; its number modulo the IOMMUs of the host is its IOMMU. */
  addDevice(): number {
    const { iommus } = this.#host;
    const most = devicesPerIommu(iommus) * iommus;
    if (this.#entriesOfDevice.length === most) {
      throw new UsageError(`more than ${most} devices: use fewer, or more IRTEs on each`);
    }
    return this.#entriesOfDevice.push(0) - 1;
  }

  /**
   * Creates a VM.
   *
   * @param firstVcpuId - The id of its first vCPU; the others count up from there.
   * @returns The VM, and the number of its first vCPU; the others follow.
   */
  createVm(count: number, firstVcpuId = 0): { vm: number; firstVcpu: number } {
    const vm = this.#vms.length;
    const firstVcpu = this.#vcpus.length;
    if (firstVcpu + count > MAX_VCPU) throw new UsageError(`more than ${MAX_VCPU} vCPUs`);
    this.#emit(OP.createVm, vm, firstVcpu);
    this.#words.push(count, firstVcpuId);
    this.#vms.push({ first: firstVcpu, count, routed: 0 });
    for (let index = 0; index < count; index++) {
      this.#vcpus.push({ vm, cpu: NOT_RUNNING, blocking: false, destination: 0, hasOneDestination: true });
    }
    return { vm, firstVcpu };
  }

  /** Destroys a VM whose irqs are all unrouted. It first puts the vCPUs that run. */
  destroyVm(vm: number): void {
    const { first, count, routed } = this.#vm(vm);
    if (routed > 0) throw new Error(`destroyVm(${vm}) with ${routed} irqs still routed to it`);
    for (let vcpu = first; vcpu < first + count; vcpu++) {
      if (this.isRunning(vcpu)) this.put(vcpu, false);
    }
    for (const state of this.#vcpus.slice(first, first + count)) state.hasOneDestination = true;
    this.#emit(OP.destroyVm, vm, 0);
    this.#vms[vm] = undefined;
  }

  /** Gives a device one more interrupt, in remap mode. @returns The irq. */
  allocIrq(device: number): number {
    const entries = this.#entriesOfDevice[device];
    if (entries === undefined) throw new Error(`allocIrq on device ${device}, which was not added`);
    if (entries === this.#host.irqTableEntries) {
      throw new UsageError(
        `device ${device} needs more than the ${entries} IRTEs of its table (host parameter irqTableEntries)`,
      );
    }
    const irq = this.#irqs.length;
    this.#emit(OP.allocIrq, irq, device);
    this.#entriesOfDevice[device] = entries + 1;
    this.#irqs.push({ device, vcpu: NOT_ROUTED, vector: 0 });
    return irq;
  }

  /** Frees an irq that is not routed. */
  freeIrq(irq: number): void {
    const { device, vcpu } = this.#irq(irq);
    if (vcpu !== NOT_ROUTED) throw new Error(`freeIrq(${irq}) while routed`);
    this.#emit(OP.freeIrq, irq, 0);
    this.#entriesOfDevice[device] = (this.#entriesOfDevice[device] as number) - 1;
    this.#irqs[irq] = undefined;
  }

  /**
   * Posts an irq to a vCPU: for the first time, with a new vector, or away from another vCPU of the same VM. A device
   * belongs to one VM at a time.
   */
  route(irq: number, vcpu: number, vector: number): void {
    const entry = this.#irq(irq);
    const target = this.#vcpu(vcpu);
    if (entry.vcpu !== NOT_ROUTED && this.#vcpu(entry.vcpu).vm !== target.vm) {
      throw new Error(`route(${irq}) from VM ${this.#vcpu(entry.vcpu).vm} straight to VM ${target.vm}`);
    }
    this.#emit(OP.route, irq, (vcpu << 8) | vector);
    if (entry.vcpu === NOT_ROUTED) this.#vmOf(vcpu).routed++;
    entry.vcpu = vcpu;
    entry.vector = vector;
    if (target.cpu === NOT_RUNNING) target.hasOneDestination = false;
  }

  /** Returns an irq to the host. */
  unroute(irq: number): void {
    const entry = this.#irq(irq);
    if (entry.vcpu === NOT_ROUTED) throw new Error(`unroute(${irq}), which is not routed`);
    this.#emit(OP.unroute, irq, 0);
    this.#vmOf(entry.vcpu).routed--;
    entry.vcpu = NOT_ROUTED;
  }

  /** Loads a vCPU on a CPU. It must not run yet. */
  load(vcpu: number, cpu: number): void {
    const state = this.#vcpu(vcpu);
    if (state.cpu !== NOT_RUNNING) throw new Error(`load(${vcpu}) while on CPU ${state.cpu}`);
    this.#emit(OP.load, vcpu, cpu);
    this.#vcpus[vcpu] = { vm: state.vm, cpu, blocking: false, destination: cpu, hasOneDestination: true };
    this.#cpus = Math.max(this.#cpus, cpu + 1);
  }

  /** Takes a running vCPU off its CPU, because it blocks or because it was preempted. */
  put(vcpu: number, blocking: boolean): void {
    const state = this.#vcpu(vcpu);
    if (state.cpu === NOT_RUNNING) throw new Error(`put(${vcpu}) while not running`);
    this.#emit(OP.put, vcpu, blocking ? 1 : 0);
    state.cpu = NOT_RUNNING;
    state.blocking = blocking;
  }

  /** A device raises an irq. */
  interrupt(irq: number): void {
    const iommu = this.iommuOf(irq);
    this.#emit(OP.interrupt, irq, 0);
    this.#logged[iommu] = (this.#logged[iommu] as number) + 1;
  }

  /** The driver reads the GA log of an IOMMU. */
  drainGaLog(iommu: number): void {
    this.#emit(OP.drainGaLog, iommu, 0);
    this.#logged[iommu] = 0;
  }

  /** The IOMMU that an irq's device is behind. */
  iommuOf(irq: number): number {
    return this.#irq(irq).device % this.#host.iommus;
  }

  /** Whether a vCPU is on a CPU. */
  isRunning(vcpu: number): boolean {
    return this.#vcpu(vcpu).cpu !== NOT_RUNNING;
  }

  /** The vCPU that an irq is routed to, or -1. */
  routedTo(irq: number): number {
    return this.#irq(irq).vcpu;
  }

  /**
   * Ends the setup and begins the window. It first drains the logs, and loads and puts every vCPU whose IRTEs have
   * different destinations.
   */
  beginWindow(): void {
    this.#drainAll();
    this.#vcpus.forEach((state, vcpu) => {
      if (state.hasOneDestination) return;
      const { blocking, destination } = state;
      this.load(vcpu, destination);
      this.put(vcpu, blocking);
    });
    this.#windowStart = this.#words.length;
    this.#windowFirstOperation = this.#operations;
    this.#startVcpus = this.#vcpus.map((vcpu) => ({ ...vcpu }));
    this.#startIrqs = this.#irqs.map((irq) => irq && { ...irq });
    this.#startVms = this.#vmState();
  }

  /**
   * Closes the window, appends the teardown, and returns the stream.
   *
   * @remarks The teardown puts every vCPU, interrupts through each routed irq once and drains the logs, so that every
   * tag in use is looked up. Then it frees everything.
   */
  finish(): OperationStream {
    if (this.#vmState() !== this.#startVms) {
      throw new Error('a window must leave the VMs and irqs that it found');
    }
    this.#startIrqs.forEach((start, irq) => {
      if (start === undefined) return;
      const now = this.#irq(irq);
      if (now.vcpu === start.vcpu && now.vector === start.vector) return;
      if (now.vcpu !== NOT_ROUTED && start.vcpu === NOT_ROUTED) this.unroute(irq);
      else if (start.vcpu !== NOT_ROUTED) this.route(irq, start.vcpu, start.vector);
    });
    const changed = [...this.#startVcpus.keys()].filter(
      (vcpu) => !isDeepStrictEqual(this.#vcpus[vcpu], this.#startVcpus[vcpu]),
    );
    for (const vcpu of changed) {
      if (this.isRunning(vcpu)) this.put(vcpu, false);
    }
    for (const vcpu of changed) {
      const start = this.#startVcpus[vcpu] as Vcpu;
      this.load(vcpu, start.destination);
      if (start.cpu === NOT_RUNNING) this.put(vcpu, start.blocking);
    }
    this.#drainAll();
    return this.#seal();
  }

  /** Appends the teardown; the window ends here. */
  #seal(): OperationStream {
    const windowEnd = this.#words.length;
    const windowOperations = this.windowOperations;
    this.#vcpus.forEach((state, vcpu) => {
      if (state.cpu !== NOT_RUNNING) this.put(vcpu, true);
    });
    this.#irqs.forEach((entry, irq) => {
      if (entry === undefined || entry.vcpu === NOT_ROUTED) return;
      const iommu = this.iommuOf(irq);
      if (this.#logged[iommu] === GA_LOG_ENTRIES - 1) this.drainGaLog(iommu);
      this.interrupt(irq);
    });
    this.#drainAll();
    this.#irqs.forEach((entry, irq) => {
      if (entry === undefined) return;
      if (entry.vcpu !== NOT_ROUTED) this.unroute(irq);
      this.freeIrq(irq);
    });
    this.#vms.forEach((state, vm) => {
      if (state !== undefined) this.destroyVm(vm);
    });
    return sealStream(new Int32Array(this.#words), {
      vms: this.#vms.length,
      vcpus: this.#vcpus.length,
      irqs: this.#irqs.length,
      devices: this.#entriesOfDevice.length,
      cpus: this.#cpus,
      iommus: this.#host.iommus,
      windowStart: this.#windowStart,
      windowEnd,
      windowOperations,
    });
  }

  /** Ends a stream that is not a workload: all of it is setup, the window is empty, and the teardown follows. */
  finishHistory(): OperationStream {
    this.#windowStart = this.#words.length;
    this.#windowFirstOperation = this.#operations;
    return this.#seal();
  }

  #drainAll(): void {
    this.#logged.forEach((entries, iommu) => {
      if (entries > 0) this.drainGaLog(iommu);
    });
  }

  /** The VMs and irqs that exist, as text for a comparison. */
  #vmState(): string {
    const existing = (states: readonly unknown[]): string =>
      [...states.keys()].filter((number) => states[number] !== undefined).join();
    return `${existing(this.#vms)}/${existing(this.#irqs)}`;
  }

  #vm(vm: number): Vm {
    const state = this.#vms[vm];
    if (state === undefined) throw new Error(`there is no VM ${vm}`);
    return state;
  }

  #vmOf(vcpu: number): Vm {
    return this.#vm(this.#vcpu(vcpu).vm);
  }

  #vcpu(vcpu: number): Vcpu {
    const state = this.#vcpus[vcpu];
    if (state === undefined || this.#vms[state.vm] === undefined) throw new Error(`there is no vCPU ${vcpu}`);
    return state;
  }

  #irq(irq: number): Irq {
    const state = this.#irqs[irq];
    if (state === undefined) throw new Error(`there is no irq ${irq}`);
    return state;
  }

  #emit(code: number, operand: number, argument: number): void {
    if (operand > MAX_OPERAND) throw new UsageError(`operand ${operand} is above ${MAX_OPERAND}`);
    this.#operations++;
    this.#words.push((operand << 4) | code, argument);
  }
}
