// Whether a strategy does its job: each operation is judged by what it changed among the live IRTEs, each interrupt
// by where it ended. After a fault the memory is taken as it is, so that one fault is reported once.
//
// Kinds of findings:
//   same-bucket    an update changed the entry of another vCPU, whose tag differs
//   aliased-tag    an update changed the entry of another vCPU, whose tag is the same
//   missed-update  an entry was left as it was
//   wrong-value    an entry was written, wrongly
//   misdelivered   an interrupt or a GA log entry reached the wrong vCPU
//   lost-wakeup    a GA log entry reached no vCPU, or an interrupt that must be logged was not
//   stale-pointer  an update changed an entry that posts to no vCPU
//   leak           memory was not given back when everything had been taken away
//   threw          the strategy threw, or did not end; the rest of the stream was not run
import type { HostParameters } from '../machine/host.js';
import { describeIrte, destinationOf, GUEST_MODE, IRTE_WORDS } from '../machine/irte.js';
import { JournaledMemory } from '../machine/journaled-memory.js';
import { type CommandCounts, DELIVERY } from '../machine/machine.js';
import { type Address, NULL } from '../machine/memory.js';
import type { Strategy } from '../strategies/strategy.js';
import { HEADER_WORDS, type Operation, type OperationStream, operationAt } from '../workloads/stream.js';
import { digestOf, maskIrtes } from './digest.js';
import { Findings, type Involved } from './findings.js';
import { type ExpectedIrte, Model, NONE } from './model.js';
import { deliveryName, describeOperation, describeVcpu } from './operation-text.js';
import { createReplay, type Replay } from './replay.js';
import type { Check, FindingKind } from './results.js';

/** A GA log entry that is to be read: the vCPU that the interrupt was for. */
type LoggedFor = number;

/**
 * Judges a strategy on a stream: the setup, the window twice, and the teardown. Whatever the strategy does comes
 * back as findings.
 */
export function check(stream: OperationStream, strategy: Strategy, host: HostParameters): Check {
  const findings = new Findings(strategy.limits);
  try {
    return new Oracle(stream, strategy, host, findings).check();
  } catch (error) {
    return strategyThrew(strategy, findings, error);
  }
}

/** The verdict on a strategy of which nothing but an error is known. */
export function strategyThrew(strategy: Strategy, findings: Findings, error: unknown): Check {
  const found = String(error);
  const text = `the strategy could not be made on the host; found ${found}`;
  const first = { operation: 0, what: 'create', irq: null, expected: 'no exception', found, text };
  findings.add('threw', { irq: null, lastVm: NONE, maxVcpuId: NONE }, first);
  return {
    strategy: strategy.id,
    operations: 0,
    findings: findings.list(),
    lostToOverflow: 0,
    commandsPerWindow: { invalidate: 0, completionWait: 0 },
    memoryBytes: 0,
    maskedDigest: null,
    matchesOracle: false,
  };
}

/** Judges one strategy on one stream, once. */
class Oracle {
  readonly #strategyId: string;
  readonly #stream: OperationStream;
  readonly #memory = new JournaledMemory();
  readonly #model: Model;
  readonly #replay: Replay;

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
  readonly #logs = new Map<Address, LoggedFor[]>();

  readonly #findings: Findings;
  #operation = 0;
  #current: Operation = { name: 'drainGaLog', operand: 0, argument: 0, count: 0, firstVcpuId: 0 };
  #delivery: { readonly irq: number; readonly delivery: number } | null = null;
  #lostToOverflow = 0;

  constructor(stream: OperationStream, strategy: Strategy, host: HostParameters, findings: Findings) {
    this.#stream = stream;
    this.#strategyId = strategy.id;
    this.#findings = findings;
    this.#model = new Model(strategy.gaLog);
    this.#replay = createReplay(stream, strategy, host, this.#memory, {
      interrupted: (irq, delivery) => {
        this.#delivery = { irq, delivery };
      },
      woke: (iommu, tag, vcpu) => this.#judgeWake(iommu, tag, vcpu),
    });
    const { start, end } = this.#replay.host.irtes;
    this.#memory.watch(start, end);
    this.#adopted = new Int32Array(end - start);
    this.#ideal = new Int32Array(end - start);
    this.#irqOfEntry = new Int32Array((end - start) / IRTE_WORDS).fill(NONE);
    for (const iommu of this.#replay.host.iommus) this.#logs.set(iommu, []);
  }

  check(): Check {
    const { windowStart, windowEnd, words } = this.#stream;
    const { host } = this.#replay;
    let maskedDigest: string | null = null;
    let matchesOracle = false;
    let commandsPerWindow: CommandCounts = { invalidate: 0, completionWait: 0 };
    let memoryBytes = 0;
    try {
      this.#run(HEADER_WORDS, windowStart);
      memoryBytes = host.heldBytes();
      this.#run(windowStart, windowEnd);
      maskedDigest = digestOf(maskIrtes(this.#live()));
      matchesOracle = maskedDigest === digestOf(maskIrtes(this.#ideal));
      const before = host.commands();
      this.#run(windowStart, windowEnd);
      const after = host.commands();
      commandsPerWindow = {
        invalidate: after.invalidate - before.invalidate,
        completionWait: after.completionWait - before.completionWait,
      };
      this.#run(windowEnd, words.length);
      this.#judgeLeaks();
    } catch (error) {
      this.#report('threw', 'no exception', String(error), this.#everything());
    }
    return {
      strategy: this.#strategyId,
      operations: this.#operation,
      findings: this.#findings.list(),
      lostToOverflow: this.#lostToOverflow,
      commandsPerWindow,
      memoryBytes,
      maskedDigest,
      matchesOracle,
    };
  }

  #run(start: number, end: number): void {
    for (let offset = start; offset < end; ) offset = this.#step(offset);
  }

  #step(offset: number): number {
    const operation = operationAt(this.#stream.words, offset);
    this.#current = operation;
    this.#delivery = null;
    const next = this.#replay.step(offset);
    this.#model.apply(operation);
    this.#judgeEntries(operation);
    if (this.#delivery !== null) this.#judgeDelivery(this.#delivery);
    if (operation.name === 'drainGaLog') this.#judgeDrained(operation.operand);
    this.#operation++;
    return next;
  }

  // Entries.

  /** The entries that an operation must leave in a given state, each with that state. */
  #expected({ name, operand, argument }: Operation): Map<number, ExpectedIrte> {
    switch (name) {
      case 'allocIrq':
        this.#irqOfEntry[this.#entryOf(operand)] = operand;
        return new Map([[operand, this.#model.irteOf(operand)]]);
      case 'freeIrq':
      case 'route':
      case 'unroute':
        return new Map([[operand, this.#model.irteOf(operand)]]);
      case 'load':
      case 'put':
        return new Map(
          [...this.#model.vcpu(operand).irqs].map((irq) => [
            irq,
            this.#updated(this.#adopted, irq, operand, name === 'load' ? argument : NONE),
          ]),
        );
      default:
        return new Map();
    }
  }

  /** An entry after its vCPU was put on a CPU or, with NONE, taken off one: then its destination is kept. */
  #updated(entries: Int32Array, irq: number, vcpu: number, cpu: number): ExpectedIrte {
    const irte = this.#irteIn(entries, irq);
    const destination = cpu === NONE ? destinationOf(irte.word0, irte.word3) : cpu;
    return this.#model.runStateOver(irte, vcpu, destination);
  }

  #judgeEntries(operation: Operation): void {
    const changed = this.#changedEntries();
    const expected = this.#expected(operation);
    for (const [irq, irte] of expected) {
      const entry = this.#entryOf(irq);
      this.#idealise(operation, irq, irte);
      this.#judgeOwned(irq, irte, changed.has(entry));
      this.#adopt(entry);
      changed.delete(entry);
    }
    for (const entry of changed) {
      this.#judgeForeign(operation, entry);
      this.#adopt(entry);
    }
    if (operation.name === 'freeIrq') this.#irqOfEntry[this.#entryOf(operation.operand)] = NONE;
    if (operation.name === 'route') this.#noteTag(operation.operand);
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

  #judgeOwned(irq: number, irte: ExpectedIrte, hasChanged: boolean): void {
    const [word0, word1 = 0, word2, word3] = this.#entryWords(irq);
    // After a reported fault an update may leave what the fault did, or repair it.
    const ideal = this.#irteIn(this.#ideal, irq);
    const isRight =
      (word0 === irte.word0 || word0 === ideal.word0) &&
      (word2 === irte.word2 || word2 === ideal.word2) &&
      (word3 === irte.word3 || word3 === ideal.word3) &&
      (irte.isGuestMode || word1 === 0);
    if (isRight) {
      this.#tainted.delete(irq);
      return;
    }
    this.#tainted.add(irq);
    const tag = irte.isGuestMode ? word1 : 0;
    this.#report(
      hasChanged ? 'wrong-value' : 'missed-update',
      describeIrte([irte.word0, tag, irte.word2, irte.word3]),
      describeIrte(this.#entryWords(irq)),
      this.#involvedIn(irq),
    );
  }

  /** An entry changed that the operation has nothing to do with. */
  #judgeForeign({ name, operand }: Operation, entry: number): void {
    const at = entry * IRTE_WORDS;
    const before = describeIrte(this.#adopted.subarray(at, at + IRTE_WORDS));
    const after = describeIrte(this.#live().subarray(at, at + IRTE_WORDS));
    const irq = this.#irqOfEntry[entry] as number;
    const owner = irq === NONE ? NONE : this.#model.irq(irq).vcpu;
    if (irq !== NONE) this.#tainted.add(irq);
    if (owner === NONE) {
      this.#report('stale-pointer', `unchanged: ${before}`, after, this.#involvedIn(irq));
      return;
    }
    const isUpdate = name === 'load' || name === 'put';
    const tag = this.#adopted[at + 1];
    const isAlias = isUpdate && this.#tagOfVcpu.get(operand) === tag;
    const kind = !isUpdate ? 'wrong-value' : isAlias ? 'aliased-tag' : 'same-bucket';
    this.#report(kind, `unchanged: ${before}`, after, this.#involvedIn(irq));
  }

  /** Keeps the model's own picture of an entry: what it would be had there never been a fault. */
  #idealise({ name, operand, argument }: Operation, irq: number, irte: ExpectedIrte): void {
    const isUpdate = name === 'load' || name === 'put';
    const ideal = isUpdate
      ? this.#updated(this.#ideal, irq, operand, name === 'load' ? argument : NONE)
      : irte;
    this.#ideal.set([ideal.word0, 0, ideal.word2, ideal.word3], this.#entryOf(irq) * IRTE_WORDS);
  }

  #irteIn(entries: Int32Array, irq: number): ExpectedIrte {
    const at = this.#entryOf(irq) * IRTE_WORDS;
    const [word0 = 0, , word2 = 0, word3 = 0] = entries.subarray(at, at + IRTE_WORDS);
    return { word0, word2, word3, isGuestMode: (word0 & GUEST_MODE) !== 0 };
  }

  #noteTag(irq: number): void {
    this.#tagOfVcpu.set(this.#model.irq(irq).vcpu, this.#entryWords(irq)[1] as number);
  }

  // Interrupts.

  #judgeDelivery({ irq, delivery }: { irq: number; delivery: number }): void {
    const { vcpu } = this.#model.irq(irq);
    const [word0 = 0, , , word3 = 0] = this.#entryWords(irq);
    if (delivery === DELIVERY.logged) this.#logOf(irq).push(vcpu);
    if (delivery === DELIVERY.overflow) this.#lostToOverflow++;
    if (this.#tainted.has(irq)) return;
    const involved = this.#involvedIn(irq);
    if (vcpu === NONE) {
      if (delivery !== DELIVERY.remapped) {
        this.#report('misdelivered', 'delivered to the host', deliveryName(delivery), involved);
      }
      return;
    }
    const { cpu, blocking } = this.#model.vcpu(vcpu);
    if (delivery === DELIVERY.doorbell) {
      const destination = destinationOf(word0, word3);
      if (destination !== cpu) {
        const found = `the doorbell of CPU ${destination}`;
        this.#report('misdelivered', `the vCPU, ${this.#whereabouts(vcpu)}`, found, involved);
      }
      return;
    }
    const mayStayPending = this.#model.gaLog === 'blocking' && cpu === NONE && !blocking;
    if (delivery === DELIVERY.logged || delivery === DELIVERY.overflow) return;
    if (delivery === DELIVERY.pending && mayStayPending) return;
    this.#report('lost-wakeup', 'an entry in the GA log', deliveryName(delivery), involved);
  }

  /** The GA log's entries come back in the order in which they were written. */
  #judgeWake(iommu: Address, tag: number, vcpu: Address): void {
    const loggedFor = (this.#logs.get(iommu) as LoggedFor[]).shift();
    if (loggedFor === undefined || loggedFor === NONE) return;
    const { vm, id } = this.#model.vcpu(loggedFor);
    const isAlive = this.#model.vm(vm).alive;
    const right = isAlive ? this.#replay.vcpus[loggedFor] : NULL;
    if (vcpu === right) return;
    const name = `vm ${vm + 1} vcpu ${id}`;
    this.#report(
      vcpu === NULL ? 'lost-wakeup' : 'misdelivered',
      isAlive ? `tag 0x${(tag >>> 0).toString(16)} wakes ${name}` : `nobody: ${name} is gone`,
      vcpu === NULL ? 'nobody' : this.#nameOf(vcpu),
      this.#everything(),
    );
  }

  /** After a drain the log is empty, as the machine's is. */
  #judgeDrained(iommu: number): void {
    const log = this.#logs.get(this.#replay.host.iommus[iommu] as Address) as LoggedFor[];
    if (log.length === 0) return;
    this.#report('lost-wakeup', 'an empty GA log', `${log.length} entries unread`, this.#everything());
    log.length = 0;
  }

  #judgeLeaks(): void {
    const left = [...this.#replay.host.liveObjects()].filter(([, objects]) => objects !== 0);
    if (left.length === 0) return;
    const found = left.map(([size, objects]) => `${objects} of ${size} bytes`).join(', ');
    this.#report('leak', 'no object left', `objects left: ${found}`, this.#everything());
  }

  // Reporting.

  #report(kind: FindingKind, expected: string, found: string, involved: Involved): void {
    const { irq } = involved;
    const what = describeOperation(this.#current, this.#model);
    const about = irq === null ? '' : `the IRTE of irq ${irq}${this.#ownerOf(irq)}: `;
    const text = `${what}; ${about}expected ${expected}; found ${found}`;
    this.#findings.add(kind, involved, { operation: this.#operation, what, irq, expected, found, text });
  }

  #involvedIn(irq: number): Involved {
    const { name, operand, argument } = this.#current;
    const acting = name === 'load' || name === 'put' ? operand : name === 'route' ? argument >>> 8 : NONE;
    const owner = this.#model.irqs[irq]?.vcpu ?? NONE;
    const vcpus = [acting, owner].filter((vcpu) => vcpu !== NONE).map((vcpu) => this.#model.vcpu(vcpu));
    return {
      irq: irq === NONE ? null : irq,
      lastVm: Math.max(NONE, ...vcpus.map(({ vm }) => vm)),
      maxVcpuId: Math.max(NONE, ...vcpus.map(({ id }) => id)),
    };
  }

  #everything(): Involved {
    return {
      irq: null,
      lastVm: this.#model.vms.length - 1,
      maxVcpuId: this.#model.vcpus.reduce((largest, { id }) => Math.max(largest, id), NONE),
    };
  }

  /** The vCPU at an address, by name. */
  #nameOf(address: Address): string {
    const vcpu = this.#replay.vcpus.indexOf(address);
    return vcpu === NONE ? `address ${address}, which is no vCPU` : describeVcpu(vcpu, this.#model);
  }

  #ownerOf(irq: number): string {
    const vcpu = this.#model.irqs[irq]?.vcpu ?? NONE;
    return vcpu === NONE ? '' : `, owned by ${describeVcpu(vcpu, this.#model)}`;
  }

  #whereabouts(vcpu: number): string {
    const { cpu } = this.#model.vcpu(vcpu);
    return cpu === NONE ? 'which is not running' : `which runs on CPU ${cpu}`;
  }

  // Entries in memory.

  #live(): Int32Array {
    const { start, end } = this.#replay.host.irtes;
    return this.#memory.words.subarray(start, end);
  }

  #entryOf(irq: number): number {
    return ((this.#replay.irtes[irq] as number) - this.#replay.host.irtes.start) / IRTE_WORDS;
  }

  #entryWords(irq: number): Int32Array {
    const at = this.#entryOf(irq) * IRTE_WORDS;
    return this.#live().subarray(at, at + IRTE_WORDS);
  }

  #adopt(entry: number): void {
    const at = entry * IRTE_WORDS;
    this.#adopted.set(this.#live().subarray(at, at + IRTE_WORDS), at);
  }

  #logOf(irq: number): LoggedFor[] {
    const { host } = this.#replay;
    const devid = Math.floor(this.#entryOf(irq) / host.host.irqTableEntries);
    return this.#logs.get(host.iommuOf(devid)) as LoggedFor[];
  }
}
