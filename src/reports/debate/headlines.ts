// What someone must know who reads no further: which design is best, what is wrong with the posted one, and whether the
// look-up matters.
import type { Lane, Results } from '../../harness/results.js';
import { LOOK_UP } from '../cost-answers.js';
import { FINDING_MEANINGS } from '../glossary.js';
import { FLOOR, isWrong, judgementOf, type SurveyedCell, totalFindings } from '../survey.js';
import { countText, numberOf } from '../wording.js';
import { CANNOT_TELL, checkRows, type Figure } from './answer.js';
import { lookUpSentence, slowEnough } from './lookup-answers.js';
import { type PooledRatio, pooledFigures, pooledRatio, pooledText } from './pooled-ratio.js';

const POSTED = 'posted-v4';

/** One of the first sentences. */
export interface Headline {
  /** What it is about. */
  readonly subject: string;
  readonly sentence: string;
  readonly figures: readonly Figure[];
}

/** The first sentences. */
export function headlines(results: Results, cells: readonly SurveyedCell[]): Headline[] {
  return [bestDesign(results, cells), postedPatch(results, cells), lookUp(results, cells)];
}

/** What a window may hold that is one of loads and puts, and of the wakeups that lead to them. */
const LOADS_AND_PUTS = ['load', 'put', 'interrupt', 'drainGaLog'];

/** The designs that are right everywhere, each with its ratio to the hash, the least first. */
function ranking(results: Results, cells: readonly SurveyedCell[], lane: Lane): PooledRatio[] {
  const calm = cells.filter(({ workload }) =>
    Object.keys(workload.window).every((verb) => LOADS_AND_PUTS.includes(verb)),
  );
  const right = results.strategies.filter(
    ({ id, sound }) => sound && id !== FLOOR && cells.every((cell) => !isWrong(cell, id)),
  );
  return right
    .flatMap(({ id }) => pooledRatio(results, calm, id, LOOK_UP, lane) ?? [])
    .sort((one, other) => one.ratio.estimate - other.ratio.estimate);
}

/** The design at the head of the ranking, and those that cannot be told from it. */
interface Leader {
  readonly best: PooledRatio;
  readonly alike: readonly string[];
}

function leaderIn(results: Results, cells: readonly SurveyedCell[], lane: Lane): Leader | null {
  const [best, ...others] = ranking(results, cells, lane);
  if (best === undefined) return null;
  const compared = cells.filter(({ workload: { id } }) =>
    best.places.some(({ workload }) => workload === id),
  );
  const isAlike = ({ one }: PooledRatio): boolean => {
    const verdict = pooledRatio(results, compared, best.one, one, lane)?.verdict;
    return verdict === 'equivalent' || verdict === 'not separated';
  };
  const alike = results.run.verdictIntended ? others.filter(isAlike) : [];
  return { best, alike: alike.map(({ one }) => one) };
}

function leaderText({ best, alike }: Leader): string {
  const near = alike.length === 0 ? '' : ` (not told apart from ${alike.join(', ')})`;
  return `${best.one}${near}, at ${pooledText(best)} of the time of ${LOOK_UP}`;
}

function bestDesign(results: Results, cells: readonly SurveyedCell[]): Headline {
  const subject = 'Best for load and put';
  const leader = leaderIn(results, cells, 'v8');
  if (leader === null) {
    const sentence = `${CANNOT_TELL}: ${LOOK_UP} and a sound design were not both timed.`;
    return { subject, sentence, figures: [] };
  }
  const inC = leaderIn(results, cells, 'c');
  const other = inC === null ? '' : `; in C ${leaderText(inC)}`;
  const named = new Set([leader, ...(inC === null ? [] : [inC])].map(({ best }) => best.one));
  const titles = results.strategies.flatMap(({ id, title }) => (named.has(id) ? [`${id}: ${title}.`] : []));
  const doubt = results.run.verdictIntended ? '' : ' No verdict: too few processes.';
  return {
    subject,
    sentence: `In the V8 model ${leaderText(leader)}${other}. ${titles.join(' ')}${doubt}`,
    figures: [leader, ...(inC === null ? [] : [inC])].flatMap(({ best }) => pooledFigures(results, best)),
  };
}

function postedPatch(results: Results, cells: readonly SurveyedCell[]): Headline {
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
    ({ kind, count }) => `${FINDING_MEANINGS[kind]} (${countText(count)} times)`,
  );
  const right = judged.length - wrongIn.length;
  const others = right === 0 ? '' : `; right in the other ${right} of ${numberOf(judged.length, 'workload')}`;
  return {
    subject,
    sentence:
      wrongIn.length === 0
        ? `Nothing that shows in these workloads; ${POSTED} was right in ${judged.length} of ${judged.length}.`
        : `On ${wrongIn.join(' and ')} ${kinds.join(', ')}${others}.`,
    figures,
  };
}

function lookUp(results: Results, cells: readonly SurveyedCell[]): Headline {
  const { figures } = slowEnough(results, cells);
  return {
    subject: 'Does the look-up matter',
    sentence: lookUpSentence(cells) ?? `${CANNOT_TELL}: loads were not counted.`,
    figures,
  };
}
