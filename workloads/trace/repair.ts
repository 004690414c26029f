import type { DeviceEvent, VcpuSwitch } from './switch-log.js';

/** The reason for an inserted step. */
export type Repair =
  /** A load: the vCPU's first switch is a put, so it was on its CPU when the recording began. */
  | 'running-at-start'
  /** A load before a put of a vCPU that was not on that CPU. */
  | 'missing-load'
  /** A put with preemption, before a load of a vCPU that was still on a CPU, or of another vCPU on that CPU. */
  | 'missing-put';

/** A load or put of a possible schedule. */
export interface Step {
  readonly kind: 'load' | 'put';
  readonly vcpu: number;
  readonly cpu: number;
  /** Whether the vCPU of a put blocks; false for a load. */
  readonly blocking: boolean;
  /** The reason if the step was inserted; null if it was recorded. */
  readonly repair: Repair | null;
}

const NOT_RUNNING = -1;

/**
 * The recorded switches, with the switches that must have happened in between. After the repair every put is of a vCPU
 * that runs on that CPU, and every load is of a vCPU that does not run, on a CPU where none runs. Real recordings have gaps
 * even if no event was reported lost. Events of devices stay where they are.
 *
 * @param vcpuOfThread - The vCPU of each thread of the recording. Two threads may share a vCPU: QEMU starts a new
 * thread for a vCPU that is unplugged and plugged in again.
 */
export function* repaired(
  events: Iterable<VcpuSwitch | DeviceEvent>,
  vcpuOfThread: readonly number[],
): Generator<Step | DeviceEvent, void, void> {
  const cpuOf = new Map<number, number>();
  const vcpuOn = new Map<number, number>();
  for (const event of events) {
    if (event.kind === 'route' || event.kind === 'wake') {
      yield event;
      continue;
    }
    const { kind, cpu } = event;
    const vcpu = vcpuOfThread[event.thread] as number;
    const isLoad = kind === 'load';
    const at = cpuOf.get(vcpu);
    const other = vcpuOn.get(cpu) ?? vcpu;
    if (at !== undefined && at !== NOT_RUNNING && (isLoad || at !== cpu)) {
      yield { kind: 'put', vcpu, cpu: at, blocking: false, repair: 'missing-put' };
    }
    if (other !== vcpu && cpuOf.get(other) === cpu) {
      yield { kind: 'put', vcpu: other, cpu, blocking: false, repair: 'missing-put' };
      cpuOf.set(other, NOT_RUNNING);
    }
    if (!isLoad && at !== cpu) {
      const repair = at === undefined ? 'running-at-start' : 'missing-load';
      yield { kind: 'load', vcpu, cpu, blocking: false, repair };
    }
    const blocking = !isLoad && event.state !== 'R' && event.state !== 'R+';
    yield { kind, vcpu, cpu, blocking, repair: null };
    cpuOf.set(vcpu, isLoad ? cpu : NOT_RUNNING);
    vcpuOn.set(cpu, vcpu);
  }
}
