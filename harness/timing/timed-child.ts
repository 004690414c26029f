// A timed process in V8: one strategy, one stream, and one class of memory, so that V8 can inline its methods. It does
// what the runner asks. Its digest covers its IRTEs and all deliveries and wakeups.
import { GCProfiler } from 'node:v8';
import { Bench, hrtimeNow, mToNs, type Statistics, type TaskResultCompleted } from 'tinybench';
import { Memory } from '../../machine/memory.js';
import { WARM_UP_WINDOWS } from '../method.js';
import {
  begin,
  harnessMemory,
  importStrategy,
  readLine,
  readStream,
  readTimedJob,
  reply,
} from '../process/child-main.js';
import {
  CALIBRATION_READINGS,
  type CalibrateReply,
  type DigestReply,
  type ReadyReply,
  type RoundReply,
} from '../process/timed-protocol.js';
import { observedReplay } from './observed-replay.js';

const leave = begin();
const job = readTimedJob();
const memory = harnessMemory(() => new Memory());
const strategy = await importStrategy(job.strategy);
const stream = readStream(job.stream);

const replay = observedReplay(stream, strategy, memory, job.host);

/** Number of replays in the next batch. */
let batchWindows = 1;
/** Garbage collections during the last batch. */
let collections = 0;
const collector = new GCProfiler();

function runBatch(): void {
  const count = batchWindows;
  for (let window = 0; window < count; window++) replay.runWindow();
}

/** Replays the window once, without a clock but by the same code. */
function replayOnce(): void {
  batchWindows = 1;
  replay.expectWindows(1);
  runBatch();
  replay.foldWoken();
}

/** @param iterations - Batches in each run of the bench. */
function benchOf(iterations: number): Bench {
  const options = {
    time: 0,
    iterations,
    warmup: false,
    timestampProvider: 'hrtimeNow',
    throws: true,
  } as const;
  return new Bench(options).add(strategy.id, runBatch, {
    async: false,
    beforeEach() {
      replay.expectWindows(batchWindows);
      collector.start();
    },
    afterEach() {
      collections = collector.stop().statistics.length;
      replay.foldWoken();
    },
  });
}

/** Runs a bench with batches of `windows` replays. @returns Its statistics of their times, in ms. */
function timeBatches(bench: Bench, windows: number): Statistics {
  batchWindows = windows;
  bench.reset();
  bench.runSync();
  // Since the bench throws what a task throws, its only task has completed.
  return (bench.results[0] as TaskResultCompleted).latency;
}

// tinybench sorts the samples of a run, and rounds must keep their order. So each run times one batch.
const single = benchOf(1);

/** A time of tinybench's in whole ns: in ms it is a fraction. */
function wholeNs(milliseconds: number): number {
  return Math.round(mToNs(milliseconds));
}

/** @returns The time of one batch, in ns. */
function timeBatch(windows: number): number {
  return wholeNs(timeBatches(single, windows).min);
}

/** Looks for the shortest batch of which every reading takes `milliseconds`. */
function calibrate(milliseconds: number): void {
  for (let window = 0; window < WARM_UP_WINDOWS.v8; window++) replayOnce();
  const readings = benchOf(CALIBRATION_READINGS);
  let windows = 1;
  for (;;) {
    const part = timeBatches(readings, windows).min / milliseconds;
    if (part >= 1) break;
    windows = Math.max(windows + 1, Math.ceil(windows / part));
  }
  reply({ windows } satisfies CalibrateReply);
}

function takeRound(windows: number): RoundReply {
  const start = hrtimeNow();
  const cpuBefore = process.cpuUsage();
  replayOnce();
  const batchNs = timeBatch(windows);
  // In microseconds.
  const { user, system } = process.cpuUsage(cpuBefore);
  return { batchNs, roundNs: wholeNs(hrtimeNow() - start), cpuNs: 1000 * (user + system), collections };
}

function digest(): DigestReply {
  // getrusage() counts the largest resident set in KiB.
  return { digest: replay.digest(), peakBytes: process.resourceUsage().maxRSS * 1024 };
}

replay.setUp();
reply({ ready: true } satisfies ReadyReply);
for (let line = readLine(); line !== null; line = readLine()) {
  const [command, argument] = line.split(' ');
  const count = Number(argument);
  if (command === 'calibrate') calibrate(count);
  else if (command === 'warm') reply({ windowNs: Array.from({ length: count }, () => timeBatch(1)) });
  else if (command === 'round') reply(takeRound(count));
  else if (command === 'digest') reply(digest());
}
leave();
