// Judges a strategy on many generated histories: its failures within its limits, and whether each limit shows itself
// beyond.

import type { HostParameters } from '../../../machine/host.js';
import type { Limit } from '../../../strategies/limits.js';
import type { EncodedHistory } from '../../../workloads/stream/history.js';
import { type OperationStream, openStream } from '../../../workloads/stream/stream.js';
import { STATE_HISTORIES } from '../../method.js';
import type { CheckedMemory } from '../../oracle/memory/checked-memory.js';
import { type CheckRequest, check } from '../../oracle/oracle.js';
import type { Instances } from '../../process/child-main.js';
import type { FailureKind } from '../../results/failures.js';
import type { Check, Finding } from '../../results/results.js';
import { FailureExamples, type Shown } from '../failure-examples.js';
import { withCounterexample } from './counterexample.js';

/** The histories that one strategy is judged on. */
export interface HistorySet {
  readonly within: Iterable<EncodedHistory>;
  /** For each limit the histories beyond it; null where no history can go beyond it. */
  readonly beyond: readonly { readonly limit: Limit; readonly histories: readonly EncodedHistory[] | null }[];
}

/** A failure with the number of histories that showed it. */
export interface HistoryFailure {
  readonly finding: Finding;
  readonly histories: number;
}

/** The result of the histories beyond a limit. */
export interface LimitCheck {
  readonly limit: Limit;
  /** Histories that went beyond it; null where none can. */
  readonly histories: number | null;
  /** The most telling failure that the limit covers; null if the limit did not show itself. */
  readonly shown: HistoryFailure | null;
}

/** The result of all histories of a strategy. */
export interface HistoryCheck {
  readonly strategy: string;
  /** Histories judged within the limits; fewer than were given if an operation is endless. */
  readonly histories: number;
  /** All judged histories, within and beyond the limits. All of them contribute failures. */
  readonly allHistories: number;
  readonly operations: number;
  /** Failures in all histories that the limit in question does not cover. */
  readonly findings: readonly HistoryFailure[];
  /** The limits that were tried. */
  readonly limits: readonly LimitCheck[];
}

/** A failure with a history that shows it. */
interface Example {
  readonly finding: Finding;
  readonly stream: OperationStream;
  readonly host: HostParameters;
}

const examples = (): FailureExamples<Example> => new FailureExamples(({ stream }) => stream.words.length);

/** Kinds that name the subject of their limit; other kinds are consequences. */
const TELLING: readonly FailureKind[] = ['same-bucket', 'aliased-tag', 'misdelivered', 'lost-wakeup'];

/** The failure that best names the subject of its limit; undefined if there is none. */
function mostTelling(covered: FailureExamples<Example>): Shown<Example> | undefined {
  const rank = ({ example: { finding } }: Shown<Example>): number =>
    TELLING.includes(finding.kind) ? TELLING.indexOf(finding.kind) : TELLING.length;
  return covered.list().sort((one, other) => rank(one) - rank(other))[0];
}

/** How histories are judged. */
export interface HistoryContext extends Instances {
  readonly memory: CheckedMemory;
  /** Judges the history at a place of the set for the second time; see PATIENCE. */
  readonly judgeAgain: (place: HistoryPlace) => Check;
  /** Called repeatedly. */
  readonly onProgress?: () => void;
}

/** The place of a history in a set. */
export interface HistoryPlace {
  /** Number of the limit that it goes beyond, from 1; 0 within the limits. */
  readonly limit: number;
  readonly index: number;
}

/** The history at a place. */
export function historyAt({ within, beyond }: HistorySet, { limit, index }: HistoryPlace): EncodedHistory {
  let at = 0;
  for (const history of limit === 0 ? within : (beyond[limit - 1]?.histories ?? [])) {
    if (at++ === index) return history;
  }
  throw new RangeError(`there is no history ${index}`);
}

/** Judges a strategy on one history. */
export function judgeHistory(
  { host, words }: EncodedHistory,
  request: Omit<CheckRequest, 'stream' | 'host'>,
): Check {
  return check({ ...request, host, stream: openStream(words) });
}

/** Whether the history at a place is searched for hidden state. */
export const searchesStateAt = ({ index }: HistoryPlace): boolean => index % STATE_HISTORIES === 0;

const isEndless = ({ findings }: Check): boolean => findings.some(({ kind }) => kind === 'endless');

/** Judges a strategy on its histories, in checked memory. */
export function checkHistories(set: HistorySet, context: HistoryContext): HistoryCheck {
  const { strategy, second, memory, judgeAgain, onProgress = () => {} } = context;
  const failures = examples();
  let operations = 0;
  /** False after an inconclusive search for hidden state: one instance waits for state of the other. */
  let searchesState = true;
  /** Whether an operation is endless and no limit covers it. */
  let isOver = false;

  function onUnsearchable(): void {
    searchesState = false;
  }

  function inFull({ example, times, count }: Shown<Example>): HistoryFailure {
    const { finding, stream, host } = example;
    const request = { stream, strategy, second, host, memory, onProgress };
    return { finding: withCounterexample({ ...finding, count }, request), histories: times };
  }

  /** Judges histories up to the first endless one. @returns The number of judged histories. */
  function judgeAll(
    histories: Iterable<EncodedHistory>,
    limit: number,
    take: (example: Example) => void,
  ): number {
    let index = 0;
    for (const history of histories) {
      onProgress();
      const place = { limit, index };
      const searched = searchesState && searchesStateAt(place) ? second : undefined;
      const first = judgeHistory(history, { strategy, second: searched, memory, onUnsearchable });
      const judged = isEndless(first) ? judgeAgain(place) : first;
      index++;
      operations += judged.operations;
      const stream = openStream(history.words);
      for (const finding of judged.findings) take({ finding, stream, host: history.host });
      if (!isEndless(judged)) continue;
      isOver ||= judged.findings.some(({ kind, declaredBy }) => kind === 'endless' && declaredBy === null);
      break;
    }
    return index;
  }

  const histories = judgeAll(set.within, 0, (example) => failures.add(example));
  const limits: LimitCheck[] = [];
  for (const [number, { limit, histories: given }] of set.beyond.entries()) {
    if (isOver) break;
    const covered = examples();
    const tried = judgeAll(given ?? [], number + 1, (example) => {
      const { declaredBy } = example.finding;
      if (declaredBy === limit.kind) covered.add(example);
      else if (declaredBy === null) failures.add(example);
    });
    const telling = mostTelling(covered);
    limits.push({
      limit,
      histories: given === null ? null : tried,
      shown: telling === undefined ? null : inFull(telling),
    });
  }
  return {
    strategy: strategy.id,
    histories,
    allHistories: limits.reduce((sum, { histories: tried }) => sum + (tried ?? 0), histories),
    operations,
    findings: failures.list().map(inFull),
    limits,
  };
}
