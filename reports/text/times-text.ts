// The times in the plain-text report, in the form of kernel mails: base, %change, new.
import type { CellComparison, ComparedStrategy } from '../../harness/results/comparison.js';
import type { Lane, Results, WorkloadInfo } from '../../harness/results/results.js';
import type { Interval } from '../../harness/results/statistics.js';
import { type CellAnalysis, isTimed, isWrong } from '../figures/cell-analysis.js';
import { changeSentences, disturbedSentences, NOT_TIMED } from '../figures/verdict-sentences.js';
import {
  confidenceText,
  controlText,
  isBounded,
  laneText,
  nanosecondsText,
  numberOf,
  ratioText,
  signedPercent,
} from '../words/wording.js';
import { paragraph, table, title } from './plain-text.js';

/** A ratio of at least this is easier to read as a factor than as a change in per cent. */
const FACTOR = 10;

/** The times of all workloads, in V8 and, where they were measured, in C. */
export function timesText(results: Results, cells: readonly CellAnalysis[]): string[] {
  const { baseline } = results.run;
  return [
    ...title('Time per operation: base, %change, new', '-'),
    ...paragraph(
      `ns per operation; base: ${baseline}; the change is that of the paired ratio, with its ` +
        `${confidenceText(results)} interval, n the processes of each strategy. Below 0 is less time.`,
    ),
    ...cells.flatMap((cell) => ['', ...cellTimes(results, cell)]),
  ];
}

function cellTimes(results: Results, cell: CellAnalysis): string[] {
  const { workload, comparison, inC } = cell;
  if (!isTimed(cell)) return [`${workload.id}: ${NOT_TIMED}`];
  const notes = [
    ...recordingNote(workload),
    ...changeSentences(cell),
    ...disturbedSentences(results, [cell.cell]),
    ...(results.strategies.some(({ id }) => isWrong(cell, id)) ? ['* wrong answers in this workload'] : []),
  ];
  return [
    ...laneTimes(results, cell, comparison, 'v8'),
    ...(inC === null ? [] : ['', ...laneTimes(results, cell, inC, 'c')]),
    ...notes.flatMap((note) => paragraph(note)),
  ];
}

function recordingNote({ recording }: WorkloadInfo): string[] {
  return recording === null ? [] : [`RECORDING of ${recording.file}: only the schedule was recorded.`];
}

function laneTimes(results: Results, cell: CellAnalysis, comparison: CellComparison, lane: Lane): string[] {
  const { baseline } = results.run;
  const { control, rows } = comparison;
  const times = lane === 'v8' ? cell.nanoseconds : cell.nanosecondsInC;
  const base = times.get(baseline);
  const baseText = base === undefined ? '-' : nanosecondsText(base.over.estimate);
  const processes = base?.processes.length ?? 0;
  const doubt = rows.some(({ verdict }) => verdict === null) ? ', no verdict' : '';
  const row = (name: string, { ratio }: ComparedStrategy, next: string, verdict: string) => [
    name,
    baseText,
    changeText(ratio.estimate),
    next,
    changeInterval(ratio),
    verdict,
  ];
  const lines = [
    ...(control === null ? [] : [row('A/A twin', control, '', controlText(control))]),
    ...results.strategies.flatMap(({ id }) => {
      const compared = rows.find(({ strategy }) => strategy === id);
      if (compared === undefined) return [];
      const next = times.get(id);
      return [
        row(
          isWrong(cell, id) ? `${id} *` : id,
          compared,
          next === undefined ? '-' : nanosecondsText(next.over.estimate),
          compared.verdict ?? '-',
        ),
      ];
    }),
  ];
  return [
    `${cell.workload.id}, ${laneText(lane)}, n = ${numberOf(processes, 'process')}${doubt}`,
    ...table(['strategy', 'base', '%change', 'new', 'interval, %', 'verdict'], lines, 'lrrrll'),
    ...(control?.unreliable
      ? paragraph(
          'A/A UNRELIABLE: do not trust the ratios of this workload. The baseline against itself lies wholly outside the equivalence band.',
        )
      : []),
    ...(control === null ? paragraph(`No A/A control: ${comparison.controlVoid}.`) : []),
    ...comparison.void.flatMap(({ strategy, reason }) => paragraph(`${strategy}: void, ${reason}`)),
  ];
}

/** A ratio as a change: "+4.1%", or "x12.3" for a large ratio. */
export function changeText(ratio: number): string {
  return ratio >= FACTOR ? `x${ratioText(ratio)}` : `${signedPercent(ratio)}%`;
}

/** The bounds of a ratio as changes, without the per cent sign. */
export function changeInterval(interval: Interval): string {
  const { low, high } = interval;
  if (!isBounded(interval)) return 'unbounded';
  return high >= FACTOR
    ? `[x${ratioText(low)}, x${ratioText(high)}]`
    : `[${signedPercent(low)}, ${signedPercent(high)}]`;
}
