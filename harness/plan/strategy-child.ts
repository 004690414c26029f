// One process that tries users' modules out, each in a thread of its own, so that one that loops when it is imported stops
// nothing but that. The thread is ended by the CPU time that it uses; see PATIENCE.
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { Memory } from '../../machine/memory.js';
import { PATIENCE, TRIAL_BYTES } from '../method.js';
import { harnessMemory, readJob, readLine, reply, serve, signOfLife } from '../process/child-main.js';
import type { ProbeData, ProbeMessage } from './strategy-probe.js';

/** What a child that tries users' modules out is started with; it tries the next one at each line that it hears. */
export interface ProbeJob {
  readonly urls: readonly string[];
  readonly patience: 'first' | 'second';
}

/** How far a module's first import, and its create(), have come. */
export interface ProbeReply {
  readonly messages: readonly ProbeMessage[];
  /** It did not end; it threw where nobody waited for it; or its thread ended with this status. */
  readonly end: 'endless' | { readonly threw: string } | { readonly status: number };
}

/** How often the CPU time is looked at, in ms. */
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
  // What it prints is no answer.
  const thread = new Worker(new URL('./strategy-probe.js', import.meta.url), {
    workerData: data,
    stdout: true,
    stderr: true,
  });
  const messages: ProbeMessage[] = [];
  let end: ProbeReply['end'] | undefined;
  thread.on('message', (message: ProbeMessage) => messages.push(message));
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
  return { messages, end };
}
