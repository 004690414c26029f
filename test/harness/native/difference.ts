// Where C and TypeScript differ on a case: the operation, and the first word of memory.
import type { Replay } from '../../../harness/replay/replay.js';
import { createHost } from '../../../machine/machine.js';
import { type Address, Memory } from '../../../machine/memory.js';
import type { Strategy } from '../../../strategies/strategy.js';
import { operationsOf } from '../../../workloads/stream/history.js';
import {
  describeHost,
  describeOperation,
  namesIn,
  type VcpuNames,
} from '../../../workloads/stream/operation-text.js';
import { HEADER_WORDS, type Operation, type OperationStream } from '../../../workloads/stream/stream.js';
import type { Written } from './changes-program.js';
import { type Case, FINISHED, MEMORY_BYTES, REPLAYS, recordsOf, run } from './records.js';
import { WordNames } from './word-names.js';

/** One record. */
interface Record {
  readonly deliveries: number;
  readonly woken: readonly number[];
  /** The changed words by address. */
  readonly changes: ReadonlyMap<Address, number>;
  /** The place of the next record. */
  readonly end: number;
}

/** The record at a place; null if there is none. */
function recordAt(words: Int32Array, start: number): Record | null {
  const isLast = start === words.length - 1 && words[start] === FINISHED;
  if (isLast || start >= words.length) return null;
  const wokenEnd = start + 2 + (words[start + 1] as number);
  const end = wokenEnd + 1 + 2 * (words[wokenEnd] as number);
  const changes = new Map<Address, number>();
  for (let place = wokenEnd + 1; place < end; place += 2) {
    changes.set(words[place] as Address, words[place + 1] as number);
  }
  return {
    deliveries: words[start] as number,
    woken: [...words.subarray(start + 2, wokenEnd)],
    changes,
    end,
  };
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Int32Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

const isSame = (one: Int32Array, other: Int32Array): boolean => bytesOf(one).equals(bytesOf(other));

/** The operations of the records in order; null where a record is of something else. */
function operationsOfRecords(stream: OperationStream): (Operation | null)[] {
  const { windowEnd } = stream;
  const before = operationsOf(stream, HEADER_WORDS, windowEnd);
  return [null, ...before, null, ...operationsOf(stream, windowEnd)];
}

/** What a record is of. */
function textOf(operations: readonly (Operation | null)[], number: number, names: VcpuNames): string {
  const operation = operations[number];
  if (operation) return `operation ${number}, "${describeOperation(operation, names)}"`;
  if (number === operations.length) return 'the last operation';
  return number === 0 ? 'create()' : `${REPLAYS} more replays of the window`;
}

/** What an operation allocates for. */
function ownerOf(operation: Operation | null | undefined): string {
  if (!operation) return '';
  return operation.name === 'createVm' ? `VM ${operation.operand + 1}` : `irq ${operation.operand}`;
}

const hexadecimal = (word: number): string => `0x${(word >>> 0).toString(16)}`;

/** The first address at which two records differ, and the number of such addresses. */
function firstDifference(
  one: Record['changes'],
  other: Record['changes'],
): { first?: Address; count: number } {
  const addresses = [...new Set([...one.keys(), ...other.keys()])].sort((left, right) => left - right);
  const differing = addresses.filter((address) => one.get(address) !== other.get(address));
  return { ...(differing[0] !== undefined && { first: differing[0] }), count: differing.length };
}

/**
 * Compares what C wrote for some cases with the records of TypeScript.
 *
 * @returns The first difference, and what C complains of; null if there is nothing.
 */
export function differenceOf(strategy: Strategy, cases: readonly Case[], written: Written): string | null {
  const complaints = written.complaints === '' ? null : written.complaints;
  for (const [index, tried] of cases.entries()) {
    const inC = written.records[index] as Int32Array;
    const inTypescript = recordsOf(strategy, tried);
    if (isSame(inC, inTypescript)) continue;
    const host = describeHost(tried.host) || 'the default host';
    const difference = explain(strategy, tried, inC, inTypescript);
    return `${strategy.id}, ${tried.name}, ${host}: ${difference}${complaints === null ? '' : `\n${complaints}`}`;
  }
  return complaints;
}

/** How the events of two records differ. */
function eventsText(c: Record, typescript: Record, nameOf: (vcpu: Address) => string): string {
  const entries = Math.max(c.woken.length, typescript.woken.length);
  for (let entry = 0; entry < entries; entry++) {
    const [one, other] = [c.woken[entry], typescript.woken[entry]];
    if (one === other) continue;
    const [inC, inTypescript] = [one, other].map((vcpu) => (vcpu === undefined ? 'nothing' : nameOf(vcpu)));
    return `GA log entry ${entry} of those read woke ${inC} in C and ${inTypescript} in TypeScript`;
  }
  return 'the interrupt was delivered in another way';
}

function explain(
  strategy: Strategy,
  { host, stream }: Case,
  inC: Int32Array,
  inTypescript: Int32Array,
): string {
  const operations = operationsOfRecords(stream);
  const names = namesIn(operations.filter((operation) => operation !== null));
  /** The words before the record that differs. */
  const before = new Map<Address, number>();
  let number = 0;
  let c = recordAt(inC, 0);
  let typescript = recordAt(inTypescript, 0);
  for (let start = 0; c && typescript; number++) {
    if (!isSame(inC.subarray(start, c.end), inTypescript.subarray(start, typescript.end))) break;
    for (const [address, word] of c.changes) before.set(address, word);
    start = c.end;
    c = recordAt(inC, start);
    typescript = recordAt(inTypescript, start);
  }
  const where = textOf(operations, number, names);

  function differenceIn(one: Record, other: Record, { host, vcpus }: Replay): string {
    const { first, count } = firstDifference(one.changes, other.changes);
    if (first === undefined) return eventsText(one, other, (vcpu) => words.ofVcpu(vcpu, vcpus));
    const wordIn = ({ changes }: Record): string => hexadecimal(changes.get(first) ?? before.get(first) ?? 0);
    const others = count === 1 ? '' : `, the first of ${count} words that differ`;
    const word = words.of(first, { host, vcpus });
    return `${word} is ${wordIn(one)} in C and ${wordIn(other)} in TypeScript (address ${first}${others})`;
  }

  // A second run knows which object has which structure.
  const memory = new Memory(MEMORY_BYTES);
  let current = 0;
  let difference = '';
  const words = new WordNames(strategy.id, host, memory, names, () => ownerOf(operations[current]));
  const refusal = run(
    strategy,
    stream,
    (devices, listener) => ({ host: createHost(memory, host, devices, listener, words.heap) }),
    (_events, replay) => {
      if (current++ === number && c && typescript) difference = differenceIn(c, typescript, replay);
    },
  );
  if (c && typescript) return `after ${where}, ${difference}`;
  if (c) return `TypeScript refuses ${where} (${refusal?.message}), and C does not`;
  return `C refuses ${where}, or crashes, and TypeScript ${typescript || refusal === null ? 'does not' : `also refuses it`}`;
}
