// Which functions a design's verbs come to: V8 counts the calls of each while a small host has every verb run.
import { Session } from 'node:inspector';
import type { HostParameters } from '../../machine/host.js';
import { Memory } from '../../machine/memory.js';
import type { Strategy } from '../../strategies/strategy.js';
import { createFleet, vectorFor } from '../../workloads/parts/fleet.js';
import { HEADER_WORDS, type OperationStream, operationAt } from '../../workloads/stream/stream.js';
import { StreamBuilder } from '../../workloads/stream/stream-builder.js';
import { createReplay, plainHost } from '../replay/replay.js';
import { SMALL_HOST_BYTES } from './counted-work.js';

/** A function that was called, by its place in the source. */
export interface CalledFunction {
  /** URL of its module. */
  readonly module: string;
  /** Its first character, in UTF-16 units from the module's begin. */
  readonly start: number;
  /** The character behind its last. */
  readonly end: number;
}

/** What was called in a run of all verbs, beginning with create(); and by loads and puts alone. With repetitions. */
export interface CallsOfVerbs {
  readonly all: readonly CalledFunction[];
  readonly update: readonly CalledFunction[];
}

/** VMs and irqs in numbers at which a list has more than one element, and an array has grown. */
const FLEET = { vms: 2, vcpusPerVm: 2, irqsPerVcpu: 16, devicesPerVm: 2 };

/** Every verb, in each way in which it can be meant. */
function everyVerb(parameters: HostParameters): OperationStream {
  const builder = new StreamBuilder(parameters);
  const { irqsOf } = createFleet(builder, FLEET);
  const [[irq]] = irqsOf as [[number]];
  const vcpu = builder.routedTo(irq);
  builder.load(vcpu, 0);
  builder.route(irq, vcpu, vectorFor(FLEET.irqsPerVcpu));
  builder.put(vcpu, false);
  builder.load(vcpu, 1);
  builder.put(vcpu, true);
  builder.interrupt(irq);
  builder.drainGaLog(builder.iommuOf(irq));
  builder.route(irq, vcpu + 1, vectorFor(FLEET.irqsPerVcpu));
  // The end of a history unroutes and frees every irq, and destroys the VMs.
  return builder.finishHistory();
}

/** The functions called since this was asked last. */
function takeCalls(session: Session): CalledFunction[] {
  const called: CalledFunction[] = [];
  // A session of the own thread answers before post() returns.
  session.post('Profiler.takePreciseCoverage', (error, answer) => {
    if (error) throw error;
    for (const { url, functions } of answer.result) {
      for (const { ranges } of functions) {
        // Without blocks there is one range, the function.
        const [{ startOffset, endOffset, count }] = ranges as [(typeof ranges)[number]];
        if (count > 0) called.push({ module: url, start: startOffset, end: endOffset });
      }
    }
  });
  return called;
}

function runVerbs(strategy: Strategy, parameters: HostParameters, session: Session): CallsOfVerbs {
  const all: CalledFunction[] = [];
  const update: CalledFunction[] = [];
  const stream = everyVerb(parameters);
  const { words } = stream;
  const host = plainHost(new Memory(SMALL_HOST_BYTES), parameters);
  const { step } = createReplay(stream, strategy, host);
  all.push(...takeCalls(session));
  for (let offset = HEADER_WORDS; offset < words.length; ) {
    const { name } = operationAt(words, offset);
    offset = step(offset);
    const called = takeCalls(session);
    all.push(...called);
    if (name === 'load' || name === 'put') update.push(...called);
  }
  return { all, update };
}

/**
 * Runs every verb of a strategy, and says which functions were called. Those that ran only while its modules were
 * imported, to make their constants, are not among them.
 *
 * @throws whatever the strategy throws.
 */
export function callsOfVerbs(strategy: Strategy, parameters: HostParameters): CallsOfVerbs {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  try {
    return runVerbs(strategy, parameters, session);
  } finally {
    // While V8 counts calls, it optimises nothing.
    session.post('Profiler.stopPreciseCoverage');
    session.disconnect();
  }
}
