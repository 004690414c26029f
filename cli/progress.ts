import cliProgress from 'cli-progress';
import type { Progress } from '../harness/plan/run-plan.js';
import { beforeExit } from '../harness/process/before-exit.js';
import { neutralised } from '../reports/words/untrusted.js';

/**
 * Shows progress and the estimated time left on stderr: a bar on a terminal, otherwise a line every five seconds. Notes
 * are printed when it stops. A step's weight is the time that it takes, so the time left is that of the steps so far, by
 * weight.
 */
export function progressOnStderr(): Progress & { stop(): void } {
  const bar = new cliProgress.SingleBar({
    format: '{bar} {percentage}% {left} {label}',
    stream: process.stderr,
    barsize: 24,
    noTTYOutput: true,
    notTTYSchedule: 5000,
  });
  const notes: string[] = [];
  let total = 0;
  let done = 0;
  let startedAt = 0;
  let stopBar = (): void => {};
  return {
    note: (line) => notes.push(line),
    start(weight) {
      total = weight;
      startedAt = performance.now();
      stopBar = beforeExit(() => bar.stop());
      bar.start(weight, 0, { label: 'starting', left: '' });
    },
    advance(label, weight = 1) {
      done += weight;
      bar.update(done, { label, left: timeLeft((performance.now() - startedAt) / 1000, done / total) });
    },
    stop: () => {
      stopBar();
      for (const line of notes.splice(0)) console.error(neutralised(line));
    },
  };
}

/** The time left, as "2 min 05 s left". @param part - The part that is done; nothing is said of the first hundredth. */
export function timeLeft(seconds: number, part: number): string {
  if (part < 0.01) return '';
  const left = Math.max(0, Math.round((seconds / part) * (1 - part)));
  const rest = String(left % 60).padStart(2, '0');
  return left < 60 ? `${left} s left` : `${Math.floor(left / 60)} min ${rest} s left`;
}
