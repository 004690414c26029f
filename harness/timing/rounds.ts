// The rounds of a set of processes: its processes take turns, one timed batch each. If a process was stopped or starved
// in a round, all processes take the round once more. Only clocks decide that, never the length of a batch.
import type { Random } from '../../machine/random.js';
import { DISTURBED_CLOCK_MS, DISTURBED_WAIT_MS, DISTURBED_WAIT_PART } from '../method.js';
import { type Child, ChildError } from '../process/child.js';
import type { RoundReply } from '../process/timed-protocol.js';
import type { Series } from '../results/results.js';

/** How a process ended. */
export interface ProcessEnd {
  /** Why the process gives no figures; null if it does. */
  error: string | null;
  /** Whether the machine ended the process, and not the strategy. */
  isOfMachine: boolean;
}

/** A process that takes rounds. */
export interface RoundTaker
  extends ProcessEnd,
    Pick<Series, 'samples' | 'collections' | 'disturbed' | 'standing' | 'replays'> {
  readonly child: Pick<Child, 'ask' | 'kill'>;
}

/** What a process and the runner's clocks report of a round. */
type TakenRound = RoundReply & Pick<Series['standing'][number], 'clockMs'>;

/**
 * Orders for rounds: a random cyclic Latin square. Over n rounds each of n processes takes each place once. Each square
 * is drawn anew.
 */
export function* roundOrders(processes: number, random: Random): Generator<number[]> {
  for (;;) {
    const square = [...random.permutation(processes)];
    for (const shift of random.permutation(processes)) {
      yield square.map((_, place) => square[(place + shift) % processes] as number);
    }
  }
}

/** Does work with a process, and kills it on an error. @returns Null if the work failed, now or earlier. */
export async function attempt<T>(
  taker: ProcessEnd & { readonly child: Pick<Child, 'kill'> },
  work: () => Promise<T>,
): Promise<T | null> {
  if (taker.error !== null) return null;
  try {
    return await work();
  } catch (error) {
    taker.error = error instanceof Error ? error.message : String(error);
    taker.isOfMachine = error instanceof ChildError && error.blames === 'machine';
    taker.child.kill();
    return null;
  }
}

/** How far the wall clock is ahead of the monotonic clock, in ms. */
function clockDifference(): number {
  return Date.now() - performance.now();
}

function isDisturbed({ roundNs, cpuNs, clockMs }: TakenRound): boolean {
  const mostNs = 1e6 * DISTURBED_WAIT_MS + DISTURBED_WAIT_PART * roundNs;
  return roundNs - cpuNs > mostNs || Math.abs(clockMs) > DISTURBED_CLOCK_MS;
}

/** Runs one round, process by process. @returns The round of each process that did not fail. */
async function takeRound(takers: readonly RoundTaker[], windows: number) {
  const taken = new Map<RoundTaker, TakenRound>();
  for (const taker of takers) {
    await attempt(taker, async () => {
      const difference = clockDifference();
      const reply = await taker.child.ask<RoundReply>(`round ${windows}`);
      if (reply.batchNs <= 0) throw new ChildError('machine', 'its clock is too coarse: a batch took 0 ns');
      taken.set(taker, { ...reply, clockMs: clockDifference() - difference });
      taker.replays += 1 + windows;
    });
  }
  return taken;
}

/**
 * Runs all rounds of a set. If a process was disturbed in a round, all processes take it once more, so that samples stay
 * paired. The second round counts even if it is disturbed too.
 *
 * @param windows - Replays in a batch.
 * @param orders - The order of the processes in each round.
 */
export async function takeRounds(
  takers: readonly RoundTaker[],
  { rounds, operationsPerWindow }: { readonly rounds: number; readonly operationsPerWindow: number },
  windows: number,
  orders: Iterator<number[]>,
): Promise<void> {
  const operations = windows * operationsPerWindow;
  for (let round = 0; round < rounds; round++) {
    const order = (orders.next().value as number[]).map((index) => takers[index] as RoundTaker);
    const first = await takeRound(order, windows);
    const isAgain = [...first.values()].some(isDisturbed);
    if (isAgain) {
      for (const [{ disturbed }, taken] of first) {
        const { batchNs, ...rest } = taken;
        disturbed.push({ round, ns: batchNs / operations, ...rest, isOwn: isDisturbed(taken) });
      }
    }
    for (const [taker, taken] of isAgain ? await takeRound(order, windows) : first) {
      const { batchNs, collections, ...clocks } = taken;
      taker.samples.push(batchNs / operations);
      taker.collections.push(collections);
      if (isAgain && isDisturbed(taken)) taker.standing.push({ round, ...clocks });
    }
  }
}
