// Judges where interrupts end: at the CPU of their vCPU by doorbell, or at their vCPU through the GA log.

import { DELIVERY } from '../../machine/ga-log.js';
import { GA_LOG_ENTRIES } from '../../machine/iommus.js';
import { describeChange, describeIrte, destinationOf } from '../../machine/irte.js';
import { type CachingIommus, haveSameTarget } from '../../machine/irte-cache.js';
import { type Address, NULL } from '../../machine/memory.js';
import { describeVcpu } from '../../workloads/stream/operation-text.js';
import type { Replay } from '../replay/replay.js';
import type { IrteJudge } from './irte-judge.js';
import { type Model, NONE } from './model.js';
import type { JudgeContext, Reporter } from './reporter.js';
import { WakeupCounter } from './wakeup-counter.js';

/** The name of one of DELIVERY. */
export function deliveryName(delivery: number): string {
  return Object.entries(DELIVERY).find(([, value]) => value === delivery)?.[0] ?? `delivery ${delivery}`;
}

/** The expected content of an IOMMU's log. */
interface Log {
  /** For each entry, oldest first, the irq and the vCPU that it was routed to. */
  readonly entries: { readonly irq: number; readonly vcpu: number }[];
  /** Whether the log was full and has not been read since; it then accepts no entries. */
  hasOverflown: boolean;
}

/** The judge of interrupts and wakeups. */
export class InterruptJudge {
  readonly #hardware: CachingIommus;
  readonly #replay: Replay;
  readonly #model: Model;
  readonly #irtes: IrteJudge;
  readonly #reporter: Reporter;
  readonly #logs: Map<Address, Log>;
  /** Counts wakeups. */
  readonly wakeups: WakeupCounter;
  #lostToOverflow = 0;

  constructor({ stream, hardware, replay, model, reporter }: JudgeContext, irtes: IrteJudge) {
    this.#hardware = hardware;
    this.#replay = replay;
    this.#model = model;
    this.#irtes = irtes;
    this.#reporter = reporter;
    this.wakeups = new WakeupCounter(stream.vcpus);
    this.#logs = new Map(replay.host.iommus.map((iommu) => [iommu, { entries: [], hasOverflown: false }]));
  }

  /** Interrupts whose GA log entry was lost to a flagged overflow. */
  get lostToOverflow(): number {
    return this.#lostToOverflow;
  }

  /** Judges an interrupt of a routed or unrouted irq. @param delivery - One of DELIVERY. */
  judgeDelivery(irq: number, delivery: number): void {
    const vcpu = this.#model.vcpuOf(irq);
    this.wakeups.interrupted(vcpu, delivery);
    if (delivery === DELIVERY.logged) this.#logOf(irq).entries.push({ irq, vcpu });
    if (delivery === DELIVERY.overflow) this.#judgeOverflow(irq);
    if (this.#irtes.isTainted(irq)) return;
    if (this.#isOldCopy(irq)) this.#reportOldCopy(irq);
    else if (vcpu === NONE) this.#judgeUnrouted(irq, delivery);
    else if (delivery === DELIVERY.doorbell) this.#judgeDoorbell(irq, vcpu);
    else this.#judgeNotRunning(irq, vcpu, delivery);
  }

  /**
   * Judges what the strategy woke for a GA log entry, at an address; NULL if nothing. It must be the entry's vCPU if that
   * lives. Another living vCPU beside, or in place of one that is gone, is woken for nothing, which is no failure.
   */
  judgeWake(iommu: Address, tag: number, address: Address): void {
    const log = this.#logs.get(iommu) as Log;
    log.hasOverflown = false;
    const { irq, vcpu: loggedFor } = log.entries.shift() ?? { irq: NONE, vcpu: NONE };
    const isDue = loggedFor !== NONE && this.#model.isAlive(this.#model.vmOf(loggedFor));
    const isRight = isDue && address === this.#replay.vcpus[loggedFor];
    const woken = isRight || address === NULL ? loggedFor : this.#reporter.vcpuAt(address);
    if (address !== NULL && woken !== NONE) this.wakeups.woke(woken);
    if (isRight) return;
    const isFreed = address !== NULL && woken === NONE;
    if (!isDue && !isFreed) return;
    this.#reporter.reportWake(isFreed ? 'found-freed' : 'lost-wakeup', irq, () => {
      const name = loggedFor === NONE ? 'nobody' : describeVcpu(loggedFor, this.#model);
      const found = this.#reporter.nameOf(address);
      const entry = `the GA log entry of tag 0x${(tag >>> 0).toString(16)}, written for ${name},`;
      const freed = isFreed ? ', which was freed' : '';
      return { expected: isDue ? name : 'nobody', found, outcome: `${entry} woke ${found}${freed}` };
    });
  }

  /** Judges an IOMMU's log after a drain: it must be empty. */
  judgeDrained(iommu: number): void {
    const log = this.#logs.get(this.#replay.host.iommus[iommu] as Address) as Log;
    log.hasOverflown = false;
    const unread = log.entries.length;
    if (unread === 0) return;
    this.#reporter.report('interrupts', 'lost-wakeup', () => ({
      expected: 'an empty GA log',
      found: `${unread} entries unread`,
      outcome: `${unread} entries of the GA log were not read`,
    }));
    log.entries.length = 0;
  }

  /** A log may drop entries only after it was full and before it is read. */
  #judgeOverflow(irq: number): void {
    this.#lostToOverflow++;
    const log = this.#logOf(irq);
    const entries = log.entries.length;
    if (entries < GA_LOG_ENTRIES - 1 && !log.hasOverflown) {
      this.#reporter.reportIrq('interrupts', 'lost-wakeup', irq, () => ({
        expected: 'an entry in the GA log',
        found: 'overflow',
        outcome: `raised an interrupt that the GA log dropped, with ${entries} of ${GA_LOG_ENTRIES - 1} entries in use`,
      }));
    }
    log.hasOverflown = true;
  }

  /** Whether the IOMMU delivered neither by the live entry nor by the right one. */
  #isOldCopy(irq: number): boolean {
    const { delivered } = this.#hardware;
    const { word0, word2, word3 } = this.#model.irteOf(irq);
    const right = Int32Array.of(word0, delivered[1] as number, word2, word3);
    return !haveSameTarget(delivered, this.#irtes.wordsOf(irq)) && !haveSameTarget(delivered, right);
  }

  #reportOldCopy(irq: number): void {
    const { delivered } = this.#hardware;
    const live = this.#irtes.wordsOf(irq);
    this.#reporter.reportIrq('interrupts', 'misdelivered', irq, () => ({
      expected: describeIrte(live),
      found: describeIrte(delivered),
      outcome: `raised an interrupt that the IOMMU delivered by its old copy: ${describeChange(live, delivered, 'should be')}`,
    }));
  }

  #judgeUnrouted(irq: number, delivery: number): void {
    if (delivery === DELIVERY.remapped) return;
    const found = deliveryName(delivery);
    this.#reporter.reportIrq('interrupts', 'misdelivered', irq, () => ({
      expected: 'delivery to the host',
      found,
      outcome: `is not routed, and its interrupt came to: ${found}`,
    }));
  }

  #judgeDoorbell(irq: number, vcpu: number): void {
    const [word0 = 0, , , word3 = 0] = this.#irtes.wordsOf(irq);
    const destination = destinationOf(word0, word3);
    const cpu = this.#model.cpuOf(vcpu);
    if (destination === cpu) return;
    const where = cpu === NONE ? 'is not running' : `runs on CPU ${cpu}`;
    this.#reporter.reportIrq('interrupts', 'misdelivered', irq, () => ({
      expected: `the vCPU, which ${where}`,
      found: `the doorbell of CPU ${destination}`,
      outcome: `rang the doorbell of CPU ${destination}, and its vCPU ${where}`,
    }));
  }

  #judgeNotRunning(irq: number, vcpu: number, delivery: number): void {
    if (delivery === DELIVERY.logged || delivery === DELIVERY.overflow) return;
    const isPreempted = this.#model.cpuOf(vcpu) === NONE && !this.#model.isBlocking(vcpu);
    if (delivery === DELIVERY.pending && this.#model.gaLog === 'blocking' && isPreempted) return;
    const found = deliveryName(delivery);
    this.#reporter.reportIrq('interrupts', 'lost-wakeup', irq, () => ({
      expected: 'an entry in the GA log',
      found,
      outcome: `raised an interrupt that must be logged, and it came to: ${found}`,
    }));
  }

  #logOf(irq: number): Log {
    const { host } = this.#replay;
    return this.#logs.get(host.iommuAt(this.#replay.irtes[irq] as Address)) as Log;
  }
}
