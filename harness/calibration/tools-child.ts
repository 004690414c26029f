// The same work through another harness: the strategies of several jobs in one process, one after the other, each on a
// host of its own. A batch has the same number of windows as in a trial. The tool gives its own mean and margin of error.
//
// Arguments: the tool, windows in a batch, ms for each strategy, and the jobs' paths. It answers with a figure for each job.
import { readFileSync } from 'node:fs';
import { Bench } from 'tinybench';
import { Memory } from '../../machine/memory.js';
import type { ChildJob } from '../process/child-job.js';
import { begin, importStrategy, readStream, reply } from '../process/child-main.js';
import { createReplay, plainHost } from '../replay/replay.js';
import type { Tool } from '../results/calibration.js';

/** The time of one strategy. */
export interface ToolFigure {
  /** Mean time of a batch, in ms. */
  readonly mean: number;
  /** Margin of error relative to the mean; null where the tool gives none. */
  readonly margin: number | null;
}

const [, , tool, windows, milliseconds, ...jobs] = process.argv as [string, string, Tool, ...string[]];
const budget = Number(milliseconds);

/** Size of each strategy's memory. */
const MEMORY_BYTES = 1 << 28;

/** Share of the time for the warm-up, as in tinybench's defaults (250 ms before 1,000). */
const WARM_UP_PART = 0.2;

/** @param instance - Makes each strategy an instance of its module, so that two share no compiled code. */
async function batchOf(path: string, instance: number): Promise<() => void> {
  const job = JSON.parse(readFileSync(path, 'utf8')) as ChildJob;
  const strategy = await importStrategy(`${job.strategy}&instance=${instance}`);
  const host = plainHost(new Memory(MEMORY_BYTES), job.host);
  const replay = createReplay(readStream(job.stream), strategy, host);
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
const figures = await (tool === 'tinybench' ? withTinybench(batches) : withMitata(batches));
reply(figures);
leave();
