// A timed process in V8: one strategy, one stream, and one class of memory, so that V8 can inline its methods. It does
// what the runner asks. Its digest covers its IRTEs and all deliveries and wakeups.
import { GCProfiler } from 'node:v8';
import { Bench, hrtimeNow, mToNs, type Statistics, type TaskResultCompleted } from 'tinybench';
import { type Address, Memory } from '../../machine/memory.js';
import { HEADER_WORDS, operationAt, operationWords } from '../../workloads/stream/stream.js';
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
import { CALIBRATION_READINGS, type CalibrateReply, type RoundReply } from '../process/timed-protocol.js';
import { digestOfMasked, digestOfRanked, FNV_PRIME, memoryDigest } from '../replay/digest.js';
import { createReplay, plainHost } from '../replay/replay.js';

const leave = begin();
const job = readTimedJob();
const memory = harnessMemory(() => new Memory());
const strategy = await importStrategy(job.strategy);
const stream = readStream(job.stream);

/** Running checksums of all deliveries and of all wakeups, in order. */
const checksums = new Int32Array(2);
const DELIVERIES = 0;
const WAKEUPS = 1;

function fold(checksum: number, event: number): void {
  checksums[checksum] = Math.imul((checksums[checksum] as number) ^ event, FNV_PRIME);
}

/**
 * The vCPUs woken and created since the last fold, in order: the address of each woken one, and of each new one its number,
 * inverted, and its address. Heaps differ, so that addresses cannot be folded themselves, and a window can reuse them.
 */
let events = new Int32Array(0);
let eventCount = 0;
const numbers = new Map<Address, number>();

/** Words of the events between two offsets of the stream. An interrupt wakes at most one vCPU. */
function eventWords(start: number, end: number): number {
  let words = 0;
  for (let offset = start; offset < end; offset += operationWords((stream.words[offset] as number) & 15)) {
    const { name, count } = operationAt(stream.words, offset);
    words += name === 'interrupt' ? 1 : 2 * count;
  }
  return words;
}

const setupEvents = eventWords(HEADER_WORDS, stream.windowStart);
const windowEvents = eventWords(stream.windowStart, stream.windowEnd);

const replay = createReplay(stream, strategy, plainHost(memory, job.host), {
  interrupted: (_irq, delivery) => fold(DELIVERIES, delivery),
  created: (vcpu, address) => {
    events[eventCount++] = ~vcpu;
    events[eventCount++] = address;
  },
  woke: (_iommu, _tag, vcpu) => {
    events[eventCount++] = vcpu;
  },
});

/** Makes room for the events of the setup, or of `count` replays. */
function expectWindows(count: number): void {
  const most = Math.max(setupEvents, count * windowEvents);
  if (events.length < most) events = new Int32Array(most);
}

/** Folds the woken vCPUs, by their numbers in the stream. */
function foldWoken(): void {
  for (let index = 0; index < eventCount; index++) {
    const event = events[index] as number;
    if (event < 0) numbers.set(events[++index] as number, ~event);
    else fold(WAKEUPS, numbers.get(event) ?? -1);
  }
  eventCount = 0;
}

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
  expectWindows(1);
  runBatch();
  foldWoken();
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
      expectWindows(batchWindows);
      collector.start();
    },
    afterEach() {
      collections = collector.stop().statistics.length;
      foldWoken();
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
  for (let window = 0; window < WARM_UP_WINDOWS; window++) replayOnce();
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

function replyDigests(): void {
  const { start, end } = replay.host.irtes;
  const { words, top } = replay.host.memory;
  const irtes = words.subarray(start, end);
  reply({
    digest: digestOfRanked(irtes, checksums),
    maskedDigest: digestOfMasked(irtes),
    // getrusage() counts the largest resident set in KiB.
    peakBytes: process.resourceUsage().maxRSS * 1024,
    // Last: it reads pages that nothing has touched, which would count as resident.
    memoryDigest: memoryDigest(words.subarray(0, top), checksums),
  });
}

expectWindows(0);
replay.setUp();
foldWoken();
reply({ ready: true });
for (let line = readLine(); line !== null; line = readLine()) {
  const [command, argument] = line.split(' ');
  const count = Number(argument);
  if (command === 'calibrate') calibrate(count);
  else if (command === 'warm') reply({ windowNs: Array.from({ length: count }, () => timeBatch(1)) });
  else if (command === 'replay') {
    for (let window = 0; window < count; window++) replayOnce();
    reply({ replayed: count });
  } else if (command === 'round') reply(takeRound(count));
  else if (command === 'digest') replyDigests();
}
leave();
