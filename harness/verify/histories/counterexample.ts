// From a failure on a stream to the shortest history that shows it, in words.

import { type History, historyStream, operationsOf } from '../../../workloads/stream/history.js';
import { describeHost, namesIn, stepsOf } from '../../../workloads/stream/operation-text.js';
import { HEADER_WORDS, type Operation, type OperationStream } from '../../../workloads/stream/stream.js';
import {
  ENDED_TRIALS,
  ENDLESS_TRIALS,
  MINIMISE_OPERATIONS,
  MINIMISE_TRIALS,
  PATIENCE,
  type Patience,
} from '../../method.js';
import { CheckedMemory } from '../../oracle/memory/checked-memory.js';
import { NONE, vcpuOf } from '../../oracle/model.js';
import { type CheckRequest, check, LOOPS } from '../../oracle/oracle.js';
import { keyOf } from '../../oracle/reporter.js';
import type { CheckName } from '../../results/checks.js';
import type { Counterexample, Finding } from '../../results/results.js';
import { minimise } from './minimise.js';

/** The operations that the oracle runs up to one of them: setup, window twice, and teardown. */
function operationsUpTo(stream: OperationStream, index: number): Operation[] {
  const { windowStart, windowEnd } = stream;
  const toWindowEnd = operationsOf(stream, HEADER_WORDS, windowEnd);
  return [...toWindowEnd, ...operationsOf(stream, windowStart)].slice(0, index + 1);
}

/** The operations that may contribute to a failure: on the VMs of the last one and of the irq, and all VM creations. */
function slice(operations: readonly Operation[], irq: number | null): Operation[] {
  const names = namesIn(operations);
  const vmOfIrq = new Map<number, number>();
  const vmOf = (operation: Operation): number | undefined => {
    const vcpu = vcpuOf(operation);
    if (vcpu !== NONE) return names.vmOf(vcpu);
    return operation.name === 'drainGaLog' ? undefined : vmOfIrq.get(operation.operand);
  };
  for (const { name, operand, argument } of operations) {
    if (name === 'route') vmOfIrq.set(operand, names.vmOf(argument >>> 8));
  }
  const last = operations.at(-1);
  const involved = [last && vmOf(last), irq === null ? undefined : vmOfIrq.get(irq)];
  return operations.filter((operation, index) => {
    const { name } = operation;
    const vm = vmOf(operation);
    return (
      name === 'createVm' ||
      name === 'destroyVm' ||
      index === operations.length - 1 ||
      (vm !== undefined && involved.includes(vm))
    );
  });
}

/** The checks that detect more, or name more, in checked memory. */
const NEEDS_CHECKED: readonly CheckName[] = [
  'memory',
  'ownership',
  'frees',
  'leaks',
  'locks',
  'lockset',
  'lock-order',
  'state',
];

/** What one history shows. */
interface Trial {
  /** The failure in question; undefined if the history does not show it. */
  readonly failure: Finding | undefined;
  /** Whether an operation loops without touching memory. */
  readonly loops: boolean;
}

/** Judges one history. */
type Judge = (history: History, patience: Patience) => Trial;

/**
 * Adds the shortest history that shows a failure.
 *
 * @param request - The request that the failure is a result of; the content of its memory is lost.
 */
export function withCounterexample(failure: Finding, request: CheckRequest): Finding {
  const { stream, host, memory: given } = request;
  const judgeIn =
    (memory: CheckRequest['memory']): Judge =>
    (history, patience) => {
      const tried = historyStream(history);
      const second = failure.check === 'state' ? request.second : undefined;
      const { findings } = check({ ...request, stream: tried, host: history.host, memory, patience, second });
      const { length } = operationsOf(tried, HEADER_WORDS, tried.windowStart);
      return {
        // The history's own operations must show the failure, not the teardown that follows them.
        failure: findings.find((found) => keyOf(found) === keyOf(failure) && found.first.operation < length),
        loops: findings.some(({ first }) => first.found === LOOPS),
      };
    };
  const whole = operationsUpTo(stream, failure.first.operation);
  const starts = [slice(whole, failure.first.irq), whole].map((operations) => ({ host, operations }));
  // Journaled memory is faster, where it shows the same.
  const memories =
    given instanceof CheckedMemory && !NEEDS_CHECKED.includes(failure.check)
      ? [given.behind, given]
      : [given];
  for (const memory of memories) {
    const judge = judgeIn(memory);
    const shortest = shortestOf(starts, judge, failure.first.found === LOOPS);
    const shown = shortest && judge(shortest, PATIENCE.first).failure;
    if (shown) return { ...failure, counterexample: inWords(shortest, shown) };
  }
  return failure;
}

/**
 * The shortest history that shows a failure; undefined if no start shows it.
 *
 * @param isLoop - Whether the failing operation loops without touching memory.
 */
function shortestOf(starts: readonly History[], judge: Judge, isLoop: boolean): History | undefined {
  let operationsLeft = MINIMISE_OPERATIONS;
  let loopsLeft = isLoop ? ENDLESS_TRIALS : ENDED_TRIALS;

  function shows(history: History): boolean {
    if (operationsLeft <= 0 || loopsLeft === 0) return false;
    operationsLeft -= history.operations.length;
    const { failure, loops } = judge(history, PATIENCE.trial);
    // Another operation may be endless, too. Only a few such histories are affordable.
    if (loops) loopsLeft--;
    return failure !== undefined;
  }

  let shortest = starts.find(shows);
  if (shortest === undefined) return undefined;
  minimise(shortest, shows, isLoop ? ENDLESS_TRIALS : MINIMISE_TRIALS, (shorter) => {
    shortest = shorter;
  });
  return shortest;
}

function inWords(history: History, { first }: Finding): Counterexample {
  const stream = historyStream(history);
  const operations = operationsOf(stream, HEADER_WORDS, stream.windowStart);
  return {
    host: describeHost(history.host),
    steps: stepsOf(operations.slice(0, first.operation + 1)),
    outcome: first.outcome,
  };
}
