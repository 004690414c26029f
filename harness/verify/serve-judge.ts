import { HISTORY_MEMORY_BYTES } from '../method.js';
import { CheckedMemory } from '../oracle/memory/checked-memory.js';
import { ObservedMemory } from '../oracle/memory/observed-memory.js';
import { harnessMemory, placeToJudgeAgain, readJob, reply, serve } from '../process/child-main.js';

/**
 * Does the work of a process that judges a strategy on many small hosts, or at one place for the second time.
 *
 * @param judge - Gives the answer to a job; `place` is undefined in a process that judges everything.
 */
export function serveJudge<J, P>(
  judge: (job: J, memory: CheckedMemory, place: P | undefined) => Promise<object>,
): Promise<never> {
  return serve('harness', async () => {
    const job = readJob<J>();
    const memory = harnessMemory(() => new CheckedMemory(new ObservedMemory(HISTORY_MEMORY_BYTES)));
    reply(await judge(job, memory, placeToJudgeAgain<P>()));
  });
}
