// The CPU time of a process. It tells a process that hangs from one that a busy machine does not schedule.
import { spawnSync } from 'node:child_process';
import { systemFile } from './system-file.js';

/** Linux reports CPU time in hundredths of a second (proc(5), USER_HZ). */
const TICKS_PER_SECOND = 100;

/** Indices of fields in /proc/PID/stat after the program's name. */
const STATE = 0;
const USER_TICKS = 11;
const SYSTEM_TICKS = 12;

/** The CPU time of a running process, and whether a signal has stopped it; null if the platform does not tell it. */
export function cpuUseOf(pid: number) {
  const stat = systemFile(`/proc/${pid}/stat`);
  if (stat === null) return fromPs(pid);
  // The name is in parentheses and may hold any character.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[USER_TICKS]) + Number(fields[SYSTEM_TICKS]);
  return { seconds: ticks / TICKS_PER_SECOND, isStopped: /^[Tt]$/.test(fields[STATE] ?? '') };
}

/** Without /proc: ps prints [[dd-]hh:]mm:ss (POSIX), BSD adds hundredths. */
function fromPs(pid: number) {
  const { status, stdout } = spawnSync('ps', ['-o', 'stat=,time=', '-p', String(pid)], {
    encoding: 'utf8',
    timeout: 1000,
  });
  const match = /^(\S+)\s+(?:(\d+)-)?(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)/.exec(stdout?.trim() ?? '');
  if (status !== 0 || match === null) return null;
  const [, state = '', days = 0, hours = 0, minutes, seconds] = match;
  return {
    seconds: ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds),
    isStopped: state.startsWith('T'),
  };
}
