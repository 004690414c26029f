// Timed processes are pinned to one CPU if the platform allows it. They take turns, and two CPUs of one machine can differ
// in speed and in disturbance.
import { systemFile } from './system-file.js';
import { runSystemTool } from './system-tool.js';

/** The last CPU of a list such as "0-3,8"; the first ones serve most interrupts. */
export function lastCpu(list: string): number | null {
  const last = /(\d+)\s*$/.exec(list)?.[1];
  return last === undefined ? null : Number(last);
}

async function findTimedCpu(): Promise<number | null> {
  const status = systemFile('/proc/self/status') ?? '';
  const cpu = lastCpu(/^Cpus_allowed_list:(.*)$/m.exec(status)?.[1] ?? '');
  if (cpu === null) return null;
  const { failure } = await runSystemTool('taskset', ['-c', String(cpu), 'true']);
  return failure === null ? cpu : null;
}

let found: Promise<number | null> | undefined;

/** The CPU for timed rounds; null if processes cannot be pinned (no Linux, no taskset). */
export function timedCpu(): Promise<number | null> {
  found ??= findTimedCpu();
  return found;
}

/** Pins a process with all its threads to the CPU for timed rounds, if there is one. */
export async function pinToTimedCpu(pid: number): Promise<void> {
  const cpu = await timedCpu();
  if (cpu !== null) await runSystemTool('taskset', ['-a', '-c', '-p', String(cpu), String(pid)]);
}
