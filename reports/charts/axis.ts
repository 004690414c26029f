// Axes. Chart.js labels too many ticks of a logarithmic axis near 1 and rounds 0.25 to 0.3, so the ticks are chosen here.
// A chart is plain JSON without functions, so each tick is an annotation: a line and a label.
import type { Interval } from '../../harness/results/statistics.js';
import { countText, isBounded } from '../words/wording.js';
import { SCALE_TEXT } from './chart.js';
import type { Annotation, LineAnnotation } from './chart-annotations.d.js';
import { INK } from './palette.js';

/** More labels would overlap on a phone. */
export const MOST_TICKS = 7;
const FEWEST_TICKS = 3;
/** The smallest distance of two ticks, as a part of the axis's logarithmic length. A label needs that room. */
const LEAST_GAP = 0.1;

/** The leading digits of the ticks of a decade, from coarse to fine. */
const DIGITS: readonly (readonly number[])[] = [[1], [1, 2, 5], [1, 1.5, 2, 3, 5, 7]];

/** Steps of evenly spaced ticks. An axis has them if it spans less than a factor of {@link EVEN_SPAN}. */
const STEPS = [1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005];
const EVEN_SPAN = 4;

/** The free part of the axis's logarithmic length at each end. */
const MARGIN = 0.04;

/** The ends and the ticks of an axis. */
export interface LogarithmicAxis {
  readonly min: number;
  readonly max: number;
  readonly ticks: readonly number[];
}

/** An axis from `low` to `high` with three to seven round ticks. */
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

/** An axis shows intervals up to this factor beyond the outermost estimates. */
const INTERVAL_REACH = 3;

/** An axis that shows all estimates and `marks`, and intervals as far as {@link INTERVAL_REACH}. */
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

/** The room beside an axis for {@link xTicks} and {@link yTicks}, in pixels. */
const ROOM = { x: 22, y: 54 } as const;

/** The title of an axis. @param distance - From the axis, in pixels. */
function axisTitle(text: string | string[], direction: 'x' | 'y', distance: number) {
  return {
    display: true,
    text,
    ...(direction === 'x' ? { align: 'end' as const } : {}),
    ...SCALE_TEXT,
    padding: direction === 'x' ? { top: distance, bottom: 0, y: 0 } : { top: 0, bottom: distance, y: 0 },
  };
}

/** A logarithmic scale with room for ticks, which are annotations. */
export function logarithmicScale(
  { min, max }: Pick<LogarithmicAxis, 'min' | 'max'>,
  direction: 'x' | 'y',
  title: string | string[],
) {
  return {
    type: 'logarithmic',
    min,
    max,
    // Otherwise Chart.js widens the scale to its own ticks, which are not drawn.
    bounds: 'data',
    grid: { display: false },
    border: { color: INK.axis.light },
    ticks: { display: false },
    title: axisTitle(title, direction, ROOM[direction]),
  } as const;
}

/** The ends of a linear scale. */
type Reach = { min: number; max: number } | { beginAtZero: boolean; grace: string };

/** A linear scale with Chart.js's own ticks, by default from 0. The grace leaves room for half of the rightmost dot. */
export function linearScale(
  direction: 'x' | 'y',
  title: string | string[],
  reach: Reach = { beginAtZero: true, grace: '3%' },
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

/** A labelled place of an axis. */
interface Tick {
  readonly value: number;
  readonly label: string;
}

/** The ticks of an axis, labelled with their values. */
export function ticksOf({ ticks }: LogarithmicAxis): Tick[] {
  return ticks.map((value) => ({ value, label: countText(Number(value.toPrecision(4))) }));
}

/** A line across the chart. */
export function gridLine(scaleID: 'x' | 'y', value: number): LineAnnotation {
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

/** A text in the chart. */
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

/** A vertical line for each tick, with its label below the chart. @param bottom - The y of the lower edge. */
export function xTicks(ticks: readonly Tick[], bottom: number): Record<string, Annotation> {
  return Object.fromEntries(
    ticks.flatMap(({ value, label }, index): [string, Annotation][] => [
      [`x-grid-${index}`, gridLine('x', value)],
      [`x-label-${index}`, labelAt(value, bottom, { x: 'center', y: 'start' }, label)],
    ]),
  );
}

/** A horizontal line for each tick, with its label left of the chart. @param left - The x of the left edge. */
export function yTicks(ticks: readonly Tick[], left: number): Record<string, Annotation> {
  return Object.fromEntries(
    ticks.flatMap(({ value, label }, index): [string, Annotation][] => [
      [`y-grid-${index}`, gridLine('y', value)],
      [`y-label-${index}`, labelAt(left, value, { x: 'end', y: 'center' }, label)],
    ]),
  );
}

/** An axis of times is logarithmic if they span more than this factor. */
const LINEAR_SPAN = 12;

/** The values of a horizontal axis. */
interface ValueAxis {
  readonly values: readonly number[];
  readonly intervals: readonly Interval[];
  readonly unit: string;
  /** The direction that is better: "left is faster". */
  readonly better: string;
  /** The y of the lower edge. */
  readonly bottom: number;
  /** The ends if it is linear. */
  readonly reach?: Reach;
}

/** A horizontal scale with its ticks: linear, or logarithmic if small values would overlap on a linear one. */
export function valueAxis({ values, intervals, unit, better, bottom, reach }: ValueAxis) {
  if (values.length === 0 || Math.max(...values) <= LINEAR_SPAN * Math.min(...values)) {
    return { x: linearScale('x', [unit, better], reach), annotations: {} };
  }
  const axis = axisAround(values, intervals, []);
  return {
    x: logarithmicScale(axis, 'x', [unit, `logarithmic; ${better}`]),
    annotations: xTicks(ticksOf(axis), bottom),
  };
}
