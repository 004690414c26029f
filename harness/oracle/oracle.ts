// Whether a strategy does its job: each operation is judged by what it changed among the live IRTEs, each interrupt
// by where it ended, and in checked memory each access by what it touched. After a fault the memory is taken as it is,
// so that one fault is reported once. The checks are in harness/results/checks.ts, the kinds of failures in failures.ts.

import type { HostParameters } from '../../machine/host.js';
import type { CommandCounts } from '../../machine/iommus.js';
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
import { createReplay, type HostMaker, plainHost, type Replay } from '../replay/replay.js';
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
import type { Check, FindingKind } from '../results/results.js';
import { AccessJudge } from './access-judge.js';
import { Findings } from './findings.js';
import { findHiddenState } from './hidden-state.js';
import { InterruptJudge } from './interrupt-judge.js';
import { IrteJudge } from './irte-judge.js';
import { checkedMachine } from './memory/checked-machine.js';
import { CheckedMemory, type Fault } from './memory/checked-memory.js';
import { AddressError, EndlessError, type JournaledMemory } from './memory/journaled-memory.js';
import { Model } from './model.js';
import { Reporter } from './reporter.js';

/** What is known of a strategy of which nothing could be judged. */
const NOTHING_JUDGED: Omit<Check, 'strategy' | 'findings'> = {
  operations: 0,
  seconds: 0,
  lostToOverflow: 0,
  commandsPerWindow: { invalidate: 0, completionWait: 0 },
  memoryBytes: 0,
  maskedDigest: null,
  matchesOracle: false,
};

/** What a finding says of an operation that loops without touching memory. */
export const LOOPS = 'it does not end';

/** How to judge. */
export interface Judging {
  /** Where the host is made; what was in it is gone. Checked memory sees more, and is slower. */
  readonly memory: JournaledMemory | CheckedMemory;
  /**
   * The default export of another import of the strategy's module. With it, and in checked memory, hidden state is
   * looked for as well.
   */
  readonly second?: Strategy;
  /** Hears that the search for hidden state was ended, and says nothing. */
  readonly onUnsearchable?: () => void;
  /** Called now and then while operations are judged. */
  readonly onSlice?: () => void;
  /** A check that is turned off; by default none is. */
  readonly without?: CheckName;
  /** When an operation is taken for endless; by default the first bound. */
  readonly patience?: Patience;
}

/**
 * Judges a strategy on a stream: the setup, the window twice, if there is one, and the teardown. Whatever the strategy
 * does comes back as findings. One that an operation is endless is to be confirmed: see PATIENCE.
 *
 * @throws OutOfMemoryError if the modelled host needs more than its memory.
 */
export function check(
  stream: OperationStream,
  strategy: Strategy,
  host: HostParameters,
  judging: Judging,
): Check {
  const { patience = PATIENCE.first } = judging;
  if (stream.words.length <= SHORT_STREAM_WORDS) {
    let judged: Check | undefined;
    const judge = (): void => {
      judged = checkOnce(stream, strategy, host, judging, unwatched);
    };
    if (endsAtOnce(patience, judge)) return judged as unknown as Check;
  }
  return patiently(patience, (watch) => checkOnce(stream, strategy, host, judging, watch));
}

/** @param watch - Of each slice. */
function checkOnce(
  stream: OperationStream,
  strategy: Strategy,
  host: HostParameters,
  judging: Judging,
  watch: Watch,
): Check {
  judging.memory.clear();
  let oracle: Oracle | undefined;
  const create = (): void => {
    oracle = new Oracle(stream, strategy, host, judging, watch);
  };
  try {
    if (!watch(create)) return checkFailed(strategy, { kind: 'endless', what: 'create()', found: LOOPS });
  } catch (error) {
    const { kind, outcome } = classify(error);
    const isEndless = kind === 'endless';
    return checkFailed(strategy, {
      kind: isEndless ? 'endless' : 'threw',
      what: 'create()',
      found: isEndless ? outcome : String(error),
    });
  }
  return (oracle as unknown as Oracle).check();
}

/** What is known of a strategy of which nothing could be judged. */
export interface Failure {
  readonly kind: 'threw' | 'endless';
  /** What came to it. */
  readonly what: string;
  readonly found: string;
}

/** The verdict on a strategy of which nothing but a failure is known. */
export function checkFailed({ id }: { readonly id: string }, { kind, what, found }: Failure): Check {
  const first = { operation: 0, what, irq: null, expected: 'no error', found, outcome: found };
  const checkName: CheckName = kind === 'threw' ? 'exceptions' : 'endless';
  return {
    strategy: id,
    findings: [{ kind, check: checkName, count: 1, declaredBy: null, first, counterexample: null }],
    ...NOTHING_JUDGED,
  };
}

/** What an error that ends a check is a finding of. @throws It, if it is the harness's own. */
export function classify(error: unknown): { check: CheckName; kind: FindingKind; outcome: string } {
  if (error instanceof OutOfMemoryError || isOfWatch(error)) throw error;
  if (error instanceof LockError) return { check: 'locks', kind: 'lock', outcome: error.message };
  if (error instanceof AddressError) return { check: 'memory', kind: 'wild-access', outcome: error.message };
  if (error instanceof EndlessError) return { check: 'endless', kind: 'endless', outcome: error.message };
  return { check: 'exceptions', kind: 'threw', outcome: `threw ${String(error)}` };
}

/** Makes a host in checked memory. @param faults - Gets those of the strategy's create(). */
function checkedHost(memory: CheckedMemory, parameters: HostParameters, faults: Fault[]): HostMaker {
  memory.onFault = (fault) => faults.push(fault);
  return (devices, notify) => {
    const host = createHost(memory.behind, parameters, devices, notify, memory.heap);
    return { host, machine: checkedMachine(host, memory) };
  };
}

/** Judges one strategy on one stream, once. */
class Oracle {
  readonly #strategy: Strategy;
  readonly #host: HostParameters;
  readonly #judging: Judging;
  readonly #stream: OperationStream;
  readonly #memory: JournaledMemory;
  readonly #model: Model;
  readonly #replay: Replay;
  readonly #findings: Findings;
  readonly #reporter: Reporter;
  readonly #irtes: IrteJudge;
  readonly #interrupts: InterruptJudge;
  /** Null in journaled memory, which does not tell of accesses. */
  readonly #accesses: AccessJudge | null;
  readonly #watch: Watch;
  /** Times that one operation may touch memory. */
  readonly #budget: number;
  #irq = 0;
  #delivery: number | null = null;
  #hasEnded = false;
  #seconds = 0;

  constructor(
    stream: OperationStream,
    strategy: Strategy,
    host: HostParameters,
    judging: Judging,
    watch: Watch,
  ) {
    const { memory, without, patience = PATIENCE.first } = judging;
    this.#watch = watch;
    this.#memory = memory instanceof CheckedMemory ? memory.behind : memory;
    this.#strategy = strategy;
    this.#host = host;
    this.#judging = judging;
    this.#stream = stream;
    this.#budget = accessBudget(stream, patience);
    this.#model = new Model(strategy.gaLog, stream);
    this.#findings = new Findings(strategy.limits, host.maxVmId);
    const early: Fault[] = [];
    const makeHost =
      memory instanceof CheckedMemory ? checkedHost(memory, host, early) : plainHost(memory, host);
    const makeBudgeted: HostMaker = (devices, notify) => {
      const made = makeHost(devices, notify);
      this.#memory.begin(this.#budget);
      return made;
    };
    this.#replay = createReplay(stream, strategy, makeBudgeted, {
      interrupted: (irq, delivery) => {
        this.#irq = irq;
        this.#delivery = delivery;
      },
      woke: (iommu, tag, vcpu) => this.#interrupts.judgeWake(iommu, tag, vcpu),
    });
    this.#reporter = new Reporter(this.#model, this.#replay, this.#findings, without ?? null);
    this.#irtes = new IrteJudge(this.#memory, this.#replay, this.#model, this.#reporter);
    this.#interrupts = new InterruptJudge(this.#replay, this.#model, this.#irtes, this.#reporter);
    this.#accesses =
      memory instanceof CheckedMemory
        ? new AccessJudge(memory, stream, strategy, this.#replay, this.#model, this.#reporter, early)
        : null;
  }

  check(): Check {
    const judged = { ...NOTHING_JUDGED };
    this.#checkAll(judged);
    judged.operations = this.#reporter.operations;
    judged.seconds = this.#seconds;
    judged.lostToOverflow = this.#interrupts.lostToOverflow;
    const { second, without } = this.#judging;
    if (second !== undefined && without !== 'state' && this.#accesses !== null && !this.#hasEnded) {
      this.#judgeState(second, this.#accesses);
    }
    return { strategy: this.#strategy.id, findings: this.#findings.list(), ...judged };
  }

  /** Fills in what becomes known on the way. */
  #checkAll(judged: Omit<Check, 'strategy' | 'findings'>): void {
    const { windowStart, windowEnd, words } = this.#stream;
    const { host } = this.#replay;
    this.#run(HEADER_WORDS, windowStart);
    if (this.#hasEnded) return;
    judged.memoryBytes = host.heldBytes();
    if (windowStart < windowEnd) this.#judgeWindow(judged);
    this.#run(windowEnd, words.length);
    if (!this.#hasEnded) this.#judgeLeaks();
  }

  #judgeWindow(judged: Omit<Check, 'strategy' | 'findings'>): void {
    const { windowStart, windowEnd } = this.#stream;
    const { host } = this.#replay;
    this.#run(windowStart, windowEnd);
    if (this.#hasEnded) return;
    judged.maskedDigest = digestOfMasked(this.#irtes.live);
    judged.matchesOracle = judged.maskedDigest === digestOfMasked(this.#irtes.ideal());
    const before = host.commands();
    this.#run(windowStart, windowEnd);
    judged.commandsPerWindow = difference(host.commands(), before);
  }

  /** Runs operations. */
  #run(start: number, end: number): void {
    if (start === end) return;
    const startedAt = performance.now();
    let offset = start;
    const step = (): boolean => {
      offset = this.#step(offset);
      return offset < end;
    };
    try {
      if (!inSlices(this.#watch, step, this.#judging.onSlice)) this.#end('endless', 'endless', LOOPS);
    } catch (error) {
      const { check: name, kind, outcome } = classify(error);
      this.#end(name, kind, outcome);
    }
    this.#seconds += (performance.now() - startedAt) / 1000;
  }

  /** Ends the check with a finding on the operation that runs. */
  #end(name: CheckName, kind: FindingKind, outcome: string): void {
    this.#hasEnded = true;
    this.#reporter.report(name, kind, () => ({ expected: 'no error', found: outcome, outcome }));
  }

  #step(offset: number): number {
    const operation = operationAt(this.#stream.words, offset);
    this.#reporter.begin(operation);
    this.#memory.begin(this.#budget);
    this.#delivery = null;
    this.#accesses?.begin(operation, offset);
    const next = this.#replay.step(offset);
    this.#model.apply(operation);
    this.#irtes.judge(operation);
    if (this.#delivery !== null) this.#interrupts.judgeDelivery(this.#irq, this.#delivery);
    if (operation.name === 'drainGaLog') this.#interrupts.judgeDrained(operation.operand);
    if (this.#memory.held.length > 0) this.#judgeLocks();
    return next;
  }

  #judgeLocks(): void {
    const held = this.#memory.releaseAll();
    this.#reporter.report('locks', 'lock', () => {
      const names = held
        .map((lock) => this.#accesses?.nameOfLock(lock) ?? `the one at address ${lock}`)
        .join(' and ');
      return { expected: 'no lock held', found: names, outcome: `left a lock held: ${names}` };
    });
  }

  #judgeLeaks(): void {
    const left =
      this.#accesses !== null
        ? this.#accesses.left()
        : [...this.#replay.host.liveObjects()].flatMap(([size, objects]) =>
            objects === 0 ? [] : [`${objects} of ${size} bytes`],
          );
    if (left.length === 0) return;
    const found = `${left.slice(0, 3).join(', ')}${left.length > 3 ? `, and ${left.length - 3} more` : ''}`;
    this.#reporter.report('leaks', 'leak', () => ({
      expected: 'no object left',
      found,
      outcome: `when all was gone there was left: ${found}`,
    }));
  }

  /** Looks for hidden state. It takes the memory, so that it comes last. */
  #judgeState(second: Strategy, accesses: AccessJudge): void {
    const stream = this.#stream;
    const found = findHiddenState(
      stream,
      { strategy: this.#strategy, second },
      this.#host,
      this.#memory,
      this.#judging.patience ?? PATIENCE.first,
      this.#watch,
    );
    if (found.isEnded) this.#judging.onUnsearchable?.();
    const { index } = found;
    if (index === null) return;
    this.#reporter.goBack(accesses.operation(index) as Operation, index);
    this.#reporter.report('state', 'hidden-state', () => ({
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
