// Judges whether a strategy does its job: each operation by the live IRTEs that it changed, each interrupt by its
// destination, and in checked memory each access by its target. After a failure the oracle accepts the memory as it is,
// so that one fault is reported once. The checks are in harness/results/checks.ts, the kinds of failures in
// failures.ts.

import { performance } from 'node:perf_hooks';
import type { HostParameters } from '../../machine/host.js';
import type { CommandCounts } from '../../machine/iommus.js';
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
import { createReplay, type HostMaker, plainHost } from '../replay/replay.js';
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
import { AccessJudge } from './access-judge.js';
import { FailureCollector } from './failure-collector.js';
import { findHiddenState } from './hidden-state.js';
import { InterruptJudge } from './interrupt-judge.js';
import { IrteJudge } from './irte-judge.js';
import { checkedMachine } from './memory/checked-machine.js';
import { CheckedMemory, type Fault } from './memory/checked-memory.js';
import { AddressError, EndlessError, type JournaledMemory } from './memory/journaled-memory.js';
import { Model } from './model.js';
import { type JudgeContext, type Observed, Reporter } from './reporter.js';

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
    let judged: Check | undefined;
    const judge = (): void => {
      judged = checkOnce(request, unwatched);
    };
    if (endsAtOnce(patience, judge)) return judged as unknown as Check;
  }
  return patiently(patience, (watch) => checkOnce(request, watch));
}

/** @param watch - Watches each slice. */
function checkOnce(request: CheckRequest, watch: Watch): Check {
  const { strategy, memory } = request;
  memory.clear();
  const failed = (kind: FatalFailure['kind'], found: string): Check =>
    failedCheck(strategy.id, fatalFinding({ kind, what: 'create()', found }));
  let oracle: Oracle | undefined;
  const create = (): void => {
    oracle = new Oracle(request, watch);
  };
  try {
    if (!watch(create)) return failed('endless', LOOPS);
  } catch (error) {
    const { kind, outcome } = failureOf(error);
    return kind === 'endless' ? failed(kind, outcome) : failed('threw', String(error));
  }
  return (oracle as unknown as Oracle).check();
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
export interface EndingFailure extends Observed {
  readonly check: CheckName;
  readonly kind: FailureKind;
}

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

/** Makes a host in checked memory. @param faults - Receives the faults of the strategy's create(). */
function checkedHost(
  memory: CheckedMemory,
  parameters: HostParameters,
  hardware: CachingIommus,
  faults: Fault[],
): HostMaker {
  memory.onFault = (fault) => faults.push(fault);
  return (devices, listener) => {
    const host = createHost(memory.behind, parameters, devices, listener, memory.heap, hardware);
    return { host, machine: checkedMachine(host, memory) };
  };
}

/** Judges one strategy on one stream, once. */
class Oracle {
  readonly #request: CheckRequest;
  readonly #watch: Watch;
  readonly #context: JudgeContext;
  readonly #failures: FailureCollector;
  readonly #irtes: IrteJudge;
  readonly #interrupts: InterruptJudge;
  /** Null in journaled memory, which does not report accesses. */
  readonly #accesses: AccessJudge | null;
  /** Memory accesses that one operation may make. */
  readonly #budget: number;
  #irq = 0;
  #delivery: number | null = null;
  #hasEnded = false;
  #seconds = 0;

  constructor(request: CheckRequest, watch: Watch) {
    const { stream, strategy, host, without, patience = PATIENCE.first } = request;
    this.#request = request;
    this.#watch = watch;
    this.#budget = accessBudget(stream, patience);
    const checked = request.memory instanceof CheckedMemory ? request.memory : null;
    const memory = request.memory instanceof CheckedMemory ? request.memory.behind : request.memory;
    const early: Fault[] = [];
    const hardware = new CachingIommus(host);
    const makeHost =
      checked === null ? plainHost(memory, host, hardware) : checkedHost(checked, host, hardware, early);
    const makeBudgeted: HostMaker = (devices, listener) => {
      const made = makeHost(devices, listener);
      memory.begin(this.#budget);
      return made;
    };
    const replay = createReplay(stream, strategy, makeBudgeted, {
      created: () => {},
      interrupted: (irq, delivery) => {
        this.#irq = irq;
        this.#delivery = delivery;
      },
      woke: (iommu, tag, vcpu) => this.#interrupts.judgeWake(iommu, tag, vcpu),
    });
    const model = new Model(strategy.gaLog, stream);
    this.#failures = new FailureCollector(strategy.limits, host.maxVmId);
    const reporter = new Reporter(model, replay, this.#failures, without);
    this.#context = { stream, strategy, memory, hardware, replay, model, reporter };
    this.#irtes = new IrteJudge(this.#context);
    this.#interrupts = new InterruptJudge(this.#context, this.#irtes);
    this.#accesses = checked === null ? null : new AccessJudge(this.#context, checked, early);
  }

  check(): Check {
    const judged = { ...NOTHING_JUDGED };
    this.#checkAll(judged);
    judged.operations = this.#context.reporter.operations;
    judged.seconds = this.#seconds;
    judged.lostToOverflow = this.#interrupts.lostToOverflow;
    const { strategy, second, without } = this.#request;
    if (second !== undefined && without !== 'state' && this.#accesses !== null && !this.#hasEnded) {
      this.#judgeState(second, this.#accesses);
    }
    return { strategy: strategy.id, findings: this.#failures.list(), ...judged };
  }

  /** @param judged - Receives the figures as they become known. */
  #checkAll(judged: Omit<Check, 'strategy' | 'findings'>): void {
    const { stream, replay } = this.#context;
    const { windowStart, windowEnd, words } = stream;
    this.#run(HEADER_WORDS, windowStart);
    if (this.#hasEnded) return;
    judged.memoryBytes = replay.host.heldBytes();
    if (windowStart < windowEnd) this.#judgeWindow(judged);
    this.#run(windowEnd, words.length);
    if (!this.#hasEnded) this.#judgeLeaks();
  }

  #judgeWindow(judged: Omit<Check, 'strategy' | 'findings'>): void {
    const { stream, replay } = this.#context;
    const { windowStart, windowEnd } = stream;
    this.#run(windowStart, windowEnd);
    if (this.#hasEnded) return;
    judged.maskedDigest = digestOfMasked(this.#irtes.live);
    judged.matchesOracle = judged.maskedDigest === digestOfMasked(this.#irtes.ideal());
    const before = replay.host.commands();
    this.#interrupts.wakeups.take();
    this.#run(windowStart, windowEnd);
    judged.commandsPerWindow = difference(replay.host.commands(), before);
    judged.wakeupsPerWindow = this.#interrupts.wakeups.take();
  }

  #run(start: number, end: number): void {
    if (start === end) return;
    const startedAt = performance.now();
    let offset = start;
    const step = (): boolean => {
      offset = this.#step(offset);
      return offset < end;
    };
    try {
      if (!inSlices(this.#watch, step, this.#request.onProgress)) this.#end(ENDLESS);
    } catch (error) {
      this.#end(failureOf(error));
    }
    this.#seconds += (performance.now() - startedAt) / 1000;
  }

  /** Ends the check with a failure of the current operation. */
  #end({ check: name, kind, ...observed }: EndingFailure): void {
    this.#hasEnded = true;
    this.#context.reporter.report(name, kind, () => observed);
  }

  #step(offset: number): number {
    const { stream, memory, replay, model, reporter } = this.#context;
    const operation = operationAt(stream.words, offset);
    reporter.begin(operation);
    memory.begin(this.#budget);
    this.#delivery = null;
    this.#accesses?.begin(operation, offset);
    const next = replay.step(offset);
    model.apply(operation);
    this.#interrupts.wakeups.apply(operation);
    this.#irtes.judge(operation);
    if (this.#delivery !== null) this.#interrupts.judgeDelivery(this.#irq, this.#delivery);
    if (operation.name === 'drainGaLog') this.#interrupts.judgeDrained(operation.operand);
    if (memory.held.length > 0) this.#judgeLocks();
    return next;
  }

  #judgeLocks(): void {
    const { memory, reporter } = this.#context;
    const held = memory.releaseAll();
    reporter.report('locks', 'lock', () => {
      const names = held
        .map((lock) => this.#accesses?.nameOfLock(lock) ?? `the one at address ${lock}`)
        .join(' and ');
      return { expected: 'no lock held', found: names, outcome: `left a lock held: ${names}` };
    });
  }

  #judgeLeaks(): void {
    const { replay, reporter } = this.#context;
    const left =
      this.#accesses !== null
        ? this.#accesses.left()
        : [...replay.host.liveObjects()].flatMap(([size, objects]) =>
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
  #judgeState(second: Strategy, accesses: AccessJudge): void {
    const { patience = PATIENCE.first, onUnsearchable } = this.#request;
    const { memory, reporter } = this.#context;
    const search = { ...this.#request, second, memory, patience, watch: this.#watch };
    const { index, isEnded } = findHiddenState(search);
    if (isEnded) onUnsearchable?.();
    if (index === null) return;
    reporter.goTo(accesses.operation(index) as Operation, index);
    reporter.report('state', 'hidden-state', () => ({
      expected: 'the same accesses by any instance of the strategy',
      found: 'other accesses by a second instance',
      outcome:
        'a second instance of the strategy, on the same memory, went another way: state is kept elsewhere',
    }));
  }
}

function difference(now: CommandCounts, before: CommandCounts): Check['commandsPerWindow'] {
  return {
    invalidate: now.invalidate - before.invalidate,
    completionWait: now.completionWait - before.completionWait,
  };
}
