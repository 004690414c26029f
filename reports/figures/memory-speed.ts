// Memory against speed: whether a faster design holds more memory.
import type { Results } from '../../harness/results/results.js';
import type { Interval } from '../../harness/results/statistics.js';
import type { NumberTable } from '../words/number-table.js';
import { bytesText, confidenceText, countText, intervalText, ratioText } from '../words/wording.js';
import { type CellAnalysis, isWrong } from './cell-analysis.js';

/** A design on a workload. */
export interface MemoryAndSpeed {
  readonly strategy: string;
  /** Time per operation / the run's baseline; 1 without bounds for the baseline itself. */
  readonly ratio: Interval;
  /** Bytes of modelled memory after the setup. */
  readonly bytes: number;
  readonly isWrong: boolean;
}

/** The designs with a valid timing. */
export function memoryAndSpeed({ strategies, run }: Results, cell: CellAnalysis): MemoryAndSpeed[] {
  return strategies.flatMap(({ id }) => {
    const ratio =
      id === run.baseline && cell.nanoseconds.has(id)
        ? { estimate: 1, low: 0, high: Infinity }
        : cell.comparison.rows.find(({ strategy }) => strategy === id)?.ratio;
    const bytes = cell.checks.get(id)?.memoryBytes ?? 0;
    return ratio === undefined || bytes === 0
      ? []
      : [{ strategy: id, ratio, bytes, isWrong: isWrong(cell, id) }];
  });
}

/** Memory and speed as a table. */
export function memorySpeedTable(
  results: Results,
  { workload }: CellAnalysis,
  figures: readonly MemoryAndSpeed[],
): NumberTable {
  const { baseline } = results.run;
  return {
    caption: `${workload.id}: time per operation / ${baseline}, V8 model, and modelled memory held after the setup`,
    head: ['strategy', 'ratio', `${confidenceText(results)} interval`, 'held', 'bytes', 'answers'],
    rows: figures.map(({ strategy, ratio, bytes, isWrong }) => [
      strategy,
      strategy === baseline ? '1' : ratioText(ratio.estimate),
      strategy === baseline ? '' : intervalText(ratio, ratioText),
      bytesText(bytes),
      countText(bytes),
      isWrong ? 'wrong' : 'right',
    ]),
  };
}
