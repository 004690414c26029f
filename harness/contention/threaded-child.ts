// One timed process with several threads on one host. Each thread replays its own part of the stream; the main thread
// creates the host and sleeps while the others work.
//
//   runner  calibrate MS   child  {"windows":N}     the first thread alone needs MS ms for N replays
//   runner  warm N         child  {"replayed":N}    each thread has replayed its window N times
//   runner  run T N        child  RunReply          the first T threads, until one of them has done N replays
//   runner  entries        child  EntriesReply      the live entries, while all threads are idle
//
// The program in C answers to run and entries in the same way.
import { Worker } from 'node:worker_threads';
import { SharedMemory } from '../../machine/shared-memory.js';
import type { ChildJob } from '../process/child-job.js';
import {
  begin,
  harnessMemory,
  importStrategy,
  readJob,
  readLine,
  readStream,
  reply,
} from '../process/child-main.js';
import { digestOfMasked, memoryDigest } from '../replay/digest.js';
import { createReplay, plainHost } from '../replay/replay.js';
import { conduct, createShared, TASK } from './control.js';
import type { ThreadData } from './thread.js';

/** The job of a process with several threads, in a JSON file. */
export interface ThreadedJob extends Omit<ChildJob, 'memory'> {
  /** Path of each thread's part of the stream. */
  readonly parts: readonly string[];
}

/** Replays that each thread did, and ns that they took. */
export type RunReply = ReturnType<typeof run>;

export interface EntriesReply {
  /** Of all words of the live entries. */
  readonly entriesDigest: string;
  /** The same with tag and ga_log_intr masked; only from V8. */
  readonly maskedDigest?: string;
}

const leave = begin();
const job = readJob<ThreadedJob>();
const host = { ...job.host, heapSeed: Number(process.argv[3]) };
const threads = job.parts.length;
const strategy = await importStrategy(job.strategy);
const stream = readStream(job.stream);
const memory = harnessMemory(() => new SharedMemory());
const shared = createShared(threads, stream.vcpus);

const common = { strategy: job.strategy, host, words: memory.words, shared };
for (const [thread, part] of job.parts.entries()) {
  const data: ThreadData = { ...common, thread, stream: part };
  new Worker(new URL('./thread.js', import.meta.url), { workerData: data });
}
for (let thread = 0; thread < threads; thread++) conduct(shared, TASK.boot, thread, thread + 1);
memory.clear();
const replay = createReplay(stream, strategy, plainHost(memory, host));
replay.setUp();
shared.vcpus.set(replay.vcpus);
conduct(shared, TASK.adopt, 0, threads);

function run(running: number, windows: number) {
  const answers = conduct(shared, TASK.run, 0, running, windows);
  return { threads: answers.map(([done = 0, ns = 0]) => ({ windows: done, ns })) };
}

/** Finds the replays of the first thread alone that take at least this long. */
function calibrate(milliseconds: number): number {
  for (let windows = 1; ; ) {
    const [first] = run(1, windows).threads;
    const part = (first?.ns ?? 0) / 1e6 / milliseconds;
    if (part >= 1) return windows;
    windows = Math.max(windows + 1, Math.ceil(windows / part));
  }
}

function entries(): EntriesReply {
  const { start, end } = replay.host.irtes;
  const irtes = memory.words.subarray(start, end);
  return { maskedDigest: digestOfMasked(irtes), entriesDigest: memoryDigest([irtes]) };
}

reply({ ready: true });
for (let line = readLine(); line !== null; line = readLine()) {
  const [command, first, second] = line.split(' ');
  const [count, windows] = [Number(first), Number(second)];
  if (command === 'calibrate') reply({ windows: calibrate(count) });
  else if (command === 'warm') {
    conduct(shared, TASK.warm, 0, threads, count);
    reply({ replayed: count });
  } else if (command === 'run') reply(run(count, windows));
  else if (command === 'entries') reply(entries());
}
leave();
