// The machine that measures, and what makes it less than ideal for timing. Linux tells most of this in /proc and /sys;
// unknown values are null.
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { TIMED_NODE_FLAGS } from './method.js';
import { describeCompiler } from './native/compile.js';
import { timedCpu } from './process/affinity.js';
import { systemFile } from './process/system-file.js';
import type { Environment } from './results/results.js';

/** The hypervisor's vendor; null on bare metal. */
function virtualised(): string | null {
  const flags = systemFile('/proc/cpuinfo')?.match(/^flags\s*:(.*)$/m)?.[1] ?? '';
  if (!/\bhypervisor\b/.test(flags)) return null;
  return systemFile('/sys/class/dmi/id/sys_vendor') ?? 'a hypervisor';
}

/** Clock sources that need no system call. */
const STEADY_CLOCKS = ['tsc', 'kvm-clock', 'arch_sys_counter'];

/** What makes timings from this machine less reliable. */
export function warningsOf(environment: Omit<Environment, 'warnings'>): string[] {
  const { load, governor, turbo, smt, cgroupCpuQuota, clockSource, nodeFlags } = environment;
  const warnings: string[] = [];
  if (load > 0.5) {
    warnings.push(`The load average was ${load.toFixed(2)} when the run began: something else was running.`);
  }
  if (environment.cpus < 2) warnings.push('There is one CPU: the runner and the timed process share it.');
  if (governor !== null && governor !== 'performance') {
    warnings.push(`The CPU frequency governor is "${governor}", not "performance".`);
  }
  if (turbo === 'on') warnings.push('Turbo is on: the clock depends on what the other cores do.');
  if (smt === 'on') warnings.push('SMT is on: a sibling thread shares caches and execution units.');
  if (environment.virtualised !== null) {
    warnings.push(
      `This is a virtual machine (${environment.virtualised}): its CPUs may be taken away at any time.`,
    );
  }
  if (cgroupCpuQuota !== null) warnings.push(`A cgroup limits CPU time: ${cgroupCpuQuota}.`);
  if (clockSource !== null && !STEADY_CLOCKS.includes(clockSource)) {
    warnings.push(`The clock source is "${clockSource}": reading it may take a system call.`);
  }
  if (environment.timedCpu === null) {
    warnings.push('Timed processes are not pinned to a CPU: there is no taskset that works here.');
  }
  if (nodeFlags.length > 0) warnings.push(`Node runs with flags: ${nodeFlags.join(' ')}.`);
  return warnings;
}

function turboState(): string | null {
  const boost = systemFile('/sys/devices/system/cpu/cpufreq/boost');
  if (boost !== null) return boost === '1' ? 'on' : 'off';
  const noTurbo = systemFile('/sys/devices/system/cpu/intel_pstate/no_turbo');
  return noTurbo === null ? null : noTurbo === '0' ? 'on' : 'off';
}

/** "QUOTA of PERIOD us" if a cgroup v2 quota is set. */
function cpuQuota(): string | null {
  const [quota, period] = systemFile('/sys/fs/cgroup/cpu.max')?.split(' ') ?? [];
  return quota === undefined || quota === 'max' ? null : `${quota} of ${period} us`;
}

/** Describes the machine. */
export async function captureEnvironment(): Promise<Environment> {
  const active = systemFile('/sys/devices/system/cpu/smt/active');
  const environment = {
    cpuModel: cpus()[0]?.model.trim() ?? 'unknown',
    cpus: cpus().length,
    memoryBytes: totalmem(),
    load: loadavg()[0] as number,
    governor: systemFile('/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor'),
    turbo: turboState(),
    smt: active === null ? null : active === '1' ? 'on' : 'off',
    virtualised: virtualised(),
    cgroupCpuQuota: cpuQuota(),
    compiler: await describeCompiler(),
    clockSource: systemFile('/sys/devices/system/clocksource/clocksource0/current_clocksource'),
    timedCpu: await timedCpu(),
    kernel: `${type()} ${release()}`,
    node: process.version,
    v8: process.versions.v8,
    nodeFlags: [...process.execArgv, ...(process.env.NODE_OPTIONS?.split(/\s+/).filter(Boolean) ?? [])],
    timedNodeFlags: [...TIMED_NODE_FLAGS],
  };
  return { ...environment, warnings: warningsOf(environment) };
}
