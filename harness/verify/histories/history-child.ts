// A process that judges a strategy on generated histories, or on one of them for the second time.
import type { HostParameters } from '../../../machine/host.js';
import type { Limit } from '../../../strategies/limits.js';
import type { EncodedHistory } from '../../../workloads/stream/history.js';
import { HISTORY_MEMORY_BYTES, PATIENCE } from '../../method.js';
import { CheckedMemory } from '../../oracle/memory/checked-memory.js';
import { ObservedMemory } from '../../oracle/memory/observed-memory.js';
import {
  harnessMemory,
  importInstances,
  judgedAgain,
  placeToJudgeAgain,
  readJob,
  reply,
  serve,
  signOfLife,
} from '../../process/child-main.js';
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

await serve('harness', async () => {
  const { strategy: url, limits, histories } = readJob<HistoryJob>();
  const memory = harnessMemory(() => new CheckedMemory(new ObservedMemory(HISTORY_MEMORY_BYTES)));
  const set =
    'count' in histories ? drawnSet(limits, histories) : { within: histories.map(read), beyond: [] };
  const { strategy, second } = await importInstances(url);
  const place = placeToJudgeAgain<HistoryPlace>();
  if (place === undefined) {
    reply(checkHistories(set, { strategy, second, memory, judgeAgain: judgedAgain, onProgress: signOfLife }));
    return;
  }
  const judging = { strategy, memory, patience: PATIENCE.second };
  reply(
    judgeHistory(historyAt(set, place), { ...judging, second: searchesStateAt(place) ? second : undefined }),
  );
});
