// What another harness says of the same work: the strategies of several jobs in one process, each on a host of its
// own, one after the other, in batches of as many windows as ours. Its own mean and its own measure of doubt.
//
// Arguments: `tinybench` or `mitata`, windows in a batch, ms for each strategy, and the jobs' paths.
import { readFileSync } from 'node:fs';
import { Bench } from 'tinybench';
import { Memory } from '../../machine/memory.js';
import { begin, importStrategy, readStream, reply } from '../process/child-main.js';
import type { ChildJob } from '../process/child-protocol.js';
import { createReplay, plainHost } from '../replay/replay.js';

/** A strategy's mean time of a batch in ms, and its margin of error as a part of that; null where there is none. */
export interface ToolFigure {
  readonly mean: number;
  readonly margin: number | null;
}

const [, , tool, windows, milliseconds, ...jobs] = process.argv as [
  string,
  string,
  'tinybench' | 'mitata',
  ...string[],
];
const budget = Number(milliseconds);

/** Bytes of each strategy's memory. */
const MEMORY_BYTES = 1 << 28;

/** Part of the time that goes to warming up, as with tinybench's defaults (250 ms before 1,000). */
const WARM_UP_PART = 0.2;

/** @param instance - Each strategy is an instance of its module, so that none shares its compiled code. */
async function batchOf(path: string, instance: number): Promise<() => void> {
  const job = JSON.parse(readFileSync(path, 'utf8')) as ChildJob;
  const strategy = await importStrategy(`${job.strategy}&instance=${instance}`);
  const replay = createReplay(
    readStream(job.stream),
    strategy,
    plainHost(new Memory(MEMORY_BYTES), job.host),
  );
  replay.setUp();
  return () => {
    for (let window = 0; window < Number(windows); window++) replay.runWindow();
  };
}

async function withTinybench(batches: readonly (() => void)[]): Promise<ToolFigure[]> {
  const bench = new Bench({
    time: budget * (1 - WARM_UP_PART),
    warmupTime: budget * WARM_UP_PART,
    throws: true,
  });
  for (const [index, batch] of batches.entries()) bench.add(String(index), batch, { async: false });
  await bench.run();
  return bench.tasks.map(({ result }) => {
    if (result.state !== 'completed') throw new Error(`tinybench ended as ${result.state}`);
    return { mean: result.latency.mean, margin: result.latency.rme / 100 };
  });
}

async function withMitata(batches: readonly (() => void)[]): Promise<ToolFigure[]> {
  // A development dependency: it is imported only where it is asked for.
  const { measure } = await import('mitata');
  const figures: ToolFigure[] = [];
  for (const batch of batches) {
    const { avg } = await measure(batch, { min_cpu_time: budget * 1e6 });
    figures.push({ mean: avg / 1e6, margin: null });
  }
  return figures;
}

const leave = begin();
const batches: (() => void)[] = [];
for (const [instance, path] of jobs.entries()) batches.push(await batchOf(path, instance));
reply({ figures: await (tool === 'tinybench' ? withTinybench(batches) : withMitata(batches)) });
leave();
