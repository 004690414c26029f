// Judges how a schedule ended: as one of the orders of the same operations one after the other would have, and with a
// host on which all that comes after is right.

import { DELIVERY } from '../../../machine/ga-log.js';
import { describeChange, describeIrte, IRTE_WORDS } from '../../../machine/irte.js';
import { type Address, NULL } from '../../../machine/memory.js';
import { operationsOf } from '../../../workloads/stream/history.js';
import { describeOperation, describeVcpu, type VcpuNames } from '../../../workloads/stream/operation-text.js';
import { type Operation, operationAt } from '../../../workloads/stream/stream.js';
import { FAULTS } from '../../oracle/access-judge.js';
import { deliveryName } from '../../oracle/interrupt-judge.js';
import { MemoryNames } from '../../oracle/memory-names.js';
import { Model, NONE } from '../../oracle/model.js';
import { classify } from '../../oracle/oracle.js';
import type { FindingKind } from '../../results/results.js';
import { ordersOf } from './schedule-case.js';
import type { Delivered, Ending, Outcome, Stage } from './stage.js';
import { cpuName, type Failure } from './turns.js';

/** What is wrong with how a schedule ended. */
export interface Problem {
  readonly kind: FindingKind;
  readonly expected: string;
  readonly found: string;
  /** In one sentence. */
  readonly outcome: string;
}

/** An order of the operations, one after the other, and what it comes to. */
interface Serial {
  readonly order: readonly number[];
  readonly outcome: Outcome;
}

/** Two outcomes are the same if their keys are. */
function keyOf({ irtes, delivered }: Outcome): string {
  const seen = delivered.map((each) =>
    each.map(({ irq, delivery, at }) => `${irq} ${delivery} ${at}`).join(),
  );
  return `${irtes.join()}/${seen.join('/')}`;
}

/** The judge of one case's schedules. */
export class Judge {
  readonly #stage: Stage;
  readonly #gaLog: 'always' | 'blocking';
  readonly #judgesEpilogue: boolean;
  readonly #serials = new Map<string, Serial>();
  /** What came after the states that were met. */
  readonly #judged = new Map<string, Problem | null>();
  readonly #names: MemoryNames;
  readonly #vcpus: VcpuNames;

  /**
   * Runs the operations one after the other, in all orders.
   *
   * @param judgesEpilogue - Whether what comes after must be right, as the model has it. It cannot be where it is wrong
   * one operation after the other.
   */
  constructor(stage: Stage, gaLog: 'always' | 'blocking', judgesEpilogue: boolean) {
    this.#stage = stage;
    this.#gaLog = gaLog;
    this.#judgesEpilogue = judgesEpilogue;
    this.#vcpus = this.#modelAfter(stage.case.atOnce);
    const operations = allOperations(stage);
    this.#names = new MemoryNames(stage.memory, stage.replay, (number) => operations[number], this.#vcpus);
    for (const order of ordersOf(stage.case.atOnce.length)) {
      const { outcome } = stage.run({ order, switches: [] });
      if (outcome !== null) this.#serials.set(keyOf(outcome), { order, outcome });
    }
  }

  /** What words of the memory and vCPUs are called. */
  get names(): { readonly words: MemoryNames; readonly vcpus: VcpuNames } {
    return { words: this.#names, vcpus: this.#vcpus };
  }

  /** What is wrong with an ending that the stage has just come to; null if nothing is. It goes on with the stage. */
  judge({ run, fault, outcome }: Ending): Problem | null {
    if (fault !== null) return this.#problemOfFault();
    if (run.failure !== null) return this.#problemOfFailure(run.failure);
    if (outcome === null) return null;
    const serial = this.#serials.get(keyOf(outcome));
    if (serial === undefined) return this.#notSerial(outcome);
    if (!this.#judgesEpilogue) return null;
    // Most schedules end like one of a few.
    const state = `${this.#stage.fingerprint()} ${serial.order}`;
    const known = this.#judged.get(state);
    if (known !== undefined) return known;
    const problem = this.#judgeEpilogue(serial.order);
    this.#judged.set(state, problem);
    return problem;
  }

  /** The model after the setup and some operations. */
  #modelAfter(operations: readonly Operation[]): Model {
    const { stream, setup } = this.#stage.case;
    const model = new Model(this.#gaLog, stream);
    for (const operation of [...setup, ...operations]) model.apply(operation);
    return model;
  }

  #problemOfFault(): Problem {
    const fault = this.#stage.fault as NonNullable<Ending['fault']>;
    const found = this.#names.ofFault(fault);
    const { kind } = FAULTS[fault.kind];
    return { kind, expected: 'an access to what is allocated', found, outcome: found };
  }

  #problemOfFailure(failure: Failure): Problem {
    switch (failure.kind) {
      case 'deadlock': {
        const found = 'each CPU that is not done waits for a lock that another holds';
        return { kind: 'deadlock', expected: 'all operations end', found, outcome: found };
      }
      case 'lock-left-held': {
        const lock = this.lockName(failure.lock);
        return {
          kind: 'lock',
          expected: 'no lock held',
          found: lock,
          outcome: `${cpuName(failure.cpu)} left a lock held: ${lock}`,
        };
      }
      case 'diverged': {
        const found = 'a step that it did not make before';
        return {
          kind: 'hidden-state',
          expected: 'the same steps where the same is read',
          found,
          outcome: `${cpuName(failure.cpu)}, run again to the same place, made ${found}: state is kept elsewhere`,
        };
      }
      case 'error': {
        const { kind, outcome } = classify(failure.error);
        return { kind, expected: 'no error', found: outcome, outcome: `${cpuName(failure.cpu)}: ${outcome}` };
      }
    }
  }

  /** A lock by what it is in. */
  lockName(lock: Address): string {
    const handler = this.#stage.handlerOf(lock);
    return handler === -1 ? this.#names.ofLock(lock) : `the handler of the GA log of IOMMU ${handler}`;
  }

  #notSerial(outcome: Outcome): Problem {
    const serials = [...this.#serials.values()];
    const nearest = serials.reduce((best, serial) =>
      differences(serial.outcome, outcome) < differences(best.outcome, outcome) ? serial : best,
    );
    const expected = serials.map(
      ({ order, outcome: each }) => `${orderText(order)}: ${this.#describe(each)}`,
    );
    return {
      kind: 'not-serial',
      expected: expected.join('; or '),
      found: this.#describe(outcome),
      outcome: `no order of one after the other ends so: ${this.#describeDifference(nearest, outcome)}`,
    };
  }

  /** The entries of an outcome, and what was delivered. */
  #describe({ irtes, delivered }: Outcome): string {
    const entries = Array.from({ length: irtes.length / IRTE_WORDS }, (_, irq) => irq)
      .filter((irq) => irtes[irq * IRTE_WORDS] !== 0)
      .map((irq) => `irq ${irq} ${describeIrte(irtes.subarray(irq * IRTE_WORDS, (irq + 1) * IRTE_WORDS))}`);
    const seen = delivered.flatMap((each, cpu) => this.#describeDelivered(each, cpu));
    return [...entries, ...seen].join('; ');
  }

  #describeDifference({ order, outcome: serial }: Serial, outcome: Outcome): string {
    const { irtes, delivered } = outcome;
    for (let irq = 0; irq * IRTE_WORDS < irtes.length; irq++) {
      const [start, end] = [irq * IRTE_WORDS, (irq + 1) * IRTE_WORDS];
      const [right, found] = [serial.irtes.subarray(start, end), irtes.subarray(start, end)];
      if (right.some((word, index) => word !== found[index])) {
        return `the IRTE of irq ${irq}: ${describeChange(right, found, 'should be')}`;
      }
    }
    const seen = delivered.flatMap((each, cpu) => this.#describeDelivered(each, cpu)).join(', ');
    const should = serial.delivered.flatMap((each, cpu) => this.#describeDelivered(each, cpu)).join(', ');
    return `${seen || 'nothing was delivered'}, and should be ${should || 'nothing'} in the order of ${orderText(order)}`;
  }

  #describeDelivered(delivered: readonly Delivered[], cpu: number): string[] {
    const who = cpu < this.#stage.case.atOnce.length ? cpuName(cpu) : 'then';
    return delivered.map(({ irq, delivery, at }) => {
      if (irq === NONE) return `${who} woke ${at === NONE ? 'nobody' : describeVcpu(at, this.#vcpus)}`;
      const place = delivery === DELIVERY.doorbell ? ` of CPU ${at}` : '';
      return `${who} had irq ${irq} ${deliveryName(delivery)}${place}`;
    });
  }

  /** Runs the epilogue and the teardown, and judges them by the model for an order. */
  #judgeEpilogue(order: readonly number[]): Problem | null {
    const stage = this.#stage;
    const { atOnce, epilogue, stream } = stage.case;
    const model = this.#modelAfter(order.map((cpu) => atOnce[cpu] as Operation));
    const logs = new Map<number, number[]>(stage.replay.host.iommus.map((_, iommu) => [iommu, []]));
    let problem: Problem | null = null;
    const wrong = (operation: Operation, expected: string, found: string, outcome: string): void => {
      const after = describeOperation(operation, this.#vcpus);
      problem ??= { kind: 'not-serial', expected, found, outcome: `afterwards, "${after}": ${outcome}` };
    };
    try {
      stage.runSequentially(epilogue, stream.words.length, (operation, seen, next) => {
        if (problem !== null) return;
        model.apply(operation);
        const log = logs.get(iommuOf(operation, stage)) ?? [];
        this.#judgeDelivered(operation, seen, model, log, wrong);
        // All entries are looked at after the last of like operations.
        const isLast = next >= stream.words.length || operationAt(stream.words, next).name !== operation.name;
        if (isLast) this.#judgeEntries(operation, model, wrong);
      });
    } catch (error) {
      const { kind, outcome } = classify(error);
      return { kind, expected: 'no error', found: outcome, outcome: `afterwards: ${outcome}` };
    }
    if (stage.fault !== null) {
      const fault = this.#problemOfFault();
      return { ...fault, outcome: `afterwards: ${fault.outcome}` };
    }
    return problem ?? this.#judgeEnd();
  }

  #judgeDelivered(
    operation: Operation,
    seen: readonly Delivered[],
    model: Model,
    log: number[],
    wrong: (operation: Operation, expected: string, found: string, outcome: string) => void,
  ): void {
    const right: Delivered[] = [];
    if (operation.name === 'interrupt') {
      const vcpu = model.vcpuOf(operation.operand);
      right.push(expectedDelivery(operation.operand, vcpu, model));
      if (right[0]?.delivery === DELIVERY.logged) log.push(vcpu);
    } else if (operation.name === 'drainGaLog') {
      for (const vcpu of log.splice(0)) right.push({ irq: NONE, delivery: NONE, at: vcpu });
    } else {
      return;
    }
    const [expected, found] = [right, seen].map((all) => this.#describeDelivered(all, Infinity).join(', '));
    if (expected === found) return;
    wrong(
      operation,
      expected ?? '',
      found ?? '',
      `${found || 'nothing'}, and should be ${expected || 'nothing'}`,
    );
  }

  #judgeEntries(
    operation: Operation,
    model: Model,
    wrong: (operation: Operation, expected: string, found: string, outcome: string) => void,
  ): void {
    const { irtes } = this.#stage.replay;
    for (let irq = 0; irq < irtes.length; irq++) {
      const { word0, word2, word3, isGuestMode } = model.irteOf(irq);
      // A freed entry may be another's by now; in the end all must be empty.
      if (word0 === 0 || irtes[irq] === NULL) continue;
      const found = this.#stage.entryOf(irq);
      const tag = isGuestMode ? (found[1] as number) : 0;
      if (found[0] === word0 && found[1] === tag && found[2] === word2 && found[3] === word3) continue;
      const right = [word0, tag, word2, word3];
      const outcome = `the IRTE of irq ${irq}: ${describeChange(right, found, 'should be')}`;
      wrong(operation, describeIrte(right), describeIrte(found), outcome);
    }
  }

  /** Everything is gone. */
  #judgeEnd(): Problem | null {
    const { memory } = this.#stage;
    if (!this.#stage.isEmpty) {
      const found = 'an entry that is not empty';
      return {
        kind: 'not-serial',
        expected: 'all entries empty',
        found,
        outcome: `when all was gone: ${found}`,
      };
    }
    const held = memory.behind.held.map((lock) => this.lockName(lock));
    if (held.length > 0) {
      const found = held.join(' and ');
      return {
        kind: 'lock',
        expected: 'no lock held',
        found,
        outcome: `afterwards a lock was held: ${found}`,
      };
    }
    const left = memory.live().map((object) => this.#names.ofObject(object));
    if (left.length === 0) return null;
    const found = left.join(', ');
    return {
      kind: 'leak',
      expected: 'no object left',
      found,
      outcome: `when all was gone there was left: ${found}`,
    };
  }
}

function allOperations({ case: { stream, setup, atOnce, epilogue } }: Stage): Operation[] {
  return [...setup, ...atOnce, ...operationsOf(stream, epilogue)];
}

/** The IOMMU that an interrupt or a drain is on; NONE for other operations. */
function iommuOf({ name, operand }: Operation, { replay: { host, irtes } }: Stage): number {
  if (name === 'drainGaLog') return operand;
  if (name !== 'interrupt') return NONE;
  return host.iommus.indexOf(host.iommuOf(host.devidOf(irtes[operand] as Address)));
}

/** Where an interrupt must end. */
function expectedDelivery(irq: number, vcpu: number, model: Model): Delivered {
  if (vcpu === NONE) return { irq, delivery: DELIVERY.remapped, at: NONE };
  const cpu = model.cpuOf(vcpu);
  if (cpu !== NONE) return { irq, delivery: DELIVERY.doorbell, at: cpu };
  const logs = model.gaLog === 'always' || model.isBlocking(vcpu);
  return { irq, delivery: logs ? DELIVERY.logged : DELIVERY.pending, at: NONE };
}

const orderText = (order: readonly number[]): string => order.map((cpu) => cpuName(cpu)).join(', ');

/** Words and deliveries in which two outcomes differ. */
function differences(one: Outcome, other: Outcome): number {
  const words = one.irtes.reduce((sum, word, index) => sum + (word === other.irtes[index] ? 0 : 1), 0);
  const [seen, otherSeen] = [one, other].map(({ delivered }) => JSON.stringify(delivered));
  return words + (seen === otherSeen ? 0 : 1);
}
