// Judges where interrupts end: at their vCPU's CPU by doorbell, or in the GA log and from there at their vCPU.
import { destinationOf } from '../machine/irte.js';
import { DELIVERY } from '../machine/machine.js';
import { type Address, NULL } from '../machine/memory.js';
import type { IrteJudge } from './irte-judge.js';
import { type Model, NONE } from './model.js';
import { deliveryName, describeVcpu } from './operation-text.js';
import type { Replay } from './replay.js';
import type { Reporter } from './reporter.js';

/** A GA log entry that is to be read: the vCPU that the interrupt was for. */
type LoggedFor = number;

/** The judge of interrupts and wakeups. */
export class InterruptJudge {
  readonly #replay: Replay;
  readonly #model: Model;
  readonly #irtes: IrteJudge;
  readonly #reporter: Reporter;
  /** What is in each IOMMU's log, by the IOMMU's address; entries come back in the order they were written. */
  readonly #logs: Map<Address, LoggedFor[]>;
  #lostToOverflow = 0;

  constructor(replay: Replay, model: Model, irtes: IrteJudge, reporter: Reporter) {
    this.#replay = replay;
    this.#model = model;
    this.#irtes = irtes;
    this.#reporter = reporter;
    this.#logs = new Map(replay.host.iommus.map((iommu) => [iommu, []]));
  }

  /** Interrupts whose GA log entry was lost to an overflow that the hardware declared. */
  get lostToOverflow(): number {
    return this.#lostToOverflow;
  }

  /** Judges an interrupt of a routed or unrouted irq. @param delivery - One of DELIVERY. */
  judgeDelivery(irq: number, delivery: number): void {
    const { vcpu } = this.#model.irq(irq);
    if (delivery === DELIVERY.logged) this.#logOf(irq).push(vcpu);
    if (delivery === DELIVERY.overflow) this.#lostToOverflow++;
    if (this.#irtes.isTainted(irq)) return;
    if (vcpu === NONE) this.#judgeUnrouted(irq, delivery);
    else if (delivery === DELIVERY.doorbell) this.#judgeDoorbell(irq, vcpu);
    else this.#judgeNotRunning(irq, vcpu, delivery);
  }

  /** Judges a GA log entry that was read, and the vCPU that the strategy named. */
  judgeWake(iommu: Address, tag: number, vcpu: Address): void {
    const loggedFor = this.#logs.get(iommu)?.shift() ?? NONE;
    if (loggedFor === NONE) return;
    const isAlive = this.#model.vm(this.#model.vcpu(loggedFor).vm).alive;
    if (vcpu === (isAlive ? this.#replay.vcpus[loggedFor] : NULL)) return;
    this.#reporter.report(vcpu === NULL ? 'lost-wakeup' : 'misdelivered', () => {
      const name = describeVcpu(loggedFor, this.#model);
      return {
        expected: isAlive ? `tag 0x${(tag >>> 0).toString(16)} wakes ${name}` : `nobody: ${name} is gone`,
        found: this.#reporter.nameOf(vcpu),
      };
    });
  }

  /** Judges an IOMMU's log after a drain: it must be empty. */
  judgeDrained(iommu: number): void {
    const log = this.#logs.get(this.#replay.host.iommus[iommu] as Address) as LoggedFor[];
    if (log.length === 0) return;
    const found = `${log.length} entries unread`;
    this.#reporter.report('lost-wakeup', () => ({ expected: 'an empty GA log', found }));
    log.length = 0;
  }

  #judgeUnrouted(irq: number, delivery: number): void {
    if (delivery === DELIVERY.remapped) return;
    const found = deliveryName(delivery);
    this.#reporter.reportIrq('misdelivered', irq, () => ({ expected: 'delivery to the host', found }));
  }

  #judgeDoorbell(irq: number, vcpu: number): void {
    const [word0 = 0, , , word3 = 0] = this.#irtes.wordsOf(irq);
    const destination = destinationOf(word0, word3);
    const { cpu } = this.#model.vcpu(vcpu);
    if (destination === cpu) return;
    const where = cpu === NONE ? 'is not running' : `runs on CPU ${cpu}`;
    this.#reporter.reportIrq('misdelivered', irq, () => ({
      expected: `the vCPU, which ${where}`,
      found: `the doorbell of CPU ${destination}`,
    }));
  }

  #judgeNotRunning(irq: number, vcpu: number, delivery: number): void {
    if (delivery === DELIVERY.logged || delivery === DELIVERY.overflow) return;
    const { cpu, blocking } = this.#model.vcpu(vcpu);
    const isPreempted = cpu === NONE && !blocking;
    if (delivery === DELIVERY.pending && this.#model.gaLog === 'blocking' && isPreempted) return;
    const found = deliveryName(delivery);
    this.#reporter.reportIrq('lost-wakeup', irq, () => ({ expected: 'an entry in the GA log', found }));
  }

  #logOf(irq: number): LoggedFor[] {
    const { host } = this.#replay;
    return this.#logs.get(host.iommuOf(host.devidOf(this.#replay.irtes[irq] as Address))) as LoggedFor[];
  }
}
