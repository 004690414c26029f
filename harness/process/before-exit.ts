// What is undone before the process ends, on every way out: after its work, after an uncaught error, or on a signal.
import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const cleanUps = new Set<() => void>();

function onSignal(signal: NodeJS.Signals): void {
  process.exit(128 + constants.signals[signal]);
}

/** Cleans up, the newest first: children end before the folder that they read goes away. */
export function cleanUpAll(): void {
  for (const cleanUp of [...cleanUps].reverse()) {
    try {
      cleanUp();
    } catch {
      // The others are tried all the same.
    }
  }
}

function listen(how: 'on' | 'off'): void {
  process[how]('exit', cleanUpAll);
  for (const signal of SIGNALS) process[how](signal, onSignal);
}

/**
 * Has something cleaned up before the process ends. Signals have their usual effect while there is nothing to clean up.
 *
 * @returns A function that cleans up now.
 */
export function beforeExit(cleanUp: () => void): () => void {
  if (cleanUps.size === 0) listen('on');
  cleanUps.add(cleanUp);
  return () => {
    if (!cleanUps.delete(cleanUp)) return;
    if (cleanUps.size === 0) listen('off');
    cleanUp();
  };
}
