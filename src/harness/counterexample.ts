// From a finding on a stream to the shortest history that shows it, in words.
import { CheckedMemory } from '../machine/checked-memory.js';
import type { HostParameters } from '../machine/host.js';
import type { JournaledMemory } from '../machine/journaled-memory.js';
import type { Strategy } from '../strategies/strategy.js';
import { type History, historyStream, operationsOf } from '../workloads/history.js';
import { describeHost, stepsOf } from '../workloads/history-text.js';
import { countOperations, HEADER_WORDS, type Operation, type OperationStream } from '../workloads/stream.js';
import type { CheckName } from './checks.js';
import {
  ENDLESS_PATIENCE_MS,
  ENDLESS_TRIALS,
  HISTORY_PATIENCE_MS,
  MINIMISE_TIMEOUT_MS,
  MINIMISE_TRIALS,
} from './method.js';
import { minimise } from './minimise.js';
import { check, NOT_IN_TIME } from './oracle.js';
import type { Counterexample, Finding } from './results.js';
import { endsWithin } from './watchdog.js';

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
 * @param memory - Cleared before each trial.
 */
export function withCounterexample(
  finding: Finding,
  stream: OperationStream,
  strategy: Strategy,
  host: HostParameters,
  memory: JournaledMemory | CheckedMemory,
): Finding {
  return { ...finding, counterexample: counterexampleOf(finding, stream, strategy, host, memory) };
}

/** The checks that see more, or tell more, in checked memory. */
const NEEDS_CHECKED: readonly CheckName[] = ['memory', 'ownership', 'frees', 'leaks', 'locks'];

function counterexampleOf(
  finding: Finding,
  stream: OperationStream,
  strategy: Strategy,
  host: HostParameters,
  given: JournaledMemory | CheckedMemory,
): Counterexample | null {
  const isByTheClock = finding.first.found === NOT_IN_TIME;
  const isPlain = given instanceof CheckedMemory && !NEEDS_CHECKED.includes(finding.check);
  const memory = isPlain ? given.behind : given;
  const find = (history: History, patienceMs: number | null): Finding | undefined => {
    given.clear();
    const judgedStream = historyStream(history);
    const { findings } = check(judgedStream, strategy, history.host, { memory, patienceMs });
    const own = countOperations(judgedStream.words, HEADER_WORDS, judgedStream.windowStart);
    const length = Object.values(own).reduce((sum, count) => sum + count, 0);
    // What shows only when everything is taken away in the end would not be told by the history's own operations.
    return findings.find((candidate) => isAlike(candidate, finding) && candidate.first.operation < length);
  };
  const shows = (history: History): boolean =>
    find(history, isByTheClock ? ENDLESS_PATIENCE_MS : null) !== undefined;
  let shortest: History | undefined;
  const whole = operationsUpTo(stream, finding.first.operation);
  endsWithin(isByTheClock ? null : MINIMISE_TIMEOUT_MS, () => {
    const starts = [slice(whole, finding.first.irq), whole].map((operations) => ({ host, operations }));
    shortest = starts.find(shows);
    if (shortest === undefined) return;
    minimise(shortest, shows, isByTheClock ? ENDLESS_TRIALS : MINIMISE_TRIALS, (shorter) => {
      shortest = shorter;
    });
  });
  if (shortest === undefined) return null;
  const shown = find(shortest, HISTORY_PATIENCE_MS);
  return shown === undefined ? null : inWords(shortest, shown);
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
