// Operations in kernel terms, one line each, and a whole history as numbered steps. VMs count from 1, as vm_ids do.
// history-text.ts reads the steps back.
import { HOST_PRESETS, type HostParameters } from '../../machine/host.js';
import type { Operation } from './stream.js';

/** Tells which vCPU of which VM a number in the stream is. */
export interface VcpuNames {
  /** Whether the stream has created this vCPU. */
  hasVcpu(vcpu: number): boolean;
  vmOf(vcpu: number): number;
  vcpuIdOf(vcpu: number): number;
}

/** Names a vCPU by its VM and its id. */
export function describeVcpu(vcpu: number, names: VcpuNames): string {
  if (!names.hasVcpu(vcpu)) return `vcpu number ${vcpu}`;
  return `vm ${names.vmOf(vcpu) + 1} vcpu ${names.vcpuIdOf(vcpu)}`;
}

/** "irq 3", "irqs 3-5". */
const numbered = (noun: string, first: number, count: number): string =>
  count === 1 ? `${noun} ${first}` : `${noun}s ${first}-${first + count - 1}`;

type Describe = (operation: Operation, names: VcpuNames, run: number) => string;

const DESCRIBE: Readonly<Record<Operation['name'], Describe>> = {
  createVm: ({ operand, count, firstVcpuId }, _, run) =>
    `create ${numbered('VM', operand + 1, run)} with ${numbered('vCPU', firstVcpuId, count)}${run === 1 ? '' : ' each'}`,
  destroyVm: ({ operand }, _, run) => `destroy ${numbered('VM', operand + 1, run)}`,
  allocIrq: ({ operand, argument }, _, run) =>
    `allocate ${numbered('irq', operand, run)} of device ${argument}`,
  freeIrq: ({ operand }, _, run) => `free ${numbered('irq', operand, run)}`,
  route({ operand, argument }, names, run) {
    const vector = (argument & 0xff).toString(16).padStart(2, '0');
    return `route ${numbered('irq', operand, run)} to ${describeVcpu(argument >>> 8, names)}, vector 0x${vector}`;
  },
  unroute: ({ operand }, _, run) => `unroute ${numbered('irq', operand, run)}`,
  load: ({ operand, argument }, names) => `load ${describeVcpu(operand, names)} on CPU ${argument}`,
  put: ({ operand, argument }, names) =>
    `put ${describeVcpu(operand, names)}, ${argument === 0 ? 'preempted' : 'blocking'}`,
  interrupt: ({ operand }, _, run) => `interrupt ${numbered('irq', operand, run)}`,
  drainGaLog: ({ operand }, _, run) =>
    `drain the GA log${run === 1 ? '' : 's'} of ${numbered('IOMMU', operand, run)}`,
};

/**
 * A run of operations in words, such as "load vm 4 vcpu 15 on CPU 2" or "create VMs 2-256 with vCPU 0 each".
 *
 * @param operation - The first operation of the run.
 * @param run - Operations in the run. Each is on the next VM, irq or IOMMU, and otherwise the same.
 */
export function describeOperation(operation: Operation, names: VcpuNames, run = 1): string {
  return DESCRIBE[operation.name](operation, names, run);
}

/** The names of the vCPUs that operations create. */
export function namesIn(operations: readonly Operation[]): VcpuNames {
  const vcpus = new Map<number, { readonly vm: number; readonly id: number }>();
  for (const { name, operand, argument, count, firstVcpuId } of operations) {
    if (name !== 'createVm') continue;
    for (let index = 0; index < count; index++) {
      vcpus.set(argument + index, { vm: operand, id: firstVcpuId + index });
    }
  }
  return {
    hasVcpu: (vcpu) => vcpus.has(vcpu),
    vmOf: (vcpu) => vcpus.get(vcpu)?.vm ?? 0,
    vcpuIdOf: (vcpu) => vcpus.get(vcpu)?.id ?? 0,
  };
}

/** Whether an operation continues a run of `length` operations that `first` began. A load or put has no runs. */
function continuesRun(first: Operation, next: Operation, length: number): boolean {
  return (
    first.name !== 'load' &&
    first.name !== 'put' &&
    next.name === first.name &&
    next.operand === first.operand + length &&
    (next.argument === first.argument || first.name === 'createVm') &&
    next.count === first.count &&
    next.firstVcpuId === first.firstVcpuId
  );
}

const isSame = (one: Operation, other: Operation): boolean =>
  one.name === other.name && one.operand === other.operand && one.argument === other.argument;

/** Operations from `start` on that belong with the first, which counts as one. */
function countTogether(
  operations: readonly Operation[],
  start: number,
  belongs: (first: Operation, next: Operation, distance: number) => boolean,
): number {
  const first = operations[start] as Operation;
  let end = start + 1;
  while (end < operations.length && belongs(first, operations[end] as Operation, end - start)) end++;
  return end - start;
}

/** The operations as steps: a run of similar operations is one step. Their VMs must be numbered in order. */
export function stepsOf(operations: readonly Operation[]): string[] {
  const names = namesIn(operations);
  const steps: string[] = [];
  for (let index = 0; index < operations.length; ) {
    const run = countTogether(operations, index, continuesRun);
    const times = run === 1 ? countTogether(operations, index, isSame) : 1;
    const step = describeOperation(operations[index] as Operation, names, run);
    steps.push(times === 1 ? step : `${step}, ${times} times`);
    index += run * times;
  }
  return steps;
}

/** The host parameters that differ from the preset v6.8, as KEY=VALUE. */
export function describeHost(host: HostParameters): string {
  const preset: Record<string, unknown> = HOST_PRESETS['v6.8'];
  const changed = Object.entries(host).filter(([key, value]) => preset[key] !== value);
  return changed.map(([key, value]) => `${key}=${value}`).join(' ');
}
