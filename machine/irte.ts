// The interrupt-remapping table entry: 128 bits, here four words, lo 31:0 first. Bit positions are those of the
// AMD I/O Virtualization Technology Specification, with today's wide destination (lo 31:8 and hi 63:56).
//
// The entry is a union. Guest mode (guest_mode = 1) posts to a vCPU; remap mode delivers to a host CPU. Bits 2
// and 6 of lo mean ga_log_intr and is_run in the one and int_type and dm in the other, so an entry that changes
// mode must be written from zero.

/** Words in an entry. */
export const IRTE_WORDS = 4;

/** lo 0. */
export const VALID = 1 << 0;
/** lo 2, guest mode: write the GA log when the vCPU is not running. */
export const GA_LOG_INTR = 1 << 2;
/** lo 6, guest mode: the vCPU is running on the CPU that the destination names. */
export const IS_RUN = 1 << 6;
/** lo 7: 1 in guest mode. */
export const GUEST_MODE = 1 << 7;
/** lo 31:8: the low 24 bits of the destination. */
export const DESTINATION_LO = ~0xff;
/** hi 63:56, so word 3: the high 8 bits of the destination. */
export const DESTINATION_HI = 0xff << 24;
/** hi 31:12, so word 2: the low 20 bits of the root pointer's page frame number. */
export const ROOT_LO = ~0xfff;
/** hi 51:32, so word 3: the high 20 bits of the root pointer's page frame number. */
export const ROOT_HI = 0xf_ffff;

/** lo 4:2, remap mode: the delivery mode. */
const INT_TYPE = 7 << 2;
/** The delivery mode "lowest priority", which hosts used with logical destinations in 2016. */
const INT_TYPE_LOWEST_PRIORITY = 1 << 2;
/** lo 6, remap mode: the destination is logical. */
const DM_LOGICAL = 1 << 6;

/** Word 0 with its destination replaced by a physical APIC id. */
export function withDestinationLo(word0: number, apicId: number): number {
  return (word0 & ~DESTINATION_LO) | (apicId << 8);
}

/** Word 3 with its destination replaced by a physical APIC id. */
export function withDestinationHi(word3: number, apicId: number): number {
  return (word3 & ~DESTINATION_HI) | (apicId & DESTINATION_HI);
}

/** Word 2 with its root pointer replaced by the page with this frame number. */
export function withRootLo(word2: number, pageFrame: number): number {
  return (word2 & ~ROOT_LO) | (pageFrame << 12);
}

/** Word 3 with its root pointer replaced by the page with this frame number. */
export function withRootHi(word3: number, pageFrame: number): number {
  return (word3 & ~ROOT_HI) | (pageFrame >>> 20);
}

/** The destination of an entry, a physical APIC id in guest mode. */
export function destinationOf(word0: number, word3: number): number {
  return (word0 >>> 8) | (word3 & DESTINATION_HI);
}

/** Word 0 of a remap-mode entry for a logical destination; word 2 is the vector, words 1 and 3 are 0. */
export function remapWord0(logicalDestination: number): number {
  return withDestinationLo(VALID | INT_TYPE_LOWEST_PRIORITY | DM_LOGICAL, logicalDestination);
}

/** An entry in words, for a finding: its mode and the fields of that mode. */
export function describeIrte(words: ArrayLike<number>): string {
  const [word0 = 0, word1 = 0, word2 = 0, word3 = 0] = Array.from(words);
  if (isEmpty([word0, word1, word2, word3])) return 'empty';
  const vector = `vector 0x${(word2 & 0xff).toString(16)}`;
  const destination = destinationOf(word0, word3) >>> 0;
  const invalid = (word0 & VALID) === 0 ? 'invalid, ' : '';
  if ((word0 & GUEST_MODE) === 0) {
    const mode = `int_type ${(word0 & INT_TYPE) >>> 2}, dm ${word0 & DM_LOGICAL ? 1 : 0}`;
    return `${invalid}remapped to destination ${destination}, ${mode}, ${vector}`;
  }
  const root = (((word2 >>> 12) | ((word3 & ROOT_HI) << 20)) >>> 0).toString(16);
  return (
    `${invalid}is_run ${word0 & IS_RUN ? 1 : 0}, destination ${destination}, ${vector}, ` +
    `root page 0x${root}, ga_log_intr ${word0 & GA_LOG_INTR ? 1 : 0}, ` +
    `tag 0x${(word1 >>> 0).toString(16)}`
  );
}

/** A field of an entry for {@link describeChange}: its name, its value in an entry, and the base it is shown in. */
type Field = readonly [string, (words: readonly number[]) => number, 10 | 16];

const COMMON_FIELDS: readonly Field[] = [
  ['valid', ([word0 = 0]) => word0 & VALID, 10],
  ['destination', ([word0 = 0, , , word3 = 0]) => destinationOf(word0, word3) >>> 0, 10],
  ['vector', ([, , word2 = 0]) => word2 & 0xff, 16],
];

const GUEST_FIELDS: readonly Field[] = [
  ['is_run', ([word0 = 0]) => (word0 & IS_RUN ? 1 : 0), 10],
  ...COMMON_FIELDS,
  ['ga_log_intr', ([word0 = 0]) => (word0 & GA_LOG_INTR ? 1 : 0), 10],
  ['root page', ([, , word2 = 0, word3 = 0]) => ((word2 >>> 12) | ((word3 & ROOT_HI) << 20)) >>> 0, 16],
  ['tag', ([, word1 = 0]) => word1 >>> 0, 16],
];

const REMAP_FIELDS: readonly Field[] = [
  ...COMMON_FIELDS,
  ['int_type', ([word0 = 0]) => (word0 & INT_TYPE) >>> 2, 10],
  ['dm', ([word0 = 0]) => (word0 & DM_LOGICAL ? 1 : 0), 10],
];

const isEmpty = (words: readonly number[]): boolean => words.every((word) => word === 0);
const isGuestMode = ([word0 = 0]: readonly number[]): boolean => (word0 & GUEST_MODE) !== 0;

/**
 * How one entry differs from another of its mode, field by field: "is_run 0 should be 1"; of the other mode, as a whole.
 *
 * @param verb - Stands between the values: from `one` to `other`, such as "was" or "should be".
 */
export function describeChange(
  from: ArrayLike<number>,
  to: ArrayLike<number>,
  verb: 'was' | 'should be',
): string {
  const [before, after] = [Array.from(from), Array.from(to)];
  const isGuest = isGuestMode(after);
  if (isGuestMode(before) !== isGuest || isEmpty(before) || isEmpty(after)) {
    return verb === 'was'
      ? `was changed from ${describeIrte(before)} to ${describeIrte(after)}`
      : `${describeIrte(after)}, and should be ${describeIrte(before)}`;
  }
  const shown = ([, read, base]: Field, words: readonly number[]): string =>
    `${base === 16 ? '0x' : ''}${read(words).toString(base)}`;
  const changed = (isGuest ? GUEST_FIELDS : REMAP_FIELDS).filter(([, read]) => read(before) !== read(after));
  if (changed.length === 0) return `reserved bits ${verb === 'was' ? 'were changed' : 'differ'}`;
  if (verb === 'should be') {
    return changed
      .map((field) => `${field[0]} ${shown(field, after)} should be ${shown(field, before)}`)
      .join(', ');
  }
  const hasChanged = (name: string): boolean => changed.some(([changedName]) => changedName === name);
  const isRun = ((after[0] ?? 0) & IS_RUN) !== 0;
  const isSetRunning = hasChanged('is_run') && isRun;
  const others = changed.filter(([name]) => name !== 'is_run' && !(isSetRunning && name === 'destination'));
  return [
    ...(isSetRunning ? [`was set running on CPU ${destinationOf(after[0] ?? 0, after[3] ?? 0) >>> 0}`] : []),
    ...(hasChanged('is_run') && !isRun ? ['was set not running'] : []),
    ...others.map((field) => `${field[0]} ${shown(field, before)} became ${shown(field, after)}`),
  ].join(', ');
}
