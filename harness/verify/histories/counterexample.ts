// From a finding on a stream to the shortest history that shows it, in words.

import type { HostParameters } from '../../../machine/host.js';
import { type History, historyStream, operationsOf } from '../../../workloads/stream/history.js';
import { describeHost, stepsOf } from '../../../workloads/stream/operation-text.js';
import {
  countOperations,
  HEADER_WORDS,
  type Operation,
  type OperationStream,
} from '../../../workloads/stream/stream.js';
import {
  ENDED_TRIALS,
  ENDLESS_TRIALS,
  MINIMISE_OPERATIONS,
  MINIMISE_TRIALS,
  PATIENCE,
  type Patience,
} from '../../method.js';
import type { Instances } from '../../oracle/hidden-state.js';
import { CheckedMemory } from '../../oracle/memory/checked-memory.js';
import type { JournaledMemory } from '../../oracle/memory/journaled-memory.js';
import { check, LOOPS } from '../../oracle/oracle.js';
import type { CheckName } from '../../results/checks.js';
import type { Counterexample, Finding } from '../../results/results.js';
import { minimise } from './minimise.js';

/** What tells one finding of a check from another. */
const isAlike = (one: Finding, other: Finding): boolean =>
  one.check === other.check && one.kind === other.kind && one.declaredBy === other.declaredBy;

/** The operations that the oracle had run when it came to one: setup, window twice, and teardown. */
function operationsUpTo(stream: OperationStream, index: number): Operation[] {
  const { windowStart, windowEnd, words } = stream;
  const window = operationsOf(stream, windowStart, windowEnd);
  const setup = operationsOf(stream, HEADER_WORDS, windowStart);
  return [...setup, ...window, ...window, ...operationsOf(stream, windowEnd, words.length)].slice(
    0,
    index + 1,
  );
}

/** The operations that may have part in a finding: on the VMs of the last one and of the irq, and all creations of VMs. */
function slice(operations: readonly Operation[], irq: number | null): Operation[] {
  const vmOfVcpu = new Map<number, number>();
  const vmOfIrq = new Map<number, number>();
  const vmOf = ({ name, operand, argument }: Operation): number | undefined => {
    if (name === 'load' || name === 'put') return vmOfVcpu.get(operand);
    if (name === 'route') return vmOfVcpu.get(argument >>> 8);
    return name === 'drainGaLog' ? undefined : vmOfIrq.get(operand);
  };
  for (const { name, operand, argument, count } of operations) {
    if (name === 'createVm')
      for (let place = 0; place < count; place++) vmOfVcpu.set(argument + place, operand);
    if (name === 'route') vmOfIrq.set(operand, vmOfVcpu.get(argument >>> 8) as number);
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

/**
 * A finding with the shortest history that shows it.
 *
 * @param memory - What was in it is gone.
 * @param onTrial - Called before each history that is tried.
 */
export function withCounterexample(
  finding: Finding,
  stream: OperationStream,
  instances: Instances,
  host: HostParameters,
  memory: JournaledMemory | CheckedMemory,
  onTrial: () => void = () => {},
): Finding {
  return { ...finding, counterexample: counterexampleOf(finding, stream, instances, host, memory, onTrial) };
}

/** The checks that see more, or tell more, in checked memory. */
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

/** What a history that is tried shows. */
interface Trial {
  /** The finding in question; undefined if the history does not show it. */
  readonly finding: Finding | undefined;
  /** Whether an operation loops without touching memory. */
  readonly loops: boolean;
}

/** Judges a history as a stream is judged. */
type Judge = (history: History, patience: Patience) => Trial;

function counterexampleOf(
  finding: Finding,
  stream: OperationStream,
  { strategy, second }: Instances,
  host: HostParameters,
  given: JournaledMemory | CheckedMemory,
  onTrial: () => void,
): Counterexample | null {
  const judgeIn =
    (memory: JournaledMemory | CheckedMemory): Judge =>
    (history, patience) => {
      onTrial();
      const judgedStream = historyStream(history);
      const { findings } = check(judgedStream, strategy, history.host, {
        memory,
        patience,
        ...(finding.check === 'state' && { second }),
      });
      const own = countOperations(judgedStream.words, HEADER_WORDS, judgedStream.windowStart);
      const length = Object.values(own).reduce((sum, count) => sum + count, 0);
      return {
        // What shows only when everything is taken away in the end would not be told by the history's own operations.
        finding: findings.find(
          (candidate) => isAlike(candidate, finding) && candidate.first.operation < length,
        ),
        loops: findings.some(({ first }) => first.found === LOOPS),
      };
    };
  const whole = operationsUpTo(stream, finding.first.operation);
  const starts = [slice(whole, finding.first.irq), whole].map((operations) => ({ host, operations }));
  // The memory behind is faster, where it shows the same.
  const memories =
    given instanceof CheckedMemory && !NEEDS_CHECKED.includes(finding.check)
      ? [given.behind, given]
      : [given];
  for (const memory of memories) {
    const judge = judgeIn(memory);
    const shortest = shortestOf(starts, judge, finding.first.found === LOOPS);
    const shown = shortest && judge(shortest, PATIENCE.first).finding;
    if (shown) return inWords(shortest, shown);
  }
  return null;
}

/**
 * The shortest history that shows a finding; undefined if none of the first ones does.
 *
 * @param isLoop - Whether the finding is of an operation that loops without touching memory.
 */
function shortestOf(starts: readonly History[], judge: Judge, isLoop: boolean): History | undefined {
  let operationsLeft = MINIMISE_OPERATIONS;
  let loopsLeft = isLoop ? ENDLESS_TRIALS : ENDED_TRIALS;

  function shows(history: History): boolean {
    if (operationsLeft <= 0 || loopsLeft === 0) return false;
    operationsLeft -= history.operations.length;
    const { finding, loops } = judge(history, PATIENCE.trial);
    // Another operation may not end either. A few such histories are waited for.
    if (loops) loopsLeft--;
    return finding !== undefined;
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
