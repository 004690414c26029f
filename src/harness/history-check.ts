// A strategy on many generated histories: what was found within its limits, and whether each limit shows itself beyond.
import type { CheckedMemory } from '../machine/checked-memory.js';
import type { HostParameters } from '../machine/host.js';
import type { Limit } from '../strategies/strategy.js';
import type { EncodedHistory } from '../workloads/history.js';
import { type OperationStream, openStream } from '../workloads/stream.js';
import { withCounterexample } from './counterexample.js';
import type { Instances } from './hidden-state.js';
import { ENDLESS_HISTORIES, HISTORY_BATCH, HISTORY_PATIENCE_MS, STATE_HISTORIES } from './method.js';
import { check } from './oracle.js';
import type { Finding } from './results.js';
import { endsWithin } from './watchdog.js';

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
  /** Histories judged within the limits; fewer than were given if operations did not end. */
  readonly histories: number;
  /** All histories that were judged, with those beyond a limit; findings are of these. */
  readonly allHistories: number;
  readonly operations: number;
  /** Findings of all histories that the limit in question does not cover. */
  readonly findings: readonly HistoryFinding[];
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
interface Judged {
  readonly found: readonly Finding[];
  readonly stream: OperationStream;
  readonly host: HostParameters;
}

const isEndless = ({ found }: Judged): boolean => found.some(({ kind }) => kind === 'endless');

/**
 * Judges a strategy on its histories, in checked memory.
 *
 * @param onProgress - Called now and then.
 */
export function checkHistories(
  instances: Instances,
  { within, beyond }: HistorySet<EncodedHistory>,
  memory: CheckedMemory,
  onProgress: () => void = () => {},
): HistoryCheck {
  const { strategy, second } = instances;
  const findings = new Gathered();
  let operations = 0;
  let judgedHistories = 0;

  function judge({ host, words }: EncodedHistory, patienceMs: number | null): Judged {
    memory.clear();
    const stream = openStream(words);
    const isSearched = judgedHistories++ % STATE_HISTORIES === 0;
    const judged = check(stream, strategy, host, { memory, patienceMs, ...(isSearched && { second }) });
    operations += judged.operations;
    return { found: judged.findings, stream, host };
  }

  function inFull({ finding, histories: count, stream, host }: Seen): HistoryFinding {
    onProgress();
    return { finding: withCounterexample(finding, stream, instances, host, memory), histories: count };
  }

  /** Judges histories until too many have not ended. @returns How many were judged. */
  function judgeAll(given: readonly EncodedHistory[], take: (judged: Judged) => void): number {
    let next = 0;
    let endless = 0;
    const isDone = (): boolean => next === given.length || endless >= ENDLESS_HISTORIES;
    const judgeBatch = (): void => {
      for (const end = next + HISTORY_BATCH; next < end && !isDone(); next++) {
        const judged = judge(given[next] as EncodedHistory, null);
        if (isEndless(judged)) endless++;
        take(judged);
      }
    };
    while (!isDone()) {
      onProgress();
      if (endsWithin(HISTORY_PATIENCE_MS, judgeBatch)) continue;
      // It is judged again, by itself, to see which operation does not end. That is not waited for in another history.
      const judged = judge(given[next++] as EncodedHistory, HISTORY_PATIENCE_MS);
      take(judged);
      if (isEndless(judged)) break;
    }
    return next;
  }

  const histories = judgeAll(within, ({ found, stream, host }) => {
    for (const finding of found) findings.add(finding, stream, host);
  });
  const limits = beyond.map(({ limit, histories: given }): LimitCheck => {
    const covered = new Gathered();
    const tried = judgeAll(given ?? [], ({ found, stream, host }) => {
      for (const finding of found) {
        if (finding.declaredBy === limit.kind) covered.add(finding, stream, host);
        else if (finding.declaredBy === null) findings.add(finding, stream, host);
      }
    });
    return {
      limit,
      histories: given === null ? null : tried,
      shown: covered.mostTelling(inFull),
    };
  });
  const allHistories = limits.reduce((sum, { histories: tried }) => sum + (tried ?? 0), histories);
  return {
    strategy: strategy.id,
    histories,
    allHistories,
    operations,
    findings: findings.list(inFull),
    limits,
  };
}
