// Whether a strategy does its job: each operation is judged by what it changed among the live IRTEs, each interrupt
// by where it ended. After a fault the memory is taken as it is, so that one fault is reported once.
//
// Kinds of findings:
//   same-bucket    an update changed the entry of another vCPU, whose tag differs
//   aliased-tag    an update changed the entry of another vCPU, whose tag is the same
//   missed-update  an entry was left as it was
//   wrong-value    an entry was written, wrongly
//   misdelivered   an interrupt or a GA log entry reached the wrong vCPU
//   lost-wakeup    a GA log entry reached no vCPU, or an interrupt that must be logged was not
//   stale-pointer  an update changed an entry that posts to no vCPU
//   leak           memory was not given back when everything had been taken away
//   threw          the strategy threw, or did not end; the rest of the stream was not run
import type { HostParameters } from '../machine/host.js';
import { JournaledMemory } from '../machine/journaled-memory.js';
import type { CommandCounts } from '../machine/machine.js';
import type { Strategy } from '../strategies/strategy.js';
import { HEADER_WORDS, type OperationStream, operationAt } from '../workloads/stream.js';
import { digestOf, maskIrtes } from './digest.js';
import { Findings } from './findings.js';
import { InterruptJudge } from './interrupt-judge.js';
import { IrteJudge } from './irte-judge.js';
import { Model, NONE } from './model.js';
import { createReplay, type Replay } from './replay.js';
import { Reporter } from './reporter.js';
import type { Check } from './results.js';

/** What is known of a strategy of which nothing could be judged. */
const NOTHING_JUDGED: Omit<Check, 'strategy' | 'findings'> = {
  operations: 0,
  lostToOverflow: 0,
  commandsPerWindow: { invalidate: 0, completionWait: 0 },
  memoryBytes: 0,
  maskedDigest: null,
  matchesOracle: false,
};

/**
 * Judges a strategy on a stream: the setup, the window twice, and the teardown. Whatever the strategy does comes
 * back as findings.
 */
export function check(stream: OperationStream, strategy: Strategy, host: HostParameters): Check {
  let oracle: Oracle;
  try {
    oracle = new Oracle(stream, strategy, host);
  } catch (error) {
    return checkFailed(strategy, 'create()', error);
  }
  return oracle.check();
}

/**
 * The verdict on a strategy of which nothing but an error is known.
 *
 * @param what - What came to that error.
 */
export function checkFailed(strategy: Strategy, what: string, error: unknown): Check {
  const findings = new Findings(strategy.limits);
  findings.add('threw', { irq: null, lastVm: NONE, maxVcpuId: NONE }, () => {
    const [expected, found] = ['no error', String(error)];
    const text = `${what}; expected ${expected}; found ${found}`;
    return { operation: 0, what, irq: null, expected, found, text };
  });
  return { strategy: strategy.id, findings: findings.list(), ...NOTHING_JUDGED };
}

/** Judges one strategy on one stream, once. */
class Oracle {
  readonly #strategyId: string;
  readonly #stream: OperationStream;
  readonly #model: Model;
  readonly #replay: Replay;
  readonly #findings: Findings;
  readonly #reporter: Reporter;
  readonly #irtes: IrteJudge;
  readonly #interrupts: InterruptJudge;
  #delivery: { readonly irq: number; readonly delivery: number } | null = null;

  constructor(stream: OperationStream, strategy: Strategy, host: HostParameters) {
    const memory = new JournaledMemory();
    this.#strategyId = strategy.id;
    this.#stream = stream;
    this.#model = new Model(strategy.gaLog);
    this.#findings = new Findings(strategy.limits);
    this.#replay = createReplay(stream, strategy, host, memory, {
      interrupted: (irq, delivery) => {
        this.#delivery = { irq, delivery };
      },
      woke: (iommu, tag, vcpu) => this.#interrupts.judgeWake(iommu, tag, vcpu),
    });
    this.#reporter = new Reporter(this.#model, this.#replay, this.#findings);
    this.#irtes = new IrteJudge(memory, this.#replay, this.#model, this.#reporter);
    this.#interrupts = new InterruptJudge(this.#replay, this.#model, this.#irtes, this.#reporter);
  }

  check(): Check {
    const judged = { ...NOTHING_JUDGED };
    try {
      this.#checkAll(judged);
    } catch (error) {
      this.#reporter.report('threw', () => ({ expected: 'no exception', found: String(error) }));
    }
    judged.operations = this.#reporter.operations;
    judged.lostToOverflow = this.#interrupts.lostToOverflow;
    return { strategy: this.#strategyId, findings: this.#findings.list(), ...judged };
  }

  /** Fills in what becomes known on the way. */
  #checkAll(judged: Omit<Check, 'strategy' | 'findings'>): void {
    const { windowStart, windowEnd, words } = this.#stream;
    const { host } = this.#replay;
    this.#run(HEADER_WORDS, windowStart);
    judged.memoryBytes = host.heldBytes();
    this.#run(windowStart, windowEnd);
    judged.maskedDigest = digestOf(maskIrtes(this.#irtes.live));
    judged.matchesOracle = judged.maskedDigest === digestOf(maskIrtes(this.#irtes.ideal));
    const before = host.commands();
    this.#run(windowStart, windowEnd);
    judged.commandsPerWindow = difference(host.commands(), before);
    this.#run(windowEnd, words.length);
    this.#judgeLeaks();
  }

  #run(start: number, end: number): void {
    for (let offset = start; offset < end; ) offset = this.#step(offset);
  }

  #step(offset: number): number {
    const operation = operationAt(this.#stream.words, offset);
    this.#reporter.begin(operation);
    this.#delivery = null;
    const next = this.#replay.step(offset);
    this.#model.apply(operation);
    this.#irtes.judge(operation);
    if (this.#delivery !== null) {
      const { irq, delivery } = this.#delivery;
      this.#interrupts.judgeDelivery(irq, delivery);
    }
    if (operation.name === 'drainGaLog') this.#interrupts.judgeDrained(operation.operand);
    return next;
  }

  #judgeLeaks(): void {
    const left = [...this.#replay.host.liveObjects()].filter(([, objects]) => objects !== 0);
    if (left.length === 0) return;
    const found = left.map(([size, objects]) => `${objects} of ${size} bytes`).join(', ');
    this.#reporter.report('leak', () => ({ expected: 'no object left', found: `objects left: ${found}` }));
  }
}

function difference(now: CommandCounts, before: CommandCounts): Check['commandsPerWindow'] {
  return {
    invalidate: now.invalidate - before.invalidate,
    completionWait: now.completionWait - before.completionWait,
  };
}
