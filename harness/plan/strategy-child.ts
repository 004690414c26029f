// Tries users' modules out, each in a thread of its own, so that a module that loops at import blocks only itself. A thread
// that exceeds its CPU time is ended; see PATIENCE.
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { Memory } from '../../machine/memory.js';
import { PATIENCE, TRIAL_BYTES } from '../method.js';
import { harnessMemory, readJob, readLine, reply, serve, signOfLife } from '../process/child-main.js';
import type { ProbeData, ProbeMessage } from './strategy-probe.js';

/** The child's job. At each line from the runner it tries the next module. */
export interface ProbeJob {
  readonly urls: readonly string[];
  readonly patience: 'first' | 'second';
}

/** How far a module's import and its create() came. */
export interface ProbeReply {
  readonly told: ProbeMessage;
  /** It did not end; it threw outside of any call; or its thread ended with a status. */
  readonly end: 'endless' | { readonly threw: string } | { readonly status: number };
}

/** Interval at which the CPU time is read, in ms. */
const LOOK_MS = 50;

await serve('harness', async () => {
  const { urls, patience } = readJob<ProbeJob>();
  const memory = harnessMemory(() => new Memory(TRIAL_BYTES));
  for (const url of urls) {
    if (readLine() === null) return;
    memory.clear();
    reply(await probe({ url, words: memory.words }, PATIENCE[patience].cpuMs));
  }
});

async function probe(data: ProbeData, cpuMs: number): Promise<ProbeReply> {
  const before = process.cpuUsage();
  // Its output must not reach the protocol on stdout.
  const thread = new Worker(new URL('./strategy-probe.js', import.meta.url), {
    workerData: data,
    stdout: true,
    stderr: true,
  });
  const told: ProbeMessage = {};
  let end: ProbeReply['end'] | undefined;
  thread.on('message', (message: ProbeMessage) => Object.assign(told, message));
  thread.on('error', (error) => {
    end = { threw: String(error).split('\n')[0] as string };
  });
  thread.on('exit', (status) => {
    end ??= { status };
  });
  const exited = once(thread, 'exit').catch(() => {});
  while (end === undefined) {
    await Promise.race([wait(LOOK_MS), exited]);
    const { user, system } = process.cpuUsage(before);
    if ((user + system) / 1000 > cpuMs) end ??= 'endless';
    signOfLife();
  }
  await thread.terminate();
  return { told, end };
}
