// One timed process with several threads: one strategy on one host, and each thread with its own part of a stream. The
// main thread makes the host, tells the others what to do, and sleeps meanwhile.
import { Worker } from 'node:worker_threads';
import { SharedMemory } from '../../machine/shared-memory.js';
import { writeImage } from '../native/image.js';
import {
  begin,
  harnessMemory,
  importStrategy,
  readJob,
  readLine,
  readStream,
  reply,
} from '../process/child-main.js';
import type { LatencyReply, MaskedEntriesReply, RunReply, ThreadedJob } from '../process/child-protocol.js';
import { digestOfMasked, memoryDigest } from '../replay/digest.js';
import { createReplay, plainHost } from '../replay/replay.js';
import { Conductor, createShared, TASK } from './control.js';
import type { ThreadData } from './thread.js';

const leave = begin();
const job = readJob<ThreadedJob>();
const host = { ...job.host, heapSeed: Number(process.argv[3]) };
const threads = job.parts.length;
const strategy = await importStrategy(job.strategy);
const stream = readStream(job.stream);
const memory = harnessMemory(() => new SharedMemory());
const shared = createShared(threads, stream.vcpus);
const conductor = new Conductor(shared);

for (const [thread, part] of job.parts.entries()) {
  const data: ThreadData = {
    thread,
    strategy: job.strategy,
    stream: part,
    host,
    words: memory.words,
    shared,
  };
  new Worker(new URL('./thread.js', import.meta.url), { workerData: data });
}
for (let thread = 0; thread < threads; thread++) conductor.conduct(TASK.boot, thread, thread + 1);
memory.clear();
const replay = createReplay(stream, strategy, plainHost(memory, host));
replay.setUp();
shared.vcpus.set(replay.vcpus);
conductor.conduct(TASK.adopt, 0, threads);

function run(taking: number, windows: number): RunReply {
  const answers = conductor.conduct(TASK.run, 0, taking, windows);
  return { threads: answers.map(([done = 0, ns = 0]) => ({ windows: done, ns })) };
}

/** Looks for the replays of the first thread alone that take so long. */
function calibrate(milliseconds: number): number {
  for (let windows = 1; ; ) {
    const [first] = run(1, windows).threads;
    const part = (first?.ns ?? 0) / 1e6 / milliseconds;
    if (part >= 1) return windows;
    windows = Math.max(windows + 1, Math.ceil(windows / part));
  }
}

function latency(taking: number, windows: number): LatencyReply {
  const answers = conductor.conduct(TASK.latency, 0, taking, windows);
  return {
    threads: answers.map(([samples = 0, p50 = 0, p90 = 0, p99 = 0, p999 = 0, worst = 0, clockNs = 0]) => {
      return { samples, p50, p90, p99, p999, worst, clockNs };
    }),
  };
}

function entries(): MaskedEntriesReply {
  const { start, end } = replay.host.irtes;
  const irtes = memory.words.subarray(start, end);
  return { maskedDigest: digestOfMasked(irtes), entriesDigest: memoryDigest(irtes) };
}

reply({ ready: true });
for (let line = readLine(); line !== null; line = readLine()) {
  const [command, first, second] = line.split(' ');
  const [count, windows] = [Number(first), Number(second)];
  if (command === 'calibrate') reply({ windows: calibrate(count) });
  else if (command === 'warm') {
    conductor.conduct(TASK.warm, 0, threads, count);
    reply({ replayed: count });
  } else if (command === 'run') reply(run(count, windows));
  else if (command === 'latency') reply(latency(count, windows));
  else if (command === 'image') {
    const path = line.slice('image '.length);
    writeImage(path, strategy.id, stream, replay);
    reply({ image: path });
  } else if (command === 'entries') reply(entries());
}
leave();
