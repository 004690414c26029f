// Judges whether a strategy does its job: each operation by the live IRTEs that it changed, each interrupt by its
// destination, and in checked memory each access by its target. After a failure the oracle accepts the memory as it is,
// so that one fault is reported once. The checks are in harness/results/checks.ts, the kinds of failures in
// failures.ts.

import { performance } from 'node:perf_hooks';
import type { HostParameters } from '../../machine/host.js';
import { CachingIommus } from '../../machine/irte-cache.js';
import { createHost } from '../../machine/machine.js';
import { LockError, OutOfMemoryError } from '../../machine/memory.js';
import type { Strategy } from '../../strategies/strategy.js';
import {
  HEADER_WORDS,
  type Operation,
  type OperationStream,
  operationAt,
} from '../../workloads/stream/stream.js';
import { PATIENCE, type Patience, SHORT_STREAM_WORDS } from '../method.js';
import { digestOfMasked } from '../replay/digest.js';
import { createReplay, type HostMaker } from '../replay/replay.js';
import {
  accessBudget,
  endsAtOnce,
  inSlices,
  isOfWatch,
  patiently,
  unwatched,
  type Watch,
} from '../replay/watchdog.js';
import type { CheckName } from '../results/checks.js';
import type { FailureKind } from '../results/failures.js';
import type { Check, Finding } from '../results/results.js';
import { accessJudge } from './access-judge.js';
import { findHiddenState } from './hidden-state.js';
import { interruptJudge } from './interrupt-judge.js';
import { irteJudge } from './irte-judge.js';
import { checkedMachine } from './memory/checked-machine.js';
import { CheckedMemory, type Fault } from './memory/checked-memory.js';
import { AddressError, EndlessError, type JournaledMemory } from './memory/journaled-memory.js';
import { Model } from './model.js';
import { failureReporter, type JudgeContext, type Observed } from './reporter.js';

/** A check before any operation is judged. */
const NOTHING_JUDGED: Omit<Check, 'strategy' | 'findings'> = {
  operations: 0,
  seconds: 0,
  lostToOverflow: 0,
  commandsPerWindow: { invalidate: 0, completionWait: 0 },
  wakeupsPerWindow: { interrupts: 0, gaLogEntries: 0, wakes: 0, spurious: 0 },
  memoryBytes: 0,
  maskedDigest: null,
  matchesOracle: false,
};

/** The text of a failure in which an operation loops without touching memory. */
export const LOOPS = 'it does not end';

/** A request to judge a strategy on a stream. */
export interface CheckRequest {
  readonly stream: OperationStream;
  readonly strategy: Strategy;
  readonly host: HostParameters;
  /** Where the host is made; its previous content is lost. Checked memory sees more, and is slower. */
  readonly memory: JournaledMemory | CheckedMemory;
  /** A second import of the strategy's module. In checked memory it enables the search for hidden state. */
  readonly second?: Strategy | undefined;
  /** Called if the search for hidden state was inconclusive. */
  readonly onUnsearchable?: () => void;
  /** Called repeatedly while operations are judged. */
  readonly onProgress?: () => void;
  /** A check that is turned off; by default none is. */
  readonly without?: CheckName;
  /** When an operation counts as endless; by default the first bound. */
  readonly patience?: Patience;
}

/**
 * Judges a strategy on a stream: the setup, the window twice if there is one, and the teardown. Every error of the
 * strategy becomes a failure. The failure "endless" needs a second judgement: see PATIENCE.
 *
 * @throws OutOfMemoryError if the modelled host needs more than its memory.
 */
export function check(request: CheckRequest): Check {
  const { stream, patience = PATIENCE.first } = request;
  if (stream.words.length <= SHORT_STREAM_WORDS) {
    const atOnce: Watch = (work) => endsAtOnce(patience, work);
    const judged = resultOf(atOnce, () => checkOnce(request, unwatched));
    if (judged !== undefined) return judged;
  }
  return patiently(patience, (watch) => checkOnce(request, watch));
}

/** The result of watched work; undefined if the watch ended it. */
export function resultOf<T>(watch: Watch, work: () => T): T | undefined {
  let result: T | undefined;
  const hasEnded = watch(() => {
    result = work();
  });
  return hasEnded ? result : undefined;
}

/** @param watch - Watches each slice. */
function checkOnce(request: CheckRequest, watch: Watch): Check {
  const { strategy, memory } = request;
  memory.clear();
  const failed = (kind: FatalFailure['kind'], found: string): Check =>
    failedCheck(strategy.id, fatalFinding({ kind, what: 'create()', found }));
  let judge: (() => Check) | undefined;
  try {
    judge = resultOf(watch, () => createOracle(request, watch));
  } catch (error) {
    const { kind, outcome } = failureOf(error);
    return kind === 'endless' ? failed(kind, outcome) : failed('threw', String(error));
  }
  return judge === undefined ? failed('endless', LOOPS) : judge();
}

/** A failure that leaves nothing else to judge. */
export interface FatalFailure {
  readonly kind: 'threw' | 'endless';
  /** The call or process that failed. */
  readonly what: string;
  readonly found: string;
}

/** A fatal failure in the form of the results. */
export function fatalFinding({ kind, what, found }: FatalFailure): Finding {
  return {
    kind,
    check: kind === 'threw' ? 'exceptions' : 'endless',
    count: 1,
    declaredBy: null,
    first: { operation: 0, what, irq: null, expected: 'no error', found, outcome: found },
    counterexample: null,
  };
}

/** The check of a strategy with a fatal failure. */
export function failedCheck(strategy: string, failure: Finding): Check {
  return { strategy, findings: [failure], ...NOTHING_JUDGED };
}

/** A failure that ends a check, before it is attributed to an operation. */
export type EndingFailure = Observed & Pick<Finding, 'check' | 'kind'>;

function endingFailure(check: CheckName, kind: FailureKind, outcome: string): EndingFailure {
  return { check, kind, expected: 'no error', found: outcome, outcome };
}

/** The failure of an operation that loops without touching memory. */
export const ENDLESS = endingFailure('endless', 'endless', LOOPS);

/** The failure that an error of the strategy amounts to. @throws The error, if it is the harness's own. */
export function failureOf(error: unknown): EndingFailure {
  if (error instanceof OutOfMemoryError || isOfWatch(error)) throw error;
  if (error instanceof LockError) return endingFailure('locks', 'lock', error.message);
  if (error instanceof AddressError) return endingFailure('memory', 'wild-access', error.message);
  if (error instanceof EndlessError) return endingFailure('endless', 'endless', error.message);
  return endingFailure('exceptions', 'threw', `threw ${String(error)}`);
}

/** Makes a host, and a strategy on it. @returns Judges the strategy on the stream, once. */
function createOracle(request: CheckRequest, watch: Watch): () => Check {
  const { stream, strategy, host: parameters, second, without, patience = PATIENCE.first } = request;
  /** Null in journaled memory, which does not report accesses. */
  const checked = request.memory instanceof CheckedMemory ? request.memory : null;
  const memory = request.memory instanceof CheckedMemory ? request.memory.behind : request.memory;
  const hardware = new CachingIommus(parameters);
  /** Memory accesses that one operation may make. */
  const budget = accessBudget(stream, patience);
  /** Faults of the strategy's create(). */
  const early: Fault[] = [];
  if (checked !== null) checked.onFault = (fault) => early.push(fault);
  const makeHost: HostMaker = (devices, listener) => {
    const made = createHost(memory, parameters, devices, listener, checked?.heap, hardware);
    const machine = checked === null ? made : checkedMachine(made, checked);
    memory.begin(budget);
    return { host: made, machine };
  };
  let irq = 0;
  let delivery: number | null = null;
  const replay = createReplay(stream, strategy, makeHost, {
    created: () => {},
    interrupted: (interrupted, delivered) => {
      irq = interrupted;
      delivery = delivered;
    },
    woke: (iommu, tag, vcpu) => interrupts.judgeWake(iommu, tag, vcpu),
  });
  const { host } = replay;
  const model = new Model(strategy.gaLog, stream);
  const reporter = failureReporter(model, replay, strategy.limits, without);
  const context: JudgeContext = { stream, strategy, memory, hardware, replay, model, reporter };
  const irtes = irteJudge(context);
  const interrupts = interruptJudge(context, irtes);
  const accesses = checked === null ? null : accessJudge(context, checked, early);
  const judged = { ...NOTHING_JUDGED };
  let hasEnded = false;

  function judgeAll(): void {
    const { windowStart, windowEnd, words } = stream;
    run(HEADER_WORDS, windowStart);
    if (hasEnded) return;
    judged.memoryBytes = host.heldBytes();
    if (windowStart < windowEnd) judgeWindow();
    run(windowEnd, words.length);
    if (!hasEnded) judgeLeaks();
  }

  function judgeWindow(): void {
    const { windowStart, windowEnd } = stream;
    run(windowStart, windowEnd);
    if (hasEnded) return;
    judged.maskedDigest = digestOfMasked(irtes.live);
    judged.matchesOracle = judged.maskedDigest === digestOfMasked(irtes.ideal());
    const before = host.commands();
    interrupts.wakeups.take();
    run(windowStart, windowEnd);
    const { invalidate, completionWait } = host.commands();
    judged.commandsPerWindow = {
      invalidate: invalidate - before.invalidate,
      completionWait: completionWait - before.completionWait,
    };
    judged.wakeupsPerWindow = interrupts.wakeups.take();
  }

  function run(start: number, end: number): void {
    if (start === end) return;
    const startedAt = performance.now();
    let offset = start;
    const goOn = (): boolean => {
      offset = step(offset);
      return offset < end;
    };
    try {
      if (!inSlices(watch, goOn, request.onProgress)) endWith(ENDLESS);
    } catch (error) {
      endWith(failureOf(error));
    }
    judged.seconds += (performance.now() - startedAt) / 1000;
  }

  /** Ends the check with a failure of the current operation. */
  function endWith({ check: name, kind, ...observed }: EndingFailure): void {
    hasEnded = true;
    reporter.report(name, kind, () => observed);
  }

  function step(offset: number): number {
    const operation = operationAt(stream.words, offset);
    reporter.begin(operation);
    memory.begin(budget);
    delivery = null;
    accesses?.begin(operation, offset);
    const next = replay.step(offset);
    model.apply(operation);
    interrupts.wakeups.apply(operation);
    irtes.judge(operation);
    if (delivery !== null) interrupts.judgeDelivery(irq, delivery);
    if (operation.name === 'drainGaLog') interrupts.judgeDrained(operation.operand);
    if (memory.held.length > 0) judgeLocks();
    return next;
  }

  function judgeLocks(): void {
    const held = memory.releaseAll();
    reporter.report('locks', 'lock', () => {
      const names = held
        .map((lock) => accesses?.nameOfLock(lock) ?? `the one at address ${lock}`)
        .join(' and ');
      return { expected: 'no lock held', found: names, outcome: `left a lock held: ${names}` };
    });
  }

  function judgeLeaks(): void {
    const left =
      accesses?.left() ??
      [...host.liveObjects()].flatMap(([size, objects]) =>
        objects === 0 ? [] : [`${objects} of ${size} bytes`],
      );
    if (left.length === 0) return;
    const found = `${left.slice(0, 3).join(', ')}${left.length > 3 ? `, and ${left.length - 3} more` : ''}`;
    reporter.report('leaks', 'leak', () => ({
      expected: 'no object left',
      found,
      outcome: `when all was gone there was left: ${found}`,
    }));
  }

  /** Searches for hidden state. It overwrites the memory, so it comes last. */
  function judgeState(): void {
    if (second === undefined || without === 'state' || accesses === null || hasEnded) return;
    const index = findHiddenState({ ...request, second, memory, patience, watch });
    if (index === null) return;
    reporter.goTo(accesses.operation(index) as Operation, index);
    reporter.report('state', 'hidden-state', () => ({
      expected: 'the same accesses by any instance of the strategy',
      found: 'other accesses by a second instance',
      outcome:
        'a second instance of the strategy, on the same memory, went another way: state is kept elsewhere',
    }));
  }

  return () => {
    judgeAll();
    judged.operations = reporter.operations();
    judged.lostToOverflow = interrupts.lostToOverflow();
    judgeState();
    return { strategy: strategy.id, findings: reporter.findings(), ...judged };
  };
}
