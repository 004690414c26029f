// An untimed process. It gives the digest after each number of replays that the runner names.
import { Memory } from '../../machine/memory.js';
import type { ChildJob } from '../process/child-job.js';
import {
  harnessMemory,
  importStrategy,
  readJob,
  readLine,
  readStream,
  reply,
  serve,
  signOfLife,
} from '../process/child-main.js';
import type { ReferenceReply } from '../process/timed-protocol.js';
import { observedReplay } from './observed-replay.js';

await serve('strategy', async () => {
  const job = readJob<ChildJob>();
  const memory = harnessMemory(() => new Memory());
  const replay = observedReplay(readStream(job.stream), await importStrategy(job.strategy), memory, job.host);
  replay.setUp();
  replay.expectWindows(1);
  const digests: string[] = [];
  let made = 0;
  for (const count of JSON.parse(readLine() ?? '[]') as readonly number[]) {
    for (; made < count; made++) {
      replay.runWindow();
      replay.foldWoken();
      signOfLife();
    }
    digests.push(replay.digest());
  }
  reply({ digests, maskedDigest: replay.maskedDigest() } satisfies ReferenceReply);
});
