// Judges where interrupts end: at the CPU of their vCPU by doorbell, or at their vCPU through the GA log.

import { DELIVERY } from '../../machine/ga-log.js';
import { GA_LOG_ENTRIES } from '../../machine/iommus.js';
import { describeChange, describeIrte, destinationOf } from '../../machine/irte.js';
import { haveSameTarget } from '../../machine/irte-cache.js';
import { type Address, NULL } from '../../machine/memory.js';
import { describeVcpu } from '../../workloads/stream/operation-text.js';
import type { IrteJudge } from './irte-judge.js';
import { NONE } from './model.js';
import type { JudgeContext } from './reporter.js';
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
export function interruptJudge(
  { stream, hardware, replay, model, reporter }: JudgeContext,
  irtes: IrteJudge,
) {
  const logs = new Map(
    replay.host.iommus.map((iommu): [Address, Log] => [iommu, { entries: [], hasOverflown: false }]),
  );
  const wakeups = new WakeupCounter(stream.vcpus);
  let lostToOverflow = 0;

  /** Judges an interrupt of a routed or unrouted irq. @param delivery - One of DELIVERY. */
  function judgeDelivery(irq: number, delivery: number): void {
    const vcpu = model.vcpuOf(irq);
    wakeups.interrupted(vcpu, delivery);
    if (delivery === DELIVERY.logged) logOf(irq).entries.push({ irq, vcpu });
    if (delivery === DELIVERY.overflow) judgeOverflow(irq);
    if (irtes.isTainted(irq)) return;
    if (judgeOldCopy(irq)) return;
    if (vcpu === NONE) judgeUnrouted(irq, delivery);
    else if (delivery === DELIVERY.doorbell) judgeDoorbell(irq, vcpu);
    else judgeNotRunning(irq, vcpu, delivery);
  }

  /**
   * Judges what the strategy woke for a GA log entry, at an address; NULL if nothing. It must be the entry's vCPU if that
   * lives. Another living vCPU beside, or in place of one that is gone, is woken for nothing, which is no failure.
   */
  function judgeWake(iommu: Address, tag: number, address: Address): void {
    const log = logs.get(iommu) as Log;
    log.hasOverflown = false;
    const { irq, vcpu: loggedFor } = log.entries.shift() ?? { irq: NONE, vcpu: NONE };
    const isDue = loggedFor !== NONE && model.isAlive(model.vmOf(loggedFor));
    const isRight = isDue && address === replay.vcpus[loggedFor];
    const woken = isRight || address === NULL ? loggedFor : reporter.vcpuAt(address);
    if (address !== NULL && woken !== NONE) wakeups.woke(woken);
    if (isRight) return;
    const isFreed = address !== NULL && woken === NONE;
    if (!isDue && !isFreed) return;
    reporter.reportWake(isFreed ? 'found-freed' : 'lost-wakeup', irq, () => {
      const name = loggedFor === NONE ? 'nobody' : describeVcpu(loggedFor, model);
      const found = reporter.nameOf(address);
      const entry = `the GA log entry of tag 0x${(tag >>> 0).toString(16)}, written for ${name},`;
      const freed = isFreed ? ', which was freed' : '';
      return { expected: isDue ? name : 'nobody', found, outcome: `${entry} woke ${found}${freed}` };
    });
  }

  /** Judges an IOMMU's log after a drain: it must be empty. */
  function judgeDrained(iommu: number): void {
    const log = logs.get(replay.host.iommus[iommu] as Address) as Log;
    log.hasOverflown = false;
    const unread = log.entries.length;
    if (unread === 0) return;
    reporter.report('interrupts', 'lost-wakeup', () => ({
      expected: 'an empty GA log',
      found: `${unread} entries unread`,
      outcome: `${unread} entries of the GA log were not read`,
    }));
    log.entries.length = 0;
  }

  /** A log may drop entries only after it was full and before it is read. */
  function judgeOverflow(irq: number): void {
    lostToOverflow++;
    const log = logOf(irq);
    const entries = log.entries.length;
    if (entries < GA_LOG_ENTRIES - 1 && !log.hasOverflown) {
      reporter.reportIrq('interrupts', 'lost-wakeup', irq, () => ({
        expected: 'an entry in the GA log',
        found: 'overflow',
        outcome: `raised an interrupt that the GA log dropped, with ${entries} of ${GA_LOG_ENTRIES - 1} entries in use`,
      }));
    }
    log.hasOverflown = true;
  }

  /** The IOMMU must deliver by the live entry or by the right one. @returns Whether it did by neither. */
  function judgeOldCopy(irq: number): boolean {
    const { delivered } = hardware;
    const live = irtes.wordsOf(irq);
    const { word0, word2, word3 } = model.irteOf(irq);
    const right = Int32Array.of(word0, delivered[1] as number, word2, word3);
    if (haveSameTarget(delivered, live) || haveSameTarget(delivered, right)) return false;
    reporter.reportIrq('interrupts', 'misdelivered', irq, () => ({
      expected: describeIrte(live),
      found: describeIrte(delivered),
      outcome: `raised an interrupt that the IOMMU delivered by its old copy: ${describeChange(live, delivered, 'should be')}`,
    }));
    return true;
  }

  function judgeUnrouted(irq: number, delivery: number): void {
    if (delivery === DELIVERY.remapped) return;
    const found = deliveryName(delivery);
    reporter.reportIrq('interrupts', 'misdelivered', irq, () => ({
      expected: 'delivery to the host',
      found,
      outcome: `is not routed, and its interrupt came to: ${found}`,
    }));
  }

  function judgeDoorbell(irq: number, vcpu: number): void {
    const [word0 = 0, , , word3 = 0] = irtes.wordsOf(irq);
    const destination = destinationOf(word0, word3);
    const cpu = model.cpuOf(vcpu);
    if (destination === cpu) return;
    const where = cpu === NONE ? 'is not running' : `runs on CPU ${cpu}`;
    reporter.reportIrq('interrupts', 'misdelivered', irq, () => ({
      expected: `the vCPU, which ${where}`,
      found: `the doorbell of CPU ${destination}`,
      outcome: `rang the doorbell of CPU ${destination}, and its vCPU ${where}`,
    }));
  }

  function judgeNotRunning(irq: number, vcpu: number, delivery: number): void {
    if (delivery === DELIVERY.logged || delivery === DELIVERY.overflow) return;
    const isPreempted = model.cpuOf(vcpu) === NONE && !model.isBlocking(vcpu);
    if (delivery === DELIVERY.pending && model.gaLog === 'blocking' && isPreempted) return;
    const found = deliveryName(delivery);
    reporter.reportIrq('interrupts', 'lost-wakeup', irq, () => ({
      expected: 'an entry in the GA log',
      found,
      outcome: `raised an interrupt that must be logged, and it came to: ${found}`,
    }));
  }

  function logOf(irq: number): Log {
    const { host } = replay;
    return logs.get(host.iommuAt(replay.irtes[irq] as Address)) as Log;
  }

  return {
    judgeDelivery,
    judgeWake,
    judgeDrained,
    /** Counts wakeups. */
    wakeups,
    /** Interrupts whose GA log entry was lost to a flagged overflow. */
    lostToOverflow: () => lostToOverflow,
  };
}
