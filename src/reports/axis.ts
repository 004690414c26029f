// A logarithmic axis whose labelled ticks are chosen here: Chart.js labels too many near 1 and rounds 0.25 to
// 0.3. A chart's configuration is plain JSON, so ticks are annotations: a line and a label for each.
import type { Annotation } from '../types/chart-annotations.js';
import { INK } from './palette.js';

/** More would touch each other in a chart as narrow as a telephone. */
const MOST_TICKS = 7;
const FEWEST_TICKS = 3;

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
  const candidates = tickCandidates(min, max).filter(({ length }) => length <= MOST_TICKS);
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

/** The scale of a horizontal axis without ticks of its own; the room below is for {@link tickAnnotations}. */
export function logarithmicScale({ min, max }: LogarithmicAxis, title: string[]) {
  return {
    type: 'logarithmic',
    min,
    max,
    grid: { display: false },
    border: { color: INK.axis.light },
    ticks: { display: false },
    title: axisTitle(title, 22),
  } as const;
}

/** The title of a horizontal axis, below the axis by so many pixels. */
export function axisTitle(text: string[], below: number) {
  return {
    display: true,
    text,
    align: 'end',
    color: INK.text.light,
    font: { size: 12 },
    padding: { top: below, bottom: 0, y: 0 },
  } as const;
}

/** A vertical line for each tick, with its label below the lowest of so many rows. */
export function tickAnnotations({ ticks }: LogarithmicAxis, rows: number): Record<string, Annotation> {
  return Object.fromEntries(
    ticks.flatMap((tick, index): [string, Annotation][] => [
      [
        `grid-${index}`,
        {
          type: 'line',
          scaleID: 'x',
          value: tick,
          borderColor: INK.grid.light,
          borderWidth: 1,
          drawTime: 'beforeDatasetsDraw',
          adjustScaleRange: false,
        },
      ],
      [
        `tick-${index}`,
        {
          type: 'label',
          xScaleID: 'x',
          yScaleID: 'y',
          xValue: tick,
          yValue: rows - 0.5,
          position: { x: 'center', y: 'start' },
          content: String(Number(tick.toPrecision(4))),
          color: INK.text.light,
          font: { size: 12 },
          padding: 4,
          adjustScaleRange: false,
        },
      ],
    ]),
  );
}
