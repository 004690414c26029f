// Judges the effect of an operation on the live IRTEs: its own entries must have the right values, and no other entry
// may change. The work is proportional to the entries that the operation owns or writes, not to the host.
import { describeChange, describeIrte, destinationOf, IRTE_WORDS } from '../../machine/irte.js';
import type { Operation } from '../../workloads/stream/stream.js';
import {
  type ExpectedIrte,
  guestWord0,
  guestWord3,
  NONE,
  word0WithRunState,
  word3WithDestination,
} from './model.js';
import type { JudgeContext } from './reporter.js';

/** An entry without its tag. */
type TaglessWords = Pick<ExpectedIrte, 'word0' | 'word2' | 'word3'>;

/** Whether an operation changes the running state of a vCPU's entries. */
const isUpdate = (name: Operation['name']): boolean => name === 'load' || name === 'put';

/** Operations that write the whole entry of the irq that they name, and flush it. */
export const WRITES_ENTRY: readonly Operation['name'][] = ['allocIrq', 'freeIrq', 'route', 'unroute'];

/** The judge of the entries. */
export function irteJudge({ memory, replay, model, reporter }: JudgeContext) {
  const { start, end } = replay.host.irtes;
  /** All live entries. */
  const live = memory.words.subarray(start, end);
  /** Irq of each entry by its index in the region, or NONE. */
  const irqOfEntry = new Int32Array((end - start) / IRTE_WORDS).fill(NONE);
  /** Offset of the last entry judged in this operation, or NONE. Most operations concern one entry. */
  let judgedEntry = NONE;
  /** Entries that the operation wrote, as they were before it, by offset; null until they are needed. */
  let knownBefore: Map<number, Int32Array> | null = null;
  /** Last tag of each vCPU's entries. */
  const tagOfVcpu = new Map<number, number>();
  /** Irqs whose entry is wrong since a reported failure. */
  const tainted = new Set<number>();
  memory.watch(start, end);

  /** The live entry of an irq. */
  function wordsOf(irq: number): Int32Array {
    return wordsAt(offsetOf(irq));
  }

  /** All entries according to the model; tags are 0. */
  function ideal(): Int32Array {
    const entries = new Int32Array(live.length);
    irqOfEntry.forEach((irq, entry) => {
      if (irq === NONE) return;
      const { word0, word2, word3 } = model.irteOf(irq);
      entries.set([word0, 0, word2, word3], entry * IRTE_WORDS);
    });
    return entries;
  }

  /** Whether an irq's entry is wrong since a reported failure. Its consequences are not reported again. */
  function isTainted(irq: number): boolean {
    return tainted.has(irq);
  }

  /** Judges the entries after an operation that the model has applied, then accepts them as they are. */
  function judge(operation: Operation): void {
    const { name, operand, argument, count } = operation;
    if (isUpdate(name)) judgeUpdate(operand, name === 'load');
    else if (name === 'createVm') {
      for (let vcpu = argument; vcpu < argument + count; vcpu++) tagOfVcpu.delete(vcpu);
    } else if (WRITES_ENTRY.includes(name)) {
      const at = offsetOf(operand);
      irqOfEntry[at / IRTE_WORDS] = operand;
      judgeWritten(operand);
      if (name === 'route') tagOfVcpu.set(model.vcpuOf(operand), live[at + 1] as number);
      if (name === 'freeIrq') irqOfEntry[at / IRTE_WORDS] = NONE;
    }
    if (memory.journaled > 0) judgeOthers(operation);
    judgedEntry = NONE;
    knownBefore = null;
  }

  /** A load or put must change only the running state of the vCPU's entries; a put keeps destinations. */
  function judgeUpdate(vcpu: number, isLoad: boolean): void {
    const flags = model.runFlagsOf(vcpu);
    const areTagsKept = keepsTags();
    for (let irq = model.firstIrqOf(vcpu); irq !== NONE; irq = model.irqAfter(irq)) {
      const at = offsetOf(irq);
      const destination = model.destinationOf(irq, vcpu);
      const isRight =
        areTagsKept &&
        live[at] === guestWord0(flags, destination) &&
        live[at + 2] === model.guestWord2Of(irq, vcpu) &&
        live[at + 3] === guestWord3(vcpu, destination);
      if (!isRight) judgeFaulty(irq, at, isLoad ? destination : null);
      else if (tainted.size > 0) tainted.delete(irq);
      judgedEntry = at;
    }
  }

  /** Whether no store changed a tag. */
  function keepsTags(): boolean {
    for (let index = 0; index < memory.journaled; index++) {
      const at = memory.storedAt(index) - start;
      if (at % IRTE_WORDS === 1 && memory.replacedAt(index) !== live[at]) return false;
    }
    return true;
  }

  /**
   * Judges an updated entry that differs from the model. An earlier failure may have changed it; then the update may
   * keep the other fields, but must set its own fields right.
   *
   * @param destination - The destination that a load sets; null for a put, which keeps it.
   */
  function judgeFaulty(irq: number, at: number, destination: number | null): void {
    const [was0 = 0, tag = 0, word2 = 0, was3 = 0] = wordsBefore(at);
    const vcpu = model.vcpuOf(irq);
    const kept = destination ?? destinationOf(was0, was3);
    const word0 = word0WithRunState(was0, model.runFlagsOf(vcpu), kept);
    const word3 = word3WithDestination(was3, kept);
    judgeEither(irq, tag, { word0, word2, word3 }, model.irteOf(irq));
  }

  /** An operation on one irq writes its whole entry. */
  function judgeWritten(irq: number): void {
    const at = offsetOf(irq);
    const expected = model.irteOf(irq);
    // The design chooses the tag of a vCPU. A wakeup will show whether it is right.
    const tag = expected.isGuestMode ? (live[at + 1] as number) : 0;
    judgeEither(irq, tag, expected, expected);
    judgedEntry = at;
  }

  /** Each word of an irq's entry must be the expected one or the model's. */
  function judgeEither(irq: number, tag: number, expected: TaglessWords, inModel: TaglessWords): void {
    const at = offsetOf(irq);
    const { word0, word2, word3 } = expected;
    const isRight =
      (live[at] === word0 || live[at] === inModel.word0) &&
      (live[at + 2] === word2 || live[at + 2] === inModel.word2) &&
      (live[at + 3] === word3 || live[at + 3] === inModel.word3) &&
      live[at + 1] === tag;
    if (isRight) {
      tainted.delete(irq);
      return;
    }
    const kind = hasChanged(at) ? 'wrong-value' : 'missed-update';
    const isReported = reporter.reportIrq('own-entries', kind, irq, () => {
      const [right, found] = [[word0, tag, word2, word3], wordsAt(at)];
      const verdict = kind === 'missed-update' ? 'was left as it was' : 'is wrong';
      return {
        expected: describeIrte(right),
        found: describeIrte(found),
        outcome: `${verdict}: ${describeChange(right, found, 'should be')}`,
      };
    });
    if (isReported) tainted.add(irq);
  }

  /** Every other entry must be unchanged. */
  function judgeOthers(operation: Operation): void {
    if (mayHaveChangedOthers(operation)) {
      for (const at of [...entriesBefore().keys()].reverse()) {
        if (!isConcerned(operation, at) && hasChanged(at)) judgeForeign(operation, at);
      }
    }
    memory.emptyJournal();
  }

  /** Whether a store changed an entry that the operation does not concern; a later store may have restored it. */
  function mayHaveChangedOthers(operation: Operation): boolean {
    for (let index = 0; index < memory.journaled; index++) {
      const at = memory.storedAt(index) - start;
      if (memory.replacedAt(index) === live[at]) continue;
      if (!isConcerned(operation, at & -IRTE_WORDS)) return true;
    }
    return false;
  }

  /** Whether an operation concerns an entry, which is then already judged. */
  function isConcerned({ name, operand }: Operation, at: number): boolean {
    if (at === judgedEntry) return true;
    if (!isUpdate(name)) return false;
    const irq = irqOfEntry[at / IRTE_WORDS] as number;
    return irq !== NONE && model.vcpuOf(irq) === operand;
  }

  /** Judges a changed entry that the operation does not concern. */
  function judgeForeign({ name, operand }: Operation, at: number): void {
    const irq = irqOfEntry[at / IRTE_WORDS] as number;
    const owner = irq === NONE ? NONE : model.vcpuOf(irq);
    // The tag of a vCPU is unknown until it has an entry.
    const tag = isUpdate(name) ? tagOfVcpu.get(operand) : undefined;
    const before = wordsBefore(at);
    const kindByTag = tag === before[1] ? 'aliased-tag' : 'same-bucket';
    const kind = owner === NONE ? 'stale-pointer' : tag === undefined ? 'foreign-write' : kindByTag;
    const isReported = reporter.reportIrq('other-entries', kind, irq, () => {
      const after = wordsAt(at);
      return {
        expected: `unchanged: ${describeIrte(before)}`,
        found: describeIrte(after),
        outcome: describeChange(before, after, 'was'),
      };
    });
    if (isReported && irq !== NONE) tainted.add(irq);
  }

  function hasChanged(at: number): boolean {
    return wordsBefore(at).some((word, index) => word !== live[at + index]);
  }

  /** An entry as it was before the operation. */
  function wordsBefore(at: number): Int32Array {
    return entriesBefore().get(at) ?? wordsAt(at);
  }

  /** The entries that the operation wrote, as they were before it; the last written comes first. */
  function entriesBefore(): ReadonlyMap<number, Int32Array> {
    if (knownBefore !== null) return knownBefore;
    const before = new Map<number, Int32Array>();
    for (let index = memory.journaled - 1; index >= 0; index--) {
      const at = memory.storedAt(index) - start;
      const entry = at & -IRTE_WORDS;
      const words = before.get(entry) ?? wordsAt(entry).slice();
      words[at - entry] = memory.replacedAt(index);
      before.set(entry, words);
    }
    knownBefore = before;
    return before;
  }

  /** Offset of an irq's entry in the region, in words. */
  function offsetOf(irq: number): number {
    return (replay.irtes[irq] as number) - start;
  }

  function wordsAt(at: number): Int32Array {
    return live.subarray(at, at + IRTE_WORDS);
  }

  return { live, wordsOf, ideal, isTainted, judge };
}

/** What {@link irteJudge} makes. */
export type IrteJudge = ReturnType<typeof irteJudge>;
