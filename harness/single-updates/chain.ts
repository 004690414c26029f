// The check of the evictions, in a process of its own.
import { readFileSync } from 'node:fs';
import { CHASE_CACHES, CHASE_MIB } from '../method.js';
import { Child, withChild } from '../process/child.js';
import type { ReadyReply } from '../process/timed-protocol.js';
import type { SingleUpdates } from '../results/results.js';
import type { ChainReply, SingleRefusal } from './protocol.js';
import { mediansInTurn } from './summary.js';

/** Linux tells the size of the L3 in KiB. */
const L3_SIZE = '/sys/devices/system/cpu/cpu0/cache/index3/size';

/** The memory of the chase in MiB. */
function chaseMib(): number {
  try {
    const kib = Number.parseInt(readFileSync(L3_SIZE, 'utf8'), 10);
    return Math.max(CHASE_MIB, Math.ceil((CHASE_CACHES * kib) / 1024));
  } catch {
    return CHASE_MIB;
  }
}

/**
 * Compares evicted lines with a chase.
 *
 * @param words - The arguments of the program.
 * @throws ChildError if the program fails.
 */
export function checkEvictions(
  program: string,
  words: readonly string[],
): Promise<Pick<SingleUpdates, 'reason' | 'chain'>> {
  return withChild(new Child({ program }, words), async (child) => {
    await child.hear<ReadyReply>();
    await child.pin();
    const reply = await child.ask<ChainReply | SingleRefusal>(`chain ${chaseMib()}`);
    if ('reason' in reply) return { reason: reply.reason, chain: null };
    const { ticks, nsPerTick, lines, hugePages } = reply;
    const [chaseNs, evictedNs] = mediansInTurn(ticks).map((median) => (median * nsPerTick) / lines);
    const chain = { lines, evictedNs: evictedNs as number, chaseNs: chaseNs as number, hugePages };
    return { reason: null, chain };
  });
}
