// What the look-up costs on the typical host: in ns, as a share of an update, and as a share of a CPU.
import { stepsByProcess } from '../../harness/results/comparison.js';
import type { Lane, Results } from '../../harness/results/results.js';
import {
  carriesVerdict,
  isToldFromZero,
  meanInterval,
  type ProcessInterval,
} from '../../harness/results/statistics.js';
import { type CellAnalysis, FLOOR, languageOf, typicalCell, workOf } from '../figures/analysis.js';
import { cpuShare, FLUSH_COST, USUAL_RATE } from '../figures/cost-model.js';
import { KEPT, LOOK_UP } from '../figures/strategies.js';
import { countText, durationText, partText } from '../words/wording.js';

/** The posted kind of hash against the list on the typical host. */
export interface LookUpCost {
  readonly cell: CellAnalysis;
  readonly lane: Lane;
  readonly hash: ProcessInterval;
  readonly list: ProcessInterval;
  /** Hash minus list, paired by round. */
  readonly saved: ProcessInterval;
  /** The saving as a share of one CPU for each vCPU, at {@link USUAL_RATE} updates a second. */
  readonly ofCpu: number;
  /** Time above the lower bound as a share of the update of the hash, without a flush and with one of 1 us for each entry. */
  readonly share: { readonly now: number; readonly flushed: number } | null;
}

/** The cost; null if the two were not both timed. */
export function lookUpCost({ run }: Results, cells: readonly CellAnalysis[]): LookUpCost | null {
  const cell = typicalCell(cells);
  const lane = cell && languageOf(cell, [LOOK_UP, KEPT]);
  if (!cell || !lane) return null;
  const nsOf = (id: string) => cell.times[lane].get(id)?.ns;
  const [hash, list, bound] = [LOOK_UP, KEPT, FLOOR].map(nsOf);
  if (!hash || !list) return null;
  const saved = meanInterval(
    stepsByProcess(cell.cell, [LOOK_UP, KEPT], lane).map(([ns]) => ns as number),
    run.confidence,
  );
  const above = bound === undefined ? null : Math.max(0, hash.estimate - bound.estimate);
  const flush = (workOf(cell, LOOK_UP)?.entries.mean ?? 1) * FLUSH_COST.ns;
  return {
    cell,
    lane,
    hash,
    list,
    saved,
    ofCpu: cpuShare(Math.abs(saved.estimate), USUAL_RATE),
    share: above === null ? null : { now: above / hash.estimate, flushed: above / (hash.estimate + flush) },
  };
}

/** Below this share of a CPU for each vCPU, time is no reason to choose. */
const REASON = 0.01;

/** Whether time is a reason to choose. */
export const isReason = ({ ofCpu }: LookUpCost): boolean => ofCpu >= REASON;

/** "At 2,000 updates/s": the rate behind each share of a CPU, and why it is assumed. */
export const RATE_TEXT = `${countText(USUAL_RATE)} updates/s`;
export const RATE_REASON = 'the loads and puts of a 1 kHz timer';

/** The cost in one sentence. */
export function shareSentence({ host }: Results, cost: LookUpCost): string {
  const { saved, ofCpu } = cost;
  if (!carriesVerdict(saved.n)) {
    return `No verdict: an update took ${durationText(cost.hash.estimate)} with ${LOOK_UP} and ${durationText(cost.list.estimate)} with ${KEPT}.`;
  }
  if (!isToldFromZero(saved)) {
    return `No difference of ${LOOK_UP} and ${KEPT} is shown: ${durationText(saved.estimate)} an update, inconclusive.`;
  }
  return (
    `${isReason(cost) ? 'Yes' : 'Not slow enough'}: ${host.flush === 'none' ? '' : 'without flushes '}the list ${saved.estimate < 0 ? 'costs' : 'saves'} ` +
    `${durationText(Math.abs(saved.estimate))}, ${partText(ofCpu)} of a CPU per vCPU at ${RATE_TEXT}.`
  );
}
