// A process that judges a strategy on generated histories, or on one of them for the second time.
import { readFileSync } from 'node:fs';
import type { HostParameters } from '../../../machine/host.js';
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
  allHistoriesOf,
  checkHistories,
  type HistorySet,
  judgeHistory,
  searchesStateAt,
} from './history-check.js';

/** The job of this child. It answers with a HistoryCheck, or with a JudgedHistory for one history. */
export interface HistoryJob {
  /** URL of the strategy's module. */
  readonly strategy: string;
  /** Path of a JSON file: a HistorySet of written histories. */
  readonly histories: string;
}

/** A history in a JSON file. */
export interface WrittenHistory {
  readonly host: HostParameters;
  /** The words of its stream. */
  readonly words: readonly number[];
}

const read = ({ host, words }: WrittenHistory): EncodedHistory => ({ host, words: Int32Array.from(words) });

await serve('harness', async () => {
  const job = readJob<HistoryJob>();
  const memory = harnessMemory(() => new CheckedMemory(new ObservedMemory(HISTORY_MEMORY_BYTES)));
  const { within, beyond } = JSON.parse(readFileSync(job.histories, 'utf8')) as HistorySet<WrittenHistory>;
  const histories = {
    within: within.map(read),
    beyond: beyond.map(({ limit, histories: given }) => ({ limit, histories: given?.map(read) ?? null })),
  };
  const { strategy, second } = await importInstances(job.strategy);
  const place = placeToJudgeAgain<number>();
  if (place === undefined) {
    const context = { strategy, second, memory, judgeAgain: judgedAgain, onProgress: signOfLife } as const;
    reply(checkHistories(histories, context));
    return;
  }
  const history = allHistoriesOf(histories)[place] as EncodedHistory;
  const judging = { strategy, memory, patience: PATIENCE.second };
  reply(judgeHistory(history, { ...judging, second: searchesStateAt(place) ? second : undefined }));
});
