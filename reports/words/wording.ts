// How every report writes figures and names. All of it is ASCII, because the text report must be.
import type { Lane, Results, StrategyInfo } from '../../harness/results/results.js';
import type { Interval } from '../../harness/results/statistics.js';

/** A ratio with up to four significant digits and three decimals. */
export function ratioText(ratio: number): string {
  if (ratio === 0) return '0';
  if (ratio >= 10_000 || ratio < 0.001) return ratio.toExponential(1);
  return ratio.toFixed(ratio >= 1000 ? 0 : ratio >= 100 ? 1 : ratio >= 10 ? 2 : 3);
}

/** ns per operation. */
export function nanosecondsText(ns: number): string {
  if (ns === 0) return '0';
  if (ns >= 1e7 || ns < 0.001) return ns.toExponential(2);
  return ns.toFixed(ns >= 1000 ? 0 : ns >= 100 ? 1 : ns >= 1 ? 2 : 3);
}

/** ns with one decimal, for differences. */
export function nsText(ns: number): string {
  // Adding 0 turns -0 into 0.
  return (Number(ns.toFixed(1)) + 0).toFixed(Math.abs(ns) < 100 ? 1 : 0);
}

/** Whether an interval has bounds; the interval of a single process has none. */
export function isBounded({ low, high }: Interval): boolean {
  return low > 0 && Number.isFinite(high);
}

/** The bounds of an interval. */
export function intervalText(interval: Interval, write: (value: number) => string): string {
  return isBounded(interval) ? `[${write(interval.low)}, ${write(interval.high)}]` : 'unbounded';
}

/** An estimate with its bounds: "0.484 [0.470, 0.499]". */
export function estimateText(interval: Interval, write: (value: number) => string): string {
  return `${write(interval.estimate)} ${isBounded(interval) ? intervalText(interval, write) : '(no interval)'}`;
}

/** A rate in millions per second, without the unit. */
export function millionsText(perSecond: number): string {
  const millions = perSecond / 1e6;
  return millions >= 1000 && millions < 1e7 ? countText(Math.round(millions)) : nanosecondsText(millions);
}

/** A fraction as a percentage: "1.6 %". */
export function partText(part: number): string {
  return Number.isFinite(part) ? `${(100 * part).toFixed(part < 0.1 ? 1 : 0)} %` : 'unbounded';
}

/** A fixed fraction as a percentage without superfluous digits: "95 %". */
export function percentText(part: number): string {
  return `${Number((100 * part).toPrecision(3))} %`;
}

/** A ratio as a change in per cent, without the unit: "+4.1". */
export function signedPercent(ratio: number): string {
  return signedText(100 * (ratio - 1), (percent) => percent.toFixed(1));
}

/** A whole number with separated thousands: "8,192". */
export function countText(count: number): string {
  return count.toLocaleString('en-US');
}

/** A number with three significant digits. */
export function roundedText(value: number): string {
  return countText(Number(value.toPrecision(3)));
}

/** A mean of counts, with at most one decimal. */
export function meanText(mean: number): string {
  // Adding 0 turns -0 into 0.
  return countText(Number(mean.toFixed(1)) + 0);
}

/** A difference with its sign: "+1.5", "-0.2". */
export function signedText(difference: number, write: (value: number) => string): string {
  const text = write(difference);
  return text.startsWith('-') ? text : `+${text}`;
}

/** Bytes in the largest unit that does not exceed them. */
export function bytesText(bytes: number): string {
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(units.length, Math.floor(Math.log2(Math.max(bytes, 1)) / 10));
  return power === 0 ? `${bytes} B` : `${(bytes / 1024 ** power).toFixed(1)} ${units[power - 1]}`;
}

/** A count with its noun: "1 round", "3 processes". */
export function numberOf(count: number, thing: string): string {
  const ending = count === 1 ? '' : thing.endsWith('s') ? 'es' : 's';
  return `${countText(count)} ${thing}${ending}`;
}

/** Names with their counts: "load 8,192, put 8,192". */
export function countsText(counts: Readonly<Record<string, number>>): string {
  const texts = Object.entries(counts).map(([name, count]) => `${name} ${countText(count)}`);
  return texts.join(', ') || 'none';
}

/** Parameters: "vms=32, placement=spread". */
export function parametersText(parameters: Readonly<Record<string, number | string>>): string {
  const texts = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  return texts.join(', ') || 'none';
}

/** The limits that a strategy declares. */
export function limitsText({ limits }: StrategyInfo): string {
  const texts = limits.map(({ kind, value }) => (value === undefined ? kind : `${kind} ${countText(value)}`));
  return texts.join(', ') || 'none';
}

/** The confidence level of the run's intervals: "95 %". */
export function confidenceText({ run }: Results): string {
  return percentText(run.confidence);
}

/** The half-width of the run's equivalence band: "3 %". */
export function bandText({ run }: Results): string {
  return percentText(run.band);
}

/** A text with a capital at its beginning. */
export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Names in a sentence: "one, two and three". */
export function namesText(names: readonly string[]): string {
  const [last] = names.slice(-1);
  return names.length < 2 ? (last ?? 'none') : `${names.slice(0, -1).join(', ')} and ${last}`;
}

/** Whether the A/A control of a cell can be trusted, in one word. */
export function controlText({ unreliable, flagged }: { unreliable: boolean; flagged: boolean }): string {
  return unreliable ? 'UNRELIABLE' : flagged ? 'flagged' : 'control';
}

/** The language that was timed, and that it is of the model. */
export function laneText(lane: Lane): string {
  return lane === 'v8' ? 'V8 model' : 'C on the model';
}

/** Where a time was measured: "in C", "in the V8 model". */
export function inLaneText(lane: Lane): string {
  return lane === 'v8' ? 'in the V8 model' : 'in C';
}

/** The language that was timed, in a word. */
export function languageText(lane: Lane): string {
  return lane === 'v8' ? 'V8' : 'C';
}
