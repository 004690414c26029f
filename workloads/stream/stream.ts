// The operation stream: one Int32Array that drives the oracle, the timing and everything else that replays a host.
//
// A header of HEADER_WORDS words comes first, then the operations of three sections: the setup, a closed window that
// can be replayed any number of times, and the teardown. An operation is two words, and createVm is four:
//
//   word 0  bits 3:0 the code, bits 31:4 the operand
//   word 1  the argument
//
//   createVm     vm,   firstVcpu, count, firstVcpuId
//   destroyVm    vm,   -
//   allocIrq     irq,  device
//   freeIrq      irq,  -
//   route        irq,  vcpu << 8 | vector
//   unroute      irq,  -
//   load         vcpu, CPU
//   put          vcpu, 1 if it blocks, 0 if it was preempted
//   interrupt    irq,  -
//   drainGaLog   IOMMU, -
//
// vm, vcpu, irq, device, CPU and IOMMU are small integers that count from 0.

/** Codes of the operations. */
export const OP = {
  createVm: 1,
  destroyVm: 2,
  allocIrq: 3,
  freeIrq: 4,
  route: 5,
  unroute: 6,
  load: 7,
  put: 8,
  interrupt: 9,
  drainGaLog: 10,
} as const;

/** Name of an operation. */
export type OpName = keyof typeof OP;

const OP_NAMES = Object.keys(OP) as OpName[];

/** Words before the first operation. */
export const HEADER_WORDS = 16;

/** First word of a stream: "GATB" in little-endian ASCII. */
export const MAGIC = 0x42544147;
export const VERSION = 1;

/** The header's words after these two, in order. */
export const HEADER_FIELDS = [
  'vms',
  'vcpus',
  'irqs',
  'devices',
  'cpus',
  'iommus',
  'windowStart',
  'windowEnd',
  'windowOperations',
] as const;

/** The numbers of VMs, vCPUs and so on in a stream, and the offsets of its window in words. */
export type StreamHeader = Readonly<Record<(typeof HEADER_FIELDS)[number], number>>;

/** A stream of operations. */
export interface OperationStream extends StreamHeader {
  /** Header and operations. */
  readonly words: Int32Array;
}

/** Writes the header into the first words and returns the stream. */
export function sealStream(words: Int32Array, header: StreamHeader): OperationStream {
  words[0] = MAGIC;
  words[1] = VERSION;
  HEADER_FIELDS.forEach((field, index) => {
    words[2 + index] = header[field];
  });
  return { words, ...header };
}

/**
 * Reads a stream back from its words.
 *
 * @throws TypeError if the words are not a stream of this version.
 */
export function openStream(words: Int32Array): OperationStream {
  if (words[0] !== MAGIC || words[1] !== VERSION) throw new TypeError('not an operation stream, version 1');
  const header = Object.fromEntries(
    HEADER_FIELDS.map((field, index) => [field, words[2 + index] as number]),
  ) as StreamHeader;
  return { words, ...header };
}

/** Number of words of an operation with this code. */
export function operationWords(code: number): number {
  return code === OP.createVm ? 4 : 2;
}

/** One operation, decoded. */
export interface Operation {
  readonly name: OpName;
  readonly operand: number;
  readonly argument: number;
  /** vCPUs of a createVm. */
  readonly count: number;
  /** First vCPU id of a createVm. */
  readonly firstVcpuId: number;
}

/** The operation at an offset in words. */
export function operationAt(words: Int32Array, offset: number): Operation {
  const word = words[offset] as number;
  const code = word & 15;
  const isCreate = code === OP.createVm;
  return {
    name: OP_NAMES[code - 1] as OpName,
    operand: word >>> 4,
    argument: words[offset + 1] as number,
    count: isCreate ? (words[offset + 2] as number) : 0,
    firstVcpuId: isCreate ? (words[offset + 3] as number) : 0,
  };
}

/** Counts each operation between two offsets. */
export function countOperations(
  words: Int32Array,
  start: number,
  end: number,
): Partial<Record<OpName, number>> {
  const counts: Partial<Record<OpName, number>> = {};
  for (let offset = start; offset < end; offset += operationWords((words[offset] as number) & 15)) {
    const { name } = operationAt(words, offset);
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
