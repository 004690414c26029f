// Runs a stream's operations on a strategy. The oracle, the timing and the reference run all use this code, so the
// timed code is the checked code.

import type { GaLogListener } from '../../machine/ga-log.js';
import type { HostParameters } from '../../machine/host.js';
import type { IommuHardware } from '../../machine/irte-cache.js';
import { createHost, type Host, type Machine } from '../../machine/machine.js';
import { type Address, type Memory, NULL } from '../../machine/memory.js';
import { devidOf } from '../../machine/pci-segment.js';
import type { Strategy } from '../../strategies/strategy.js';
import { HEADER_WORDS, OP, type OperationStream, operationWords } from '../../workloads/stream/stream.js';

/** Receives new vCPUs, and the deliveries of interrupts and GA log entries. */
export interface Observer {
  /** A vCPU was created: its number in the stream, and its address. */
  created(vcpu: number, address: Address): void;
  /** An interrupt arrived. @param delivery - One of DELIVERY. */
  interrupted(irq: number, delivery: number): void;
  /** The driver read a GA log entry, and the strategy woke this vCPU, or NULL. */
  woke(iommu: Address, tag: number, vcpu: Address): void;
}

/** Ignores everything. */
const NO_OBSERVER: Observer = { created() {}, interrupted() {}, woke() {} };

/** Makes a host in an unused memory, and the machine that the strategy sees; by default the host itself. */
export type HostMaker = (devices: number, listener: GaLogListener) => { host: Host; machine?: Machine };

/** Makes a host on which nothing is checked. */
export function plainHost(memory: Memory, parameters: HostParameters, hardware?: IommuHardware): HostMaker {
  return (devices, listener) => ({
    host: createHost(memory, parameters, devices, listener, undefined, hardware),
  });
}

/** A strategy on a host, driven by a stream. */
export interface Replay {
  readonly host: Host;
  /** Address of each VM by its number in the stream; NULL unless it exists. */
  readonly vms: Int32Array;
  /** Address of each vCPU by its number in the stream; NULL before its VM is first created. It outlives the VM. */
  readonly vcpus: Int32Array;
  /** Address that the strategy returned for each irq. */
  readonly irqs: Int32Array;
  /** Address of each irq's live IRTE. */
  readonly irtes: Int32Array;
  /** Runs the operation at an offset in words. @returns The offset of the next. */
  step(offset: number): number;
  /** Runs the setup, once. */
  setUp(): void;
  /** Runs the window, any number of times. */
  runWindow(): void;
}

/** Runs one operation; `offset` is its place in the stream. */
type Handler = (operand: number, argument: number, offset: number) => void;

/**
 * Makes a host and a strategy on it, before the setup.
 *
 * @throws TypeError if the stream was made for a host with another number of IOMMUs.
 */
export function createReplay(
  stream: OperationStream,
  strategy: Strategy,
  makeHost: HostMaker,
  observer: Observer = NO_OBSERVER,
): Replay {
  const { words, windowStart, windowEnd } = stream;
  const vms = new Int32Array(stream.vms);
  const vcpus = new Int32Array(stream.vcpus);
  const irqs = new Int32Array(stream.irqs);
  const irtes = new Int32Array(stream.irqs);
  let woken = NULL;
  const { host, machine = host } = makeHost(stream.devices, {
    notify(iommu, tag) {
      woken = NULL;
      const returned: unknown = hypervisor.wake(tag, iommu);
      if (returned !== undefined)
        throw new TypeError('wake() returned something: it calls machine.wakeUp(vcpu)');
      observer.woke(iommu, tag, woken);
    },
    wakeUp(vcpu) {
      if (woken !== NULL) throw new Error('one GA log entry woke two vCPUs');
      woken = vcpu;
    },
  });
  const { iommus, flush } = host.host;
  if (stream.iommus !== iommus) {
    throw new TypeError(`a stream for ${stream.iommus} IOMMUs on a host with ${iommus}`);
  }
  const hypervisor = strategy.create(machine);
  const flushesDevices = flush === 'per-device';

  function createVm(vm: number, firstVcpu: number, offset: number): void {
    const count = words[offset + 2] as number;
    const address = hypervisor.createVm(vm, firstVcpu, count, words[offset + 3] as number);
    vms[vm] = address;
    for (let index = 0; index < count; index++) {
      const vcpu = hypervisor.vcpuAt(address, index);
      vcpus[firstVcpu + index] = vcpu;
      observer.created(firstVcpu + index, vcpu);
    }
  }

  function allocIrq(irq: number, device: number): void {
    const devid = devidOf(device, iommus);
    const table = host.irqTable(host.iommuOf(devid), devid);
    irtes[irq] = host.irteAt(table, host.freeIrteIndex(table));
    irqs[irq] = hypervisor.allocIrq(irq, devid);
  }

  // Loads and puts, of which windows mostly consist, are called directly. Each other operation has one function, called
  // through a table. V8 then compiles each function by itself, as C would, and the code of a load does not depend on the
  // size of a route.
  const handlers: Handler[] = [];
  handlers[OP.createVm] = createVm;
  handlers[OP.destroyVm] = (vm) => {
    hypervisor.destroyVm(vms[vm] as number);
    vms[vm] = NULL;
  };
  handlers[OP.allocIrq] = allocIrq;
  handlers[OP.freeIrq] = (irq) => hypervisor.freeIrq(irqs[irq] as number);
  handlers[OP.route] = (irq, target) =>
    hypervisor.route(irqs[irq] as number, vcpus[target >>> 8] as number, target & 0xff);
  handlers[OP.unroute] = (irq) => hypervisor.unroute(irqs[irq] as number);
  handlers[OP.interrupt] = (irq) => observer.interrupted(irq, host.interrupt(irtes[irq] as number));
  handlers[OP.drainGaLog] = (iommu) => machine.drainGaLog(host.iommus[iommu] as Address);

  function step(offset: number): number {
    const word = words[offset] as number;
    const code = word & 15;
    const operand = word >>> 4;
    const argument = words[offset + 1] as number;
    if (code === OP.load) hypervisor.load(vcpus[operand] as number, argument);
    else if (code === OP.put) hypervisor.put(vcpus[operand] as number, argument !== 0);
    else (handlers[code] as Handler)(operand, argument, offset);
    if (flushesDevices) host.finishOperation();
    return offset + operationWords(code);
  }

  function run(start: number, end: number): void {
    for (let offset = start; offset < end; ) offset = step(offset);
  }

  return {
    host,
    vms,
    vcpus,
    irqs,
    irtes,
    step,
    setUp: () => run(HEADER_WORDS, windowStart),
    runWindow: () => run(windowStart, windowEnd),
  };
}
