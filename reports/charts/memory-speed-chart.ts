// Memory against speed: a point for each design.
import type { Results } from '../../harness/results/results.js';
import { carriesVerdict } from '../../harness/results/statistics.js';
import type { CellAnalysis } from '../figures/cell-analysis.js';
import { type MemoryAndSpeed, memoryAndSpeed } from '../figures/memory-speed.js';
import { bytesText, confidenceText, estimateText, isBounded, ratioText } from '../words/wording.js';
import { axisAround, logarithmicScale, MOST_TICKS, ticksOf, xTicks, yTicks } from './axis.js';
import { type Chart, chartOf, lineOf, positionOf, type ScatterDataset, timedHeading } from './chart.js';
import { INK, shapeOf } from './palette.js';

/** Name of the chart. */
export const MEMORY_SPEED_NAME = 'memory-speed';

const HEIGHT = 520;

/** Radius of a point, and half the length of the ends of its interval. */
const RADIUS = 6;
const END = 4;

/** The chart of the first workload that was timed. */
export function memorySpeedCharts(results: Results, [cell]: readonly CellAnalysis[]): Chart[] {
  const figures = cell === undefined ? [] : memoryAndSpeed(results, cell);
  if (cell === undefined || figures.length === 0) return [];
  const { baseline } = results.run;
  const x = axisAround(
    [1, ...figures.map(({ ratio }) => ratio.estimate)],
    figures.map(({ ratio }) => ratio).filter(isBounded),
    // The axis has a width even if all take the same time.
    [0.8, 1.25],
  );
  const y = bytesAxis(figures.map(({ bytes }) => bytes));
  const title = `${cell.workload.id}: memory against speed`;
  const { processes } = cell.cell.timing;
  const better = carriesVerdict(processes) ? ' What lies left and below of another is better in both.' : '';
  return [
    chartOf({
      name: MEMORY_SPEED_NAME,
      title,
      caption:
        `A point for each design: to the left it takes less time than ${baseline}, with its ${confidenceText(results)} ` +
        'interval; further down it holds less modelled memory after the setup. Both scales are logarithmic. A hollow ' +
        `point gave wrong answers.${better}`,
      height: HEIGHT,
      heading: timedHeading(title, 'v8', cell.workload, processes),
      datasets: figures.map((figure) => pointDataset(results, figure)),
      x: logarithmicScale(x, 'x', [`time per operation / ${baseline},`, 'V8 model; left is faster']),
      y: logarithmicScale(y, 'y', 'modelled memory held'),
      annotations: { ...xTicks(ticksOf(x), y.min), ...yTicks(y.ticks, x.min) },
      legend: 'points',
    }),
  ];
}

/** An axis of bytes whose ticks are powers of two. */
function bytesAxis(bytes: readonly number[]) {
  const first = Math.floor(Math.log2(Math.min(...bytes)));
  const last = Math.ceil(Math.log2(Math.max(...bytes)));
  const step = Math.ceil((last - first + 1) / MOST_TICKS);
  const powers = Array.from(
    { length: Math.floor((last - first) / step) + 1 },
    (_, index) => first + step * index,
  );
  return {
    min: 2 ** (first - 0.5),
    max: 2 ** (last + 0.5),
    ticks: powers.map((power) => ({ value: 2 ** power, label: bytesText(2 ** power).replace('.0', '') })),
  };
}

function pointDataset(results: Results, { strategy, ratio, bytes, isWrong }: MemoryAndSpeed): ScatterDataset {
  const line = lineOf(results, strategy, 2);
  const shape = shapeOf(positionOf(results, strategy));
  const { low, estimate, high } = ratio;
  const text =
    strategy === results.run.baseline
      ? `${strategy}: the baseline, ${bytesText(bytes)}`
      : `${strategy}: ${estimateText(ratio, ratioText)}, ${bytesText(bytes)}`;
  const isLine = isBounded(ratio);
  return {
    ...line,
    // The estimate comes first and apart from the line, because the legend has the style of the first point.
    data: [
      { x: estimate, y: bytes, text },
      ...(isLine
        ? [
            { x: estimate, y: null },
            { x: low, y: bytes, text },
            { x: high, y: bytes, text },
          ]
        : []),
    ],
    showLine: isLine,
    pointStyle: isLine ? [shape.style, 'line', 'line', 'line'] : shape.style,
    pointRotation: isLine ? [shape.rotation, 90, 90, 90] : shape.rotation,
    pointRadius: isLine ? [RADIUS, END, END, END] : RADIUS,
    pointHitRadius: 6,
    pointBorderWidth: 2,
    pointBorderColor: line.borderColor,
    pointBackgroundColor: isWrong ? INK.paper.light : line.borderColor,
  };
}
