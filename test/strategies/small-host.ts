// Random histories of small, hostile hosts, for the property tests of the strategies and of the oracle.
import fc from 'fast-check';
import { HOST_PRESETS, type HostParameters } from '../../src/machine/host.js';
import type { OperationStream } from '../../src/workloads/stream.js';
import { StreamBuilder } from '../../src/workloads/stream-builder.js';

/** Hosts with few buckets and every choice that a strategy's code depends on. */
export const smallHosts: fc.Arbitrary<HostParameters> = fc.record({
  ...Object.fromEntries(
    Object.entries(HOST_PRESETS['v6.8']).map(([key, value]) => [key, fc.constant(value)]),
  ),
  iommus: fc.integer({ min: 1, max: 3 }),
  hashBits: fc.integer({ min: 1, max: 4 }),
  hashMultiplier: fc.constantFrom('v4.7', 'v4.6'),
  pointerBytes: fc.constantFrom(4, 8),
  tableLock: fc.constantFrom('global', 'per-table'),
  flush: fc.constantFrom('per-entry', 'per-device', 'none'),
  heap: fc.constant('packed'),
}) as fc.Arbitrary<HostParameters>;

/** One step of a history: what to try, and numbers to choose with. */
interface Step {
  readonly kind: 'route' | 'unroute' | 'run' | 'interrupt' | 'drain' | 'destroy' | 'create';
  readonly one: number;
  readonly other: number;
  readonly flag: boolean;
}

/** Steps of a history. */
export const histories: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    kind: fc.constantFrom<Step['kind'][]>(
      'route',
      'route',
      'unroute',
      'run',
      'run',
      'interrupt',
      'drain',
      'destroy',
      'create',
    ),
    one: fc.nat({ max: 1000 }),
    other: fc.nat({ max: 1000 }),
    flag: fc.boolean(),
  }),
  { maxLength: 60 },
);

interface SmallVm {
  readonly vm: number;
  readonly vcpus: number[];
  readonly irqs: number[];
}

/**
 * Turns steps into a stream: whatever a step cannot do now is left out. VMs come and go in the setup; the window
 * holds the second half of the steps, without those.
 */
export function smallStream(steps: readonly Step[], host: HostParameters): OperationStream {
  const builder = new StreamBuilder(host);
  const devices = Array.from({ length: 3 }, () => builder.addDevice());
  const vms: SmallVm[] = [];

  function create(one: number, other: number): void {
    const count = 1 + (one % 3);
    const { vm, firstVcpu } = builder.createVm(count, other % 5);
    const irqs = Array.from({ length: 1 + (other % 4) }, (_, index) =>
      builder.allocIrq(devices[(one + index) % devices.length] as number),
    );
    vms.push({ vm, vcpus: Array.from({ length: count }, (_, index) => firstVcpu + index), irqs });
  }

  function destroy(index: number): void {
    const [gone] = vms.splice(index, 1) as [SmallVm];
    for (const irq of gone.irqs) {
      if (builder.routedTo(irq) !== -1) builder.unroute(irq);
      builder.freeIrq(irq);
    }
    // A log is read before an id can be used again.
    for (let iommu = 0; iommu < host.iommus; iommu++) builder.drainGaLog(iommu);
    builder.destroyVm(gone.vm);
  }

  function take({ kind, one, other, flag }: Step, inWindow: boolean): void {
    const place = one % vms.length;
    const { vcpus, irqs } = vms[place] as SmallVm;
    const vcpu = vcpus[other % vcpus.length] as number;
    const irq = irqs[other % irqs.length] as number;
    if (kind === 'create' && !inWindow) create(one, other);
    else if (kind === 'destroy' && !inWindow && vms.length > 1) destroy(place);
    else if (kind === 'route') builder.route(irq, vcpus[one % vcpus.length] as number, 0x20 + (other % 8));
    else if (kind === 'unroute' && builder.routedTo(irq) !== -1) builder.unroute(irq);
    else if (kind === 'run' && builder.isRunning(vcpu)) builder.put(vcpu, flag);
    else if (kind === 'run') builder.load(vcpu, one % 7);
    else if (kind === 'interrupt') builder.interrupt(irq);
    else if (kind === 'drain') builder.drainGaLog(one % host.iommus);
  }

  create(1, 3);
  create(2, 2);
  const middle = steps.length >> 1;
  for (const step of steps.slice(0, middle)) take(step, false);
  builder.beginWindow();
  for (const step of steps.slice(middle)) take(step, true);
  return builder.finish();
}
