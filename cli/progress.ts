import cliProgress from 'cli-progress';
import type { Progress } from '../harness/plan/run-plan.js';

/**
 * Shows progress and the estimated time left on stderr: a bar on a terminal, otherwise a line every five seconds. Notes
 * are printed when it stops.
 */
export function progressOnStderr(): Progress & { stop(): void } {
  const bar = new cliProgress.SingleBar({
    format: '{bar} {percentage}% {value}/{total} ETA {eta_formatted} {label}',
    stream: process.stderr,
    barCompleteChar: '=',
    barIncompleteChar: '-',
    barsize: 24,
    hideCursor: false,
    clearOnComplete: false,
    noTTYOutput: true,
    notTTYSchedule: 5000,
    etaBuffer: 30,
  });
  const notes: string[] = [];
  return {
    note: (line) => notes.push(line),
    start: (steps) => bar.start(steps, 0, { label: 'generating streams' }),
    advance: (label) => bar.increment({ label }),
    stop: () => {
      bar.stop();
      for (const line of notes.splice(0)) console.error(line);
    },
  };
}
