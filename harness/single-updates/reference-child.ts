// One process for each strategy, without a clock. On each heap it records which lines the loads and puts of each vCPU touch,
// and replays the window as often as a timed process does. All addresses are those of the program in C.
import { writeFileSync } from 'node:fs';
import { operationAt } from '../../workloads/stream/stream.js';
import { lineOf, RecordingMemory, STEP_WORDS } from '../contention/recording-memory.js';
import type { ChildJob } from '../process/child-job.js';
import { readStream, reply, serveStrategy, signOfLife } from '../process/child-main.js';
import type { MemoryReply } from '../process/timed-protocol.js';
import { memoryDigest } from '../replay/digest.js';
import { createReplay, plainHost } from '../replay/replay.js';

/** The child's job, as a JSON file. The answer for each heap is that of a process in C. */
export interface ReferenceJob extends Pick<ChildJob, 'strategy' | 'stream' | 'host'> {
  /** Replays of the window before the digest. */
  readonly replays: number;
  /** The seed of each heap, and the path of the file for its lines: by vCPU their number, and the lines. */
  readonly heaps: readonly { readonly seed: number; readonly lines: string }[];
}

/** Nothing is delivered and nobody is woken. */
const CHECKSUMS = new Int32Array(2);

await serveStrategy(
  () => new RecordingMemory(),
  (job: ReferenceJob, strategy, memory) => {
    const stream = readStream(job.stream);
    for (const { seed, lines } of job.heaps) {
      memory.clear();
      const replay = createReplay(stream, strategy, plainHost(memory, { ...job.host, heapSeed: seed }));
      replay.setUp();
      const linesOf = Array.from({ length: stream.vcpus }, () => new Set<number>());
      for (let offset = stream.windowStart; offset < stream.windowEnd; ) {
        const known = linesOf[operationAt(stream.words, offset).operand] as Set<number>;
        const [start, end] = memory.record(() => {
          offset = replay.step(offset);
        });
        const { steps } = memory;
        for (let step = start; step < end; step += STEP_WORDS) known.add(lineOf(steps[step + 1] as number));
      }
      writeFileSync(lines, Uint32Array.from(linesOf.flatMap((known) => [known.size, ...known])));
      const digestNow = (): string => memoryDigest([memory.words.subarray(0, memory.top), CHECKSUMS]);
      let digest = digestNow();
      // All state is in the memory, so further replays leave it as it is once one has done so.
      for (let window = 1, before = ''; window < job.replays && digest !== before; window++) {
        before = digest;
        replay.runWindow();
        digest = digestNow();
        signOfLife();
      }
      reply({ memoryDigest: digest } satisfies MemoryReply);
    }
  },
);
