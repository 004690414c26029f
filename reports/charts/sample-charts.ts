// Every timed batch of a workload: how they are distributed, and how they follow each other.
import type { Results } from '../../harness/results/results.js';
import type { CellAnalysis } from '../figures/cell-analysis.js';
import { type BatchTimes, batchTimes, sortedTimes } from '../figures/distributions.js';
import {
  gridLine,
  isWide,
  linearScale,
  logarithmicAxis,
  logarithmicScale,
  ticksOf,
  xTicks,
  yTicks,
} from './axis.js';
import { type Chart, configuration, type ScatterDataset, strokeFor, timedHeading, WIDTH } from './chart.js';
import { INK } from './palette.js';

const HEIGHT = 460;

/** Two charts for each workload, folded away in the page: sharper images would take a fifth of all its bytes. */
const PIXEL_RATIO = 1;

/** Name of a workload's chart of the distribution of its batches. */
export function distributionChartName(workload: string): string {
  return `${workload}-ecdf`;
}

/** Name of a workload's chart of its batches in their order. */
export function seriesChartName(workload: string): string {
  return `${workload}-series`;
}

/** Both charts of a workload; none where no timing counts. */
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
  const axis = isWide(all) ? logarithmicAxis(Math.min(...all), Math.max(...all)) : null;
  const axisText = [
    'ns per operation of a batch, V8 model;',
    `${axis === null ? '' : 'logarithmic; '}left is faster`,
  ];
  const title = `${workload.id}: distribution of batch times`;
  return {
    name: distributionChartName(workload.id),
    title,
    caption:
      'How large a part of the batches took at most so long: one step for each timed batch, of all processes and rounds; ' +
      'none that counts is left out. An upright line is a steady design; a tail to the right is of batches that were disturbed, ' +
      'and wide steps are processes that differ.',
    width: WIDTH,
    pixelRatio: PIXEL_RATIO,
    height: HEIGHT,
    config: configuration({
      heading: timedHeading(title, 'v8', workload, cell.timing.processes),
      datasets: times.map((one) => ({
        ...thinLine(results, one.strategy, 1.5),
        stepped: 'before',
        data: stepsOf(sortedTimes(one)),
      })),
      x:
        axis === null
          ? linearScale('x', axisText, { beginAtZero: false, grace: '3%' })
          : logarithmicScale(axis, 'x', axisText),
      y: linearScale('y', 'part of the batches', { min: 0, max: 1 }),
      annotations: axis === null ? {} : xTicks(ticksOf(axis), 0),
      legend: 'lines',
    }),
  };
}

/** The empirical distribution: it goes up by the same at each of the sorted times, from 0 to 1. */
function stepsOf(sorted: readonly number[]): [number, number][] {
  const steps = sorted.map((time, index): [number, number] => [
    brief(time),
    brief((index + 1) / sorted.length),
  ]);
  return [[brief(sorted[0] ?? 0), 0], ...steps];
}

function seriesChart(results: Results, analysis: CellAnalysis, times: readonly BatchTimes[]): Chart {
  const { workload, cell } = analysis;
  const { rounds } = results.run;
  const { processes } = cell.timing;
  const all = times.flatMap(sortedTimes);
  const axis = logarithmicAxis(Math.min(...all), Math.max(...all));
  const left = -0.5;
  const title = `${workload.id}: batches in the order measured`;
  return {
    name: seriesChartName(workload.id),
    title,
    caption:
      'One point for each timed batch, process after process and in each round after round; an upright line at each new process, ' +
      'whose processes are new. Level pieces are steady; pieces that differ are why the process is the unit of inference; a ' +
      'slope within one is a process not yet warm. The vertical scale is logarithmic.',
    width: WIDTH,
    pixelRatio: PIXEL_RATIO,
    height: HEIGHT,
    config: configuration({
      heading: timedHeading(title, 'v8', workload, cell.timing.processes),
      datasets: times.map(({ strategy, processes: pieces }) => ({
        ...thinLine(results, strategy, 1),
        data: pieces.flatMap(({ processNumber, samples }): [number, number | null][] => [
          ...samples.map((time, round): [number, number] => [processNumber * rounds + round, brief(time)]),
          // Processes are not connected.
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
    }),
  };
}

/** A line whose points are not drawn, but found by a pointer. */
function thinLine(results: Results, strategy: string, width: number): Omit<ScatterDataset, 'data'> {
  const stroke = strokeFor(results, strategy);
  return {
    label: strategy,
    // Of pairs, which the chart as a whole does not expect.
    parsing: {},
    showLine: true,
    borderColor: stroke.light,
    borderWidth: width,
    borderDash: [...stroke.dash],
    pointRadius: 0,
    pointHitRadius: 4,
    pointBackgroundColor: INK.paper.light,
  };
}

/** With as many digits as a chart can show: all batches of a run stand in the page. */
function brief(figure: number): number {
  return Number(figure.toPrecision(4));
}
