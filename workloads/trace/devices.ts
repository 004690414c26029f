// Finds the VM of each event of a device. The tracepoints name a vCPU by its number in a VM, and not the VM.
import type { DeviceEvent, RouteEvent, WakeEvent } from './switch-log.js';
import type { VirtualMachine } from './virtual-machines.js';

/** Vectors below are exceptions of the CPU. */
const FIRST_VECTOR = 16;
const LAST_VECTOR = 255;

/**
 * The VM of each event, as an index into `machines`; an event without one is left out.
 *
 * @remarks An IRTE is updated by a thread of the VM's process, unless a worker of the kernel does it: then the irq's VM is
 * that of its update before. KVM's own id of a VM is mapped if only one VM has all the vCPUs that the GA log names with it.
 */
export function vmOfEvents(
  events: readonly DeviceEvent[],
  machines: readonly VirtualMachine[],
  maxVcpus: number,
): ReadonlyMap<DeviceEvent, number> {
  const found = new Map<DeviceEvent, number>();
  const ofProcess = new Map(machines.flatMap(({ tgid }, vm) => (tgid === null ? [] : [[tgid, vm] as const])));
  const ofThread = new Map(
    machines.flatMap(({ threads }, vm) => threads.map(({ tid }) => [tid, vm] as const)),
  );
  const ofIrq = new Map<number, number>();
  const vcpus = machines.map(({ threads }) => new Set(threads.map(({ vcpu }) => vcpu)));
  const onlyVm = machines.length === 1 ? 0 : undefined;

  const isPossible = ({ vcpu, vector }: RouteEvent): boolean =>
    vector === null || (vector >= FIRST_VECTOR && vector <= LAST_VECTOR && vcpu >= 0 && vcpu < maxVcpus);
  const wakes = new Map<number, WakeEvent[]>();
  for (const event of events) {
    if (event.kind === 'wake') {
      const ofId = wakes.get(event.vm) ?? [];
      ofId.push(event);
      wakes.set(event.vm, ofId);
      continue;
    }
    if (!isPossible(event)) continue;
    const { tid, tgid, irq, vcpu, vector } = event;
    const process = tgid === null ? undefined : ofProcess.get(tgid);
    const vm = process ?? ofThread.get(tid) ?? ofProcess.get(tid) ?? ofIrq.get(irq) ?? onlyVm;
    if (vm === undefined) continue;
    found.set(event, vm);
    ofIrq.set(irq, vm);
    if (vector !== null) vcpus[vm]?.add(vcpu);
  }

  let unknown = [...wakes.values()].map((ofId) => ({
    ofId,
    vms: vcpus.flatMap((own, vm) => (ofId.every(({ vcpu }) => own.has(vcpu)) ? vm : [])),
  }));
  for (let isNew = true; isNew; ) {
    const sole = unknown.filter(({ vms: [vm, ...others] }) => others.length === 0 && vm !== undefined);
    const mapped = sole.filter(({ vms: [vm] }) => sole.filter(({ vms }) => vms[0] === vm).length === 1);
    for (const { ofId, vms } of mapped) for (const event of ofId) found.set(event, vms[0] as number);
    // A VM that only one id can have is no VM of another id.
    unknown = unknown
      .filter((one) => !mapped.includes(one))
      .map(({ ofId, vms }) => ({ ofId, vms: vms.filter((vm) => !mapped.some((one) => one.vms[0] === vm)) }));
    isNew = mapped.length > 0;
  }
  return found;
}
