// Runs a stream's operations on a strategy. The oracle, the timing and the reference run all go through here, so
// that what is timed is what was checked.
import type { HostParameters } from '../machine/host.js';
import { createHost, type Host } from '../machine/machine.js';
import { type Address, type Memory, NULL } from '../machine/memory.js';
import type { Hypervisor, Strategy } from '../strategies/strategy.js';
import { HEADER_WORDS, OP, type OperationStream } from '../workloads/stream.js';

/** Hears what interrupts and GA log entries came to. */
export interface Observer {
  /** An interrupt arrived. @param delivery - One of DELIVERY. */
  interrupted(irq: number, delivery: number): void;
  /** The driver read a GA log entry, and the strategy named this vCPU, or NULL. */
  woke(iommu: Address, tag: number, vcpu: Address): void;
}

/** A strategy on a host, with the stream that drives it. */
export interface Replay {
  readonly host: Host;
  readonly hypervisor: Hypervisor;
  /** Address of each vCPU by its number in the stream; NULL before its VM is created. */
  readonly vcpus: Int32Array;
  /** Address of each irq's live IRTE. */
  readonly irtes: Int32Array;
  /** Runs the operation at an offset in words. @returns The offset of the next. */
  step(offset: number): number;
  /** Runs the setup, once. */
  setUp(): void;
  /** Runs the window, any number of times. */
  runWindow(): void;
}

/**
 * Makes a host in an unused memory and a strategy on it, before the setup.
 *
 * @throws TypeError if the stream was made for a host with another number of IOMMUs.
 */
export function createReplay(
  stream: OperationStream,
  strategy: Strategy,
  parameters: HostParameters,
  memory: Memory,
  observer: Observer,
): Replay {
  if (stream.iommus !== parameters.iommus) {
    throw new TypeError(`a stream for ${stream.iommus} IOMMUs on a host with ${parameters.iommus}`);
  }
  const { words, windowStart, windowEnd } = stream;
  const vms = new Int32Array(stream.vms);
  const vcpus = new Int32Array(stream.vcpus);
  const irqs = new Int32Array(stream.irqs);
  const irtes = new Int32Array(stream.irqs);
  const host = createHost(memory, parameters, stream.devices, (iommu, tag) =>
    observer.woke(iommu, tag, hypervisor.wake(tag, iommu)),
  );
  const hypervisor = strategy.create(host);
  const flushesDevices = parameters.flush === 'per-device';

  function createVm(vm: number, offset: number): void {
    const firstVcpu = words[offset + 1] as number;
    const count = words[offset + 2] as number;
    const address = hypervisor.createVm(vm, firstVcpu, count, words[offset + 3] as number);
    vms[vm] = address;
    for (let index = 0; index < count; index++) {
      vcpus[firstVcpu + index] = hypervisor.vcpuAt(address, index);
    }
  }

  function allocIrq(irq: number, devid: number): void {
    irtes[irq] = host.irteAt(devid, host.freeIrteIndex(devid));
    irqs[irq] = hypervisor.allocIrq(irq, devid);
  }

  function step(offset: number): number {
    const word = words[offset] as number;
    const operand = word >>> 4;
    const argument = words[offset + 1] as number;
    switch (word & 15) {
      case OP.load:
        hypervisor.load(vcpus[operand] as number, argument);
        break;
      case OP.put:
        hypervisor.put(vcpus[operand] as number, argument !== 0);
        break;
      case OP.interrupt:
        observer.interrupted(operand, host.interrupt(irtes[operand] as number));
        break;
      case OP.drainGaLog:
        host.drainGaLog(host.iommus[operand] as Address);
        break;
      case OP.route:
        hypervisor.route(irqs[operand] as number, vcpus[argument >>> 8] as number, argument & 0xff);
        break;
      case OP.unroute:
        hypervisor.unroute(irqs[operand] as number);
        break;
      case OP.createVm:
        createVm(operand, offset);
        return offset + 4;
      case OP.destroyVm:
        hypervisor.destroyVm(vms[operand] as number);
        vms[operand] = NULL;
        break;
      case OP.allocIrq:
        allocIrq(operand, argument);
        break;
      case OP.freeIrq:
        hypervisor.freeIrq(irqs[operand] as number);
        break;
      default:
        throw new TypeError(`no operation has the code ${word & 15}`);
    }
    if (flushesDevices) host.finishOperation();
    return offset + 2;
  }

  function run(start: number, end: number): void {
    for (let offset = start; offset < end; ) offset = step(offset);
  }

  return {
    host,
    hypervisor,
    vcpus,
    irtes,
    step,
    setUp: () => run(HEADER_WORDS, windowStart),
    runWindow: () => run(windowStart, windowEnd),
  };
}
