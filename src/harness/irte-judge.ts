// Judges what an operation did to the live IRTEs: the entries that it concerns have the right values, and no other
// entry has changed.
import { describeIrte, destinationOf, GUEST_MODE, IRTE_WORDS } from '../machine/irte.js';
import type { JournaledMemory } from '../machine/journaled-memory.js';
import type { Operation } from '../workloads/stream.js';
import { type ExpectedIrte, type Model, NONE } from './model.js';
import type { Replay } from './replay.js';
import type { Reporter } from './reporter.js';

/** Loads and puts: what updates a vCPU's entries. */
const isUpdate = ({ name }: Operation): boolean => name === 'load' || name === 'put';

/** The judge of the entries. */
export class IrteJudge {
  readonly #memory: JournaledMemory;
  readonly #replay: Replay;
  readonly #model: Model;
  readonly #reporter: Reporter;

  /** The live entries as they were after the last operation that was judged. */
  readonly #adopted: Int32Array;
  /** The entries as the model alone would have them; tags are 0. */
  readonly #ideal: Int32Array;
  /** Irq of each entry by its index in the region; NONE where there is none. */
  readonly #irqOfEntry: Int32Array;
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
    this.#adopted = new Int32Array(end - start);
    this.#ideal = new Int32Array(end - start);
    this.#irqOfEntry = new Int32Array((end - start) / IRTE_WORDS).fill(NONE);
  }

  /** All live entries. */
  get live(): Int32Array {
    const { start, end } = this.#replay.host.irtes;
    return this.#memory.words.subarray(start, end);
  }

  /** All entries as the model alone would have them. */
  get ideal(): Int32Array {
    return this.#ideal;
  }

  /** The live entry of an irq. */
  wordsOf(irq: number): Int32Array {
    return this.#words(this.live, this.#entryOf(irq));
  }

  /** Whether an irq's entry is wrong since a fault that was reported: what follows from it is no news. */
  isTainted(irq: number): boolean {
    return this.#tainted.has(irq);
  }

  /** Judges the entries after an operation, which the model has taken on, and adopts them as they are. */
  judge(operation: Operation): void {
    const changed = this.#changedEntries();
    for (const [irq, expected] of this.#expected(operation)) {
      const entry = this.#entryOf(irq);
      this.#idealise(operation, irq, expected);
      this.#judgeOwned(irq, expected, changed.has(entry));
      this.#adopt(entry);
      changed.delete(entry);
    }
    for (const entry of changed) {
      this.#judgeForeign(operation, entry);
      this.#adopt(entry);
    }
    const { name, operand } = operation;
    if (name === 'freeIrq') this.#irqOfEntry[this.#entryOf(operand)] = NONE;
    if (name === 'route')
      this.#tagOfVcpu.set(this.#model.irq(operand).vcpu, this.wordsOf(operand)[1] as number);
  }

  /** Indices of the entries that differ from what was adopted. */
  #changedEntries(): Set<number> {
    const { start } = this.#replay.host.irtes;
    const changed = new Set<number>();
    for (const address of this.#memory.journal) {
      if (this.#memory.load(address) !== this.#adopted[address - start]) {
        changed.add(Math.floor((address - start) / IRTE_WORDS));
      }
    }
    this.#memory.journal.length = 0;
    return changed;
  }

  /** The irqs whose entries an operation must leave in a given state, each with that state. */
  #expected(operation: Operation): Map<number, ExpectedIrte> {
    const { name, operand } = operation;
    switch (name) {
      case 'allocIrq':
        this.#irqOfEntry[this.#entryOf(operand)] = operand;
        return new Map([[operand, this.#model.irteOf(operand)]]);
      case 'freeIrq':
      case 'route':
      case 'unroute':
        return new Map([[operand, this.#model.irteOf(operand)]]);
      case 'load':
      case 'put': {
        const irqs = [...this.#model.vcpu(operand).irqs];
        return new Map(irqs.map((irq) => [irq, this.#updated(this.#adopted, irq, operation)]));
      }
      default:
        return new Map();
    }
  }

  /** An entry after a load or put of its vCPU; a put keeps the destination. */
  #updated(entries: Int32Array, irq: number, { name, operand, argument }: Operation): ExpectedIrte {
    const irte = this.#irteIn(entries, irq);
    const destination = name === 'load' ? argument : destinationOf(irte.word0, irte.word3);
    return this.#model.runStateOver(irte, operand, destination);
  }

  #judgeOwned(irq: number, expected: ExpectedIrte, hasChanged: boolean): void {
    const [word0, word1 = 0, word2, word3] = this.wordsOf(irq);
    // After a reported fault an update may leave what the fault did, or repair it.
    const ideal = this.#irteIn(this.#ideal, irq);
    const isRight =
      (word0 === expected.word0 || word0 === ideal.word0) &&
      (word2 === expected.word2 || word2 === ideal.word2) &&
      (word3 === expected.word3 || word3 === ideal.word3) &&
      (expected.isGuestMode || word1 === 0);
    if (isRight) {
      this.#tainted.delete(irq);
      return;
    }
    this.#tainted.add(irq);
    const tag = expected.isGuestMode ? word1 : 0;
    this.#reporter.reportIrq(hasChanged ? 'wrong-value' : 'missed-update', irq, () => ({
      expected: describeIrte([expected.word0, tag, expected.word2, expected.word3]),
      found: describeIrte(this.wordsOf(irq)),
    }));
  }

  /** An entry changed that the operation has nothing to do with. */
  #judgeForeign(operation: Operation, entry: number): void {
    const irq = this.#irqOfEntry[entry] as number;
    const owner = irq === NONE ? NONE : this.#model.irq(irq).vcpu;
    if (irq !== NONE) this.#tainted.add(irq);
    const tag = this.#adopted[entry * IRTE_WORDS + 1];
    const isAlias = this.#tagOfVcpu.get(operation.operand) === tag;
    const kindOfUpdate = isAlias ? 'aliased-tag' : 'same-bucket';
    const kind = owner === NONE ? 'stale-pointer' : isUpdate(operation) ? kindOfUpdate : 'wrong-value';
    this.#reporter.reportIrq(kind, irq, () => ({
      expected: `unchanged: ${describeIrte(this.#words(this.#adopted, entry))}`,
      found: describeIrte(this.#words(this.live, entry)),
    }));
  }

  /** Keeps the model's own picture of an entry: what it would be had there never been a fault. */
  #idealise(operation: Operation, irq: number, expected: ExpectedIrte): void {
    const ideal = isUpdate(operation) ? this.#updated(this.#ideal, irq, operation) : expected;
    this.#words(this.#ideal, this.#entryOf(irq)).set([ideal.word0, 0, ideal.word2, ideal.word3]);
  }

  #irteIn(entries: Int32Array, irq: number): ExpectedIrte {
    const [word0 = 0, , word2 = 0, word3 = 0] = this.#words(entries, this.#entryOf(irq));
    return { word0, word2, word3, isGuestMode: (word0 & GUEST_MODE) !== 0 };
  }

  #entryOf(irq: number): number {
    return ((this.#replay.irtes[irq] as number) - this.#replay.host.irtes.start) / IRTE_WORDS;
  }

  #words(entries: Int32Array, entry: number): Int32Array {
    return entries.subarray(entry * IRTE_WORDS, (entry + 1) * IRTE_WORDS);
  }

  #adopt(entry: number): void {
    this.#words(this.#adopted, entry).set(this.#words(this.live, entry));
  }
}
