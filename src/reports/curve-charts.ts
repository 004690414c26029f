// Curves along the axes of the sweeps, both scales logarithmic: what is counted, and what was timed.
import type { ChartDataset } from 'chart.js';
import wrapAnsi from 'wrap-ansi';
import { LANES, type Lane, type Results, type SweptPoint } from '../harness/results.js';
import type { Annotation } from '../types/chart-annotations.js';
import { type LogarithmicAxis, logarithmicAxis } from './axis.js';
import { CHART_FONT, type Chart, TITLE_COLUMNS, WIDTH } from './charts.js';
import { INK, strokeOf } from './palette.js';
import { countedCurves, type NamedCurve, SWEPT_AXES, timedCurves } from './sweep-tables.js';
import { countText } from './wording.js';

const HEIGHT = 460;

/** Room in pixels for the labels of the scales. */
const LEFT = 54;
const BELOW = 26;

/** Part of the horizontal scale's logarithmic length left free at each end. */
const SIDE = 0.03;

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
      kind: 'counted, the same on every machine',
      curves: countedCurves(results, axis),
      unit: 'distinct cache lines, mean load',
    }),
    ...LANES.flatMap((lane) =>
      curveChart(results, axis, {
        name: timedChartName(axis, lane),
        title: `${axis}: ns per operation`,
        kind: lane === 'v8' ? 'V8 model, not the kernel; no atomics' : 'C on the model, not the kernel',
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
  readonly kind: string;
  readonly curves: readonly NamedCurve[];
  readonly unit: string;
}

function curveChart(results: Results, axis: SweptPoint['axis'], view: CurveView): Chart[] {
  const { name, title, kind, curves, unit } = view;
  const places = curves.flatMap(({ points }) => points);
  if (places.length === 0) return [];
  const labels = new Map(places.map(({ x, label }) => [x, label]));
  const xs = [...labels.keys()].sort((a, b) => a - b);
  if (xs.length < 2) return [];
  const [least, greatest] = [xs[0] as number, xs.at(-1) as number];
  const side = (greatest / least) ** SIDE;
  const heights = logarithmicAxis(
    Math.min(...places.map(({ y }) => y)),
    Math.max(...places.map(({ y }) => y)),
  );
  const family = `'${CHART_FONT}', system-ui, sans-serif`;
  const along = results.sweeps.find((point) => point.axis === axis)?.along ?? '';
  const scale = (min: number, max: number, text: string) =>
    ({
      type: 'logarithmic',
      min,
      max,
      grid: { display: false },
      border: { color: INK.axis.light },
      ticks: { display: false },
      title: {
        display: true,
        text,
        color: INK.text.light,
        font: { size: 12 },
        padding: { top: 0, bottom: LEFT, y: 0 },
      },
    }) as const;
  const text = [...wrapAnsi(title, TITLE_COLUMNS, { hard: true }).split('\n'), kind];
  return [
    {
      name,
      title: `${title}, ${kind}`,
      caption:
        `Along the horizontal scale: ${along}. Both scales are logarithmic: a straight line is a power law, and its ` +
        'slope the exponent, which the table has. Lines that lie on each other are of designs that differ in nothing ' +
        'that shows here.',
      width: WIDTH,
      height: HEIGHT,
      config: {
        type: 'scatter',
        data: {
          datasets: curves.map(
            ({ strategy, points }): ChartDataset<'scatter', NamedCurve['points'][number][]> => {
              const stroke = strokeOf(results.strategies.findIndex(({ id }) => id === strategy));
              return {
                label: strategy,
                data: [...points],
                showLine: true,
                borderColor: stroke.light,
                borderWidth: 2,
                borderDash: [...stroke.dash],
                pointRadius: 2.5,
                pointHitRadius: 6,
                pointBorderColor: stroke.light,
                pointBackgroundColor: stroke.light,
              };
            },
          ),
        },
        options: {
          animation: false,
          maintainAspectRatio: false,
          parsing: false,
          locale: 'en-US',
          font: { family },
          layout: { padding: { left: 4, right: 18, top: 4, bottom: 4 } },
          scales: {
            x: { ...scale(least / side, greatest * side, axis), title: xTitle(axis) },
            y: scale(heights.min, heights.max, unit),
          },
          plugins: {
            legend: {
              display: true,
              position: 'bottom',
              labels: {
                // A box without height is a line, with the strategy's dash.
                boxWidth: 30,
                boxHeight: 0,
                color: INK.text.light,
                font: { family, size: 12 },
              },
            },
            title: {
              display: true,
              text,
              color: INK.text.light,
              font: { family, size: 13, weight: 'normal' },
            },
            tooltip: { displayColors: false, bodyFont: { family, size: 12 } },
            annotation: { clip: false, annotations: gridOf(labels, heights, least / side) },
          },
        },
      },
    },
  ];
}

/** The title of the horizontal scale, below the labels of its places. */
function xTitle(axis: string) {
  return {
    display: true,
    text: axis,
    color: INK.text.light,
    font: { size: 12 },
    padding: { top: BELOW, bottom: 0, y: 0 },
  } as const;
}

/** A line and a label for each place of the horizontal scale and each tick of the vertical one. */
function gridOf(
  labels: ReadonlyMap<number, string>,
  { min, ticks }: LogarithmicAxis,
  left: number,
): Record<string, Annotation> {
  const line = (scaleID: 'x' | 'y', value: number): Annotation => ({
    type: 'line',
    scaleID,
    value,
    borderColor: INK.grid.light,
    borderWidth: 1,
    drawTime: 'beforeDatasetsDraw',
    adjustScaleRange: false,
  });
  const label = (
    content: string,
    xValue: number,
    yValue: number,
    position: { x: 'center'; y: 'start' } | { x: 'end'; y: 'center' },
  ): Annotation => ({
    type: 'label',
    xScaleID: 'x',
    yScaleID: 'y',
    xValue,
    yValue,
    position,
    content,
    color: INK.text.light,
    font: { size: 12 },
    padding: 4,
    adjustScaleRange: false,
  });
  return Object.fromEntries([
    ...[...labels].flatMap(([x, content], index) => [
      [`x-grid-${index}`, line('x', x)],
      [`x-label-${index}`, label(content, x, min, { x: 'center', y: 'start' })],
    ]),
    ...ticks.flatMap((tick, index) => [
      [`y-grid-${index}`, line('y', tick)],
      [
        `y-label-${index}`,
        label(countText(Number(tick.toPrecision(3))), left, tick, { x: 'end', y: 'center' }),
      ],
    ]),
  ]);
}
