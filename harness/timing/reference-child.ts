// An untimed process. For each heap that the runner names, it sets the host up anew and gives the digests after each number
// of replays.
import { Memory } from '../../machine/memory.js';
import type { ChildJob } from '../process/child-job.js';
import {
  begin,
  harnessMemory,
  importStrategy,
  readJob,
  readLine,
  readStream,
  reply,
  signOfLife,
} from '../process/child-main.js';
import type { ReferenceReply, ReferenceRequest } from '../process/timed-protocol.js';
import { observedReplay } from './observed-replay.js';

const leave = begin();
const job = readJob<ChildJob>();
const memory = harnessMemory(() => new Memory());
const strategy = await importStrategy(job.strategy);
const stream = readStream(job.stream);

function digestsOf({ heapSeed, replays }: ReferenceRequest): ReferenceReply {
  memory.clear();
  const host = heapSeed === null ? job.host : { ...job.host, heapSeed };
  const replay = observedReplay(stream, strategy, memory, host);
  replay.setUp();
  replay.expectWindows(1);
  const digests: string[] = [];
  let maskedDigest: string | null = null;
  let made = 0;
  for (const count of replays) {
    for (; made < count; made++) {
      replay.runWindow();
      replay.foldWoken();
      signOfLife();
    }
    const irtes = replay.irteDigests();
    maskedDigest = irtes.maskedDigest;
    digests.push(heapSeed === null ? irtes.digest : replay.memoryDigest());
  }
  return { digests, maskedDigest };
}

for (let line = readLine(); line !== null; line = readLine()) {
  reply(digestsOf(JSON.parse(line) as ReferenceRequest));
}
leave();
