// Judges the end of a schedule. It must equal the end of a sequential order of the same operations, and every later
// operation on the host must be right.

import { DELIVERY } from '../../../machine/ga-log.js';
import { describeChange, describeIrte, IRTE_WORDS } from '../../../machine/irte.js';
import { type Address, NULL } from '../../../machine/memory.js';
import { operationsOf } from '../../../workloads/stream/history.js';
import { describeOperation, describeVcpu } from '../../../workloads/stream/operation-text.js';
import { type Operation, operationAt } from '../../../workloads/stream/stream.js';
import { describeFault, FAULTS } from '../../oracle/access-judge.js';
import { deliveryName } from '../../oracle/interrupt-judge.js';
import type { Fault } from '../../oracle/memory/checked-memory.js';
import { memoryNames } from '../../oracle/memory-names.js';
import { Model, NONE } from '../../oracle/model.js';
import { type EndingFailure, failureOf } from '../../oracle/oracle.js';
import type { FailureKind } from '../../results/failures.js';
import type { CaseRunner, Delivered, Ending, OldCopy, Outcome } from './case-runner.js';
import { ordersOf } from './schedule-case.js';
import { cpuName, type RunFailure } from './scheduler.js';

/** A failure of a schedule, before it is attributed to a case. */
export type Problem = Omit<EndingFailure, 'check'>;

/** A sequential order of the operations, with its outcome. */
interface Serial {
  readonly order: readonly number[];
  readonly outcome: Outcome;
}

/** Outcomes that differ at most in what each GA log entry woke have equal keys. */
function keyOf({ irtes, delivered }: Outcome): string {
  const seen = delivered.map((each) =>
    each.map(({ irq, delivery, at }) => (irq === NONE ? 'wake' : `${irq} ${delivery} ${at}`)).join(),
  );
  return `${irtes.join()}/${seen.join('/')}`;
}

/** Whether each GA log entry of an outcome woke what it woke in one of some others, be it another one for each entry. */
const wakesAsIn = ({ delivered }: Outcome, others: readonly Outcome[]): boolean =>
  delivered.every((each, cpu) =>
    each.every(
      ({ irq, at }, place) =>
        irq !== NONE ||
        others.some((other) => {
          const entry = other.delivered[cpu]?.[place];
          return entry?.irq === NONE && entry.at === at;
        }),
    ),
  );

/** A problem with something that was found; by default the outcome is the same text. */
const problemOf = (kind: FailureKind, expected: string, found: string, outcome = found): Problem => ({
  kind,
  expected,
  found,
  outcome,
});

function problemOfOldCopy({ cpu, irq, copy, live }: OldCopy): Problem {
  const change = describeChange(live, copy, 'should be');
  const outcome = `${cpuName(cpu)} has ended, and the IOMMU still delivers by its old copy of the IRTE of irq ${irq}: ${change}`;
  return problemOf('misdelivered', describeIrte(live), describeIrte(copy), outcome);
}

const afterwards = (problem: Problem): Problem => ({
  ...problem,
  outcome: `afterwards: ${problem.outcome}`,
});

/**
 * The judge of one case's schedules. It runs the operations in all sequential orders.
 *
 * @param judgesEpilogue - Whether later operations must follow the model; false where a sequential order is wrong.
 */
export function scheduleJudge(runner: CaseRunner, gaLog: 'always' | 'blocking', judgesEpilogue: boolean) {
  const { stream, setup, concurrent, epilogue } = runner.case;
  /** The model after all operations. It names the vCPUs. */
  const vcpus = modelAfter(concurrent);
  const operations = [...setup, ...concurrent, ...operationsOf(stream, epilogue)];
  /** Names of memory words. */
  const names = memoryNames(runner.memory, runner.replay, (number) => operations[number], vcpus);
  const serials = new Map<string, Serial>();
  const serialOutcomes: Outcome[] = [];
  /** Problems of the epilogue, by the state before it. */
  const judged = new Map<string, Problem | null>();
  for (const order of ordersOf(concurrent.length)) {
    const { outcome } = runner.run({ order, switches: [] });
    if (outcome === null) continue;
    serials.set(keyOf(outcome), { order, outcome });
    serialOutcomes.push(outcome);
  }

  /** The problem of the runner's last ending, or null. It runs further operations. */
  function judge({ run, fault, oldCopy, outcome }: Ending): Problem | null {
    if (fault !== null) return problemOfFault(fault);
    if (oldCopy !== null) return problemOfOldCopy(oldCopy);
    if (run.failure !== null) return problemOfFailure(run.failure);
    if (outcome === null) return null;
    const serial = serials.get(keyOf(outcome));
    if (serial === undefined || !wakesAsIn(outcome, serialOutcomes)) return notSerial(outcome);
    if (!judgesEpilogue) return null;
    // Most schedules end in one of a few states.
    const state = `${runner.fingerprint()} ${serial.order}`;
    const known = judged.get(state);
    if (known !== undefined) return known;
    const problem = judgeEpilogue(serial.order);
    judged.set(state, problem);
    return problem;
  }

  /** The model after the setup and some operations. */
  function modelAfter(given: readonly Operation[]): Model {
    const model = new Model(gaLog, stream);
    for (const operation of [...setup, ...given]) model.apply(operation);
    return model;
  }

  function problemOfFault(fault: Fault): Problem {
    return { kind: FAULTS[fault.kind].kind, ...describeFault(fault, names) };
  }

  function problemOfFailure(failure: RunFailure): Problem {
    if (failure.kind === 'deadlock') {
      const found = 'each CPU that is not done waits for a lock that another holds';
      return problemOf('deadlock', 'all operations end', found);
    }
    const cpu = cpuName(failure.cpu);
    switch (failure.kind) {
      case 'lock-left-held': {
        const lock = lockName(failure.lock);
        return problemOf('lock', 'no lock held', lock, `${cpu} left a lock held: ${lock}`);
      }
      case 'diverged': {
        const found = 'a step that it did not make before';
        const outcome = `${cpu}, run again to the same place, made ${found}: state is kept elsewhere`;
        return problemOf('hidden-state', 'the same steps where the same is read', found, outcome);
      }
      case 'error': {
        const problem = failureOf(failure.error);
        return { ...problem, outcome: `${cpu}: ${problem.outcome}` };
      }
    }
  }

  /** The name of a lock. */
  function lockName(lock: Address): string {
    const handler = runner.handlerOf(lock);
    return handler === -1 ? names.ofLock(lock) : `the handler of the GA log of IOMMU ${handler}`;
  }

  function notSerial(outcome: Outcome): Problem {
    const all = [...serials.values()];
    const nearest = all.reduce((best, serial) =>
      differences(serial.outcome, outcome) < differences(best.outcome, outcome) ? serial : best,
    );
    const expected = all.map(({ order, outcome: each }) => `${orderText(order)}: ${describe(each)}`);
    const text = `no order of one after the other ends so: ${describeDifference(nearest, outcome)}`;
    return problemOf('not-serial', expected.join('; or '), describe(outcome), text);
  }

  /** The entries and deliveries of an outcome. */
  function describe({ irtes, delivered }: Outcome): string {
    const entries = Array.from({ length: irtes.length / IRTE_WORDS }, (_, irq) => irq)
      .filter((irq) => irtes[irq * IRTE_WORDS] !== 0)
      .map((irq) => `irq ${irq} ${describeIrte(irtes.subarray(irq * IRTE_WORDS, (irq + 1) * IRTE_WORDS))}`);
    const seen = delivered.flatMap(describeDelivered);
    return [...entries, ...seen].join('; ');
  }

  function describeDifference({ order, outcome: serial }: Serial, outcome: Outcome): string {
    const { irtes } = outcome;
    for (let start = 0; start < irtes.length; start += IRTE_WORDS) {
      const right = serial.irtes.subarray(start, start + IRTE_WORDS);
      const found = irtes.subarray(start, start + IRTE_WORDS);
      if (right.some((word, index) => word !== found[index])) {
        return `the IRTE of irq ${start / IRTE_WORDS}: ${describeChange(right, found, 'should be')}`;
      }
    }
    const seen = outcome.delivered.flatMap(describeDelivered).join(', ');
    const should = serial.delivered.flatMap(describeDelivered).join(', ');
    return `${seen || 'nothing was delivered'}, and should be ${should || 'nothing'} in the order of ${orderText(order)}`;
  }

  function describeDelivered(delivered: readonly Delivered[], cpu: number): string[] {
    const who = cpu < concurrent.length ? cpuName(cpu) : 'then';
    return delivered.map(({ irq, delivery, at }) => {
      if (irq === NONE) return `${who} woke ${at === NONE ? 'nobody' : describeVcpu(at, vcpus)}`;
      const place = delivery === DELIVERY.doorbell ? ` of CPU ${at}` : '';
      return `${who} had irq ${irq} ${deliveryName(delivery)}${place}`;
    });
  }

  /** Runs the epilogue and the teardown, and judges them by the model after a sequential order. */
  function judgeEpilogue(order: readonly number[]): Problem | null {
    const model = modelAfter(order.map((cpu) => concurrent[cpu] as Operation));
    /** The vCPUs whose GA log entries are unread, by IOMMU. */
    const logs = runner.replay.host.iommus.map((): number[] => []);
    let problem: Problem | null = null;
    try {
      runner.runSequentially(epilogue, stream.words.length, (operation, seen, next) => {
        if (problem !== null) return;
        model.apply(operation);
        // The entries are judged once for a run of like operations.
        const isLast = next >= stream.words.length || operationAt(stream.words, next).name !== operation.name;
        const wrong =
          wrongDelivery(expectedDeliveries(operation, model, logs), seen) ??
          (isLast ? wrongEntry(model) : null);
        if (wrong === null) return;
        const after = describeOperation(operation, vcpus);
        problem = { ...wrong, outcome: `afterwards, "${after}": ${wrong.outcome}` };
      });
    } catch (error) {
      return afterwards(failureOf(error));
    }
    const fault = runner.fault();
    if (fault !== null) return afterwards(problemOfFault(fault));
    return problem ?? judgeEnd();
  }

  /**
   * The deliveries that an operation of the epilogue must show; null for an operation without deliveries.
   *
   * @param logs - The vCPUs whose GA log entries are unread, by IOMMU.
   */
  function expectedDeliveries({ name, operand }: Operation, model: Model, logs: number[][]) {
    if (name === 'drainGaLog') {
      return logs[operand]?.splice(0).map((vcpu) => ({ irq: NONE, delivery: NONE, at: vcpu })) ?? [];
    }
    if (name !== 'interrupt') return null;
    const { host, irtes } = runner.replay;
    const vcpu = model.vcpuOf(operand);
    const expected = expectedDelivery(operand, vcpu, model);
    const iommu = host.iommus.indexOf(host.iommuAt(irtes[operand] as Address));
    if (expected.delivery === DELIVERY.logged) logs[iommu]?.push(vcpu);
    return [expected];
  }

  function wrongDelivery(right: readonly Delivered[] | null, seen: readonly Delivered[]): Problem | null {
    if (right === null) return null;
    const expected = describeDelivered(right, Infinity).join(', ');
    const found = describeDelivered(seen, Infinity).join(', ');
    if (expected === found) return null;
    const outcome = `${found || 'nothing'}, and should be ${expected || 'nothing'}`;
    return problemOf('not-serial', expected, found, outcome);
  }

  function wrongEntry(model: Model): Problem | null {
    const { irtes } = runner.replay;
    for (let irq = 0; irq < irtes.length; irq++) {
      const { word0, word2, word3, isGuestMode } = model.irteOf(irq);
      // Another irq may own a freed entry by now. In the end all entries must be empty.
      if (word0 === 0 || irtes[irq] === NULL) continue;
      const found = runner.entryOf(irq);
      const right = [word0, isGuestMode ? (found[1] as number) : 0, word2, word3];
      if (right.every((word, index) => word === found[index])) continue;
      const outcome = `the IRTE of irq ${irq}: ${describeChange(right, found, 'should be')}`;
      return problemOf('not-serial', describeIrte(right), describeIrte(found), outcome);
    }
    return null;
  }

  /** Judges the host after the teardown. */
  function judgeEnd(): Problem | null {
    const { memory } = runner;
    if (!runner.isEmpty()) {
      const found = 'an entry that is not empty';
      return problemOf('not-serial', 'all entries empty', found, `when all was gone: ${found}`);
    }
    const held = memory.behind.held.map(lockName).join(' and ');
    if (held !== '') return problemOf('lock', 'no lock held', held, `afterwards a lock was held: ${held}`);
    const left = memory.live().map(names.ofObject).join(', ');
    if (left === '') return null;
    return problemOf('leak', 'no object left', left, `when all was gone there was left: ${left}`);
  }

  return { runner, names, vcpus, lockName, judge };
}

/** What {@link scheduleJudge} makes. */
export type ScheduleJudge = ReturnType<typeof scheduleJudge>;

/** The right delivery of an interrupt. */
function expectedDelivery(irq: number, vcpu: number, model: Model): Delivered {
  if (vcpu === NONE) return { irq, delivery: DELIVERY.remapped, at: NONE };
  const cpu = model.cpuOf(vcpu);
  if (cpu !== NONE) return { irq, delivery: DELIVERY.doorbell, at: cpu };
  const logs = model.gaLog === 'always' || model.isBlocking(vcpu);
  return { irq, delivery: logs ? DELIVERY.logged : DELIVERY.pending, at: NONE };
}

const orderText = (order: readonly number[]): string => order.map((cpu) => cpuName(cpu)).join(', ');

/** The number of words in which two outcomes differ, plus one if their deliveries differ. */
function differences(one: Outcome, other: Outcome): number {
  const words = one.irtes.reduce((sum, word, index) => sum + (word === other.irtes[index] ? 0 : 1), 0);
  const [seen, otherSeen] = [one, other].map(({ delivered }) => JSON.stringify(delivered));
  return words + (seen === otherSeen ? 0 : 1);
}
