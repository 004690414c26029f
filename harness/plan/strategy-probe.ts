// The thread in which a user's module is imported for the first time. It may loop, throw, wait for ever or end its thread:
// the process around it sees that; see strategy-child.
import { parentPort, workerData } from 'node:worker_threads';
import { HOST_PRESETS } from '../../machine/host.js';
import { createHost } from '../../machine/machine.js';
import { Memory } from '../../machine/memory.js';
import { HYPERVISOR_VERBS, type Hypervisor, type Strategy } from '../../strategies/strategy.js';

/** What the thread is started with. */
export interface ProbeData {
  /** URL of the module. */
  readonly url: string;
  /** Words of a memory that is clear. */
  readonly words: Int32Array;
}

/** What the thread says: how far it has come, and what it found. */
export type ProbeMessage =
  /** Its import threw. */
  | { readonly importError: string }
  /** Its default export as JSON has it; what it is not, its schema will say. */
  | { readonly exported: unknown }
  /** create() threw. */
  | { readonly createError: string }
  /** create() came to its end, and gave no such verbs. */
  | { readonly missing: readonly string[] };

/** A host to try create() on; small, but with room for the tables that the built-in designs reserve. */
const TRIAL_HOST = { ...HOST_PRESETS['v6.8'], iommus: 1, hashBits: 4, heap: 'packed' as const };

const say = (message: ProbeMessage): void => parentPort?.postMessage(message);
const firstLine = (error: unknown): string => String(error).split('\n')[0] as string;

/** A value as JSON has it; functions are named as such, so that a schema can ask for one. */
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
// Its timers and sockets keep no thread alive.
process.exit();

/** Makes the strategy's code once, so that a missing verb is found before anything runs. */
function tryOut(strategy: Strategy): void {
  try {
    const made: Partial<Hypervisor> | undefined = strategy.create(
      createHost(new Memory(words), TRIAL_HOST, 1, () => {}),
    );
    say({ missing: HYPERVISOR_VERBS.filter((verb) => typeof made?.[verb] !== 'function') });
  } catch (error) {
    say({ createError: firstLine(error) });
  }
}
