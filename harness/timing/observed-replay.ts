// A replay as timed and untimed processes in V8 run it: deliveries and wakeups are folded into checksums, and the end state
// into digests.
import type { HostParameters } from '../../machine/host.js';
import type { Address, Memory } from '../../machine/memory.js';
import type { Strategy } from '../../strategies/strategy.js';
import {
  HEADER_WORDS,
  type OperationStream,
  operationAt,
  operationWords,
} from '../../workloads/stream/stream.js';
import { digestOfMasked, digestOfRanked, FNV_PRIME } from '../replay/digest.js';
import { createReplay, plainHost } from '../replay/replay.js';

/** Indices of the checksums. */
const DELIVERIES = 0;
const WAKEUPS = 1;

/** Words of the events between two offsets of the stream. An interrupt wakes at most one vCPU. */
function eventWords({ words }: OperationStream, start: number, end: number): number {
  let count = 0;
  for (let offset = start; offset < end; offset += operationWords((words[offset] as number) & 15)) {
    const operation = operationAt(words, offset);
    count += operation.name === 'interrupt' ? 1 : 2 * operation.count;
  }
  return count;
}

/** Makes a host and a strategy on it in a memory that is unused or cleared. */
export function observedReplay(
  stream: OperationStream,
  strategy: Strategy,
  memory: Memory,
  host: HostParameters,
) {
  /** Running checksums of all deliveries and of all wakeups, in order. */
  const checksums = new Int32Array(2);
  const fold = (checksum: number, event: number): void => {
    checksums[checksum] = Math.imul((checksums[checksum] as number) ^ event, FNV_PRIME);
  };
  /**
   * The vCPUs woken and created since the last fold, in order: the address of each woken one, and of each new one its
   * number, inverted, and its address. Heaps differ, so that addresses cannot be folded themselves, and a window can reuse
   * them.
   */
  let events = new Int32Array(eventWords(stream, HEADER_WORDS, stream.windowStart));
  let eventCount = 0;
  const windowEvents = eventWords(stream, stream.windowStart, stream.windowEnd);
  const numbers = new Map<Address, number>();

  const replay = createReplay(stream, strategy, plainHost(memory, host), {
    interrupted: (_irq, delivery) => fold(DELIVERIES, delivery),
    created: (vcpu, address) => {
      events[eventCount++] = ~vcpu;
      events[eventCount++] = address;
    },
    woke: (_iommu, _tag, vcpu) => {
      events[eventCount++] = vcpu;
    },
  });

  function irtes(): Int32Array {
    const { start, end } = replay.host.irtes;
    return memory.words.subarray(start, end);
  }

  /** Folds the vCPUs that were woken since the last fold, by their numbers in the stream. */
  function foldWoken(): void {
    for (let index = 0; index < eventCount; index++) {
      const event = events[index] as number;
      if (event < 0) numbers.set(events[++index] as number, ~event);
      else fold(WAKEUPS, numbers.get(event) ?? -1);
    }
    eventCount = 0;
  }

  return {
    /** Runs the setup, once. */
    setUp(): void {
      replay.setUp();
      foldWoken();
    },
    /** Makes room for the events of `count` replays. Nothing else is allocated while they run. */
    expectWindows(count: number): void {
      if (events.length < count * windowEvents) events = new Int32Array(count * windowEvents);
    },
    runWindow: replay.runWindow,
    foldWoken,
    /** The digest of IRTEs with their tags ranked, deliveries and wakeups. It does not depend on the heap. */
    digest: () => digestOfRanked(irtes(), checksums),
    /** The digest of IRTEs without tag and ga_log_intr. */
    maskedDigest: () => digestOfMasked(irtes()),
  };
}
