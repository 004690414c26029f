// Judges the effect of an operation on the live IRTEs: its own entries must have the right values, and no other entry
// may change. The work is proportional to the entries that the operation owns or writes, not to the host.
import { describeChange, describeIrte, destinationOf, IRTE_WORDS } from '../../machine/irte.js';
import type { Operation } from '../../workloads/stream/stream.js';
import type { Replay } from '../replay/replay.js';
import type { JournaledMemory } from './memory/journaled-memory.js';
import {
  type ExpectedIrte,
  guestWord0,
  guestWord3,
  type Model,
  NONE,
  word0WithRunState,
  word3WithDestination,
} from './model.js';
import type { JudgeContext, Reporter } from './reporter.js';

/** An entry without its tag. */
type TaglessWords = Pick<ExpectedIrte, 'word0' | 'word2' | 'word3'>;

/** Whether an operation changes the running state of a vCPU's entries. */
const isUpdate = (name: Operation['name']): boolean => name === 'load' || name === 'put';

/** The judge of the entries. */
export class IrteJudge {
  readonly #memory: JournaledMemory;
  readonly #replay: Replay;
  readonly #model: Model;
  readonly #reporter: Reporter;

  /** Index of the region's first word in memory. */
  readonly #start: number;
  /** All live entries. */
  readonly live: Int32Array;
  /** Irq of each entry by its index in the region, or NONE. */
  readonly #irqOfEntry: Int32Array;
  /** Offset of the last entry judged in this operation, or NONE. Most operations concern one entry. */
  #judgedEntry = NONE;
  /** Entries that the operation wrote, as they were before it, by offset; null until they are needed. */
  #before: Map<number, Int32Array> | null = null;
  /** Last tag of each vCPU's entries. */
  readonly #tagOfVcpu = new Map<number, number>();
  /** Irqs whose entry is wrong since a reported failure. */
  readonly #tainted = new Set<number>();

  constructor({ memory, replay, model, reporter }: JudgeContext) {
    this.#memory = memory;
    this.#replay = replay;
    this.#model = model;
    this.#reporter = reporter;
    const { start, end } = replay.host.irtes;
    memory.watch(start, end);
    this.#start = start;
    this.live = memory.words.subarray(start, end);
    this.#irqOfEntry = new Int32Array((end - start) / IRTE_WORDS).fill(NONE);
  }

  /** The live entry of an irq. */
  wordsOf(irq: number): Int32Array {
    return this.#wordsAt(this.#offsetOf(irq));
  }

  /** All entries according to the model; tags are 0. */
  ideal(): Int32Array {
    const ideal = new Int32Array(this.live.length);
    this.#irqOfEntry.forEach((irq, entry) => {
      if (irq === NONE) return;
      const { word0, word2, word3 } = this.#model.irteOf(irq);
      ideal.set([word0, 0, word2, word3], entry * IRTE_WORDS);
    });
    return ideal;
  }

  /** Whether an irq's entry is wrong since a reported failure. Its consequences are not reported again. */
  isTainted(irq: number): boolean {
    return this.#tainted.has(irq);
  }

  /** Judges the entries after an operation that the model has applied, then accepts them as they are. */
  judge(operation: Operation): void {
    const { name, operand, argument, count } = operation;
    switch (name) {
      case 'load':
      case 'put':
        this.#judgeUpdate(operand, name === 'load');
        break;
      case 'createVm':
        for (let vcpu = argument; vcpu < argument + count; vcpu++) this.#tagOfVcpu.delete(vcpu);
        break;
      case 'allocIrq':
        this.#irqOfEntry[this.#offsetOf(operand) / IRTE_WORDS] = operand;
        this.#judgeWritten(operand);
        break;
      case 'route':
        this.#judgeWritten(operand);
        this.#tagOfVcpu.set(this.#model.vcpuOf(operand), this.live[this.#offsetOf(operand) + 1] as number);
        break;
      case 'unroute':
        this.#judgeWritten(operand);
        break;
      case 'freeIrq':
        this.#judgeWritten(operand);
        this.#irqOfEntry[this.#offsetOf(operand) / IRTE_WORDS] = NONE;
        break;
      default:
        break;
    }
    if (this.#memory.journaled > 0) this.#judgeOthers(operation);
    this.#judgedEntry = NONE;
    this.#before = null;
  }

  /** A load or put must change only the running state of the vCPU's entries; a put keeps destinations. */
  #judgeUpdate(vcpu: number, isLoad: boolean): void {
    const model = this.#model;
    const live = this.live;
    const flags = model.runFlagsOf(vcpu);
    const keepsTags = this.#keepsTags();
    for (let irq = model.firstIrqOf(vcpu); irq !== NONE; irq = model.irqAfter(irq)) {
      const at = this.#offsetOf(irq);
      const destination = model.destinationOf(irq, vcpu);
      const isRight =
        keepsTags &&
        live[at] === guestWord0(flags, destination) &&
        live[at + 2] === model.guestWord2Of(irq, vcpu) &&
        live[at + 3] === guestWord3(vcpu, destination);
      if (!isRight) this.#judgeFaulty(irq, at, isLoad ? destination : null);
      else if (this.#tainted.size > 0) this.#tainted.delete(irq);
      this.#judgedEntry = at;
    }
  }

  /** Whether no store changed a tag. */
  #keepsTags(): boolean {
    const memory = this.#memory;
    for (let index = 0; index < memory.journaled; index++) {
      const at = memory.storedAt(index) - this.#start;
      if (at % IRTE_WORDS === 1 && memory.replacedAt(index) !== this.live[at]) return false;
    }
    return true;
  }

  /**
   * Judges an updated entry that differs from the model. An earlier failure may have changed it; then the update may
   * keep the other fields, but must set its own fields right.
   *
   * @param destination - The destination that a load sets; null for a put, which keeps it.
   */
  #judgeFaulty(irq: number, at: number, destination: number | null): void {
    const [was0 = 0, tag = 0, word2 = 0, was3 = 0] = this.#wordsBefore(at);
    const vcpu = this.#model.vcpuOf(irq);
    const kept = destination ?? destinationOf(was0, was3);
    const word0 = word0WithRunState(was0, this.#model.runFlagsOf(vcpu), kept);
    const word3 = word3WithDestination(was3, kept);
    const ideal = this.#model.irteOf(irq);
    this.#judgeEither(irq, tag, { word0, word2, word3 }, ideal);
  }

  /** An operation on one irq writes its whole entry. */
  #judgeWritten(irq: number): void {
    const at = this.#offsetOf(irq);
    const expected = this.#model.irteOf(irq);
    // The design chooses the tag of a vCPU. A wakeup will show whether it is right.
    const tag = expected.isGuestMode ? (this.live[at + 1] as number) : 0;
    this.#judgeEither(irq, tag, expected, expected);
    this.#judgedEntry = at;
  }

  /** Each word of an irq's entry must be the expected one or the ideal one. */
  #judgeEither(irq: number, tag: number, expected: TaglessWords, ideal: TaglessWords): void {
    const { live } = this;
    const at = this.#offsetOf(irq);
    const { word0, word2, word3 } = expected;
    const isRight =
      (live[at] === word0 || live[at] === ideal.word0) &&
      (live[at + 2] === word2 || live[at + 2] === ideal.word2) &&
      (live[at + 3] === word3 || live[at + 3] === ideal.word3) &&
      live[at + 1] === tag;
    if (isRight) {
      this.#tainted.delete(irq);
      return;
    }
    const kind = this.#hasChanged(at) ? 'wrong-value' : 'missed-update';
    const isReported = this.#reporter.reportIrq('own-entries', kind, irq, () => {
      const [right, found] = [[word0, tag, word2, word3], this.#wordsAt(at)];
      const verdict = kind === 'missed-update' ? 'was left as it was' : 'is wrong';
      return {
        expected: describeIrte(right),
        found: describeIrte(found),
        outcome: `${verdict}: ${describeChange(right, found, 'should be')}`,
      };
    });
    if (isReported) this.#tainted.add(irq);
  }

  /** Every other entry must be unchanged. */
  #judgeOthers(operation: Operation): void {
    if (this.#mayHaveChangedOthers(operation)) {
      for (const at of [...this.#entriesBefore().keys()].reverse()) {
        if (!this.#isConcerned(operation, at) && this.#hasChanged(at)) this.#judgeForeign(operation, at);
      }
    }
    this.#memory.emptyJournal();
  }

  /** Whether a store changed an entry that the operation does not concern; a later store may have restored it. */
  #mayHaveChangedOthers(operation: Operation): boolean {
    const memory = this.#memory;
    for (let index = 0; index < memory.journaled; index++) {
      const at = memory.storedAt(index) - this.#start;
      if (memory.replacedAt(index) === this.live[at]) continue;
      if (!this.#isConcerned(operation, at & -IRTE_WORDS)) return true;
    }
    return false;
  }

  /** Whether an operation concerns an entry, which is then already judged. */
  #isConcerned({ name, operand }: Operation, at: number): boolean {
    if (at === this.#judgedEntry) return true;
    if (!isUpdate(name)) return false;
    const irq = this.#irqOfEntry[at / IRTE_WORDS] as number;
    return irq !== NONE && this.#model.vcpuOf(irq) === operand;
  }

  /** Judges a changed entry that the operation does not concern. */
  #judgeForeign({ name, operand }: Operation, at: number): void {
    const irq = this.#irqOfEntry[at / IRTE_WORDS] as number;
    const owner = irq === NONE ? NONE : this.#model.vcpuOf(irq);
    // The tag of a vCPU is unknown until it has an entry.
    const tag = isUpdate(name) ? this.#tagOfVcpu.get(operand) : undefined;
    const before = this.#wordsBefore(at);
    const kindByTag = tag === before[1] ? 'aliased-tag' : 'same-bucket';
    const kind = owner === NONE ? 'stale-pointer' : tag === undefined ? 'foreign-write' : kindByTag;
    const isReported = this.#reporter.reportIrq('other-entries', kind, irq, () => {
      const after = this.#wordsAt(at);
      return {
        expected: `unchanged: ${describeIrte(before)}`,
        found: describeIrte(after),
        outcome: describeChange(before, after, 'was'),
      };
    });
    if (isReported && irq !== NONE) this.#tainted.add(irq);
  }

  #hasChanged(at: number): boolean {
    return this.#wordsBefore(at).some((word, index) => word !== this.live[at + index]);
  }

  /** An entry as it was before the operation. */
  #wordsBefore(at: number): Int32Array {
    return this.#entriesBefore().get(at) ?? this.#wordsAt(at);
  }

  /** The entries that the operation wrote, as they were before it; the last written comes first. */
  #entriesBefore(): ReadonlyMap<number, Int32Array> {
    if (this.#before !== null) return this.#before;
    const memory = this.#memory;
    const before = new Map<number, Int32Array>();
    for (let index = memory.journaled - 1; index >= 0; index--) {
      const at = memory.storedAt(index) - this.#start;
      const entry = at & -IRTE_WORDS;
      const words = before.get(entry) ?? this.#wordsAt(entry).slice();
      words[at - entry] = memory.replacedAt(index);
      before.set(entry, words);
    }
    this.#before = before;
    return before;
  }

  /** Offset of an irq's entry in the region, in words. */
  #offsetOf(irq: number): number {
    return (this.#replay.irtes[irq] as number) - this.#start;
  }

  #wordsAt(at: number): Int32Array {
    return this.live.subarray(at, at + IRTE_WORDS);
  }
}
