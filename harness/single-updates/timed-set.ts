// A set of processes: one for each strategy, and one more for the baseline, the A/A control. They take turns: the first part
// of the window in each of them, hot and cold, then the second part, and so on, several times over. So two updates that are
// compared are some ms apart.
import { join } from 'node:path';
import type { HostParameters } from '../../machine/host.js';
import { randomFrom } from '../../machine/random.js';
import { BASELINE, EMPTY_SAMPLES, HEAP_SEEDS, SINGLE_UPDATES, STARTING_PROCESSES } from '../method.js';
import { hostWords } from '../native/lane.js';
import { Child } from '../process/child.js';
import type { MemoryReply, ReadyReply } from '../process/timed-protocol.js';
import { concurrently } from '../process/workshop.js';
import type { Series } from '../results/results.js';
import { attempt, type ProcessEnd, roundOrders } from '../timing/rounds.js';
import type { EmptyReply, TicksReply } from './protocol.js';
import type { WindowPart } from './stream.js';

/** What all processes replay. */
export interface TimedWindow {
  readonly host: HostParameters;
  /** Path of the stream's file. */
  readonly stream: string;
  readonly parts: readonly WindowPart[];
}

/** Replays of the window in a process: in its turns, cold once, and hot twice, since a pair runs before it is timed. */
export const REPLAYS = SINGLE_UPDATES.turns * SINGLE_UPDATES.replays * 3;

/** A process before it starts. */
export interface Entrant extends Pick<Series, 'strategy' | 'role' | 'processNumber' | 'heapSeed'> {
  /** Path of the file with the lines of each vCPU. */
  readonly lines: string;
}

/** A process after its end. */
export interface EndedProcess extends Entrant, ProcessEnd {
  /** Ticks of the samples, by part of the window. */
  readonly hot: readonly number[][];
  readonly cold: readonly number[][];
  /** Ticks of empty samples. */
  readonly empty: number[];
  nsPerTick: number;
  digest: string | null;
}

type Contender = EndedProcess & { readonly child: Child };

/** Draws the heaps of a set. The draws do not depend on the order of the strategies. */
export function drawSet(
  seed: number,
  processNumber: number,
  strategies: readonly string[],
  directory: string,
): Entrant[] {
  const random = randomFrom(seed + processNumber);
  const twins = strategies.filter((id) => id === BASELINE);
  return [
    ...[...strategies].sort().map((strategy) => ({ strategy, role: 'strategy' as const })),
    ...twins.map((strategy) => ({ strategy, role: 'twin' as const })),
  ].map((one) => {
    const heapSeed = random.below(HEAP_SEEDS);
    const lines = join(directory, `${one.strategy}.${heapSeed}.lines`);
    return { ...one, processNumber, heapSeed, lines };
  });
}

/** The arguments of a program. */
export function wordsOf({ host, stream }: TimedWindow, entrant?: Entrant): string[] {
  if (entrant === undefined) return [...hostWords(host), stream];
  return [...hostWords({ ...host, heapSeed: entrant.heapSeed }), `lines=${entrant.lines}`, stream];
}

async function start(entrant: Entrant, window: TimedWindow, programs: ReadonlyMap<string, string>) {
  const contender: Contender = {
    ...entrant,
    child: new Child({ program: programs.get(entrant.strategy) as string }, wordsOf(window, entrant)),
    hot: window.parts.map(() => []),
    cold: window.parts.map(() => []),
    empty: [],
    nsPerTick: 0,
    digest: null,
    error: null,
    isOfMachine: false,
  };
  await attempt(contender, () => contender.child.hear<ReadyReply>());
  return contender;
}

/** Samples of a pair: its load and its put. */
const PAIR = 2;

/** Times a part of the window, hot and cold. The first pair warms up the code and does not count. */
async function timePart({ child, hot, cold }: Contender, part: WindowPart, index: number): Promise<void> {
  const { start: offset, operations } = part;
  for (const [command, samples] of Object.entries({ hot, cold })) {
    const words = [command, offset, operations, SINGLE_UPDATES.replays];
    const { ticks } = await child.ask<TicksReply>(words.join(' '));
    samples[index]?.push(...ticks.slice(PAIR));
  }
}

/** Runs a set of processes. */
export async function runSingleSet(
  entrants: readonly Entrant[],
  window: TimedWindow,
  programs: ReadonlyMap<string, string>,
  seed: number,
): Promise<EndedProcess[]> {
  const contenders = await concurrently(entrants, STARTING_PROCESSES, (one) => start(one, window, programs));
  await Promise.all(contenders.map((one) => attempt(one, () => one.child.pin())));
  const orders = roundOrders(contenders.length, randomFrom(seed));
  for (let turn = 0; turn < SINGLE_UPDATES.turns; turn++) {
    for (const [index, part] of window.parts.entries()) {
      for (const place of orders.next().value as number[]) {
        const contender = contenders[place] as Contender;
        await attempt(contender, () => timePart(contender, part, index));
      }
    }
    for (const contender of contenders) {
      await attempt(contender, async () => {
        const { ticks, nsPerTick } = await contender.child.ask<EmptyReply>(`empty ${EMPTY_SAMPLES}`);
        contender.empty.push(...ticks);
        contender.nsPerTick = nsPerTick;
      });
    }
  }
  for (const contender of contenders) {
    await attempt(contender, async () => {
      contender.digest = (await contender.child.ask<MemoryReply>('memory')).memoryDigest;
    });
    contender.child.kill();
  }
  return contenders.map(({ child: _child, ...ended }) => ended);
}
