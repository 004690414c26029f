// A logarithmic axis whose labelled ticks are chosen here: Chart.js labels too many near 1 and rounds 0.25 to
// 0.3. A chart's configuration is plain JSON, so ticks are annotations: a line and a label for each.
import type { Interval } from '../../harness/results/statistics.js';
import { isBounded } from '../words/wording.js';
import { SCALE_TEXT } from './chart.js';
import type { Annotation } from './chart-annotations.d.js';
import { INK } from './palette.js';

/** More would touch each other in a chart as narrow as a telephone. */
const MOST_TICKS = 7;
const FEWEST_TICKS = 3;
/** Between two ticks, as a part of the axis's logarithmic length: room for a label on the same screen. */
const LEAST_GAP = 0.1;

/** Leading digits of ticks per decade, from coarse to fine. */
const DIGITS: readonly (readonly number[])[] = [[1], [1, 2, 5], [1, 1.5, 2, 3, 5, 7]];

/** Steps of evenly spaced ticks, for an axis that spans less than a factor of {@link EVEN_SPAN}. */
const STEPS = [1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005];
const EVEN_SPAN = 4;

/** Part of the axis's logarithmic length left free at each end. */
const MARGIN = 0.04;

/** The ends and the ticks of an axis. */
export interface LogarithmicAxis {
  readonly min: number;
  readonly max: number;
  readonly ticks: readonly number[];
}

/** An axis that shows all from `low` to `high`, with three to seven round ticks. */
export function logarithmicAxis(low: number, high: number): LogarithmicAxis {
  const margin = (high / low) ** MARGIN;
  const [min, max] = [low / margin, high * margin];
  const gap = (max / min) ** LEAST_GAP;
  const candidates = tickCandidates(min, max).filter(
    (ticks) =>
      ticks.length <= MOST_TICKS &&
      ticks.slice(1).every((tick, index) => tick >= gap * (ticks[index] as number)),
  );
  const ticks = candidates.reduce((best, ticks) => (ticks.length > best.length ? ticks : best), []);
  return ticks.length >= FEWEST_TICKS
    ? { min, max, ticks }
    : { min, max, ticks: [min, Math.sqrt(min * max), max] };
}

function tickCandidates(min: number, max: number): number[][] {
  const [first, last] = [Math.floor(Math.log10(min)), Math.ceil(Math.log10(max))];
  const decades = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const sparse = [8, 4, 2].map((step) =>
    decades.filter((decade) => decade % step === 0).map((decade) => 10 ** decade),
  );
  const digits = DIGITS.map((leading) =>
    decades.flatMap((decade) => leading.map((digit) => Number(`${digit}e${decade}`))),
  );
  const even = max / min >= EVEN_SPAN ? [] : STEPS.map((step) => multiples(step, min, max));
  return [...sparse, ...digits, ...even].map((ticks) => ticks.filter((tick) => tick >= min && tick <= max));
}

function multiples(step: number, min: number, max: number): number[] {
  const first = Math.ceil(min / step);
  const count = Math.max(0, Math.floor(max / step) - first + 1);
  return Array.from({ length: Math.min(count, MOST_TICKS + 1) }, (_, index) =>
    Number(((first + index) * step).toPrecision(6)),
  );
}

/** How far beyond the outermost estimates an axis follows their intervals. */
const INTERVAL_REACH = 3;

/** An axis around all estimates and `marks`, and around intervals as far as {@link INTERVAL_REACH}. */
export function axisAround(
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

/** Beyond this factor between the least and the greatest time, an axis of times is logarithmic. */
const LINEAR_SPAN = 12;

/** Whether times span so much that on a linear axis the small ones would lie on each other. */
export function isWide(times: readonly number[]): boolean {
  return times.length > 0 && Math.max(...times) > LINEAR_SPAN * Math.min(...times);
}

/** The room in pixels beside an axis for {@link xTicks} and {@link yTicks}. */
const ROOM = { x: 22, y: 54 } as const;

/** The title of an axis, so many pixels from it. */
function axisTitle(text: string | string[], direction: 'x' | 'y', distance: number) {
  return {
    display: true,
    text,
    ...(direction === 'x' ? { align: 'end' as const } : {}),
    ...SCALE_TEXT,
    padding: direction === 'x' ? { top: distance, bottom: 0, y: 0 } : { top: 0, bottom: distance, y: 0 },
  };
}

/** A scale without ticks of its own, with room for annotations in their place. */
export function logarithmicScale(
  { min, max }: Pick<LogarithmicAxis, 'min' | 'max'>,
  direction: 'x' | 'y',
  title: string | string[],
) {
  return {
    type: 'logarithmic',
    min,
    max,
    // Else Chart.js widens the scale to ticks of its own, which are not drawn.
    bounds: 'data',
    grid: { display: false },
    border: { color: INK.axis.light },
    ticks: { display: false },
    title: axisTitle(title, direction, ROOM[direction]),
  } as const;
}

/** A linear scale with Chart.js's own ticks; by default from 0, with room for half of the greatest dot. */
export function linearScale(
  direction: 'x' | 'y',
  title: string | string[],
  reach: { min: number; max: number } | { beginAtZero: boolean; grace: string } = {
    beginAtZero: true,
    grace: '3%',
  },
) {
  return {
    type: 'linear',
    ...reach,
    border: { color: INK.axis.light },
    grid: { color: INK.grid.light },
    ticks: { ...SCALE_TEXT, maxTicksLimit: 7, maxRotation: 0 },
    title: axisTitle(title, direction, 4),
  } as const;
}

/** A place of an axis with its label. */
interface Tick {
  readonly value: number;
  readonly label: string;
}

/** The ticks of an axis, labelled with their figures. */
export function ticksOf({ ticks }: LogarithmicAxis): Tick[] {
  return ticks.map((value) => ({ value, label: String(Number(value.toPrecision(4))) }));
}

/** A line across the chart. */
export function gridLine(scaleID: 'x' | 'y', value: number): Annotation {
  return {
    type: 'line',
    scaleID,
    value,
    borderColor: INK.grid.light,
    borderWidth: 1,
    drawTime: 'beforeDatasetsDraw',
    adjustScaleRange: false,
  };
}

/** A text at a place of the chart. */
export function labelAt(
  xValue: number,
  yValue: number,
  position: { x: 'start' | 'center' | 'end'; y: 'start' | 'center' },
  content: string,
): Annotation {
  return {
    type: 'label',
    xScaleID: 'x',
    yScaleID: 'y',
    xValue,
    yValue,
    position,
    content,
    ...SCALE_TEXT,
    padding: 4,
    adjustScaleRange: false,
  };
}

/** A vertical line for each tick, with its label below the chart, whose lowest y is `bottom`. */
export function xTicks(ticks: readonly Tick[], bottom: number): Record<string, Annotation> {
  return Object.fromEntries(
    ticks.flatMap(({ value, label }, index): [string, Annotation][] => [
      [`x-grid-${index}`, gridLine('x', value)],
      [`x-label-${index}`, labelAt(value, bottom, { x: 'center', y: 'start' }, label)],
    ]),
  );
}

/** A horizontal line for each tick, with its label left of the chart, whose least x is `left`. */
export function yTicks(ticks: readonly Tick[], left: number): Record<string, Annotation> {
  return Object.fromEntries(
    ticks.flatMap(({ value, label }, index): [string, Annotation][] => [
      [`y-grid-${index}`, gridLine('y', value)],
      [`y-label-${index}`, labelAt(left, value, { x: 'end', y: 'center' }, label)],
    ]),
  );
}
