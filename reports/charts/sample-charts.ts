// The timed batches of a workload: their distribution, and their sequence.
import type { Results } from '../../harness/results/results.js';
import type { CellAnalysis } from '../figures/cell-analysis.js';
import { type BatchTimes, batchTimes, sortedTimes } from '../figures/distributions.js';
import {
  gridLine,
  linearScale,
  logarithmicAxis,
  logarithmicScale,
  ticksOf,
  valueAxis,
  yTicks,
} from './axis.js';
import { type Chart, chartOf, lineOf, type ScatterDataset, timedHeading } from './chart.js';
import { INK } from './palette.js';

const HEIGHT = 460;

/** The page folds these charts away, two for each workload. Sharper images would take a fifth of its bytes. */
const PIXEL_RATIO = 1;

/** Name of a workload's chart of the distribution. */
export function distributionChartName(workload: string): string {
  return `${workload}-ecdf`;
}

/** Name of a workload's chart of the sequence. */
export function seriesChartName(workload: string): string {
  return `${workload}-series`;
}

/** Both charts of a workload; none if no timing is valid. */
export function sampleCharts(results: Results, cell: CellAnalysis): Chart[] {
  const times = batchTimes(results, cell);
  return times.length === 0
    ? []
    : [distributionChart(results, cell, times), seriesChart(results, cell, times)];
}

function distributionChart(
  results: Results,
  { workload, cell }: CellAnalysis,
  times: readonly BatchTimes[],
): Chart {
  const all = times.flatMap(sortedTimes);
  const title = `${workload.id}: distribution of batch times`;
  return chartOf({
    name: distributionChartName(workload.id),
    title,
    caption:
      'How large a part of the batches took at most so long: one step for each timed batch, of all processes and rounds; ' +
      'none that counts is left out. An upright line is a steady design; a tail to the right is of batches that were disturbed, ' +
      'and wide steps are processes that differ.',
    pixelRatio: PIXEL_RATIO,
    height: HEIGHT,
    heading: timedHeading(title, 'v8', workload, cell.timing.processes),
    datasets: times.map((one) => ({
      ...thinLine(results, one.strategy, 1.5),
      stepped: 'before',
      data: stepsOf(sortedTimes(one)),
    })),
    y: linearScale('y', 'part of the batches', { min: 0, max: 1 }),
    ...valueAxis({
      values: all,
      intervals: [],
      unit: 'ns per operation of a batch, V8 model;',
      better: 'left is faster',
      bottom: 0,
      reach: { beginAtZero: false, grace: '3%' },
    }),
    legend: 'lines',
  });
}

/** The empirical distribution function: it rises by the same amount at each time, from 0 to 1. */
function stepsOf(sorted: readonly number[]): [number, number][] {
  const steps = sorted.map((time, index): [number, number] => [
    brief(time),
    brief((index + 1) / sorted.length),
  ]);
  return [[brief(sorted[0] ?? 0), 0], ...steps];
}

function seriesChart(
  results: Results,
  { workload, cell }: CellAnalysis,
  times: readonly BatchTimes[],
): Chart {
  const { rounds } = results.run;
  const { processes } = cell.timing;
  const all = times.flatMap(sortedTimes);
  const axis = logarithmicAxis(Math.min(...all), Math.max(...all));
  const left = -0.5;
  const title = `${workload.id}: batches in the order measured`;
  return chartOf({
    name: seriesChartName(workload.id),
    title,
    caption:
      'One point for each timed batch, process after process and round after round; an upright line at each new process. ' +
      'Level pieces are steady; pieces that differ are why the process is the unit of inference; a ' +
      'slope within one is a process not yet warm. The vertical scale is logarithmic.',
    pixelRatio: PIXEL_RATIO,
    height: HEIGHT,
    heading: timedHeading(title, 'v8', workload, processes),
    datasets: times.map(({ strategy, processes: pieces }) => ({
      ...thinLine(results, strategy, 1),
      data: pieces.flatMap(({ processNumber, samples }): [number, number | null][] => [
        ...samples.map((time, round): [number, number] => [processNumber * rounds + round, brief(time)]),
        // The line breaks between processes.
        [(processNumber + 1) * rounds, null],
      ]),
    })),
    x: {
      ...linearScale('x', 'batch, V8 model', { min: left, max: processes * rounds - 0.5 }),
      grid: { display: false },
      ticks: { display: false },
    },
    y: logarithmicScale(axis, 'y', 'ns per operation of a batch'),
    annotations: {
      ...yTicks(ticksOf(axis), left),
      ...Object.fromEntries(
        Array.from({ length: Math.max(0, processes - 1) }, (_, processNumber) => [
          `process-${processNumber + 1}`,
          gridLine('x', (processNumber + 1) * rounds - 0.5),
        ]),
      ),
    },
    legend: 'lines',
  });
}

/** A line whose points are not drawn but have tooltips. */
function thinLine(results: Results, strategy: string, width: number): Omit<ScatterDataset, 'data'> {
  return {
    ...lineOf(results, strategy, width),
    // The points are pairs, which only parsing understands.
    parsing: {},
    pointRadius: 0,
    pointHitRadius: 4,
    pointBackgroundColor: INK.paper.light,
  };
}

/** Four digits are more than a chart can show, and save bytes: the page contains every batch. */
function brief(figure: number): number {
  return Number(figure.toPrecision(4));
}
