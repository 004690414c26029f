// A case: a small host, a setup, and concurrent operations of different CPUs. As a stream it is the setup, these
// operations in some order, and an epilogue that shows their effects.
import type { HostParameters } from '../../../machine/host.js';
import { historyStream, operationsOf } from '../../../workloads/stream/history.js';
import {
  HEADER_WORDS,
  OP,
  type Operation,
  type OperationStream,
  operationWords,
} from '../../../workloads/stream/stream.js';
import { Model, NONE } from '../../oracle/model.js';

/** A case. VMs, vCPUs and irqs are numbered in the order of their creation. */
export interface ScheduleCase {
  readonly host: HostParameters;
  readonly setup: readonly Operation[];
  /** One for each CPU; two or three. */
  readonly concurrent: readonly Operation[];
}

/** The epilogue loads vCPU number N on CPU FRESH_CPU + N. No case uses these CPUs. */
const FRESH_CPU = 100;

/** Vectors of the epilogue's routes. */
const FRESH_VECTOR = 0x80;

/** An operation of a case. */
export const operation = (name: Operation['name'], operand: number, argument = 0, count = 0): Operation => ({
  name,
  operand,
  argument,
  count,
  firstVcpuId: 0,
});

const upTo = (end: number): number[] => Array.from({ length: end }, (_, index) => index);

/**
 * Operations that show every error of the concurrent ones: a route reads each vCPU's state, a load and a put walk its
 * list, and a drain resolves its tag.
 */
function epilogueOf({ host, setup, concurrent }: ScheduleCase): Operation[] {
  const given = [...setup, ...concurrent];
  const { vms, vcpus: allVcpus, irqs } = historyStream({ host, operations: given });
  // Each VM may receive one more irq.
  const model = new Model('always', { vms, vcpus: allVcpus, irqs: irqs + vms });
  const operations: Operation[] = [];
  const add = (...more: Operation[]): void => {
    for (const each of more) model.apply(each);
    operations.push(...more);
  };
  for (const each of given) model.apply(each);
  const vcpus = upTo(allVcpus).filter((vcpu) => model.isAlive(model.vmOf(vcpu)));
  const routed = (): number[] => upTo(irqs + vms).filter((irq) => model.vcpuOf(irq) !== NONE);
  const drains = upTo(host.iommus).map((iommu) => operation('drainGaLog', iommu));
  const interrupts = (): Operation[] => routed().map((irq) => operation('interrupt', irq));

  add(...drains);
  let next = irqs;
  for (const vm of upTo(vms).filter((each) => model.isAlive(each))) {
    if (routed().some((irq) => model.vmOf(model.vcpuOf(irq)) === vm)) continue;
    const vcpu = vcpus.find((each) => model.vmOf(each) === vm) as number;
    add(operation('allocIrq', next, 0), operation('route', next++, (vcpu << 8) | FRESH_VECTOR));
  }
  add(...routed().map((irq) => operation('route', irq, (model.vcpuOf(irq) << 8) | (FRESH_VECTOR + irq))));
  add(...vcpus.filter((vcpu) => model.cpuOf(vcpu) !== NONE).map((vcpu) => operation('put', vcpu)));
  add(...vcpus.map((vcpu) => operation('load', vcpu, FRESH_CPU + vcpu)));
  add(...interrupts());
  add(...vcpus.map((vcpu) => operation('put', vcpu, 1)));
  add(...interrupts(), ...drains);
  return operations;
}

/**
 * Makes the stream of a case, with the concurrent operations in the order of their CPUs.
 *
 * @throws Error if no host can run the case.
 */
export function caseStream(scheduled: ScheduleCase) {
  const { host, setup, concurrent } = scheduled;
  const given = [...setup, ...concurrent, ...epilogueOf(scheduled)];
  const stream = historyStream({ host, operations: given }, (index, reason) => {
    throw new Error(`operation ${index} of a case: ${reason}`);
  });
  const operations = operationsOf(stream, HEADER_WORDS, stream.windowStart);
  if (operations.length !== given.length) throw new Error('a case destroys a VM with a running vCPU');
  const offsets: number[] = [];
  let offset = HEADER_WORDS;
  for (const { name } of operations) {
    offsets.push(offset);
    offset += operationWords(OP[name]);
  }
  const end = setup.length + concurrent.length;
  return {
    host,
    stream,
    setup: operations.slice(0, setup.length),
    concurrent: operations.slice(setup.length, end),
    /** Offset of each concurrent operation, in words. */
    offsets: offsets.slice(setup.length, end),
    /** Offset of the epilogue and the teardown. */
    epilogue: offsets[end] ?? offset,
  };
}

/** A case as a stream. */
export type CaseStream = ReturnType<typeof caseStream>;

/** The stream with the concurrent operations in this order of their CPUs. */
export function streamInOrder(
  { stream, offsets, epilogue }: CaseStream,
  order: readonly number[],
): OperationStream {
  const words = stream.words.slice();
  const starts = [...offsets, epilogue];
  let at = offsets[0] as number;
  for (const cpu of order) {
    const piece = stream.words.subarray(starts[cpu], starts[cpu + 1]);
    words.set(piece, at);
    at += piece.length;
  }
  return { ...stream, words };
}

/** All orders of a number of CPUs. */
export function ordersOf(cpus: number): number[][] {
  const extended = (order: number[]): number[][] =>
    order.length === cpus
      ? [order]
      : upTo(cpus)
          .filter((cpu) => !order.includes(cpu))
          .flatMap((cpu) => extended([...order, cpu]));
  return extended([]);
}
