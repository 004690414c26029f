// Many CPUs at once in the plain-text report: throughput as base, %change, new; the rest in sentences.
import { LANES, type Results } from '../../harness/results/results.js';
import { WRONG_MARK } from '../figures/c-and-v8.js';
import { waitSentences, waitTables } from '../figures/completion-waits.js';
import {
  agreementSentences,
  CONTENTION_INTRODUCTION,
  ceilingSentences,
  contentionFacts,
  contentionGaps,
  lossSentences,
  mostThreads,
  NO_CONTENTION,
  pointAt,
} from '../figures/contention-sentences.js';
import { agreements } from '../figures/contention-simulation.js';
import { ceilingTables } from '../figures/contention-tables.js';
import { type ThreadedLane, threadedLanes } from '../figures/contention-throughput.js';
import { confidenceText, laneText, millionsText, numberOf, ratioText } from '../words/wording.js';
import { facts, numberTable, paragraph, table, title } from './plain-text.js';
import { changeInterval, changeText } from './times-text.js';

/** The section. */
export function contentionText(results: Results): string[] {
  const { contention } = results;
  const heading = title('Many CPUs at once', '-');
  if (contention === null) return [...heading, ...paragraph(NO_CONTENTION)];
  const lanes = threadedLanes(results);
  const sentences = [
    ...lossSentences(results, contention, lanes),
    ...contentionGaps(results, contention, lanes),
    ...ceilingSentences(contention),
    ...agreementSentences(agreements(results, lanes)),
    ...waitSentences(results, contention),
  ];
  const tables = [
    ...LANES.flatMap((lane) => ceilingTables(results, contention, lane)),
    ...waitTables(results, contention),
  ];
  return [
    ...heading,
    ...paragraph(CONTENTION_INTRODUCTION),
    ...facts(contentionFacts(results, contention)),
    ...lanes.flatMap((lane) => ['', ...throughputLines(results, lane)]),
    '',
    ...sentences.flatMap((sentence) => paragraph(sentence)),
    ...tables.flatMap(({ caption, head, rows }) => ['', ...paragraph(caption), ...numberTable(head, rows)]),
  ];
}

/** Throughput of one thread, its change with the most threads, and the ratio to the baseline with these. */
function throughputLines(results: Results, lane: ThreadedLane): string[] {
  const { baseline } = results.run;
  const most = mostThreads(lane);
  const rows = lane.strategies.map((own) => {
    const [base, next] = [pointAt(own, 1), most === null ? undefined : pointAt(own, most)];
    const scaling = next?.scaling ?? null;
    const beside = next?.toBaseline ?? null;
    return [
      own.isWrong ? `${own.strategy}${WRONG_MARK}` : own.strategy,
      base === undefined ? '-' : millionsText(base.perSecond.estimate),
      scaling === null ? '-' : changeText(scaling.estimate),
      next === undefined ? '-' : millionsText(next.perSecond.estimate),
      scaling === null ? '-' : changeInterval(scaling),
      own.strategy === baseline ? '1' : beside === null ? '-' : ratioText(beside.estimate),
    ];
  });
  const compared = most === null ? 'one thread only' : `base: one thread, new: ${numberOf(most, 'thread')}`;
  return [
    ...paragraph(
      `${laneText(lane.lane)}: million updates/s of all threads (${compared}), %change with its ${confidenceText(results)} ` +
        `interval, n = ${numberOf(results.contention?.processes ?? 0, 'process')}; last column: new / ${baseline}.`,
    ),
    ...table(['strategy', 'base', '%change', 'new', 'interval, %', 'ratio'], rows, 'lrrrlr'),
  ];
}
