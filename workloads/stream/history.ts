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
export interface EncodedHistory {
  readonly host: HostParameters;
  readonly words: Int32Array;
}

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

/** Builds the stream of a history, and maps the history's numbers to the stream's. */
class Renumbering {
  readonly #host: HostParameters;
  readonly #builder: StreamBuilder;
  readonly #vms = new Map<number, number>();
  readonly #vcpus = new Map<number, number>();
  readonly #irqs = new Map<number, number>();
  readonly #devices = new Map<number, number>();
  #deviceCount = 0;

  constructor(host: HostParameters) {
    this.#host = host;
    this.#builder = new StreamBuilder(host);
  }

  /** Appends an operation. @throws Error if no host could do it now, with the reason. */
  append({ name, operand, argument, count, firstVcpuId }: Operation): void {
    const builder = this.#builder;
    switch (name) {
      case 'createVm': {
        const { vm, firstVcpu } = builder.createVm(count, firstVcpuId);
        this.#vms.set(operand, vm);
        for (let index = 0; index < count; index++) this.#vcpus.set(argument + index, firstVcpu + index);
        break;
      }
      case 'destroyVm':
        builder.destroyVm(known(this.#vms, operand, 'VM'));
        break;
      case 'allocIrq':
        this.#irqs.set(operand, builder.allocIrq(this.#deviceOf(argument)));
        break;
      case 'freeIrq':
        builder.freeIrq(known(this.#irqs, operand, 'irq'));
        break;
      case 'route':
        builder.route(
          known(this.#irqs, operand, 'irq'),
          known(this.#vcpus, argument >>> 8, 'vCPU'),
          argument & 0xff,
        );
        break;
      case 'unroute':
        builder.unroute(known(this.#irqs, operand, 'irq'));
        break;
      case 'load':
        builder.load(known(this.#vcpus, operand, 'vCPU'), argument);
        break;
      case 'put':
        builder.put(known(this.#vcpus, operand, 'vCPU'), argument !== 0);
        break;
      case 'interrupt':
        builder.interrupt(known(this.#irqs, operand, 'irq'));
        break;
      case 'drainGaLog':
        if (operand >= this.#host.iommus) throw new Error(`there is no IOMMU ${operand}`);
        builder.drainGaLog(operand);
        break;
    }
  }

  finish(): OperationStream {
    return this.#builder.finishHistory();
  }

  /** The stream's device for a device of the history; a new one is the first unused device behind the same IOMMU. */
  #deviceOf(device: number): number {
    const { iommus } = this.#host;
    let place = this.#devices.get(device);
    if (place === undefined) {
      const taken = [...this.#devices.values()];
      place = device % iommus;
      while (taken.includes(place)) place += iommus;
      this.#devices.set(device, place);
    }
    while (this.#deviceCount <= place) {
      this.#builder.addDevice();
      this.#deviceCount++;
    }
    return place;
  }
}

function known(numbers: ReadonlyMap<number, number>, number: number, what: string): number {
  const value = numbers.get(number);
  if (value === undefined) throw new Error(`there is no such ${what}`);
  return value;
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
  const numbers = new Renumbering(host);
  operations.forEach((operation, index) => {
    try {
      numbers.append(operation);
    } catch (error) {
      onImpossible(index, (error as Error).message);
    }
  });
  return numbers.finish();
}
