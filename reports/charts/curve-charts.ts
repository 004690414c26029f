// Curves along the axes of the sweeps, with two logarithmic scales: counted work, and times.
import { LANES, type Lane, type Results, type SweptPoint } from '../../harness/results/results.js';
import { countedCurves, type NamedCurve, timedCurves } from '../figures/chart-curves.js';
import { SWEPT_AXES } from '../figures/swept-points.js';
import { confidenceText, isBounded } from '../words/wording.js';
import {
  axisAround,
  type LogarithmicAxis,
  logarithmicAxis,
  logarithmicScale,
  ticksOf,
  xTicks,
  yTicks,
} from './axis.js';
import {
  type Chart,
  chartOf,
  fewestProcesses,
  headingOf,
  lineOf,
  type ScatterDataset,
  strokeFor,
  timedHeading,
} from './chart.js';
import type { Annotation } from './chart-annotations.d.js';

const HEIGHT = 460;

/** Half the widths of the ends of an interval and of its line, in pixels. */
const END = 4;
const THIN = 1;

/** Name of the chart of counted work along an axis. */
export function countedChartName(axis: SweptPoint['axis']): string {
  return `sweep-${axis}-lines`;
}

/** Name of the chart of times along an axis. */
export function timedChartName(axis: SweptPoint['axis'], lane: Lane): string {
  return `sweep-${axis}-ns-${lane}`;
}

/** A chart of counted work for each axis, and of times for each axis and language. */
export function curveCharts(results: Results): Chart[] {
  return SWEPT_AXES.flatMap((axis) => [
    ...curveChart(results, axis, {
      name: countedChartName(axis),
      title: `${axis}: cache lines of a load`,
      lane: null,
      curves: countedCurves(results, axis),
      unit: 'distinct cache lines, mean load',
    }),
    ...LANES.flatMap((lane) =>
      curveChart(results, axis, {
        name: timedChartName(axis, lane),
        title: `${axis}: ns per operation`,
        lane,
        curves: timedCurves(results, axis, lane),
        unit: 'ns per operation',
      }),
    ),
  ]);
}

/** The content of a chart of curves. */
interface CurveView {
  readonly name: string;
  readonly title: string;
  /** Null for counted work. */
  readonly lane: Lane | null;
  readonly curves: readonly NamedCurve[];
  readonly unit: string;
}

function curveChart(results: Results, axis: SweptPoint['axis'], view: CurveView): Chart[] {
  const { name, title, lane, curves, unit } = view;
  const places = curves.flatMap(({ points }) => points);
  const labels = new Map(places.map(({ x, label }) => [x, label]));
  if (labels.size < 2) return [];
  const sides = logarithmicAxis(Math.min(...labels.keys()), Math.max(...labels.keys()));
  const heights = axisAround(
    places.map(({ y }) => y),
    places.flatMap(({ interval }) => (interval === null ? [] : [interval])),
    [],
  );
  const along = results.sweeps.find((point) => point.axis === axis)?.along ?? '';
  const xTickList = [...labels].map(([value, label]) => ({ value, label }));
  return [
    chartOf({
      name,
      title,
      caption:
        `Along the horizontal scale: ${along}. Both scales are logarithmic: a straight line is a power law, and its ` +
        'slope the exponent, which the table has. Lines that lie on each other are of designs that differ in nothing ' +
        `that shows here.${lane === null ? '' : ` Thin upright lines: ${confidenceText(results)} intervals over processes.`}`,
      height: HEIGHT,
      heading:
        lane === null
          ? headingOf(title, 'counted, the same on every machine')
          : timedHeading(title, lane, null, fewestProcesses(places.map(({ interval }) => interval))),
      datasets: curves.map((curve) => curveDataset(results, curve)),
      x: logarithmicScale(sides, 'x', axis),
      y: logarithmicScale(heights, 'y', unit),
      annotations: {
        ...xTicks(xTickList, heights.min),
        ...yTicks(ticksOf(heights), sides.min),
        ...intervalAnnotations(results, curves, heights),
      },
      legend: 'lines',
    }),
  ];
}

function curveDataset(results: Results, { strategy, points }: NamedCurve): ScatterDataset {
  const line = lineOf(results, strategy, 2);
  return {
    ...line,
    data: points.map(({ x, y, text }) => ({ x, y, text })),
    pointRadius: 2.5,
    pointHitRadius: 6,
    pointBorderColor: line.borderColor,
    pointBackgroundColor: line.borderColor,
  };
}

/** An upright line for each interval with bounds. An end beyond the chart is not drawn. */
function intervalAnnotations(
  results: Results,
  curves: readonly NamedCurve[],
  { min, max }: LogarithmicAxis,
): Record<string, Annotation> {
  return Object.fromEntries(
    curves.flatMap(({ strategy, points }) => {
      const borderColor = strokeFor(results, strategy).light;
      // An arrow head of length 0 is a stroke across the line.
      const end = { display: true, length: 0, width: END, borderColor, borderWidth: THIN } as const;
      return points.flatMap(({ x, interval }, index): [string, Annotation][] =>
        interval === null || !isBounded(interval)
          ? []
          : [
              [
                `interval-${strategy}-${index}`,
                {
                  type: 'line',
                  xMin: x,
                  xMax: x,
                  yMin: Math.max(min, interval.low),
                  yMax: Math.min(max, interval.high),
                  borderColor,
                  borderWidth: THIN,
                  arrowHeads: {
                    ...(interval.low >= min ? { start: end } : {}),
                    ...(interval.high <= max ? { end } : {}),
                  },
                  drawTime: 'beforeDatasetsDraw',
                  adjustScaleRange: false,
                },
              ],
            ],
      );
    }),
  );
}
