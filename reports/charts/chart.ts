// A chart as plain data, for the SVG of the page and the PNG. Its title states the finding; the subtitle has unit and n.

/** A scale from `min` to `max` with its ticks. */
export interface Scale {
  readonly label: string;
  readonly isLogarithmic: boolean;
  readonly min: number;
  readonly max: number;
  readonly ticks: readonly { readonly value: number; readonly label: string }[];
}

/** A point with its tooltip and, if it was measured several times, the ends of its interval. */
export interface Point {
  readonly x: number;
  readonly y: number;
  /** The interval lies along the vertical scale, or in a chart of rows along the horizontal one. */
  readonly low?: number;
  readonly high?: number;
  readonly note: string;
}

/** A line, labelled at its end. Equal strategies share one. */
export interface Line {
  readonly label: string;
  /** The position of its strategy in the results. */
  readonly position: number;
  readonly points: readonly Point[];
  /** Simulated or modelled: dashed and without marks. */
  readonly isModelled?: boolean;
  /** Wrong strategies are hollow. */
  readonly isHollow?: boolean;
}

export interface Chart {
  /** Name of its file without the extension, and of its element. */
  readonly name: string;
  readonly title: string;
  readonly subtitle: string;
  readonly x: Scale;
  readonly y: Scale;
  readonly lines: readonly Line[];
  /** Labelled places of the horizontal axis. */
  readonly marks?: readonly { readonly x: number; readonly label: string }[];
  /** The number of rows, each with a line of one point; none in a chart of lines. */
  readonly rows?: number;
}

const label = (value: number): string => Number(value.toPrecision(4)).toLocaleString('en-US');

/** A linear scale from 0 with four to six round ticks. */
export function linearScale(name: string, most: number): Scale {
  const rough = (most || 1) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((digit) => digit * power >= rough) ?? 10) * power;
  const count = Math.max(1, Math.ceil(most / step - 1e-9));
  const ticks = Array.from({ length: count + 1 }, (_, index) => index * step);
  return {
    label: name,
    isLogarithmic: false,
    min: 0,
    max: count * step,
    ticks: ticks.map((value) => ({ value, label: label(value) })),
  };
}

/** A linear scale whose ticks are given. */
export function scaleOf(name: string, min: number, max: number, ticks: readonly number[]): Scale {
  return {
    label: name,
    isLogarithmic: false,
    min,
    max,
    ticks: ticks.map((value) => ({ value, label: label(value) })),
  };
}

/** A logarithmic scale around some values, with a tick for each decade, or for 1, 2 and 5. */
export function logarithmicScale(name: string, values: readonly number[], own?: readonly number[]): Scale {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const decades = Array.from(
    { length: Math.ceil(Math.log10(high)) - Math.floor(Math.log10(low)) + 1 },
    (_, index) => 10 ** (Math.floor(Math.log10(low)) + index),
  );
  const fine = decades.flatMap((decade) => [1, 2, 5].map((digit) => digit * decade));
  const within = (all: readonly number[]) => all.filter((tick) => tick >= low / 1.01 && tick <= high * 1.01);
  const ticks = own ?? (within(fine).length <= 7 ? within(fine) : within(decades));
  return {
    label: `${name}, log scale`,
    isLogarithmic: true,
    min: low,
    max: high,
    ticks: ticks.map((value) => ({ value, label: label(value) })),
  };
}

/** The cost of a flush, up to 10 us. The left edge stands for none. */
export function flushScale(): Scale {
  const scale = logarithmicScale('ns to flush an entry', [1, 10_000]);
  return {
    ...scale,
    ticks: scale.ticks.map((tick) => (tick.value === 1 ? { ...tick, label: 'none' } : tick)),
  };
}

/** The place of a value on a scale, from 0 to 1. */
export function placeOn({ min, max, isLogarithmic }: Scale, value: number): number {
  const of = isLogarithmic ? Math.log : (number: number) => number;
  const place = (of(value) - of(min)) / (of(max) - of(min) || 1);
  return Math.min(1, Math.max(0, place));
}

/** The heights of labels that would overlap, moved apart. @param gap - The smallest distance. */
export function spreadOut(heights: readonly number[], gap: number, least: number, most: number): number[] {
  const order = heights
    .map((_, index) => index)
    .sort((a, b) => (heights[a] as number) - (heights[b] as number));
  const placed = [...heights];
  let last = least - gap;
  for (const index of order) {
    last = Math.max(placed[index] as number, last + gap);
    placed[index] = last;
  }
  let next = most + gap;
  for (const index of order.toReversed()) {
    next = Math.min(placed[index] as number, next - gap);
    placed[index] = next;
  }
  return placed;
}

/** Lines that do not differ become one. */
export function merged(lines: readonly Line[]): Line[] {
  const groups: Line[] = [];
  for (const line of lines) {
    const index = groups.findIndex(
      ({ points, isModelled }) =>
        isModelled === line.isModelled &&
        points.length === line.points.length &&
        points.every(({ y }, place) => Math.abs(y - (line.points[place]?.y ?? 0)) < 1e-9),
    );
    const group = groups[index];
    if (group === undefined) groups.push(line);
    else if (line.label !== '') groups[index] = { ...group, label: `${group.label} = ${line.label}` };
  }
  return groups;
}
