// Whether the checks of single updates hold: the evictions, the A/A control, and void processes.
import { CHAIN_BAND } from '../../harness/method.js';
import type { Results } from '../../harness/results/results.js';
import { compareSingleUpdates, voidSingleUpdates } from '../../harness/results/single-updates.js';
import { confidenceText, figureText, ratioText, timesText } from '../words/wording.js';

/** A sentence on the evictions, and one for each control that excludes 1 and each void strategy. */
export function singleSentences(results: Results): string[] {
  const { points, chain } = results.singleUpdates;
  if (points.length === 0) return [];
  return [
    'Hot: the same update ran just before; in a workload the vCPUs take turns, so times differ, and so can the order of strategies. Cold: its cache lines were evicted to memory; stack, code and TLB stay hot. Misses that do not depend on each other overlap, so few dependent loads help most here.',
    chainSentence(chain),
    ...coldControls(results).flatMap(({ entries, ratio, holds }) =>
      holds
        ? []
        : [
            `The ${confidenceText(results)} interval of the cold A/A control excludes 1 for ${entries} entries: ${ratioText(ratio)}.`,
          ],
    ),
    ...voidSingleUpdates(results).map(({ strategy, reason }) => `${strategy} has no valid times: ${reason}.`),
  ];
}

/** The cold A/A controls, and whether their intervals hold 1. */
export function coldControls(results: Results) {
  return results.singleUpdates.points.flatMap((point) => {
    const comparisons = compareSingleUpdates(results, point, 'cold', 'medianNs');
    const ratio = comparisons.find(({ role }) => role === 'twin')?.ratio;
    return ratio ? [{ entries: point.entries, ratio, holds: ratio.low <= 1 && ratio.high >= 1 }] : [];
  });
}

/** Whether evicted lines come from memory. */
function chainSentence(chain: Results['singleUpdates']['chain']): string {
  if (chain === null) return 'The check of the evictions failed, so cold caches may not be cold.';
  const { evictedNs, chaseNs, hugePages } = chain;
  const ratio = evictedNs / chaseNs;
  const found = `Evicted lines cost ${figureText(evictedNs)} ns, and DRAM ${figureText(chaseNs)} ns`;
  if (!hugePages)
    return `${found}. Without huge pages the latter also misses the TLB, so the two are not compared.`;
  const band = `${CHAIN_BAND.low} to ${CHAIN_BAND.high}`;
  return ratio >= CHAIN_BAND.low && ratio <= CHAIN_BAND.high
    ? `${found}, so they come from memory.`
    : `${found}: a ratio of ${timesText(ratio)}, outside ${band}. DO NOT TRUST the times with cold caches.`;
}
