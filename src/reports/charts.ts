// The charts as plain data: one Chart.js configuration for the PNG and for the page alike, without functions.
import type { ChartConfiguration, ChartDataset } from 'chart.js';
import wrapAnsi from 'wrap-ansi';
import type { ComparedStrategy, NanosecondsPerOperation } from '../harness/comparison.js';
import type { Results } from '../harness/results.js';
import type { Interval } from '../harness/statistics.js';
import type { Annotation } from '../types/chart-annotations.js';
import {
  axisTitle,
  type LogarithmicAxis,
  logarithmicAxis,
  logarithmicScale,
  tickAnnotations,
} from './axis.js';
import { INK, type Stroke, strokeOf } from './palette.js';
import { isTimed, isWrong, type SurveyedCell, surveyCells } from './survey.js';
import {
  bandText,
  confidenceText,
  intervalText,
  isBounded,
  nanosecondsText,
  numberOf,
  ratioText,
} from './wording.js';

/** A point with what a pointer over it is told. */
interface ChartPoint {
  readonly x: number;
  /** Row, from 0 at the top; forks lie between two. */
  readonly y: number;
  readonly text: string;
}

type ScatterConfiguration = ChartConfiguration<'scatter', ChartPoint[], string[]>;
type ScatterDataset = ChartDataset<'scatter', ChartPoint[]>;

/** A chart, ready to draw. */
export interface Chart {
  /** Name of its file without ending; made of ids only. */
  readonly name: string;
  readonly title: string;
  /** How to read it. */
  readonly caption: string;
  readonly config: ScatterConfiguration;
  /** In CSS pixels. */
  readonly width: number;
  readonly height: number;
}

/** In CSS pixels. */
export const WIDTH = 900;
const LEAST_ROW_HEIGHT = 38;
const LABEL_LINE_HEIGHT = 17;
/** Room for the axis below the rows, and for each line of the title above. */
const AXIS_HEIGHT = 84;
const TITLE_LINE_HEIGHT = 17;

/** Characters of an id in one line of a row's label. */
const LABEL_COLUMNS = 22;

/** Characters in one line of the title, on a screen as narrow as a telephone. */
export const TITLE_COLUMNS = 48;

/** How far beyond the outermost estimates an axis follows their intervals. */
const INTERVAL_REACH = 3;

/** Small enough that an interval of a few per cent shows at its sides. */
const POINT_RADIUS = 3.5;

/** Beyond this factor between the least and the greatest time, the axis of ns per operation is logarithmic. */
const LINEAR_SPAN = 12;

/** What the page replaces by its own font; registered with the PNG's canvas under this name. */
export const CHART_FONT = 'Report Sans';

/** Two charts for each workload: ratios to the baseline, and ns per operation. */
export function chartsOf(results: Results): Chart[] {
  return surveyCells(results)
    .filter(isTimed)
    .flatMap((cell) => [ratioChart(results, cell), nanosecondsChart(results, cell)]);
}

/** Name of a workload's chart of ratios. */
export function ratioChartName(workload: string): string {
  return `${workload}-ratio`;
}

/** Name of a workload's chart of ns per operation. */
export function nanosecondsChartName(workload: string): string {
  return `${workload}-ns`;
}

function ratioChart(results: Results, surveyed: SurveyedCell): Chart {
  const { workload, comparison } = surveyed;
  const { baseline, band } = results.run;
  const { forks } = surveyed.cell.timing;
  const others = results.strategies.map(({ id }) => id).filter((id) => id !== baseline);
  const control = comparison.control;
  const rows: { label: string[]; strategy: string; compared: ComparedStrategy | undefined }[] = [
    { label: rowLabel(baseline, controlMark(control)), strategy: baseline, compared: control ?? undefined },
    ...others.map((strategy) => {
      const compared = comparison.rows.find((row) => row.strategy === strategy);
      return { label: rowLabel(strategy, rowMark(surveyed, strategy, compared)), strategy, compared };
    }),
  ];
  const drawn = rows.flatMap(({ compared }) => (compared === undefined ? [] : [compared]));
  const axis = axisAround(
    drawn.map(({ ratio }) => ratio.estimate),
    drawn.flatMap(({ ratio, adjusted }) => [ratio, adjusted]),
    [1 - band, 1 + band],
  );
  const datasets = rows.flatMap(({ strategy, compared }, row) =>
    compared === undefined
      ? []
      : ratioDatasets(compared, row, strokeFor(results, strategy), isWrong(surveyed, strategy)),
  );
  const title = `${workload.id}: ratio to ${baseline}`;
  const heading = headingOf(results, surveyed, title);
  return {
    name: ratioChartName(workload.id),
    title,
    caption:
      `Point: geometric mean over ${numberOf(forks, 'fork')} of time per operation / ${baseline}; thick line: ` +
      `${confidenceText(results)} interval; thin line: the same after Holm's adjustment (at the edge it goes on ` +
      `beyond). Shaded: equivalence band of +-${bandText(results)}. The first row is the baseline against itself. ` +
      `A hollow point gave wrong answers.${singleForkNote(surveyed)}`,
    config: configuration(
      heading,
      rows.map(({ label }) => label),
      datasets,
      logarithmicScale(axis, [`time per operation / ${baseline},`, 'V8 model; left is faster']),
      { ...tickAnnotations(axis, rows.length), ...bandAnnotations(band) },
    ),
    width: WIDTH,
    height: heightOf(
      heading,
      rows.map(({ label }) => label),
    ),
  };
}

function nanosecondsChart(results: Results, surveyed: SurveyedCell): Chart {
  const { workload, nanoseconds } = surveyed;
  const ids = results.strategies.map(({ id }) => id);
  const labels = ids.map((id) => rowLabel(id, rowMark(surveyed, id, nanoseconds.get(id))));
  const datasets = ids.flatMap((id, row) => {
    const figures = nanoseconds.get(id);
    return figures === undefined
      ? []
      : nanosecondsDatasets(figures, row, strokeFor(results, id), isWrong(surveyed, id));
  });
  const values = [...nanoseconds.values()].flatMap(({ forks }) => forks);
  const isLogarithmic = values.length > 0 && Math.max(...values) > LINEAR_SPAN * Math.min(...values);
  const axis = isLogarithmic
    ? axisAround(
        values,
        [...nanoseconds.values()].map(({ over }) => over),
        [],
      )
    : null;
  const axisText = [
    'ns per operation, V8 model;',
    axis === null ? 'left is faster' : 'logarithmic; left is faster',
  ];
  const title = `${workload.id}: ns per operation`;
  const heading = headingOf(results, surveyed, title);
  return {
    name: nanosecondsChartName(workload.id),
    title,
    caption:
      'Small dots: one for each fork, its median over rounds. Large point: their geometric mean with its ' +
      `${confidenceText(results)} interval. Forks differ in where their pages lie and in what else the machine ` +
      `did: compare designs by the ratios, not by these.${singleForkNote(surveyed)}`,
    config: configuration(
      heading,
      labels,
      datasets,
      axis === null ? linearScale(axisText) : logarithmicScale(axis, axisText),
      axis === null ? {} : tickAnnotations(axis, ids.length),
    ),
    width: WIDTH,
    height: heightOf(heading, labels),
  };
}

/** The lines above a chart: an image that travels alone must say what it is. */
function headingOf({ run }: Results, { workload }: SurveyedCell, title: string): string[] {
  const lines = [
    ...wrapAnsi(title, TITLE_COLUMNS, { hard: true }).split('\n'),
    'V8 model, not the kernel;',
    'locks are plain loads and stores',
  ];
  if (workload.recording !== null) lines.push('the schedule was recorded, the rest is assumed');
  if (!run.verdictIntended) lines.push(`${run.suite} suite: no verdict intended`);
  return lines;
}

function heightOf(heading: readonly string[], labels: readonly string[][]): number {
  const lines = Math.max(...labels.map(({ length }) => length));
  const row = Math.max(LEAST_ROW_HEIGHT, LABEL_LINE_HEIGHT * lines);
  return AXIS_HEIGHT + TITLE_LINE_HEIGHT * heading.length + row * labels.length;
}

function strokeFor(results: Results, strategy: string): Stroke {
  return strokeOf(results.strategies.findIndex(({ id }) => id === strategy));
}

function rowLabel(id: string, mark: string | null): string[] {
  const lines = wrapAnsi(id, LABEL_COLUMNS, { hard: true }).split('\n');
  return mark === null ? lines : [...lines, mark];
}

function rowMark(surveyed: SurveyedCell, strategy: string, figures: object | undefined): string | null {
  if (figures === undefined) return '(void)';
  return isWrong(surveyed, strategy) ? '(wrong answers)' : null;
}

function controlMark(control: SurveyedCell['comparison']['control']): string {
  if (control === null) return '(A/A: void)';
  return control.unreliable ? '(A/A: unreliable)' : '(A/A twin)';
}

function singleForkNote({ cell }: SurveyedCell): string {
  return cell.timing.forks === 1 ? ' A single fork has no interval: the point stands alone.' : '';
}

/** An axis around all estimates and `marks`, and around intervals as far as {@link INTERVAL_REACH}. */
function axisAround(
  estimates: readonly number[],
  intervals: readonly Interval[],
  marks: readonly number[],
): LogarithmicAxis {
  const least = Math.min(...estimates, ...marks);
  const greatest = Math.max(...estimates, ...marks);
  const lows = intervals.map(({ low }) => Math.max(low, least / INTERVAL_REACH));
  const highs = intervals.map(({ high }) => Math.min(high, greatest * INTERVAL_REACH));
  const bounded = intervals.some(isBounded);
  return bounded
    ? logarithmicAxis(Math.min(least, ...lows), Math.max(greatest, ...highs))
    : logarithmicAxis(least, greatest);
}

function ratioDatasets(
  { strategy, role, ratio, adjusted, logRatios }: ComparedStrategy,
  row: number,
  stroke: Stroke,
  isHollow: boolean,
): ScatterDataset[] {
  const name = role === 'twin' ? `${strategy} (A/A twin)` : strategy;
  const text = `${name}: ${ratioText(ratio.estimate)} ${intervalText(ratio, ratioText)}, n = ${logRatios.length}`;
  return [
    lineDataset(name, ratio, row, text, stroke, { width: 3, isHollow, hasPoint: true }),
    lineDataset(`${name}, adjusted`, adjusted, row, text, stroke, {
      width: 1,
      isHollow: false,
      hasPoint: false,
    }),
  ];
}

function nanosecondsDatasets(
  { strategy, forks, over }: NanosecondsPerOperation,
  row: number,
  stroke: Stroke,
  isHollow: boolean,
): ScatterDataset[] {
  const text = `${strategy}: ${nanosecondsText(over.estimate)} ns ${intervalText(over, nanosecondsText)}`;
  return [
    lineDataset(strategy, over, row - 0.12, text, stroke, { width: 3, isHollow, hasPoint: true }),
    {
      label: `${strategy}, forks`,
      data: forks.map((x, fork) => ({
        x,
        y: row + 0.24,
        text: `${strategy}, fork ${fork}: ${nanosecondsText(x)} ns`,
      })),
      showLine: false,
      pointRadius: 2.5,
      pointBorderWidth: 1,
      pointBorderColor: stroke.light,
      pointBackgroundColor: INK.paper.light,
    },
  ];
}

/** An interval as a horizontal line around its estimate; only the estimate where it has no bounds. */
function lineDataset(
  label: string,
  interval: Interval,
  y: number,
  text: string,
  stroke: Stroke,
  { width, isHollow, hasPoint }: { width: number; isHollow: boolean; hasPoint: boolean },
): ScatterDataset {
  const { low, estimate, high } = interval;
  const isLine = isBounded(interval);
  const radius = hasPoint ? POINT_RADIUS : 0;
  const end = width + 2;
  return {
    label,
    data: (isLine ? [low, estimate, high] : [estimate]).map((x) => ({ x, y, text })),
    showLine: isLine,
    borderColor: stroke.light,
    borderWidth: width,
    borderDash: [...stroke.dash],
    // Upright strokes close the ends, which a dash may leave open.
    pointStyle: isLine ? ['line', 'circle', 'line'] : 'circle',
    pointRotation: isLine ? [90, 0, 90] : 0,
    pointRadius: isLine ? [end, radius, end] : radius,
    pointHitRadius: hasPoint ? 6 : 0,
    pointBorderWidth: hasPoint ? 2 : 1,
    pointBorderColor: stroke.light,
    pointBackgroundColor: isHollow ? INK.paper.light : stroke.light,
  };
}

function linearScale(title: string[]) {
  return {
    type: 'linear',
    beginAtZero: true,
    // Room for half of the dot of the slowest fork.
    grace: '3%',
    border: { color: INK.axis.light },
    grid: { color: INK.grid.light },
    ticks: { color: INK.text.light, maxTicksLimit: 7, maxRotation: 0, font: { size: 12 } },
    title: axisTitle(title, 4),
  } as const;
}

function bandAnnotations(band: number): Record<string, Annotation> {
  return {
    band: {
      type: 'box',
      xScaleID: 'x',
      xMin: 1 - band,
      xMax: 1 + band,
      backgroundColor: INK.band.light,
      borderWidth: 0,
      drawTime: 'beforeDatasetsDraw',
      z: -1,
      adjustScaleRange: false,
    },
    one: {
      type: 'line',
      scaleID: 'x',
      value: 1,
      borderColor: INK.axis.light,
      borderWidth: 1.5,
      drawTime: 'beforeDatasetsDraw',
      adjustScaleRange: false,
    },
  };
}

function configuration(
  title: string[],
  labels: string[][],
  datasets: ScatterDataset[],
  x: ReturnType<typeof linearScale> | ReturnType<typeof logarithmicScale>,
  annotations: Record<string, Annotation>,
): ScatterConfiguration {
  const family = `'${CHART_FONT}', system-ui, sans-serif`;
  return {
    type: 'scatter',
    data: { datasets },
    options: {
      animation: false,
      maintainAspectRatio: false,
      parsing: false,
      locale: 'en-US',
      font: { family },
      layout: { padding: { left: 4, right: 18, top: 4, bottom: 4 } },
      scales: {
        x,
        y: {
          type: 'category',
          labels,
          offset: true,
          border: { color: INK.axis.light },
          grid: { display: false },
          ticks: { autoSkip: false, color: INK.text.light, font: { size: 12 } },
        },
      },
      plugins: {
        legend: { display: false },
        title: {
          display: true,
          text: title,
          color: INK.text.light,
          font: { family, size: 13, weight: 'normal' },
        },
        tooltip: { displayColors: false, bodyFont: { family, size: 12 } },
        annotation: { clip: false, annotations },
      },
    },
  };
}
