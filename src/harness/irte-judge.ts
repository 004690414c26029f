// Judges what an operation did to the live IRTEs: the entries that it concerns have the right values, and no other
// entry has changed. Its work is proportional to what the operation wrote and concerns, not to the host.
import { describeChange, describeIrte, destinationOf, IRTE_WORDS } from '../machine/irte.js';
import type { JournaledMemory } from '../machine/journaled-memory.js';
import type { Operation } from '../workloads/stream.js';
import {
  type ExpectedIrte,
  guestWord0,
  guestWord3,
  type Model,
  NONE,
  word0WithRunState,
  word3WithDestination,
} from './model.js';
import type { Replay } from './replay.js';
import type { Reporter } from './reporter.js';

/** Words of an irq's record: the four of its entry, and the entry's offset in the region; half a cache line. */
const RECORD_WORDS = 8;
const OFFSET = 4;

const ZERO_IRTE = new Int32Array(IRTE_WORDS);

/** An entry but for its tag. */
type GuestWords = Pick<ExpectedIrte, 'word0' | 'word2' | 'word3'>;

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
  /** A record of each irq: its live entry as it was after the last operation judged, and where that is. */
  readonly #irqs: Int32Array;
  /** The same of entries that no irq has, by their offset, where they are not zero. */
  readonly #strays = new Map<number, Int32Array>();
  /** Irq of each entry by its index in the region; NONE where there is none. */
  readonly #irqOfEntry: Int32Array;
  /** Offset of the entry that was judged last in this operation, so that what was written there is no news. */
  #lastJudged = NONE;
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
    this.#irqs = new Int32Array(replay.irtes.length * RECORD_WORDS);
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

  /** Judges the entries after an operation, which the model has taken on, and adopts them as they are. */
  judge(operation: Operation): void {
    const { name, operand } = operation;
    switch (name) {
      case 'load':
      case 'put':
        this.#judgeUpdate(operand, name === 'load');
        break;
      case 'allocIrq':
        this.#begin(operand);
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
        this.#end(operand);
        break;
      default:
        break;
    }
    this.#judgeOthers(operation);
  }

  /** An entry becomes an irq's, as it was. */
  #begin(irq: number): void {
    const at = (this.#replay.irtes[irq] as number) - this.#start;
    this.#irqs.set(this.#adoptedAt(at), irq * RECORD_WORDS);
    this.#irqs[irq * RECORD_WORDS + OFFSET] = at;
    this.#strays.delete(at);
    this.#irqOfEntry[at / IRTE_WORDS] = irq;
  }

  /** An entry is nobody's again, as it is. */
  #end(irq: number): void {
    const at = this.#offsetOf(irq);
    this.#irqOfEntry[at / IRTE_WORDS] = NONE;
    if (this.#hasChanged(at)) this.#strays.set(at, this.#wordsAt(at).slice());
  }

  /** A load or put changes the running state of the vCPU's entries and nothing else; a put keeps destinations. */
  #judgeUpdate(vcpu: number, isLoad: boolean): void {
    const model = this.#model;
    const live = this.live;
    const irqs = this.#irqs;
    const flags = model.runFlagsOf(vcpu);
    for (let irq = model.firstIrqOf(vcpu); irq !== NONE; irq = model.irqAfter(irq)) {
      const at = irqs[irq * RECORD_WORDS + OFFSET] as number;
      const destination = model.destinationOf(irq, vcpu);
      const isRight =
        live[at] === guestWord0(flags, destination) &&
        live[at + 1] === irqs[irq * RECORD_WORDS + 1] &&
        live[at + 2] === model.guestWord2Of(irq, vcpu) &&
        live[at + 3] === guestWord3(vcpu, destination);
      if (!isRight) this.#judgeFaulty(irq, at, isLoad ? destination : null);
      else if (this.#tainted.size > 0) this.#tainted.delete(irq);
      this.#adopt(irq, at);
      this.#lastJudged = at;
    }
  }

  /**
   * An entry is not as it should be. Where a fault that was reported has changed it, an update may leave what the
   * fault did; what the update itself is for must be right.
   *
   * @param destination - What a load sets; null if it is kept.
   */
  #judgeFaulty(irq: number, at: number, destination: number | null): void {
    const [was0 = 0, tag = 0, word2 = 0, was3 = 0] = this.#adoptedAt(at);
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
    this.#adopt(irq, at);
    this.#lastJudged = at;
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
    const memory = this.#memory;
    for (let index = 0; index < memory.journalled; index++) {
      const at = (memory.journalAt(index) - this.#start) & -IRTE_WORDS;
      if (at === this.#lastJudged || !this.#hasChanged(at)) continue;
      this.#judgeForeign(operation, at);
      const irq = this.#irqOfEntry[at / IRTE_WORDS] as number;
      if (irq === NONE) this.#strays.set(at, this.#wordsAt(at).slice());
      else this.#adopt(irq, at);
    }
    memory.emptyJournal();
    this.#lastJudged = NONE;
  }

  /** An entry changed that the operation has nothing to do with. */
  #judgeForeign({ name, operand }: Operation, at: number): void {
    const irq = this.#irqOfEntry[at / IRTE_WORDS] as number;
    const owner = irq === NONE ? NONE : this.#model.vcpuOf(irq);
    const isUpdate = name === 'load' || name === 'put';
    // A vCPU that never had an entry has no tag that one could know.
    const tag = isUpdate ? this.#tagOfVcpu.get(operand) : undefined;
    const before = this.#adoptedAt(at);
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
    return this.#adoptedAt(at).some((word, index) => word !== this.live[at + index]);
  }

  /** An entry as it was after the last operation that was judged. */
  #adoptedAt(at: number): Int32Array {
    const irq = this.#irqOfEntry[at / IRTE_WORDS] as number;
    if (irq === NONE) return this.#strays.get(at) ?? ZERO_IRTE;
    return this.#irqs.subarray(irq * RECORD_WORDS, irq * RECORD_WORDS + IRTE_WORDS);
  }

  #adopt(irq: number, at: number): void {
    const { live } = this;
    const irqs = this.#irqs;
    const to = irq * RECORD_WORDS;
    irqs[to] = live[at] as number;
    irqs[to + 1] = live[at + 1] as number;
    irqs[to + 2] = live[at + 2] as number;
    irqs[to + 3] = live[at + 3] as number;
  }

  /** Offset of an irq's entry in the region, in words. */
  #offsetOf(irq: number): number {
    return this.#irqs[irq * RECORD_WORDS + OFFSET] as number;
  }

  #wordsAt(at: number): Int32Array {
    return this.live.subarray(at, at + IRTE_WORDS);
  }
}
