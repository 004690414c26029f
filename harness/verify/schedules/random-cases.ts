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

/** A host in a random state. */
class RandomHost {
  readonly host: HostParameters;
  readonly setup: Operation[] = [];
  readonly #random: Random;
  readonly #model = new Model('always', { vms: MAX_VMS, vcpus: MAX_VMS * MAX_VCPUS, irqs: MAX_IRQS });
  readonly #vms: number[] = [];
  readonly #vcpus: number[] = [];
  readonly #deviceOf: number[] = [];

  constructor(random: Random) {
    this.#random = random;
    this.host = randomHost(random);
    for (let vm = 0, vms = 1 + random.below(MAX_VMS); vm < vms; vm++) {
      const count = 1 + random.below(MAX_VCPUS);
      this.#do(operation('createVm', vm, this.#vcpus.length, count));
      this.#vms.push(vm);
      for (let index = 0; index < count; index++) this.#vcpus.push(this.#vcpus.length);
    }
    for (let irq = 0, irqs = 1 + random.below(MAX_IRQS); irq < irqs; irq++) {
      this.#deviceOf.push(random.below(this.host.iommus + 1));
      this.#do(operation('allocIrq', irq, this.#deviceOf[irq]));
      if (random.chance(0.75)) this.#do(this.#route(irq, random.pick(this.#vcpus)));
    }
    for (const vcpu of this.#vcpus) {
      if (random.chance(0.6)) this.#do(operation('load', vcpu, 10 + vcpu));
      if (this.#model.cpuOf(vcpu) !== NONE && random.chance(0.3)) {
        this.#do(operation('put', vcpu, random.below(2)));
      }
    }
    for (let count = random.below(3); count > 0; count--) {
      this.#do(operation('interrupt', random.below(this.#deviceOf.length)));
    }
  }

  /** All operations that are possible now. */
  possible(): Possible[] {
    const model = this.#model;
    const random = this.#random;
    const possible: Possible[] = [];
    const add = (next: Operation, exclusive: readonly string[], shared: readonly string[] = []): void => {
      possible.push({ operation: next, exclusive, shared });
    };
    const vmOf = (vcpu: number): string => `VM ${model.vmOf(vcpu)}`;
    for (const vcpu of this.#vcpus) {
      const change =
        model.cpuOf(vcpu) === NONE
          ? operation('load', vcpu, 20 + vcpu)
          : operation('put', vcpu, random.below(2));
      add(change, [`vCPU ${vcpu}`], [vmOf(vcpu)]);
    }
    this.#deviceOf.forEach((device, irq) => {
      const owner = model.vcpuOf(irq);
      const targets = this.#vcpus.filter((vcpu) => owner === NONE || model.vmOf(vcpu) === model.vmOf(owner));
      const target = random.pick(targets);
      add(this.#route(irq, target), [`route of irq ${irq}`], [`irq ${irq}`, vmOf(target)]);
      add(operation('interrupt', irq), [], [`irq ${irq}`]);
      if (owner === NONE)
        add(operation('freeIrq', irq), [`route of irq ${irq}`, `irq ${irq}`, `device ${device}`]);
      else add(operation('unroute', irq), [`route of irq ${irq}`], [`irq ${irq}`, vmOf(owner)]);
    });
    for (let iommu = 0; iommu < this.host.iommus; iommu++)
      add(operation('drainGaLog', iommu), [`log of ${iommu}`]);
    for (const vm of this.#vms) {
      const vcpus = this.#vcpus.filter((vcpu) => model.vmOf(vcpu) === vm);
      const isIdle = vcpus.every((vcpu) => model.cpuOf(vcpu) === NONE && model.firstIrqOf(vcpu) === NONE);
      if (isIdle) add(operation('destroyVm', vm), [`VM ${vm}`]);
    }
    add(operation('createVm', this.#vms.length, this.#vcpus.length, 1 + random.below(MAX_VCPUS)), [
      'next VM',
    ]);
    const device = random.below(this.host.iommus + 1);
    add(operation('allocIrq', this.#deviceOf.length, device), ['next irq', `device ${device}`]);
    return possible;
  }

  #do(next: Operation): void {
    this.#model.apply(next);
    this.setup.push(next);
  }

  #route(irq: number, vcpu: number): Operation {
    return operation('route', irq, (vcpu << 8) | (0x30 + irq));
  }
}

/** A random case. Equal random sources give equal cases. */
export function randomCase(random: Random): ScheduleCase {
  const made = new RandomHost(random);
  const cpus = 2 + random.below(2);
  const chosen: Possible[] = [];
  let left = made.possible();
  while (chosen.length < cpus && left.length > 0) {
    // All kinds of operations are equally likely, whatever their numbers.
    const name = random.pick([...new Set(left.map((each) => each.operation.name))]);
    const next = random.pick(left.filter((each) => each.operation.name === name));
    chosen.push(next);
    left = left.filter((each) => each !== next && !exclude(each, next));
  }
  return { host: made.host, setup: made.setup, concurrent: chosen.map((each) => each.operation) };
}
