// Curves along the axes of the sweeps, both scales logarithmic: what is counted, and what was timed.
import { LANES, type Lane, type Results, type SweptPoint } from '../../harness/results/results.js';
import { countedCurves, type NamedCurve, SWEPT_AXES, timedCurves } from '../figures/sweep-tables.js';
import { confidenceText, isBounded, roundedText } from '../words/wording.js';
import { axisAround, type LogarithmicAxis, logarithmicScale, xTicks, yTicks } from './axis.js';
import {
  type Chart,
  configuration,
  fewestProcesses,
  headingOf,
  PIXEL_RATIO,
  type ScatterDataset,
  strokeFor,
  timedHeading,
  WIDTH,
} from './chart.js';
import type { Annotation } from './chart-annotations.d.js';

const HEIGHT = 460;

/** Part of the horizontal scale's logarithmic length left free at each end. */
const SIDE = 0.03;

/** Half the width in pixels of the ends of an interval, and of the interval itself. */
const END = 4;
const THIN = 1;

/** Name of the chart of what is counted along an axis. */
export function countedChartName(axis: SweptPoint['axis']): string {
  return `sweep-${axis}-lines`;
}

/** Name of the chart of what was timed along an axis. */
export function timedChartName(axis: SweptPoint['axis'], lane: Lane): string {
  return `sweep-${axis}-ns-${lane}`;
}

/** A chart for each axis that was counted, and for each that was timed in each lane. */
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

/** What a chart of curves shows. */
interface CurveView {
  readonly name: string;
  readonly title: string;
  /** Null where it is counted. */
  readonly lane: Lane | null;
  readonly curves: readonly NamedCurve[];
  readonly unit: string;
}

function curveChart(results: Results, axis: SweptPoint['axis'], view: CurveView): Chart[] {
  const { name, title, lane, curves, unit } = view;
  const places = curves.flatMap(({ points }) => points);
  const labels = new Map(places.map(({ x, label }) => [x, label]));
  if (labels.size < 2) return [];
  const [least, greatest] = [Math.min(...labels.keys()), Math.max(...labels.keys())];
  const side = (greatest / least) ** SIDE;
  const heights = axisAround(
    places.map(({ y }) => y),
    places.flatMap(({ interval }) => (interval === null ? [] : [interval])),
    [],
  );
  const along = results.sweeps.find((point) => point.axis === axis)?.along ?? '';
  const xTickList = [...labels].map(([value, label]) => ({ value, label }));
  const yTickList = heights.ticks.map((value) => ({ value, label: roundedText(value) }));
  return [
    {
      name,
      title,
      caption:
        `Along the horizontal scale: ${along}. Both scales are logarithmic: a straight line is a power law, and its ` +
        'slope the exponent, which the table has. Lines that lie on each other are of designs that differ in nothing ' +
        `that shows here.${lane === null ? '' : ` Thin upright lines: ${confidenceText(results)} intervals over processes.`}`,
      width: WIDTH,
      pixelRatio: PIXEL_RATIO,
      height: HEIGHT,
      config: configuration({
        heading:
          lane === null
            ? headingOf(title, 'counted, the same on every machine')
            : timedHeading(title, lane, null, fewestProcesses(places.map(({ interval }) => interval))),
        datasets: curves.map((curve) => curveDataset(results, curve)),
        x: { ...logarithmicScale({ min: least / side, max: greatest * side }, 'x', axis) },
        y: logarithmicScale(heights, 'y', unit),
        annotations: {
          ...xTicks(xTickList, heights.min),
          ...yTicks(yTickList, least / side),
          ...intervalAnnotations(results, curves, heights),
        },
        legend: 'lines',
      }),
    },
  ];
}

function curveDataset(results: Results, { strategy, points }: NamedCurve): ScatterDataset {
  const stroke = strokeFor(results, strategy);
  return {
    label: strategy,
    data: points.map(({ x, y, text }) => ({ x, y, text })),
    showLine: true,
    borderColor: stroke.light,
    borderWidth: 2,
    borderDash: [...stroke.dash],
    pointRadius: 2.5,
    pointHitRadius: 6,
    pointBorderColor: stroke.light,
    pointBackgroundColor: stroke.light,
  };
}

/** An upright line for each interval that has bounds; without its end where it goes on beyond the chart. */
function intervalAnnotations(
  results: Results,
  curves: readonly NamedCurve[],
  { min, max }: LogarithmicAxis,
): Record<string, Annotation> {
  return Object.fromEntries(
    curves.flatMap(({ strategy, points }) => {
      const borderColor = strokeFor(results, strategy).light;
      // A head without length is a stroke across the line.
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
