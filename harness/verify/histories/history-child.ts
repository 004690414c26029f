// One process that judges a strategy on generated histories, or one of these once more.
import { readFileSync } from 'node:fs';
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
import type { HistoryJob, WrittenHistory } from '../../process/child-protocol.js';
import {
  allHistoriesOf,
  checkHistories,
  type HistorySet,
  judgeHistory,
  searchesStateAt,
} from './history-check.js';

const read = ({ host, words }: WrittenHistory): EncodedHistory => ({ host, words: Int32Array.from(words) });

await serve('harness', async () => {
  const job = readJob<HistoryJob>();
  const memory = harnessMemory(() => new CheckedMemory(new ObservedMemory(HISTORY_MEMORY_BYTES)));
  const { within, beyond } = JSON.parse(readFileSync(job.histories, 'utf8')) as HistorySet<WrittenHistory>;
  const histories = {
    within: within.map(read),
    beyond: beyond.map(({ limit, histories: given }) => ({ limit, histories: given?.map(read) ?? null })),
  };
  const instances = await importInstances(job.strategy);
  const place = placeToJudgeAgain<number>();
  if (place === undefined) {
    reply(checkHistories(instances, histories, memory, { judgeAgain: judgedAgain, onProgress: signOfLife }));
    return;
  }
  const history = allHistoriesOf(histories)[place] as EncodedHistory;
  reply(judgeHistory(instances, history, memory, PATIENCE.second, searchesStateAt(place)));
});
