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
import { MemoryNames } from '../../oracle/memory-names.js';
import { Model, NONE } from '../../oracle/model.js';
import { failureOf } from '../../oracle/oracle.js';
import type { Observed } from '../../oracle/reporter.js';
import type { FailureKind } from '../../results/failures.js';
import type { CaseRunner, Delivered, Ending, OldCopy, Outcome } from './case-runner.js';
import { ordersOf } from './schedule-case.js';
import { cpuName, type RunFailure } from './scheduler.js';

/** A failure of a schedule, before it is attributed to a case. */
export interface Problem extends Observed {
  readonly kind: FailureKind;
}

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

/** The judge of one case's schedules. */
export class ScheduleJudge {
  readonly runner: CaseRunner;
  /** Names of memory words. */
  readonly names: MemoryNames;
  /** The model after all operations. It names the vCPUs. */
  readonly vcpus: Model;
  readonly #gaLog: 'always' | 'blocking';
  readonly #judgesEpilogue: boolean;
  readonly #serials = new Map<string, Serial>();
  readonly #serialOutcomes: Outcome[] = [];
  /** Problems of the epilogue, by the state before it. */
  readonly #judged = new Map<string, Problem | null>();

  /**
   * Runs the operations in all sequential orders.
   *
   * @param judgesEpilogue - Whether later operations must follow the model; false where a sequential order is wrong.
   */
  constructor(runner: CaseRunner, gaLog: 'always' | 'blocking', judgesEpilogue: boolean) {
    this.runner = runner;
    this.#gaLog = gaLog;
    this.#judgesEpilogue = judgesEpilogue;
    const { stream, setup, concurrent, epilogue } = runner.case;
    this.vcpus = this.#modelAfter(concurrent);
    const operations = [...setup, ...concurrent, ...operationsOf(stream, epilogue)];
    this.names = new MemoryNames(runner.memory, runner.replay, (number) => operations[number], this.vcpus);
    for (const order of ordersOf(concurrent.length)) {
      const { outcome } = runner.run({ order, switches: [] });
      if (outcome === null) continue;
      this.#serials.set(keyOf(outcome), { order, outcome });
      this.#serialOutcomes.push(outcome);
    }
  }

  /** The problem of the runner's last ending, or null. It runs further operations. */
  judge({ run, fault, oldCopy, outcome }: Ending): Problem | null {
    if (fault !== null) return this.#problemOfFault(fault);
    if (oldCopy !== null) return problemOfOldCopy(oldCopy);
    if (run.failure !== null) return this.#problemOfFailure(run.failure);
    if (outcome === null) return null;
    const serial = this.#serials.get(keyOf(outcome));
    const isSerial = serial !== undefined && wakesAsIn(outcome, this.#serialOutcomes);
    if (!isSerial) return this.#notSerial(outcome);
    if (!this.#judgesEpilogue) return null;
    // Most schedules end in one of a few states.
    const state = `${this.runner.fingerprint()} ${serial.order}`;
    const known = this.#judged.get(state);
    if (known !== undefined) return known;
    const problem = this.#judgeEpilogue(serial.order);
    this.#judged.set(state, problem);
    return problem;
  }

  /** The model after the setup and some operations. */
  #modelAfter(operations: readonly Operation[]): Model {
    const { stream, setup } = this.runner.case;
    const model = new Model(this.#gaLog, stream);
    for (const operation of [...setup, ...operations]) model.apply(operation);
    return model;
  }

  #problemOfFault(fault: Fault): Problem {
    return { kind: FAULTS[fault.kind].kind, ...describeFault(fault, this.names) };
  }

  #problemOfFailure(failure: RunFailure): Problem {
    if (failure.kind === 'deadlock') {
      const found = 'each CPU that is not done waits for a lock that another holds';
      return problemOf('deadlock', 'all operations end', found);
    }
    const cpu = cpuName(failure.cpu);
    switch (failure.kind) {
      case 'lock-left-held': {
        const lock = this.lockName(failure.lock);
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
  lockName(lock: Address): string {
    const handler = this.runner.handlerOf(lock);
    return handler === -1 ? this.names.ofLock(lock) : `the handler of the GA log of IOMMU ${handler}`;
  }

  #notSerial(outcome: Outcome): Problem {
    const serials = [...this.#serials.values()];
    const nearest = serials.reduce((best, serial) =>
      differences(serial.outcome, outcome) < differences(best.outcome, outcome) ? serial : best,
    );
    const expected = serials.map(
      ({ order, outcome: each }) => `${orderText(order)}: ${this.#describe(each)}`,
    );
    return problemOf(
      'not-serial',
      expected.join('; or '),
      this.#describe(outcome),
      `no order of one after the other ends so: ${this.#describeDifference(nearest, outcome)}`,
    );
  }

  /** The entries and deliveries of an outcome. */
  #describe({ irtes, delivered }: Outcome): string {
    const entries = Array.from({ length: irtes.length / IRTE_WORDS }, (_, irq) => irq)
      .filter((irq) => irtes[irq * IRTE_WORDS] !== 0)
      .map((irq) => `irq ${irq} ${describeIrte(irtes.subarray(irq * IRTE_WORDS, (irq + 1) * IRTE_WORDS))}`);
    const seen = delivered.flatMap((each, cpu) => this.#describeDelivered(each, cpu));
    return [...entries, ...seen].join('; ');
  }

  #describeDifference({ order, outcome: serial }: Serial, outcome: Outcome): string {
    const { irtes } = outcome;
    for (let start = 0; start < irtes.length; start += IRTE_WORDS) {
      const [right, found] = [serial.irtes, irtes].map((all) => all.subarray(start, start + IRTE_WORDS)) as [
        Int32Array,
        Int32Array,
      ];
      if (right.some((word, index) => word !== found[index])) {
        return `the IRTE of irq ${start / IRTE_WORDS}: ${describeChange(right, found, 'should be')}`;
      }
    }
    const [seen, should] = [outcome, serial].map(({ delivered }) =>
      delivered.flatMap((each, cpu) => this.#describeDelivered(each, cpu)).join(', '),
    );
    return `${seen || 'nothing was delivered'}, and should be ${should || 'nothing'} in the order of ${orderText(order)}`;
  }

  #describeDelivered(delivered: readonly Delivered[], cpu: number): string[] {
    const who = cpu < this.runner.case.concurrent.length ? cpuName(cpu) : 'then';
    return delivered.map(({ irq, delivery, at }) => {
      if (irq === NONE) return `${who} woke ${at === NONE ? 'nobody' : describeVcpu(at, this.vcpus)}`;
      const place = delivery === DELIVERY.doorbell ? ` of CPU ${at}` : '';
      return `${who} had irq ${irq} ${deliveryName(delivery)}${place}`;
    });
  }

  /** Runs the epilogue and the teardown, and judges them by the model after a sequential order. */
  #judgeEpilogue(order: readonly number[]): Problem | null {
    const { runner } = this;
    const { concurrent, epilogue, stream } = runner.case;
    const model = this.#modelAfter(order.map((cpu) => concurrent[cpu] as Operation));
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
          this.#wrongDelivery(expectedDeliveries(operation, model, logs, runner), seen) ??
          (isLast ? this.#wrongEntry(model) : null);
        if (wrong === null) return;
        const after = describeOperation(operation, this.vcpus);
        problem = { ...wrong, outcome: `afterwards, "${after}": ${wrong.outcome}` };
      });
    } catch (error) {
      return afterwards(failureOf(error));
    }
    if (runner.fault !== null) return afterwards(this.#problemOfFault(runner.fault));
    return problem ?? this.#judgeEnd();
  }

  #wrongDelivery(right: readonly Delivered[] | null, seen: readonly Delivered[]): Problem | null {
    if (right === null) return null;
    const [expected = '', found = ''] = [right, seen].map((all) =>
      this.#describeDelivered(all, Infinity).join(', '),
    );
    if (expected === found) return null;
    return problemOf(
      'not-serial',
      expected,
      found,
      `${found || 'nothing'}, and should be ${expected || 'nothing'}`,
    );
  }

  #wrongEntry(model: Model): Problem | null {
    const { irtes } = this.runner.replay;
    for (let irq = 0; irq < irtes.length; irq++) {
      const { word0, word2, word3, isGuestMode } = model.irteOf(irq);
      // Another irq may own a freed entry by now. In the end all entries must be empty.
      if (word0 === 0 || irtes[irq] === NULL) continue;
      const found = this.runner.entryOf(irq);
      const right = [word0, isGuestMode ? (found[1] as number) : 0, word2, word3];
      if (right.every((word, index) => word === found[index])) continue;
      const outcome = `the IRTE of irq ${irq}: ${describeChange(right, found, 'should be')}`;
      return problemOf('not-serial', describeIrte(right), describeIrte(found), outcome);
    }
    return null;
  }

  /** Judges the host after the teardown. */
  #judgeEnd(): Problem | null {
    const { memory, isEmpty } = this.runner;
    if (!isEmpty) {
      const found = 'an entry that is not empty';
      return problemOf('not-serial', 'all entries empty', found, `when all was gone: ${found}`);
    }
    const held = memory.behind.held.map((lock) => this.lockName(lock)).join(' and ');
    if (held !== '') return problemOf('lock', 'no lock held', held, `afterwards a lock was held: ${held}`);
    const left = memory
      .live()
      .map((object) => this.names.ofObject(object))
      .join(', ');
    if (left === '') return null;
    return problemOf('leak', 'no object left', left, `when all was gone there was left: ${left}`);
  }
}

/**
 * The deliveries that an operation of the epilogue must show; null for an operation without deliveries.
 *
 * @param logs - The vCPUs whose GA log entries are unread, by IOMMU.
 */
function expectedDeliveries(
  { name, operand }: Operation,
  model: Model,
  logs: readonly number[][],
  { replay: { host, irtes } }: CaseRunner,
): Delivered[] | null {
  if (name === 'drainGaLog') {
    return logs[operand]?.splice(0).map((vcpu) => ({ irq: NONE, delivery: NONE, at: vcpu })) ?? [];
  }
  if (name !== 'interrupt') return null;
  const vcpu = model.vcpuOf(operand);
  const expected = expectedDelivery(operand, vcpu, model);
  const iommu = host.iommus.indexOf(host.iommuAt(irtes[operand] as Address));
  if (expected.delivery === DELIVERY.logged) logs[iommu]?.push(vcpu);
  return [expected];
}

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
