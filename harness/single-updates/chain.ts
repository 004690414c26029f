// The check of the evictions, in a process of its own.
import { CHASE_CACHES, CHASE_MIB } from '../method.js';
import { Child, ChildError, withChild } from '../process/child.js';
import { systemFile } from '../process/system-file.js';
import type { ReadyReply } from '../process/timed-protocol.js';
import { tryTwice } from '../process/workshop.js';
import type { SingleUpdates } from '../results/results.js';
import type { ChainReply, SingleRefusal } from './protocol.js';
import { mediansInTurn } from './summary.js';

/** Linux tells the size of the L3 in KiB. */
const L3_SIZE = '/sys/devices/system/cpu/cpu0/cache/index3/size';

/** The memory of the chase in MiB. */
function chaseMib(): number {
  const kib = Number.parseInt(systemFile(L3_SIZE) ?? '', 10) || 0;
  return Math.max(CHASE_MIB, Math.ceil((CHASE_CACHES * kib) / 1024));
}

type Checked = Pick<SingleUpdates, 'reason' | 'chain'>;

/**
 * Compares evicted lines with a chase.
 *
 * @param words - The arguments of the program.
 * @returns Why this machine has no evictions, or the figures; neither if the check failed twice, for example without memory.
 */
export async function checkEvictions(
  program: string,
  words: readonly string[],
  note: (line: string) => void,
): Promise<Checked> {
  const check = () =>
    withChild(new Child({ program }, words), async (child): Promise<Checked> => {
      await child.hear<ReadyReply>();
      await child.pin();
      const reply = await child.ask<ChainReply | SingleRefusal>(`chain ${chaseMib()}`);
      if ('reason' in reply) return { reason: reply.reason, chain: null };
      const { ticks, nsPerTick, lines, hugePages } = reply;
      const [chase, evicted] = mediansInTurn(ticks);
      const nsOf = (median: number): number => (median * nsPerTick) / lines;
      return { reason: null, chain: { lines, evictedNs: nsOf(evicted), chaseNs: nsOf(chase), hugePages } };
    });
  try {
    return await tryTwice('the check of evictions', note, check);
  } catch (error) {
    if (!(error instanceof ChildError)) throw error;
    note(`the check of evictions failed: ${error.message}`);
    return { reason: null, chain: null };
  }
}
