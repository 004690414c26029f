// One thread of a process with several. It has its own isolate and strategy object, and shares the host's memory with the
// others. All state of a strategy lives in that memory, and create() is deterministic, so every object fits the memory that
// the last one set up.
import { workerData } from 'node:worker_threads';
import { SharedMemory } from '../../machine/shared-memory.js';
import type { ChildJob } from '../process/child-job.js';
import { importStrategy, readStream } from '../process/child-main.js';
import { createReplay, plainHost, type Replay } from '../replay/replay.js';
import { createPlayer, type Shared, TASK } from './control.js';

/** A thread's job; the stream is its part. */
export interface ThreadData extends Omit<ChildJob, 'memory'> {
  readonly thread: number;
  /** Of the host's memory. */
  readonly words: Int32Array;
  readonly shared: Shared;
}

const { thread, strategy: url, stream: streamFile, host, words, shared } = workerData as ThreadData;
const player = createPlayer(shared, thread);
const memory = new SharedMemory(words);

/** Replays the window at least once, until this or another thread has done `count` replays. @returns Replays and ns. */
function runWindows(count: number, threads: number, runWindow: () => void): [number, number] {
  player.meet(threads);
  const start = performance.now();
  let windows = 0;
  do {
    runWindow();
    windows++;
  } while (windows < count && !player.isStopped());
  const end = performance.now();
  if (windows === count) player.stop();
  return [windows, (end - start) * 1e6];
}

try {
  const strategy = await importStrategy(url);
  const stream = readStream(streamFile);
  let replay: Replay | undefined;
  for (;;) {
    const { task, threads, count } = player.next();
    if (task === TASK.boot) {
      memory.clear();
      replay = createReplay(stream, strategy, plainHost(memory, host));
      player.done();
      continue;
    }
    const { vcpus, runWindow } = replay as Replay;
    if (task === TASK.adopt) {
      vcpus.set(shared.vcpus);
      player.done();
    } else if (task === TASK.warm) {
      for (let window = 0; window < count; window++) runWindow();
      player.done();
    } else {
      player.done(...runWindows(count, threads, runWindow));
    }
  }
} catch (error) {
  player.fail(error);
}
