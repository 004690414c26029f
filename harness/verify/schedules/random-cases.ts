// Random cases: a small host in a random state, with two or three operations that a kernel can run concurrently.
import { HOST_PRESETS, type HostParameters } from '../../../machine/host.js';
import type { Random } from '../../../machine/random.js';
import type { Operation } from '../../../workloads/stream/stream.js';
import { Model, NONE } from '../../oracle/model.js';
import { operation, type ScheduleCase } from './schedule-case.js';

/** Limits of a case. */
const MAX_VMS = 3;
const MAX_VCPUS = 3;
const MAX_IRQS = 6;

/** An operation with the objects that it needs: exclusively, or shared with others. */
interface Possible {
  readonly operation: Operation;
  readonly exclusive: readonly string[];
  readonly shared: readonly string[];
}

/** Whether a kernel never runs the two concurrently. */
function exclude(one: Possible, other: Possible): boolean {
  const excludes = ({ exclusive }: Possible, needs: Possible): boolean =>
    exclusive.some((object) => [...needs.exclusive, ...needs.shared].includes(object));
  return excludes(one, other) || excludes(other, one);
}

function randomHost(random: Random): HostParameters {
  return {
    ...HOST_PRESETS['v6.8'],
    iommus: 1 + random.below(3),
    irqTableEntries: 256,
    hashBits: 1 + random.below(4),
    hashMultiplier: random.pick(['v4.7', 'v4.6'] as const),
    pointerBytes: random.pick([4, 8] as const),
    heap: 'packed',
    // Either hardly more ids than vCPUs, or many. One VM more may be created.
    maxVmId: random.pick([(MAX_VMS + 1) * MAX_VCPUS, 1000]),
    tableLookup: random.pick(['global-lock', 'lockless'] as const),
    commandLock: random.pick(['per-command', 'per-flush'] as const),
    // Not per device: the host gathers those flushes in one list, which is for one CPU.
    flush: random.pick(['per-entry', 'none'] as const),
  };
}

const routeOf = (irq: number, vcpu: number): Operation => operation('route', irq, (vcpu << 8) | (0x30 + irq));

/** A host in a random state. */
function randomState(random: Random) {
  const host = randomHost(random);
  const model = new Model('always', { vms: MAX_VMS, vcpus: MAX_VMS * MAX_VCPUS, irqs: MAX_IRQS });
  const setup: Operation[] = [];
  const vcpus: number[] = [];
  const deviceOf: number[] = [];

  function apply(next: Operation): void {
    model.apply(next);
    setup.push(next);
  }

  for (let vm = 0, count = 1 + random.below(MAX_VMS); vm < count; vm++) {
    const own = 1 + random.below(MAX_VCPUS);
    apply(operation('createVm', vm, vcpus.length, own));
    for (let index = 0; index < own; index++) vcpus.push(vcpus.length);
  }
  for (let irq = 0, irqs = 1 + random.below(MAX_IRQS); irq < irqs; irq++) {
    const device = random.below(host.iommus + 1);
    deviceOf.push(device);
    apply(operation('allocIrq', irq, device));
    if (random.chance(0.75)) apply(routeOf(irq, random.pick(vcpus)));
  }
  for (const vcpu of vcpus) {
    if (random.chance(0.6)) apply(operation('load', vcpu, 10 + vcpu));
    if (model.cpuOf(vcpu) !== NONE && random.chance(0.3)) apply(operation('put', vcpu, random.below(2)));
  }
  for (let count = random.below(3); count > 0; count--) {
    apply(operation('interrupt', random.below(deviceOf.length)));
  }

  /** All operations that are possible now. */
  function possible(): Possible[] {
    const all: Possible[] = [];
    const add = (next: Operation, exclusive: readonly string[], shared: readonly string[] = []): void => {
      all.push({ operation: next, exclusive, shared });
    };
    const vmOf = (vcpu: number): string => `VM ${model.vmOf(vcpu)}`;
    for (const vcpu of vcpus) {
      const change =
        model.cpuOf(vcpu) === NONE
          ? operation('load', vcpu, 20 + vcpu)
          : operation('put', vcpu, random.below(2));
      add(change, [`vCPU ${vcpu}`], [vmOf(vcpu)]);
    }
    deviceOf.forEach((device, irq) => {
      const owner = model.vcpuOf(irq);
      const targets = vcpus.filter((vcpu) => owner === NONE || model.vmOf(vcpu) === model.vmOf(owner));
      const target = random.pick(targets);
      add(routeOf(irq, target), [`route of irq ${irq}`], [`irq ${irq}`, vmOf(target)]);
      add(operation('interrupt', irq), [], [`irq ${irq}`]);
      if (owner === NONE)
        add(operation('freeIrq', irq), [`route of irq ${irq}`, `irq ${irq}`, `device ${device}`]);
      else add(operation('unroute', irq), [`route of irq ${irq}`], [`irq ${irq}`, vmOf(owner)]);
    });
    for (let iommu = 0; iommu < host.iommus; iommu++)
      add(operation('drainGaLog', iommu), [`log of ${iommu}`]);
    for (let vm = 0; vm < model.createdVms; vm++) {
      const isIdle = vcpus
        .filter((vcpu) => model.vmOf(vcpu) === vm)
        .every((vcpu) => model.cpuOf(vcpu) === NONE && model.firstIrqOf(vcpu) === NONE);
      if (isIdle) add(operation('destroyVm', vm), [`VM ${vm}`]);
    }
    add(operation('createVm', model.createdVms, vcpus.length, 1 + random.below(MAX_VCPUS)), ['next VM']);
    const device = random.below(host.iommus + 1);
    add(operation('allocIrq', deviceOf.length, device), ['next irq', `device ${device}`]);
    return all;
  }

  return { host, setup, possible };
}

/** A random case. Equal random sources give equal cases. */
export function randomCase(random: Random): ScheduleCase {
  const { host, setup, possible } = randomState(random);
  const cpus = 2 + random.below(2);
  const chosen: Possible[] = [];
  let left = possible();
  while (chosen.length < cpus && left.length > 0) {
    // All kinds of operations are equally likely, whatever their numbers.
    const name = random.pick([...new Set(left.map((each) => each.operation.name))]);
    const next = random.pick(left.filter((each) => each.operation.name === name));
    chosen.push(next);
    left = left.filter((each) => each !== next && !exclude(each, next));
  }
  return { host, setup, concurrent: chosen.map((each) => each.operation) };
}
