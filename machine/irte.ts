// The interrupt-remapping table entry: 128 bits as four words, lo 31:0 first. The bit positions come from the AMD I/O
// Virtualization Technology Specification, with today's wide destination (lo 31:8 and hi 63:56).
//
// The entry is a union. Guest mode (guest_mode = 1) posts to a vCPU; remap mode delivers to a host CPU. Bits 2 and 6
// of lo mean ga_log_intr and is_run in guest mode, and int_type and dm in remap mode. So an entry that changes mode
// must be written from zero.

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

/** A field of an entry: its name, and its value as text. */
type Field = readonly [name: string, text: (words: readonly number[]) => string];

const hexadecimal = (value: number): string => `0x${(value >>> 0).toString(16)}`;
const flag = (name: string, bit: number): Field => [name, ([word0 = 0]) => (word0 & bit ? '1' : '0')];
const valid = flag('valid', VALID);
const destination: Field = [
  'destination',
  ([word0 = 0, , , word3 = 0]) => `${destinationOf(word0, word3) >>> 0}`,
];
const vector: Field = ['vector', ([, , word2 = 0]) => hexadecimal(word2 & 0xff)];
const rootPage: Field = [
  'root page',
  ([, , word2 = 0, word3 = 0]) => hexadecimal((word2 >>> 12) | ((word3 & ROOT_HI) << 20)),
];
const tag: Field = ['tag', ([, word1 = 0]) => hexadecimal(word1)];
const intType: Field = ['int_type', ([word0 = 0]) => `${(word0 & INT_TYPE) >>> 2}`];

/** The fields of each mode, `valid` aside. */
const GUEST_FIELDS = [
  flag('is_run', IS_RUN),
  destination,
  vector,
  rootPage,
  flag('ga_log_intr', GA_LOG_INTR),
  tag,
];
const REMAP_FIELDS = [destination, intType, flag('dm', DM_LOGICAL), vector];

const isEmpty = (words: readonly number[]): boolean => words.every((word) => word === 0);
const isGuestMode = ([word0 = 0]: readonly number[]): boolean => (word0 & GUEST_MODE) !== 0;

/** An entry as text, for a failure: its mode and the fields of that mode. */
export function describeIrte(entry: ArrayLike<number>): string {
  const words = Array.from(entry);
  if (isEmpty(words)) return 'empty';
  const [fields, mode] = isGuestMode(words) ? [GUEST_FIELDS, ''] : [REMAP_FIELDS, 'remapped to '];
  const invalid = valid[1](words) === '0' ? 'invalid, ' : '';
  return `${invalid}${mode}${fields.map(([name, text]) => `${name} ${text(words)}`).join(', ')}`;
}

/**
 * The differences of two entries as text: field by field if both have the same mode, else the whole entries.
 *
 * @param relation - Whether `from` is the entry before the change, or the entry that was expected.
 */
export function describeChange(
  from: ArrayLike<number>,
  to: ArrayLike<number>,
  relation: 'was' | 'should be',
): string {
  const [before, after] = [Array.from(from), Array.from(to)];
  const isGuest = isGuestMode(after);
  if (isGuestMode(before) !== isGuest || isEmpty(before) || isEmpty(after)) {
    return relation === 'was'
      ? `was changed from ${describeIrte(before)} to ${describeIrte(after)}`
      : `${describeIrte(after)}, and should be ${describeIrte(before)}`;
  }
  const changed = [valid, ...(isGuest ? GUEST_FIELDS : REMAP_FIELDS)].filter(
    ([, text]) => text(before) !== text(after),
  );
  if (changed.length === 0) return `reserved bits ${relation === 'was' ? 'were changed' : 'differ'}`;
  if (relation === 'should be') {
    return changed.map(([name, text]) => `${name} ${text(after)} should be ${text(before)}`).join(', ');
  }
  const hasChanged = (name: string): boolean => changed.some(([changedName]) => changedName === name);
  const isRun = ((after[0] ?? 0) & IS_RUN) !== 0;
  const isSetRunning = hasChanged('is_run') && isRun;
  const others = changed.filter(([name]) => name !== 'is_run' && !(isSetRunning && name === 'destination'));
  return [
    ...(isSetRunning ? [`was set running on CPU ${destination[1](after)}`] : []),
    ...(hasChanged('is_run') && !isRun ? ['was set not running'] : []),
    ...others.map(([name, text]) => `${name} ${text(before)} became ${text(after)}`),
  ].join(', ');
}
