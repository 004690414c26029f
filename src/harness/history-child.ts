// One process that judges a strategy on generated histories.
import { readFileSync } from 'node:fs';
import { CheckedMemory } from '../machine/checked-memory.js';
import { ObservedMemory } from '../machine/observed-memory.js';
import type { EncodedHistory } from '../workloads/history.js';
import { importInstances, keepStdoutForProtocol, reply, signOfLife } from './child-main.js';
import type { HistoryJob, WrittenHistory } from './child-protocol.js';
import { checkHistories, type HistorySet } from './history-check.js';
import { HISTORY_MEMORY_BYTES } from './method.js';

const read = ({ host, words }: WrittenHistory): EncodedHistory => ({ host, words: Int32Array.from(words) });

keepStdoutForProtocol();
const readJson = <T>(path: string): T => JSON.parse(readFileSync(path, 'utf8')) as T;
const job = readJson<HistoryJob>(process.argv[2] as string);
const { within, beyond } = readJson<HistorySet<WrittenHistory>>(job.histories);
const histories = {
  within: within.map(read),
  beyond: beyond.map(({ limit, histories: given }) => ({ limit, histories: given?.map(read) ?? null })),
};
const memory = new CheckedMemory(new ObservedMemory(HISTORY_MEMORY_BYTES));
reply(checkHistories(await importInstances(job.strategy), histories, memory, signOfLife));
