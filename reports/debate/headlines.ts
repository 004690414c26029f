// The answer in three sentences: the best design, the bugs of the posted patch, and whether the look-up matters.
import { FAILURES } from '../../harness/results/failures.js';
import type { Lane, Results } from '../../harness/results/results.js';
import type { CellAnalysis } from '../figures/cell-analysis.js';
import { LOOK_UP } from '../figures/cost-answers.js';
import { judgementOf, totalFindings } from '../figures/strategy-outcomes.js';
import { capitalised, countText, inLaneText, namesText, numberOf } from '../words/wording.js';
import { CANNOT_TELL, type Figure } from './answer.js';
import { type Best, bestOf, bestText, rightDesigns, timedLanes } from './best-of-kind.js';
import { HASH, POSTED } from './designs.js';
import { lookUpSentences, slowEnough } from './lookup-answers.js';
import { pooledFigures } from './pooled-figures.js';
import { type PooledRatio, pooledRatio, pooledText, unrankedText } from './pooled-ratio.js';
import { checkRows } from './rows.js';

/** One of the three sentences. */
export interface Headline {
  readonly subject: string;
  readonly sentence: string;
  readonly figures: readonly Figure[];
}

/** The three sentences. */
export function headlines(results: Results, cells: readonly CellAnalysis[]): Headline[] {
  return [bestDesign(results, cells), postedPatch(results, cells), lookUp(results, cells)];
}

/** The operations of a window of loads and puts and of the wakeups before them. */
const LOADS_AND_PUTS = ['load', 'put', 'interrupt', 'drainGaLog'];

/** The windows of loads and puts alone. */
function calmCells(cells: readonly CellAnalysis[]): CellAnalysis[] {
  return cells.filter(({ workload }) =>
    Object.keys(workload.window).every((verb) => LOADS_AND_PUTS.includes(verb)),
  );
}

/** The best designs of a language, the best hash, and their ratios to the baseline. */
interface Leaders {
  readonly lane: Lane;
  /** Null with too few processes. */
  readonly best: Best | null;
  /** Null if the best designs have a hash among them. */
  readonly hash: Best | null;
  /** Of those that the sentence names; of all if none is the best. */
  readonly ratios: readonly PooledRatio[];
}

/** The best designs in a language of those that are right everywhere. */
function leadersIn(results: Results, cells: readonly CellAnalysis[], lane: Lane): Leaders {
  const { baseline } = results.run;
  const calm = calmCells(cells);
  const allIds = results.strategies.map(({ id }) => id);
  const right = rightDesigns(results, cells, allIds, lane);
  const ratiosOf = (ids: readonly string[]) =>
    ids.flatMap((id) => (id === baseline ? [] : (pooledRatio(results, calm, id, baseline, lane) ?? [])));
  const best = bestOf(results, calm, right, lane);
  if (best === null) return { lane, best, hash: null, ratios: ratiosOf(right) };
  const hashes = right.filter((id) => HASH.members.includes(id));
  const first = [best.strategy, ...best.alike];
  const hash = hashes.some((id) => first.includes(id)) ? null : bestOf(results, calm, hashes, lane);
  const named = [...new Set([...first, hash?.strategy ?? [], hash ? LOOK_UP : []].flat())];
  const ratios = ratiosOf(named.filter((id) => right.includes(id)));
  return { lane, best, hash, ratios: ratios.length > 0 ? ratios : ratiosOf(right) };
}

/** The best designs of a language, and how much longer the best hash and the posted kind of hash take. */
function leadersText({ run: { baseline } }: Results, { lane, best, hash, ratios }: Leaders): string {
  const textOf = (id: string) => ratios.filter(({ one }) => one === id).map(pooledText)[0];
  if (best === null) return `${inLaneText(lane)} ${unrankedText(ratios)}`;
  const isBaseline = [best.strategy, ...best.alike].includes(baseline);
  const own = isBaseline ? undefined : textOf(best.strategy);
  const isAlone = best.alike.length === 0;
  const first =
    (isAlone
      ? `${best.strategy} is the fastest`
      : `${namesText([best.strategy, ...best.alike])} share the first rank`) +
    (own === undefined
      ? ''
      : `, ${isAlone ? '' : `${best.strategy} `}at ${own} times the time of ${baseline}`);
  const [hashRatio, posted] = [hash && textOf(hash.strategy), textOf(LOOK_UP)];
  if (!hash || hashRatio === undefined) return `${inLaneText(lane)} ${first}`;
  const isPosted = [hash.strategy, ...hash.alike].includes(LOOK_UP);
  const table =
    isPosted || posted === undefined ? '' : `, and ${LOOK_UP}, with a table in each IOMMU, ${posted}`;
  return (
    `${inLaneText(lane)} ${first}; the best hash, ${bestText(hash)}, takes ${hashRatio} times as long as ` +
    `${baseline}${table}`
  );
}

/** The best right designs for loads and puts, in C and in V8. */
function bestDesign(results: Results, cells: readonly CellAnalysis[]): Headline {
  const lanes = timedLanes(cells)
    .map((lane) => leadersIn(results, cells, lane))
    .filter(({ ratios }) => ratios.length > 0);
  if (lanes.length === 0) {
    const sentence = `${CANNOT_TELL}: no two sound designs were timed.`;
    return { subject: 'Best for load and put', sentence, figures: [] };
  }
  const first = lanes.flatMap(({ best }) => best?.strategy ?? []);
  const titles = results.strategies
    .filter(({ id }) => first.includes(id))
    .map(({ id, title }) => ` ${id}: ${title}.`);
  return {
    subject: first.length === 0 ? 'Load and put' : 'Best for load and put',
    sentence: `${capitalised(lanes.map((leaders) => leadersText(results, leaders)).join('; '))}.${titles.join('')}`,
    figures: lanes.flatMap(({ ratios }) => ratios).flatMap((pooled) => pooledFigures(results, pooled)),
  };
}

/** The failures of the posted patch. */
function postedPatch(results: Results, cells: readonly CellAnalysis[]): Headline {
  const subject = 'Wrong in the posted patch';
  const { judged, wrongIn } = judgementOf(cells, POSTED);
  if (judged.length === 0) {
    return { subject, sentence: `${CANNOT_TELL}: ${POSTED} was not judged.`, figures: [] };
  }
  const figures = cells.flatMap(({ workload, checks }): Figure[] => {
    const check = checks.get(POSTED);
    if (check === undefined) return [];
    const what = check.findings.map(({ kind, count }) => `${kind} ${countText(count)}`).join(', ');
    return [
      {
        text: `${POSTED} on ${workload.id}: ${what === '' ? 'no finding' : what}`,
        place: 'oracle',
        rows: checkRows(results, workload.id, POSTED),
      },
    ];
  });
  const kinds = totalFindings(cells, POSTED).map(
    ({ kind, count }) => `${FAILURES[kind]} (${countText(count)} times)`,
  );
  const right = judged.length - wrongIn.length;
  const others = right === 0 ? '' : `; right in the other ${right} of ${numberOf(judged.length, 'workload')}`;
  return {
    subject,
    sentence:
      wrongIn.length === 0
        ? `Nothing that shows in these workloads; ${POSTED} was right in ${judged.length} of ${judged.length}.`
        : `On ${namesText(wrongIn)} ${kinds.join(', ')}${others}.`,
    figures,
  };
}

/** Whether the look-up matters. */
function lookUp(results: Results, cells: readonly CellAnalysis[]): Headline {
  const sentences = lookUpSentences(results, cells);
  return {
    subject: 'Does the look-up matter',
    sentence: sentences.length === 0 ? `${CANNOT_TELL}: loads were not counted.` : sentences.join(' '),
    figures: slowEnough(results, cells).figures,
  };
}
