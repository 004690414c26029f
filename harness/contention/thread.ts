// One thread of a process with several: it has an isolate, a compiler and a strategy of its own, and shares the host's
// memory with the others. All state of a strategy lives in that memory, and create() leaves the same words at the same
// addresses each time, so that whoever boots last leaves what all of them know.
import { workerData } from 'node:worker_threads';
import type { HostParameters } from '../../machine/host.js';
import { SharedMemory } from '../../machine/shared-memory.js';
import type { OperationStream } from '../../workloads/stream/stream.js';
import { LATENCY_INTERVAL, MOST_LATENCIES } from '../method.js';
import { importStrategy, readStream } from '../process/child-main.js';
import { createReplay, plainHost, type Replay } from '../replay/replay.js';
import { Player, type Shared, TASK } from './control.js';

/** What a thread is started with. */
export interface ThreadData {
  readonly thread: number;
  /** URL of the strategy's module. */
  readonly strategy: string;
  /** Path of the thread's own part of the stream. */
  readonly stream: string;
  readonly host: HostParameters;
  /** The host's memory. */
  readonly words: Int32Array;
  readonly shared: Shared;
}

const { thread, strategy: url, stream: streamFile, host, words, shared } = workerData as ThreadData;
const player = new Player(shared, thread);
const memory = new SharedMemory(words);

const latencies = new Float64Array(MOST_LATENCIES);
const nanosecondsBetween = (start: number, end: number): number => (end - start) * 1e6;

/** Replays the window, once at the least, until this or another thread has done so often. @returns Replays, and ns that they took. */
function runWindows(count: number, threads: number, replayOnce: (window: number) => void): [number, number] {
  player.meet(threads);
  const start = performance.now();
  let window = 0;
  do replayOnce(window++);
  while (window < count && !player.isStopped);
  const end = performance.now();
  if (window === count) player.stop();
  return [window, nanosecondsBetween(start, end)];
}

/** The least figure that such a part of the sorted ones are not above. */
function quantile(sorted: Float64Array, part: number): number {
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] as number;
}

/** ns between two readings of the clock, one right after the other: the median of many. */
function clockNs(): number {
  const readings = Float64Array.from({ length: 1001 }, () => {
    const start = performance.now();
    return nanosecondsBetween(start, performance.now());
  });
  return quantile(readings.sort(), 0.5);
}

let timed = 0;

/** Replays the window and times every {@link LATENCY_INTERVAL}th operation, another one in each replay. */
function timeOperations(replay: Replay, { windowStart, windowEnd }: OperationStream, window: number): void {
  let left = window % LATENCY_INTERVAL;
  for (let offset = windowStart; offset < windowEnd; left--) {
    if (left > 0 || timed === MOST_LATENCIES) {
      offset = replay.step(offset);
      continue;
    }
    left = LATENCY_INTERVAL;
    const begun = performance.now();
    offset = replay.step(offset);
    latencies[timed++] = nanosecondsBetween(begun, performance.now());
  }
}

/** Quantiles of what was timed since the last time, and what the clock takes. */
function timedQuantiles(): number[] {
  const sorted = latencies.subarray(0, timed).sort();
  const quantiles = [0.5, 0.9, 0.99, 0.999, 1].map((part) => quantile(sorted, part));
  timed = 0;
  return [sorted.length, ...quantiles, clockNs()];
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
      for (let window = 0; window < count; window++) {
        runWindow();
        timeOperations(replay as Replay, stream, window);
      }
      timedQuantiles();
      player.done();
    } else if (task === TASK.run) {
      player.done(...runWindows(count, threads, runWindow));
    } else {
      runWindows(count, threads, (window) => timeOperations(replay as Replay, stream, window));
      player.done(...timedQuantiles());
    }
  }
} catch (error) {
  player.fail(error);
}
