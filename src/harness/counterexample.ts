// From a finding on a stream to the shortest history that shows it, in words.
import { CheckedMemory } from '../machine/checked-memory.js';
import type { HostParameters } from '../machine/host.js';
import type { JournaledMemory } from '../machine/journaled-memory.js';
import { type History, historyStream, operationsOf } from '../workloads/history.js';
import { describeHost, stepsOf } from '../workloads/history-text.js';
import { countOperations, HEADER_WORDS, type Operation, type OperationStream } from '../workloads/stream.js';
import type { CheckName } from './checks.js';
import type { Instances } from './hidden-state.js';
import {
  ENDED_TRIALS,
  ENDLESS_PATIENCE_MS,
  ENDLESS_TRIALS,
  HISTORY_PATIENCE_MS,
  MINIMISE_MS,
  MINIMISE_TRIALS,
  TRIAL_PATIENCE_MS,
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
  instances: Instances,
  host: HostParameters,
  memory: JournaledMemory | CheckedMemory,
): Finding {
  return { ...finding, counterexample: counterexampleOf(finding, stream, instances, host, memory) };
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

/** Judges a history as a stream is judged. */
type Judge = (history: History, patienceMs: number | null) => Finding | undefined;

function counterexampleOf(
  finding: Finding,
  stream: OperationStream,
  { strategy, second }: Instances,
  host: HostParameters,
  given: JournaledMemory | CheckedMemory,
): Counterexample | null {
  const judgeIn =
    (memory: JournaledMemory | CheckedMemory): Judge =>
    (history, patienceMs) => {
      given.clear();
      const judgedStream = historyStream(history);
      const { findings } = check(judgedStream, strategy, history.host, {
        memory,
        patienceMs,
        ...(finding.check === 'state' && { second }),
      });
      const own = countOperations(judgedStream.words, HEADER_WORDS, judgedStream.windowStart);
      const length = Object.values(own).reduce((sum, count) => sum + count, 0);
      // What shows only when everything is taken away in the end would not be told by the history's own operations.
      return findings.find((candidate) => isAlike(candidate, finding) && candidate.first.operation < length);
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
    const shortest = shortestOf(starts, judge, finding.first.found === NOT_IN_TIME);
    const shown = shortest && judge(shortest, HISTORY_PATIENCE_MS);
    if (shown) return inWords(shortest, shown);
  }
  return null;
}

/**
 * The shortest history that shows a finding; undefined if none of the first ones does.
 *
 * @param isByTheClock - Whether the finding is of an operation that only the clock ends.
 */
function shortestOf(starts: readonly History[], judge: Judge, isByTheClock: boolean): History | undefined {
  let ended = 0;

  function shows(history: History): boolean {
    if (isByTheClock) return judge(history, ENDLESS_PATIENCE_MS) !== undefined;
    // Another operation may not end. A few such histories are waited for.
    if (ended === ENDED_TRIALS) return false;
    let found: Finding | undefined;
    const isOver = endsWithin(TRIAL_PATIENCE_MS, () => {
      found = judge(history, null);
    });
    if (!isOver) ended++;
    return found !== undefined;
  }

  let shortest = starts.find(shows);
  if (shortest === undefined) return undefined;
  const until = performance.now() + MINIMISE_MS;
  const showsInTime = (history: History): boolean => performance.now() < until && shows(history);
  minimise(shortest, showsInTime, isByTheClock ? ENDLESS_TRIALS : MINIMISE_TRIALS, (shorter) => {
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
