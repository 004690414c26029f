// How each operation of a case changes the memory in TypeScript, in the records that changes.c writes for C. Words that
// TypeScript changes without store() look unchanged here. C compares all words, so that they would be a difference.

import { FNV_PRIME } from '../../../harness/replay/digest.js';
import { createReplay, type HostMaker, plainHost, type Replay } from '../../../harness/replay/replay.js';
import type { HostParameters } from '../../../machine/host.js';
import { type Address, LockError, Memory } from '../../../machine/memory.js';
import type { Strategy } from '../../../strategies/strategy.js';
import { HEADER_WORDS, type OperationStream } from '../../../workloads/stream/stream.js';

/** Replays of the window after it was run operation by operation. */
export const REPLAYS = 3;

/** The last word, unless an operation was refused. */
export const FINISHED = -1;

/** The word of memory that holds the first address that was never handed out. */
export const TOP: Address = 1;

/** A stream on a host. */
export interface Case {
  readonly name: string;
  readonly host: HostParameters;
  readonly stream: OperationStream;
}

/** Events of the operations since the last record, and the checksum of all deliveries. */
export interface Events {
  deliveries: number;
  /** The addresses of the vCPUs that were woken; for one that was created its number, inverted, and its address. */
  readonly woken: number[];
}

/**
 * Runs a case. After create(), each operation, and the replays of the window it calls `done`.
 *
 * @returns Why an operation was refused; null if none was.
 */
export function run(
  strategy: Strategy,
  stream: OperationStream,
  makeHost: HostMaker,
  done: (events: Events, replay: Replay) => void,
): Error | null {
  const events: Events = { deliveries: 0, woken: [] };
  const replay = createReplay(stream, strategy, makeHost, {
    created: (vcpu, address) => events.woken.push(~vcpu, address),
    interrupted: (_irq, delivery) => {
      events.deliveries = Math.imul(events.deliveries ^ delivery, FNV_PRIME);
    },
    woke: (_iommu, _tag, vcpu) => events.woken.push(vcpu),
  });
  const record = (): void => {
    done(events, replay);
    events.woken.length = 0;
  };
  const operations = (start: number, end: number): void => {
    for (let offset = start; offset < end; ) {
      offset = replay.step(offset);
      record();
    }
  };
  record();
  try {
    operations(HEADER_WORDS, stream.windowEnd);
    for (let count = 0; count < REPLAYS; count++) replay.runWindow();
    record();
    operations(stream.windowEnd, stream.words.length);
  } catch (error) {
    if (error instanceof RangeError || error instanceof LockError) return error;
    throw error;
  }
  return null;
}

/** A memory that notes what is stored to. */
class NotingMemory extends Memory {
  readonly stored: Address[] = [];

  override store(address: Address, value: number): void {
    this.words[address] = value;
    this.stored.push(address);
  }

  override lock(address: Address): void {
    super.lock(address);
    this.stored.push(address);
  }
}

/** The memory of a small host. */
export const MEMORY_BYTES = 1 << 26;

const memory = new NotingMemory(MEMORY_BYTES);
const { words, stored } = memory;

/** The memory as it was at the last record, and its top. */
const shadow = new Int32Array(words.length);
let shadowTop: Address = 0;

/** Whether a word has changed since this was last asked. */
function hasChanged(address: Address): boolean {
  const word = words[address] as number;
  if (word === shadow[address]) return false;
  shadow[address] = word;
  return true;
}

/** Appends the address and the value of each word that changed since the last record. */
function appendChanges(list: number[]): void {
  const { top } = memory;
  const changed = [TOP, ...stored].filter((address) => address < shadowTop && hasChanged(address));
  for (const address of changed.sort((one, other) => one - other))
    list.push(address, words[address] as number);
  // The heap fills new words without store().
  for (let address = shadowTop; address < top; address++) {
    if (hasChanged(address)) list.push(address, words[address] as number);
  }
  shadowTop = top;
  stored.length = 0;
}

/** The records of a case. */
export function recordsOf(strategy: Strategy, { host, stream }: Case): Int32Array {
  shadow.fill(0, 0, shadowTop);
  shadowTop = 0;
  memory.clear();
  const records: number[] = [];
  const refusal = run(strategy, stream, plainHost(memory, host), ({ deliveries, woken }) => {
    records.push(deliveries, woken.length, ...woken);
    const count = records.push(0) - 1;
    appendChanges(records);
    records[count] = (records.length - count - 1) / 2;
  });
  if (refusal === null) records.push(FINISHED);
  return Int32Array.from(records);
}
