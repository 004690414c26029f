// How figures are written. The page's script uses this too, so it imports types only.
import type { Interval } from '../../harness/results/statistics.js';

/** A number with three significant digits, and all digits of a larger whole part. */
export function figureText(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e7 || size < 0.000_1) return value.toExponential(1);
  if (size >= 99.95) return countText(Math.round(value));
  return value.toFixed(Math.max(0, 2 - Math.floor(Math.log10(size))));
}

/** A ratio: "2.15x". */
export function timesText(ratio: number): string {
  return `${figureText(ratio)}x`;
}

/** A time, in the unit that fits: "41.2 ns", "1.30 µs". */
export function durationText(ns: number): string {
  return Math.abs(ns) < 1000 ? `${figureText(ns)} ns` : `${figureText(ns / 1000)} µs`;
}

/** Whether an interval has bounds; the interval of a single process has none. */
export function isBounded({ low, high }: Interval): boolean {
  return Number.isFinite(low) && Number.isFinite(high);
}

/** An estimate with the half-width of its interval: "41.2 ±0.5". */
export function marginText(interval: Interval): string {
  const { estimate, low, high } = interval;
  if (!isBounded(interval)) return figureText(estimate);
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(estimate) || 1)));
  const half = (high - low) / 2;
  return `${figureText(estimate)} ±${half >= 100 ? countText(Math.round(half)) : half.toFixed(Math.min(decimals, 2))}`;
}

/** A ratio with its interval: "2.15x [2.10, 2.20]". */
export function ratioText(interval: Interval): string {
  if (!isBounded(interval)) return timesText(interval.estimate);
  const { estimate, low, high } = interval;
  // A narrow interval needs more digits.
  const isNarrow = figureText(low) === figureText(high) && low.toFixed(4) !== high.toFixed(4);
  const write = isNarrow ? (value: number) => value.toFixed(4) : figureText;
  return `${write(estimate)}x ${intervalText(interval, write)}`;
}

/** The bounds of an interval. */
export function intervalText(interval: Interval, write: (value: number) => string): string {
  return isBounded(interval) ? `[${write(interval.low)}, ${write(interval.high)}]` : 'unbounded';
}

/** A fraction as a percentage with two significant digits below 10: "1.6%". */
export function partText(part: number): string {
  if (!Number.isFinite(part)) return 'unbounded';
  const percent = 100 * part;
  return `${Math.abs(percent) < 9.95 ? Number(percent.toPrecision(2)) + 0 : Math.round(percent)}%`;
}

/** A whole number with separated thousands: "8,192". */
export function countText(count: number): string {
  return count.toLocaleString('en-US');
}
