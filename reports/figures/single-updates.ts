// Single updates, with hot and with cold caches: the tables, and whether their checks hold.
import { CHAIN_BAND } from '../../harness/method.js';
import type { Results } from '../../harness/results/results.js';
import { compareSingleUpdates, voidSingleUpdates } from '../../harness/results/single-updates.js';
import type { NumberTable } from '../words/number-table.js';
import { confidenceText, estimateText, nanosecondsText, ratioText } from '../words/wording.js';
import { TWIN } from './c-and-v8.js';

export const SINGLE_UPDATES_INTRODUCTION =
  'Times of single updates of a vCPU in C, in ns. Hot: the same update ran just before. Cold: its cache lines were evicted to ' +
  'memory before; stack, code and TLB stay hot. In a kernel interrupts are off for this time, under a raw spinlock. A maximum ' +
  'would be a preemption of the process, so the 99th percentile is given.';

/** Whether the evictions and the A/A control hold, and which strategies are void. */
export function singleUpdateSentences(results: Results): string[] {
  const { reason, points } = results.singleUpdates;
  if (reason !== null) return [`There are no times of single updates: ${reason}.`];
  return [
    chainSentence(results),
    ...points.flatMap((point) => {
      const control = compareSingleUpdates(results, point, 'cold', 'medianNs').find(
        ({ role }) => role === 'twin',
      );
      if (!control?.ratio || (control.ratio.low <= 1 && control.ratio.high >= 1)) return [];
      return [
        `The ${confidenceText(results)} interval of the ${TWIN} with cold caches excludes 1 for ${point.entries} entries: ` +
          `${estimateText(control.ratio, ratioText)}.`,
      ];
    }),
    ...voidSingleUpdates(results).map(
      ({ strategy, reason: why }) => `${strategy} has no valid times: ${why}.`,
    ),
  ];
}

/** Whether evicted lines come from memory. */
function chainSentence({ singleUpdates: { chain } }: Results): string {
  if (chain === null) return 'The check of the evictions failed, so cold caches may not be cold.';
  const { lines, evictedNs, chaseNs, hugePages } = chain;
  const ratio = evictedNs / chaseNs;
  const found =
    `A chain of ${lines} evicted lines takes ${nanosecondsText(evictedNs)} ns a line, and a chase through memory that no ` +
    `cache holds ${nanosecondsText(chaseNs)} ns: ${ratioText(ratio)} times as long`;
  if (!hugePages)
    return `${found}. Without huge pages the chase also misses in the TLB, so this ratio is not judged.`;
  const holds = ratio >= CHAIN_BAND.low && ratio <= CHAIN_BAND.high;
  const band = `${CHAIN_BAND.low} to ${CHAIN_BAND.high}`;
  return holds
    ? `${found}, within ${band}. So evicted lines come from memory.`
    : `${found}, outside ${band}. DO NOT TRUST the times with cold caches.`;
}

/** Median and 99th percentile, hot and cold, by entries of the vCPU. */
export function singleUpdateTables(results: Results): NumberTable[] {
  const { points } = results.singleUpdates;
  if (points.length === 0) return [];
  return (['medianNs', 'p99Ns'] as const).flatMap((figure) =>
    (['hot', 'cold'] as const).map((caches) => {
      const columns = points.map((point) => compareSingleUpdates(results, point, caches, figure));
      const rows = (columns[0] ?? []).map(({ strategy, role }) => [
        role === 'twin' ? TWIN : strategy,
        ...columns.map((column) => {
          const one = column.find((other) => other.strategy === strategy && other.role === role);
          return one === undefined ? '-' : nanosecondsText(one.ns.estimate);
        }),
      ]);
      return {
        caption:
          `${figure === 'medianNs' ? 'Median' : '99th percentile'} with ${caches} caches, ns, by entries of the vCPU; ` +
          'geometric mean over processes',
        head: ['strategy', ...points.map(({ entries }) => String(entries))],
        rows,
      };
    }),
  );
}
