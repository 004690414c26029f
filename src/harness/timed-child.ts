// One timed process: one strategy, one stream, a Memory of the one class that V8 then inlines. It does what the
// runner says, and ends with a digest of its IRTEs and of every delivery and wakeup on the way.
import { GCProfiler } from 'node:v8';
import { Bench, hrtimeNow } from 'tinybench';
import { createHost, type GaLogNotifier } from '../machine/machine.js';
import { Memory } from '../machine/memory.js';
import {
  importStrategy,
  keepStdoutForProtocol,
  lineReader,
  readJob,
  readStream,
  reply,
} from './child-main.js';
import { digestOf, maskIrtes } from './digest.js';
import { createReplay, type HostAndMachine } from './replay.js';

/** FNV-1a's prime: folds each event into the checksum. */
const CHECKSUM_PRIME = 0x01000193;

/** Replays from which the steady time of a window is taken: the last so many. */
const STEADY_REPLAYS = 5;

keepStdoutForProtocol();
const job = readJob();
const strategy = await importStrategy(job.strategy);
const stream = readStream(job.stream);
const checksum = new Int32Array(1);

function fold(event: number): void {
  checksum[0] = Math.imul((checksum[0] as number) ^ event, CHECKSUM_PRIME);
}

function makeHost(devices: number, notify: GaLogNotifier): HostAndMachine {
  const host = createHost(new Memory(), job.host, devices, notify);
  return { host, machine: host };
}

const replay = createReplay(stream, strategy, job.host, makeHost, {
  interrupted: (_irq, delivery) => fold(delivery),
  woke: (_iommu, _tag, vcpu) => fold(vcpu),
});
const readLine = lineReader();

function runWindows(count: number): void {
  for (let window = 0; window < count; window++) replay.runWindow();
}

/** ns that `count` replays take. */
function timeWindows(count: number): number {
  const start = process.hrtime.bigint();
  runWindows(count);
  return Number(process.hrtime.bigint() - start);
}

function calibrate(milliseconds: number): void {
  const times: number[] = [];
  let total = 0;
  while (total < milliseconds * 1e6 || times.length < 2 * STEADY_REPLAYS) {
    const ns = timeWindows(1);
    times.push(ns);
    total += ns;
  }
  reply({ windowNs: Math.min(...times.slice(-STEADY_REPLAYS)) });
}

/** One iteration of tinybench is one round: it waits for the runner's word, so that rounds are exclusive. */
function round(): { overriddenDuration: number; overriddenIterationCost: number } {
  const line = readLine();
  if (line === null) process.exit(0);
  const windows = Number(line.split(' ')[1]);
  runWindows(1);
  const collector = new GCProfiler();
  collector.start();
  const batchNs = timeWindows(windows);
  const collections = collector.stop().statistics.length;
  reply({ batchNs, collections });
  const milliseconds = batchNs / 1e6;
  const operations = windows * stream.windowOperations;
  return { overriddenDuration: milliseconds / operations, overriddenIterationCost: milliseconds };
}

function runRounds(rounds: number): void {
  const bench = new Bench({ time: 0, iterations: rounds, warmup: false, now: hrtimeNow, throws: true });
  bench.add(strategy.id, round, { async: false });
  bench.runSync();
}

function finish(): void {
  const { start, end } = replay.host.irtes;
  const irtes = replay.host.memory.words.subarray(start, end);
  reply({
    digest: digestOf(irtes, checksum),
    maskedDigest: digestOf(maskIrtes(irtes)),
    // getrusage() counts the largest resident set in KiB.
    peakBytes: process.resourceUsage().maxRSS * 1024,
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
    runWindows(count);
    reply({ replayed: count });
  } else if (command === 'rounds') runRounds(count);
  else if (command === 'digest') {
    finish();
    break;
  }
}
