// A strategy on many generated histories: what was found within its limits, and whether each limit shows itself beyond.

import type { HostParameters } from '../../../machine/host.js';
import type { Limit } from '../../../strategies/limits.js';
import type { EncodedHistory } from '../../../workloads/stream/history.js';
import { type OperationStream, openStream } from '../../../workloads/stream/stream.js';
import { PATIENCE, type Patience, STATE_HISTORIES } from '../../method.js';
import type { Instances } from '../../oracle/hidden-state.js';
import type { CheckedMemory } from '../../oracle/memory/checked-memory.js';
import { check } from '../../oracle/oracle.js';
import type { Finding } from '../../results/results.js';
import { withCounterexample } from './counterexample.js';

/** Histories that go beyond one limit. */
export interface HistoriesBeyond<H> {
  readonly limit: Limit;
  /** Null where no history can go there. */
  readonly histories: readonly H[] | null;
}

/** The histories that one strategy is judged on. */
export interface HistorySet<H> {
  readonly within: readonly H[];
  readonly beyond: readonly HistoriesBeyond<H>[];
}

/** A finding with the number of histories that showed it. */
export interface HistoryFinding {
  readonly finding: Finding;
  readonly histories: number;
}

/** What came of the histories beyond a limit. */
export interface LimitCheck {
  readonly limit: Limit;
  /** Histories that went beyond it; null where none can. */
  readonly histories: number | null;
  /** What the limit covers, shown by one kind of finding; null if the limit did not show itself. */
  readonly shown: HistoryFinding | null;
}

/** What came of a strategy's histories. */
export interface HistoryCheck {
  readonly strategy: string;
  /** Histories judged within the limits; fewer than were given if an operation did not end. */
  readonly histories: number;
  /** All histories that were judged, with those beyond a limit; findings are of these. */
  readonly allHistories: number;
  readonly operations: number;
  /** Findings of all histories that the limit in question does not cover. */
  readonly findings: readonly HistoryFinding[];
  /** Those that were tried. */
  readonly limits: readonly LimitCheck[];
}

/** A finding with the history that shows it. */
interface Seen {
  finding: Finding;
  histories: number;
  stream: OperationStream;
  host: HostParameters;
}

/** Findings of many histories, by what they are, each with the shortest history that was found to show it. */
class Gathered {
  readonly #seen = new Map<string, Seen>();

  add(finding: Finding, stream: OperationStream, host: HostParameters): void {
    const key = `${finding.check}/${finding.kind}/${finding.declaredBy}`;
    const known = this.#seen.get(key);
    if (known === undefined) {
      this.#seen.set(key, { finding: { ...finding }, histories: 1, stream, host });
      return;
    }
    known.histories++;
    const count = known.finding.count + finding.count;
    const isShorter = stream.words.length < known.stream.words.length;
    if (isShorter) Object.assign(known, { stream, host, finding: { ...finding } });
    known.finding.count = count;
  }

  /** The findings, each with its counterexample. */
  list(inFull: (seen: Seen) => HistoryFinding): HistoryFinding[] {
    return [...this.#seen.values()].map(inFull);
  }

  /** The finding that names best what its limit is about; null if there is none. */
  mostTelling(inFull: (seen: Seen) => HistoryFinding): HistoryFinding | null {
    const rank = ({ finding }: Seen) =>
      TELLING.includes(finding.kind) ? TELLING.indexOf(finding.kind) : TELLING.length;
    const [first] = [...this.#seen.values()].sort((one, other) => rank(one) - rank(other));
    return first === undefined ? null : inFull(first);
  }
}

/** Kinds that name what their limit is about; others follow from it. */
const TELLING: readonly Finding['kind'][] = ['same-bucket', 'aliased-tag', 'misdelivered', 'lost-wakeup'];

/** What came of one history. */
export interface JudgedHistory {
  readonly findings: readonly Finding[];
  readonly operations: number;
  /** Whether the search for hidden state was ended, since one instance waits for what the other has seen. */
  readonly isUnsearchable: boolean;
}

/** How histories are judged. */
export interface HistoryJudging {
  /** Judges a history of the set once more, by its place; see PATIENCE. */
  readonly judgeAgain: (place: number) => JudgedHistory;
  /** Called now and then. */
  readonly onProgress?: () => void;
}

/** The histories of a set in one row: a history's place is its index there. */
export function allHistoriesOf<H>({ within, beyond }: HistorySet<H>): H[] {
  return [...within, ...beyond.flatMap(({ histories }) => histories ?? [])];
}

/** Judges a strategy on one history. */
export function judgeHistory(
  { strategy, second }: Instances,
  { host, words }: EncodedHistory,
  memory: CheckedMemory,
  patience: Patience,
  searchesState: boolean,
): JudgedHistory {
  let isUnsearchable = false;
  const search = {
    second,
    onUnsearchable: () => {
      isUnsearchable = true;
    },
  };
  const { findings, operations } = check(openStream(words), strategy, host, {
    memory,
    patience,
    ...(searchesState && search),
  });
  return { findings, operations, isUnsearchable };
}

/** Whether state is searched for in the history at a place. */
export const searchesStateAt = (place: number): boolean => place % STATE_HISTORIES === 0;

const isEndless = ({ findings }: JudgedHistory): boolean => findings.some(({ kind }) => kind === 'endless');

/** Judges a strategy on its histories, in checked memory. */
export function checkHistories(
  instances: Instances,
  set: HistorySet<EncodedHistory>,
  memory: CheckedMemory,
  { judgeAgain, onProgress = () => {} }: HistoryJudging,
): HistoryCheck {
  const { strategy } = instances;
  const findings = new Gathered();
  let operations = 0;
  let searchesState = true;
  /** Whether an operation does not end, and no limit covers that. */
  let isOver = false;

  function judge(history: EncodedHistory, place: number): JudgedHistory {
    const searches = searchesState && searchesStateAt(place);
    const judged = judgeHistory(instances, history, memory, PATIENCE.first, searches);
    if (judged.isUnsearchable) searchesState = false;
    return isEndless(judged) ? judgeAgain(place) : judged;
  }

  function inFull({ finding, histories: count, stream, host }: Seen): HistoryFinding {
    return {
      finding: withCounterexample(finding, stream, instances, host, memory, onProgress),
      histories: count,
    };
  }

  /** Judges histories up to the first that does not end. @returns How many were judged. */
  function judgeAll(
    given: readonly EncodedHistory[],
    firstPlace: number,
    take: (finding: Finding, stream: OperationStream, host: HostParameters) => void,
  ): number {
    for (const [index, history] of given.entries()) {
      onProgress();
      const judged = judge(history, firstPlace + index);
      operations += judged.operations;
      const stream = openStream(history.words);
      for (const finding of judged.findings) take(finding, stream, history.host);
      if (!isEndless(judged)) continue;
      isOver ||= judged.findings.some(({ kind, declaredBy }) => kind === 'endless' && declaredBy === null);
      return index + 1;
    }
    return given.length;
  }

  const { within, beyond } = set;
  const histories = judgeAll(within, 0, (...found) => findings.add(...found));
  const limits: LimitCheck[] = [];
  let place = within.length;
  for (const { limit, histories: given } of beyond) {
    if (isOver) break;
    const covered = new Gathered();
    const tried = judgeAll(given ?? [], place, (finding, stream, host) => {
      if (finding.declaredBy === limit.kind) covered.add(finding, stream, host);
      else if (finding.declaredBy === null) findings.add(finding, stream, host);
    });
    place += given?.length ?? 0;
    limits.push({ limit, histories: given === null ? null : tried, shown: covered.mostTelling(inFull) });
  }
  return {
    strategy: strategy.id,
    histories,
    allHistories: limits.reduce((sum, { histories: tried }) => sum + (tried ?? 0), histories),
    operations,
    findings: findings.list(inFull),
    limits,
  };
}
