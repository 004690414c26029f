// A process that judges a strategy on generated histories, or on one of them for the second time.
import type { HostParameters } from '../../../machine/host.js';
import type { Limit } from '../../../strategies/limits.js';
import type { EncodedHistory } from '../../../workloads/stream/history.js';
import { PATIENCE } from '../../method.js';
import { importInstances, judgedAgain, signOfLife } from '../../process/child-main.js';
import { serveJudge } from '../serve-judge.js';
import {
  checkHistories,
  type HistoryPlace,
  historyAt,
  judgeHistory,
  searchesStateAt,
} from './history-check.js';
import { drawnSet, type SetDraw } from './history-generator.js';

/** The job of this child. It answers with a HistoryCheck, or with a Check for one history. */
export interface HistoryJob {
  /** URL of the strategy's module. */
  readonly strategy: string;
  readonly limits: readonly Limit[];
  /** A draw, or the histories themselves. */
  readonly histories: SetDraw | readonly WrittenHistory[];
}

/** A history in a JSON file. */
interface WrittenHistory {
  readonly host: HostParameters;
  /** The words of its stream. */
  readonly words: readonly number[];
}

const read = ({ host, words }: WrittenHistory): EncodedHistory => ({ host, words: Int32Array.from(words) });

await serveJudge<HistoryJob, HistoryPlace>(async ({ strategy: url, limits, histories }, memory, place) => {
  const set =
    'count' in histories ? drawnSet(limits, histories) : { within: histories.map(read), beyond: [] };
  const { strategy, second } = await importInstances(url);
  if (place === undefined) {
    return checkHistories(set, { strategy, second, memory, judgeAgain: judgedAgain, onProgress: signOfLife });
  }
  const searched = { strategy, second: searchesStateAt(place) ? second : undefined };
  return judgeHistory(historyAt(set, place), { ...searched, memory, patience: PATIENCE.second });
});
