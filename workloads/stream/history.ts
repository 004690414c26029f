// A history: a host and a sequence of operations on it. A workload is generated and timed; a history is generated or
// written by hand, minimised, and judged. After its last operation everything is freed, as in the teardown of a
// workload.
import type { HostParameters } from '../../machine/host.js';
import { HEADER_WORDS, type Operation, type OperationStream, operationAt, operationWords } from './stream.js';
import { StreamBuilder } from './stream-builder.js';

/** A host and the operations on it. */
export interface History {
  readonly host: HostParameters;
  readonly operations: readonly Operation[];
}

/** A history as the words of its stream. */
export type EncodedHistory = Pick<History, 'host'> & Pick<OperationStream, 'words'>;

/** The operations between two offsets of a stream, in words. */
export function operationsOf(
  { words }: OperationStream,
  start = HEADER_WORDS,
  end = words.length,
): Operation[] {
  const operations: Operation[] = [];
  for (let offset = start; offset < end; offset += operationWords((words[offset] as number) & 15)) {
    operations.push(operationAt(words, offset));
  }
  return operations;
}

/**
 * Makes the stream of a history, with VMs, irqs and devices numbered in order of appearance. The history becomes the
 * setup of the stream, and the window is empty.
 *
 * @param onImpossible - Called for an operation that no host could do at its place. That operation is left out.
 */
export function historyStream(
  { host, operations }: History,
  onImpossible: (index: number, reason: string) => void = () => {},
): OperationStream {
  const { iommus } = host;
  const builder = new StreamBuilder(host);
  // The stream's number of each VM, vCPU, irq and device of the history.
  const vms = new Map<number, number>();
  const vcpus = new Map<number, number>();
  const irqs = new Map<number, number>();
  const devices = new Map<number, number>();
  let deviceCount = 0;
  const vcpuOf = (vcpu: number): number => known(vcpus, vcpu, 'vCPU');
  const irqOf = (irq: number): number => known(irqs, irq, 'irq');

  /** The stream's device for a device of the history; a new one is the first unused device behind the same IOMMU. */
  function deviceOf(device: number): number {
    let place = devices.get(device);
    if (place === undefined) {
      const taken = [...devices.values()];
      place = device % iommus;
      while (taken.includes(place)) place += iommus;
      devices.set(device, place);
    }
    for (; deviceCount <= place; deviceCount++) builder.addDevice();
    return place;
  }

  /** Each appends an operation, and throws an error with the reason if no host could do it now. */
  const append: Readonly<Record<Operation['name'], (operation: Operation) => void>> = {
    createVm({ operand, argument, count, firstVcpuId }) {
      const { vm, firstVcpu } = builder.createVm(count, firstVcpuId);
      vms.set(operand, vm);
      for (let index = 0; index < count; index++) vcpus.set(argument + index, firstVcpu + index);
    },
    destroyVm: ({ operand }) => builder.destroyVm(known(vms, operand, 'VM')),
    allocIrq: ({ operand, argument }) => irqs.set(operand, builder.allocIrq(deviceOf(argument))),
    freeIrq: ({ operand }) => builder.freeIrq(irqOf(operand)),
    route: ({ operand, argument }) => builder.route(irqOf(operand), vcpuOf(argument >>> 8), argument & 0xff),
    unroute: ({ operand }) => builder.unroute(irqOf(operand)),
    load: ({ operand, argument }) => builder.load(vcpuOf(operand), argument),
    put: ({ operand, argument }) => builder.put(vcpuOf(operand), argument !== 0),
    interrupt: ({ operand }) => builder.interrupt(irqOf(operand)),
    drainGaLog({ operand }) {
      if (operand >= iommus) throw new Error(`there is no IOMMU ${operand}`);
      builder.drainGaLog(operand);
    },
  };

  operations.forEach((operation, index) => {
    try {
      append[operation.name](operation);
    } catch (error) {
      onImpossible(index, (error as Error).message);
    }
  });
  return builder.finishHistory();
}

function known(numbers: ReadonlyMap<number, number>, number: number, what: string): number {
  const value = numbers.get(number);
  if (value === undefined) throw new Error(`there is no such ${what}`);
  return value;
}
