// How every report writes names and figures. The text report turns the few characters beyond ASCII into ASCII.
import { VERDICT_PROCESSES } from '../../harness/method.js';
import type { Lane, Results, StrategyInfo } from '../../harness/results/results.js';
import { carriesVerdict, type Interval } from '../../harness/results/statistics.js';
import { countText, figureText, intervalText, isBounded, partText } from './wording-basics.js';

export * from './wording-basics.js';

/** What stands for a figure that is missing. */
export const NONE = '-';

/** A figure, or what stands for a missing one. */
export function shown<T>(figure: T | null | undefined, write: (figure: T) => string): string {
  return figure === null || figure === undefined ? NONE : write(figure);
}

/** An estimate with its bounds, if it has any: "0.484 [0.470, 0.499]". */
export function estimateText(interval: Interval, write: (value: number) => string = figureText): string {
  const estimate = write(interval.estimate);
  return isBounded(interval) ? `${estimate} ${intervalText(interval, write)}` : estimate;
}

/** A rate in millions per second, without the unit. */
export function millionsText(perSecond: number): string {
  return figureText(perSecond / 1e6);
}

/** A ratio as a change in per cent, without the unit: "+4.1". */
export function signedPercent(ratio: number): string {
  return signedText(100 * (ratio - 1), (percent) => percent.toFixed(1));
}

/** A difference with its sign: "+1.50", "-0.200". */
export function signedText(difference: number, write: (value: number) => string = figureText): string {
  const text = write(difference);
  return text.startsWith('-') ? text : `+${text}`;
}

/** A mean of counts, with at most one decimal. */
export function meanText(mean: number): string {
  // Adding 0 turns -0 into 0.
  return countText(Number(mean.toFixed(1)) + 0);
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
  return Object.entries(counts)
    .map(([name, count]) => `${name} ${countText(count)}`)
    .join(', ');
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

/** The confidence level of the run's intervals: "95%". */
export function confidenceText({ run }: Results): string {
  return partText(run.confidence);
}

/** The half-width of the run's equivalence band: "3%". */
export function bandText({ run }: Results): string {
  return partText(run.band);
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

/** The language that was timed, in a word. */
export function languageText(lane: Lane): string {
  return lane === 'v8' ? 'V8' : 'C';
}

/** Why some processes carry no verdict, as a sentence; none if they do. */
export function verdictNotes(processes: number): string[] {
  return carriesVerdict(processes)
    ? []
    : [
        `No winner is named: each strategy ran in ${numberOf(processes, 'process')}, and a verdict needs ${VERDICT_PROCESSES}.`,
      ];
}
