// One timed process: one strategy, one stream, a Memory of the one class that V8 then inlines. It does what the
// runner says, and tells the digest of its IRTEs and of every delivery and wakeup on the way.
import { GCProfiler } from 'node:v8';
import { Bench, hrtimeNow } from 'tinybench';
import { Memory } from '../../machine/memory.js';
import { countOperations } from '../../workloads/stream/stream.js';
import { WARM_UP_WINDOWS } from '../method.js';
import { writeImage } from '../native/image.js';
import {
  begin,
  harnessMemory,
  importStrategy,
  readLine,
  readStream,
  readTimedJob,
  reply,
} from '../process/child-main.js';
import { CALIBRATION_READINGS, type RoundReply } from '../process/child-protocol.js';
import { digestOfMasked, digestOfRanked, FNV_PRIME, memoryDigest } from '../replay/digest.js';
import { createReplay, plainHost } from '../replay/replay.js';

const leave = begin();
const job = readTimedJob();
const memory = harnessMemory(() => new Memory());
const strategy = await importStrategy(job.strategy);
const stream = readStream(job.stream);

/** Of all deliveries, and of all wakeups, each in order. */
const checksums = new Int32Array(2);
const DELIVERIES = 0;
const WAKEUPS = 1;

function fold(checksum: number, event: number): void {
  checksums[checksum] = Math.imul((checksums[checksum] as number) ^ event, FNV_PRIME);
}

/** The vCPUs that were woken since they were last folded, as addresses, which differ between heaps. */
let woken = new Int32Array(0);
let wokenCount = 0;
const interruptsPerWindow =
  countOperations(stream.words, stream.windowStart, stream.windowEnd).interrupt ?? 0;

const replay = createReplay(stream, strategy, plainHost(memory, job.host), {
  interrupted: (_irq, delivery) => fold(DELIVERIES, delivery),
  woke: (_iommu, _tag, vcpu) => {
    woken[wokenCount++] = vcpu;
  },
});

/** Makes room for the wakeups of so many replays. No interrupt wakes more than one vCPU. */
function expectWindows(count: number): void {
  const most = (count + 1) * interruptsPerWindow;
  if (woken.length < most) woken = new Int32Array(most);
}

/** Folds the vCPUs woken, by their numbers in the stream. */
function foldWoken(): void {
  if (wokenCount === 0) return;
  const numbers = new Map<number, number>();
  replay.vcpus.forEach((address, number) => {
    numbers.set(address, number);
  });
  for (let index = 0; index < wokenCount; index++) {
    fold(WAKEUPS, numbers.get(woken[index] as number) ?? -1);
  }
  wokenCount = 0;
}

/** ns that `count` replays take, and the garbage collections meanwhile. */
function timeBatch(count: number): { batchNs: number; collections: number } {
  expectWindows(count);
  const collector = new GCProfiler();
  collector.start();
  const start = process.hrtime.bigint();
  for (let window = 0; window < count; window++) replay.runWindow();
  const batchNs = Number(process.hrtime.bigint() - start);
  const collections = collector.stop().statistics.length;
  foldWoken();
  return { batchNs, collections };
}

/** ns that `count` replays take. */
function timeWindows(count: number): number {
  return timeBatch(count).batchNs;
}

/** Looks for the shortest batch that takes long enough, so many times in a row. */
function calibrate(milliseconds: number): void {
  for (let window = 0; window < WARM_UP_WINDOWS; window++) timeWindows(1);
  let windows = 1;
  for (let readings = 0; readings < CALIBRATION_READINGS; ) {
    const part = timeWindows(windows) / 1e6 / milliseconds;
    readings = part < 1 ? 0 : readings + 1;
    if (part < 1) windows = Math.max(windows + 1, Math.ceil(windows / part));
  }
  reply({ windows });
}

/** One round. */
function takeRound(windows: number): RoundReply {
  const start = process.hrtime.bigint();
  const cpuBefore = process.cpuUsage();
  timeWindows(1);
  const batch = timeBatch(windows);
  // In microseconds.
  const { user, system } = process.cpuUsage(cpuBefore);
  return { ...batch, roundNs: Number(process.hrtime.bigint() - start), cpuNs: 1000 * (user + system) };
}

const bench = new Bench({ time: 0, iterations: 1, warmup: false, now: hrtimeNow, throws: true });
let windowsOfRound = 0;
let lastRound: RoundReply | undefined;
bench.add(
  strategy.id,
  () => {
    lastRound = takeRound(windowsOfRound);
    const milliseconds = lastRound.batchNs / 1e6;
    const operations = windowsOfRound * stream.windowOperations;
    return { overriddenDuration: milliseconds / operations, overriddenIterationCost: milliseconds };
  },
  { async: false },
);

/** One run of tinybench is one round. It is answered after tinybench is done, as the next process's round begins then. */
function answerRound(windows: number): void {
  windowsOfRound = windows;
  bench.reset();
  bench.runSync();
  reply(lastRound as RoundReply);
}

function tellDigests(): void {
  const { start, end } = replay.host.irtes;
  const { words, top } = replay.host.memory;
  const irtes = words.subarray(start, end);
  reply({
    digest: digestOfRanked(irtes, checksums),
    maskedDigest: digestOfMasked(irtes),
    // getrusage() counts the largest resident set in KiB.
    peakBytes: process.resourceUsage().maxRSS * 1024,
    // Last, as it reads pages that nothing has touched.
    memoryDigest: memoryDigest(words.subarray(0, top), checksums),
  });
}

replay.setUp();
reply({ ready: true });
for (let line = readLine(); line !== null; line = readLine()) {
  const [command, argument] = line.split(' ');
  const count = Number(argument);
  if (command === 'calibrate') calibrate(count);
  else if (command === 'warm') reply({ windowNs: Array.from({ length: count }, () => timeWindows(1)) });
  else if (command === 'replay') {
    for (let window = 0; window < count; window++) timeWindows(1);
    reply({ replayed: count });
  } else if (command === 'round') answerRound(count);
  else if (command === 'image') {
    const path = line.slice('image '.length);
    writeImage(path, strategy.id, stream, replay);
    reply({ image: path });
  } else if (command === 'digest') tellDigests();
}
leave();
