// The thread that imports a user's module for the first time. If it loops, throws, waits for ever or ends its thread, the
// process around it notices; see strategy-child.
import { parentPort, workerData } from 'node:worker_threads';
import { NO_LISTENER } from '../../machine/ga-log.js';
import { HOST_PRESETS } from '../../machine/host.js';
import { createHost } from '../../machine/machine.js';
import { Memory } from '../../machine/memory.js';
import { HYPERVISOR_OPERATIONS, type Hypervisor, type Strategy } from '../../strategies/strategy.js';

/** The thread's data. */
export interface ProbeData {
  /** URL of the module. */
  readonly url: string;
  /** Words of a clear memory. */
  readonly words: Int32Array;
}

/** A message of the thread; or all of them together. */
export interface ProbeMessage {
  /** The import threw. */
  readonly importError?: string;
  /** The default export as JSON; a schema checks it later. */
  readonly exported?: unknown;
  /** create() threw. */
  readonly createError?: string;
  /** create() returned; these operations are missing. */
  readonly missing?: readonly string[];
}

/** A small host to try create() on, with room for the tables that the built-in strategies reserve. */
const TRIAL_HOST = { ...HOST_PRESETS['v6.8'], iommus: 1, hashBits: 4, heap: 'packed' as const };

const say = (message: ProbeMessage): void => parentPort?.postMessage(message);
const firstLine = (error: unknown): string => String(error).split('\n')[0] as string;

/** A value as JSON; a function becomes the text "function", so that a schema can require one. */
function asJson(value: unknown): unknown {
  const text = JSON.stringify(value, (_, part) => (typeof part === 'function' ? 'function' : part));
  return text === undefined ? null : JSON.parse(text);
}

const { url, words } = workerData as ProbeData;
const imported = await import(url).then(
  (module: { default?: unknown }) => ({ exported: asJson(module.default), strategy: module.default }),
  (error) => ({ error: firstLine(error) }),
);
if ('error' in imported) say({ importError: imported.error });
else {
  say({ exported: imported.exported });
  const { create } = (imported.strategy ?? {}) as Partial<Strategy>;
  if (typeof create === 'function') tryOut(imported.strategy as Strategy);
}
// The module's timers and sockets must not keep the thread alive.
process.exit();

/** Calls create() once, so that a missing operation is found before anything runs. */
function tryOut(strategy: Strategy): void {
  try {
    const made: Partial<Hypervisor> | undefined = strategy.create(
      createHost(new Memory(words), TRIAL_HOST, 1, NO_LISTENER),
    );
    say({ missing: HYPERVISOR_OPERATIONS.filter((verb) => typeof made?.[verb] !== 'function') });
  } catch (error) {
    say({ createError: firstLine(error) });
  }
}
