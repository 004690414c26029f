// Judges what an operation did to the live IRTEs: the entries that it concerns have the right values, and no other
// entry has changed. Its work is proportional to what the operation wrote and concerns, not to the host.
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
import type { Reporter } from './reporter.js';

/** An entry but for its tag. */
type GuestWords = Pick<ExpectedIrte, 'word0' | 'word2' | 'word3'>;

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
  /** All live entries, as they are. */
  readonly live: Int32Array;
  /** Irq of each entry by its index in the region; NONE where there is none. */
  readonly #irqOfEntry: Int32Array;
  /** Offset of the entry that was judged last in this operation, which most often is the only one; NONE if none was. */
  #judgedEntry = NONE;
  /** What the entries that the operation stored to held before it, by offset; null until somebody asks. */
  #before: Map<number, Int32Array> | null = null;
  /** Tag that each vCPU's entries last had. */
  readonly #tagOfVcpu = new Map<number, number>();
  /** Irqs whose entry is wrong since a reported fault. */
  readonly #tainted = new Set<number>();

  constructor(memory: JournaledMemory, replay: Replay, model: Model, reporter: Reporter) {
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

  /** All entries as the model alone would have them; tags are 0. */
  ideal(): Int32Array {
    const ideal = new Int32Array(this.live.length);
    this.#irqOfEntry.forEach((irq, entry) => {
      if (irq === NONE) return;
      const { word0, word2, word3 } = this.#model.irteOf(irq);
      ideal.set([word0, 0, word2, word3], entry * IRTE_WORDS);
    });
    return ideal;
  }

  /** Whether an irq's entry is wrong since a fault that was reported: what follows from it is no news. */
  isTainted(irq: number): boolean {
    return this.#tainted.has(irq);
  }

  /** Judges the entries after an operation, which the model has taken on. What they are now they are taken to be. */
  judge(operation: Operation): void {
    const { name, operand } = operation;
    switch (name) {
      case 'load':
      case 'put':
        this.#judgeUpdate(operand, name === 'load');
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
    if (this.#memory.journalled > 0) this.#judgeOthers(operation);
    this.#judgedEntry = NONE;
    this.#before = null;
  }

  /** A load or put changes the running state of the vCPU's entries and nothing else; a put keeps destinations. */
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

  /** Whether every store to a tag left it as it was. */
  #keepsTags(): boolean {
    const memory = this.#memory;
    for (let index = 0; index < memory.journalled; index++) {
      const at = memory.storedAt(index) - this.#start;
      if (at % IRTE_WORDS === 1 && memory.replacedAt(index) !== this.live[at]) return false;
    }
    return true;
  }

  /**
   * An entry is not as it should be. Where a fault that was reported has changed it, an update may leave what the
   * fault did; what the update itself is for must be right.
   *
   * @param destination - What a load sets; null if it is kept.
   */
  #judgeFaulty(irq: number, at: number, destination: number | null): void {
    const [was0 = 0, tag = 0, word2 = 0, was3 = 0] = this.#wordsBefore(at);
    const vcpu = this.#model.vcpuOf(irq);
    const kept = destination ?? destinationOf(was0, was3);
    const word0 = word0WithRunState(was0, this.#model.runFlagsOf(vcpu), kept);
    const word3 = word3WithDestination(was3, kept);
    const ideal = this.#model.irteOf(irq);
    this.#judgeEither(irq, at, { word0, word2, word3 }, ideal, tag);
  }

  /** An operation on one irq writes all of its entry. */
  #judgeWritten(irq: number): void {
    const at = this.#offsetOf(irq);
    const expected = this.#model.irteOf(irq);
    // Which tag names a vCPU is the design's own affair; a wakeup will show whether it does.
    this.#judgeEither(irq, at, expected, expected, expected.isGuestMode ? (this.live[at + 1] as number) : 0);
    this.#judgedEntry = at;
  }

  /** An entry must be the one or the other, word by word. */
  #judgeEither(irq: number, at: number, expected: GuestWords, ideal: GuestWords, tag: number): void {
    const { live } = this;
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

  /** What else was written must hold what it held before. */
  #judgeOthers(operation: Operation): void {
    if (this.#mayHaveChangedOthers(operation)) {
      for (const at of [...this.#entriesBefore().keys()].reverse()) {
        if (!this.#isConcerned(operation, at) && this.#hasChanged(at)) this.#judgeForeign(operation, at);
      }
    }
    this.#memory.emptyJournal();
  }

  /** False if no store changed an entry that the operation does not concern. */
  #mayHaveChangedOthers(operation: Operation): boolean {
    const memory = this.#memory;
    for (let index = 0; index < memory.journalled; index++) {
      const at = memory.storedAt(index) - this.#start;
      if (memory.replacedAt(index) === this.live[at]) continue;
      if (!this.#isConcerned(operation, at & -IRTE_WORDS)) return true;
    }
    return false;
  }

  /** Whether an operation is on an entry, which is then judged already. */
  #isConcerned({ name, operand }: Operation, at: number): boolean {
    if (at === this.#judgedEntry) return true;
    if (!isUpdate(name)) return false;
    const irq = this.#irqOfEntry[at / IRTE_WORDS] as number;
    return irq !== NONE && this.#model.vcpuOf(irq) === operand;
  }

  /** An entry changed that the operation has nothing to do with. */
  #judgeForeign({ name, operand }: Operation, at: number): void {
    const irq = this.#irqOfEntry[at / IRTE_WORDS] as number;
    const owner = irq === NONE ? NONE : this.#model.vcpuOf(irq);
    // A vCPU that never had an entry has no tag that one could know.
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

  /** The entries that the operation stored to, as they were before, from the one stored to last. */
  #entriesBefore(): ReadonlyMap<number, Int32Array> {
    if (this.#before !== null) return this.#before;
    const memory = this.#memory;
    const before = new Map<number, Int32Array>();
    for (let index = memory.journalled - 1; index >= 0; index--) {
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
