// Ratios over workloads as figures, and all of them in one table.
import type { Results } from '../../harness/results/results.js';
import type { NumberTable } from '../words/number-table.js';
import { confidenceText, laneText, languageText, numberOf } from '../words/wording.js';
import type { Figure } from './answer.js';
import { type PlacedRatio, type PooledRatio, pooledText } from './pooled-ratio.js';
import { timingRow } from './rows.js';

/** Id of the element of the page that shows {@link pooledTable}. */
export const RATIOS_PLACE = 'debate-ratios';

/** The ratio over all workloads, then the smallest and the largest of a single workload; none without a ratio. */
export function pooledFigures(results: Results, pooled: PooledRatio | null): Figure[] {
  if (pooled === null) return [];
  const { one, other, lane, processes, places } = pooled;
  const sorted = [...places].sort((a, b) => a.ratio.estimate - b.ratio.estimate);
  const [least, greatest] = [sorted[0] as PlacedRatio, sorted.at(-1) as PlacedRatio];
  const isSingle = places.length === 1;
  const over = isSingle ? `on ${least.workload}` : `over ${numberOf(places.length, 'workload')}`;
  const endFigure = (end: string, place: PlacedRatio): Figure => ({
    text: `${end} of them on ${place.workload}: ${pooledText(place)}`,
    place: lane === 'v8' ? `ratio-${place.workload}` : 'c-and-v8',
    rows: [timingRow(results, place.workload)],
  });
  return [
    {
      text:
        `${one} / ${other}, ${laneText(lane)}: ${pooledText(pooled)} ${over}, ` +
        `${confidenceText(results)} interval, n = ${processes}`,
      place: RATIOS_PLACE,
      rows: places.map(({ workload }) => timingRow(results, workload)),
      pooled,
    },
    ...(isSingle ? [] : [endFigure('least', least), endFigure('greatest', greatest)]),
  ];
}

/** All ratios that support a sentence, each once, with their values on each workload. */
export function pooledTable(results: Results, ratios: readonly PooledRatio[]): NumberTable {
  const workloads = results.workloads.map(({ id }) => id);
  const rows = ratios.map((pooled) => [
    `${pooled.one} / ${pooled.other}`,
    languageText(pooled.lane),
    `${pooled.processes}`,
    pooledText(pooled),
    ...workloads.map((id) => {
      const place = pooled.places.find(({ workload }) => workload === id);
      return place === undefined ? '-' : pooledText(place);
    }),
  ]);
  const byText = new Map(rows.map((row) => [row.join(), row]));
  return {
    caption:
      `Ratios of time per operation with their ${confidenceText(results)} intervals: the geometric mean over the ` +
      'workloads that have one here, and each of them; "-" where a design is wrong or void, the A/A control unreliable, or ' +
      'the answer is about other workloads',
    head: ['first / second', 'lane', 'n', 'over workloads', ...workloads],
    rows: [...byText.values()],
  };
}
