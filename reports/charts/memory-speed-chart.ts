// Memory against speed, a point for each design.
import type { Results } from '../../harness/results/results.js';
import { carriesVerdict } from '../../harness/results/statistics.js';
import type { CellAnalysis } from '../figures/cell-analysis.js';
import { type MemoryAndSpeed, memoryAndSpeed } from '../figures/memory-speed.js';
import { bytesText, confidenceText, estimateText, isBounded, ratioText } from '../words/wording.js';
import { axisAround, logarithmicScale, ticksOf, xTicks, yTicks } from './axis.js';
import {
  type Chart,
  configuration,
  PIXEL_RATIO,
  type ScatterDataset,
  strokeFor,
  timedHeading,
  WIDTH,
} from './chart.js';
import { INK, shapeOf } from './palette.js';

/** Name of the chart. */
export const MEMORY_SPEED_NAME = 'memory-speed';

const HEIGHT = 520;

/** Of a point, and half the length of the ends of its interval. */
const RADIUS = 6;
const END = 4;

/** Labels of a scale of bytes are powers of two, at the most so many. */
const MOST_TICKS = 7;

/** The chart, of the first workload that was timed. */
export function memorySpeedCharts(results: Results, [cell]: readonly CellAnalysis[]): Chart[] {
  const figures = cell === undefined ? [] : memoryAndSpeed(results, cell);
  if (cell === undefined || figures.length === 0) return [];
  const { baseline } = results.run;
  const x = axisAround(
    [1, ...figures.map(({ ratio }) => ratio.estimate)],
    figures.map(({ ratio }) => ratio).filter(isBounded),
    // Room even where all take the same.
    [0.8, 1.25],
  );
  const y = bytesAxis(figures.map(({ bytes }) => bytes));
  const title = `${cell.workload.id}: memory against speed`;
  const { processes } = cell.cell.timing;
  const better = carriesVerdict(processes) ? ' What lies left and below of another is better in both.' : '';
  return [
    {
      name: MEMORY_SPEED_NAME,
      title,
      caption:
        `A point for each design: to the left it takes less time than ${baseline}, with its ${confidenceText(results)} ` +
        'interval; further down it holds less modelled memory after the setup. Both scales are logarithmic. A hollow ' +
        `point gave wrong answers.${better}`,
      width: WIDTH,
      pixelRatio: PIXEL_RATIO,
      height: HEIGHT,
      config: configuration({
        heading: timedHeading(title, 'v8', cell.workload, processes),
        datasets: figures.map((figure) => pointDataset(results, figure)),
        x: logarithmicScale(x, 'x', [`time per operation / ${baseline},`, 'V8 model; left is faster']),
        y: logarithmicScale(y, 'y', 'modelled memory held'),
        annotations: { ...xTicks(ticksOf(x), y.min), ...yTicks(y.ticks, x.min) },
        legend: 'points',
      }),
    },
  ];
}

/** An axis around so many bytes, with some room at both ends. */
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
  const stroke = strokeFor(results, strategy);
  const position = results.strategies.findIndex(({ id }) => id === strategy);
  const shape = shapeOf(position);
  const { low, estimate, high } = ratio;
  const text =
    strategy === results.run.baseline
      ? `${strategy}: the baseline, ${bytesText(bytes)}`
      : `${strategy}: ${estimateText(ratio, ratioText)}, ${bytesText(bytes)}`;
  const isLine = isBounded(ratio);
  return {
    label: strategy,
    // The estimate first, apart from the line: the legend is drawn as the first point is.
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
    borderColor: stroke.light,
    borderWidth: 2,
    borderDash: [...stroke.dash],
    pointStyle: isLine ? [shape.style, 'line', 'line', 'line'] : shape.style,
    pointRotation: isLine ? [shape.rotation, 90, 90, 90] : shape.rotation,
    pointRadius: isLine ? [RADIUS, END, END, END] : RADIUS,
    pointHitRadius: 6,
    pointBorderWidth: 2,
    pointBorderColor: stroke.light,
    pointBackgroundColor: isWrong ? INK.paper.light : stroke.light,
  };
}
