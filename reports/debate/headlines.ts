// The answer in three sentences: the best design, the bugs of the posted patch, and whether the look-up matters.
import { FAILURES } from '../../harness/results/failures.js';
import { LANES, type Lane, type Results } from '../../harness/results/results.js';
import { carriesVerdict } from '../../harness/results/statistics.js';
import { type CellAnalysis, FLOOR, isWrong } from '../figures/cell-analysis.js';
import { LOOK_UP } from '../figures/cost-answers.js';
import { judgementOf, totalFindings } from '../figures/strategy-outcomes.js';
import { capitalised, countText, namesText, numberOf } from '../words/wording.js';
import { CANNOT_TELL, type Figure } from './answer.js';
import { POSTED } from './designs.js';
import { lookUpSentence, slowEnough } from './lookup-answers.js';
import { pooledFigures } from './pooled-figures.js';
import { type PooledRatio, pooledRatio, pooledText } from './pooled-ratio.js';
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

/** The ratios to the hash of the designs that are right everywhere, in the order of the results. */
function ratiosToHash(results: Results, cells: readonly CellAnalysis[], lane: Lane): PooledRatio[] {
  const calm = cells.filter(({ workload }) =>
    Object.keys(workload.window).every((verb) => LOADS_AND_PUTS.includes(verb)),
  );
  const right = results.strategies.filter(
    ({ id, sound }) => sound && id !== FLOOR && cells.every((cell) => !isWrong(cell, id)),
  );
  return right.flatMap(({ id }) => pooledRatio(results, calm, id, LOOK_UP, lane) ?? []);
}

/** The fastest design. */
interface Leader {
  readonly best: PooledRatio;
  /** The designs that are equivalent to it or not separated from it. */
  readonly alike: readonly string[];
}

/** The fastest design in a language; null without ratios, or if one of them has too few processes. */
function leaderOf(
  results: Results,
  cells: readonly CellAnalysis[],
  lane: Lane,
  ratios: readonly PooledRatio[],
): Leader | null {
  const [best, ...others] = ratios.toSorted((one, other) => one.ratio.estimate - other.ratio.estimate);
  if (best === undefined || !ratios.every(({ ratio }) => carriesVerdict(ratio.n))) return null;
  const compared = cells.filter(({ workload: { id } }) =>
    best.places.some(({ workload }) => workload === id),
  );
  const isAlike = ({ one }: PooledRatio): boolean => {
    const verdict = pooledRatio(results, compared, best.one, one, lane)?.verdict;
    return verdict === 'equivalent' || verdict === 'not separated';
  };
  return { best, alike: others.filter(isAlike).map(({ one }) => one) };
}

function leaderText({ best, alike }: Leader): string {
  const near = alike.length === 0 ? '' : ` (not told apart from ${alike.join(', ')})`;
  return `${best.one}${near}, at ${pooledText(best)} of the time of ${LOOK_UP}`;
}

/** All ratios without a ranking, in the order of the results. */
function unrankedText(ratios: readonly PooledRatio[]): string {
  const fewest = Math.min(...ratios.map(({ ratio }) => ratio.n));
  const all = ratios.map((pooled) => `${pooled.one} ${pooledText(pooled)}`);
  return `no verdict (${numberOf(fewest, 'process')}): ${all.join(', ')} of the time of ${LOOK_UP}`;
}

/** The best right design for loads and puts, in V8 and in C. */
function bestDesign(results: Results, cells: readonly CellAnalysis[]): Headline {
  const subject = 'Best for load and put';
  const lanes = LANES.map((lane) => {
    const ratios = ratiosToHash(results, cells, lane);
    return { lane, ratios, leader: leaderOf(results, cells, lane, ratios) };
  }).filter(({ ratios }) => ratios.length > 0);
  if (lanes[0]?.lane !== 'v8') {
    const sentence = `${CANNOT_TELL}: ${LOOK_UP} and a sound design were not both timed.`;
    return { subject, sentence, figures: [] };
  }
  const clauses = lanes.map(({ lane, ratios, leader }) => {
    const where = lane === 'v8' ? 'in the V8 model' : 'in C';
    return `${where} ${leader === null ? unrankedText(ratios) : leaderText(leader)}`;
  });
  const best = lanes.flatMap(({ leader }) => leader?.best ?? []);
  const titles = results.strategies
    .filter(({ id }) => best.some(({ one }) => one === id))
    .map(({ id, title }) => ` ${id}: ${title}.`);
  return {
    subject: best.length === 0 ? 'Load and put' : subject,
    sentence: `${capitalised(clauses.join('; '))}.${titles.join('')}`,
    figures: lanes
      .flatMap(({ ratios, leader }) => (leader === null ? ratios : [leader.best]))
      .flatMap((pooled) => pooledFigures(results, pooled)),
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
  const { figures } = slowEnough(results, cells);
  return {
    subject: 'Does the look-up matter',
    sentence: lookUpSentence(cells) ?? `${CANNOT_TELL}: loads were not counted.`,
    figures,
  };
}
