// An untimed process. It gives the digest after each number of replays that the runner names.
import { Memory } from '../../machine/memory.js';
import type { ChildJob } from '../process/child-job.js';
import { readLine, readStream, reply, serveStrategy, signOfLife } from '../process/child-main.js';
import type { ReferenceReply } from '../process/timed-protocol.js';
import { observedReplay } from './observed-replay.js';

await serveStrategy(
  () => new Memory(),
  ({ stream, host }: ChildJob, strategy, memory) => {
    const replay = observedReplay(readStream(stream), strategy, memory, host);
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
  },
);
