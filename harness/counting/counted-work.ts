// What a design does, counted: no clock, no compiler, the same figures on every machine.

import type { HostParameters } from '../../machine/host.js';
import { IRTE_WORDS } from '../../machine/irte.js';
import { Memory } from '../../machine/memory.js';
import type { Strategy } from '../../strategies/strategy.js';
import { createFleet } from '../../workloads/parts/fleet.js';
import {
  HEADER_WORDS,
  type Operation,
  type OperationStream,
  operationAt,
} from '../../workloads/stream/stream.js';
import { StreamBuilder } from '../../workloads/stream/stream-builder.js';
import { createReplay, plainHost } from '../replay/replay.js';
import { COUNTED_VERBS, type CountedVerb } from '../results/counted-verbs.js';
import type { Held, VerbCounts, WorkSummary } from '../results/results.js';
import { countingHost } from './counting-machine.js';
import type { CountingMemory, Work } from './counting-memory.js';

/** How often each count of one metric occurred. */
type Histogram = Map<number, number>;

/** The counts of operations, metric by metric. */
class Histograms {
  operations = 0;
  readonly #work = new Map<keyof Work, Histogram>();
  readonly #invalidate: Histogram = new Map();
  readonly #completionWait: Histogram = new Map();

  add(work: Work, invalidate: number, completionWait: number): void {
    this.operations++;
    for (const name in work) {
      const metric = name as keyof Work;
      let histogram = this.#work.get(metric);
      if (histogram === undefined) {
        histogram = new Map();
        this.#work.set(metric, histogram);
      }
      count(histogram, work[metric]);
    }
    count(this.#invalidate, invalidate);
    count(this.#completionWait, completionWait);
  }

  summary(): WorkSummary {
    const histograms = [
      ...this.#work,
      ['invalidate', this.#invalidate] as const,
      ['completionWait', this.#completionWait] as const,
    ];
    const entries = histograms.map(([name, histogram]) => {
      const sorted = [...histogram].sort(([a], [b]) => a - b);
      const sum = sorted.reduce((total, [value, times]) => total + value * times, 0);
      const [p50, p99, worst] = [0.5, 0.99, 1].map((part) => quantile(sorted, part * this.operations));
      return [name, { mean: sum / this.operations, p50, p99, worst }];
    });
    return Object.fromEntries(entries) as WorkSummary;
  }
}

function count(histogram: Histogram, value: number): void {
  histogram.set(value, (histogram.get(value) ?? 0) + 1);
}

/** The least value that so many operations are not above. */
function quantile(sorted: readonly (readonly [value: number, times: number])[], operations: number): number {
  let below = 0;
  const found = sorted.find(([, times]) => {
    below += times;
    return below >= operations;
  });
  return (found as readonly [number, number])[0];
}

/** The operations of one verb, in the window and outside it. */
interface Counted {
  readonly window: Histograms;
  readonly other: Histograms;
}

const NO_COMMANDS = { invalidate: 0, completionWait: 0 };

const isCountedVerb = (name: string): name is CountedVerb => COUNTED_VERBS.some((verb) => verb === name);

/**
 * Counts the work of each operation of a stream: setup, window once, teardown. Each verb is summed up over the window,
 * or over the rest of the stream if the window has none of it.
 *
 * @param memory - Where the host is made; what was in it is gone.
 * @param onOperation - Called before each operation.
 * @throws whatever the strategy throws.
 */
export function countWork(
  stream: OperationStream,
  strategy: Strategy,
  parameters: HostParameters,
  memory: CountingMemory,
  onOperation: () => void = () => {},
): VerbCounts[] {
  memory.clear();
  const counted = new Map<CountedVerb, Counted>(
    COUNTED_VERBS.map((verb) => [verb, { window: new Histograms(), other: new Histograms() }]),
  );
  let isWindow = false;

  function note(verb: CountedVerb, work: Work, invalidate: number, completionWait: number): void {
    const { window, other } = counted.get(verb) as Counted;
    (isWindow ? window : other).add(work, invalidate, completionWait);
  }

  const { host, vcpus, irqs, irtes, step } = createReplay(stream, strategy, (devices, notify) => ({
    host: countingHost(memory, parameters, devices, (iommu, tag) => {
      memory.begin();
      notify(iommu, tag);
      note('wake', memory.end(), 0, 0);
    }),
  }));

  /** The addresses that a caller of the verb holds. */
  function given({ name, operand, argument }: Operation): number[] {
    if (name === 'load' || name === 'put') return [vcpus[operand] as number];
    if (name === 'route') return [irqs[operand] as number, vcpus[argument >>> 8] as number];
    return name === 'unroute' ? [irqs[operand] as number] : [];
  }

  const commands = parameters.flush === 'none' ? () => NO_COMMANDS : host.commands;

  function countAll(start: number, end: number): void {
    for (let offset = start; offset < end; ) {
      onOperation();
      const operation = operationAt(stream.words, offset);
      if (!isCountedVerb(operation.name)) {
        offset = step(offset);
        if (operation.name === 'allocIrq') memory.noteObject(irtes[operation.operand] as number, IRTE_WORDS);
        continue;
      }
      const before = commands();
      memory.begin();
      for (const address of given(operation)) memory.give(address);
      offset = step(offset);
      const work = memory.end();
      const after = commands();
      const invalidate = after.invalidate - before.invalidate;
      note(operation.name, work, invalidate, after.completionWait - before.completionWait);
    }
  }

  const { windowStart, windowEnd, words } = stream;
  countAll(HEADER_WORDS, windowStart);
  isWindow = true;
  countAll(windowStart, windowEnd);
  isWindow = false;
  countAll(windowEnd, words.length);
  return [...counted].flatMap(([verb, { window, other }]) => {
    const inWindow = window.operations > 0;
    const counts = inWindow ? window : other;
    if (counts.operations === 0) return [];
    return [{ verb, inWindow, operations: counts.operations, work: counts.summary() }];
  });
}

/** Address space of the small hosts that are weighed, in bytes. */
const SMALL_HOST_BYTES = 1 << 26;

/** A host of equal VMs: how many, and how many vCPUs and entries each VM and vCPU has. */
type Fleet = readonly [vms: number, vcpusPerVm: number, irqsPerVcpu: number];

/** What a design holds, from hosts that differ in one number. */
export function heldBy(strategy: Strategy, parameters: HostParameters): Held {
  const memory = new Memory(SMALL_HOST_BYTES);
  const weigh = ([vms, vcpusPerVm, irqsPerVcpu]: Fleet): number => {
    memory.clear();
    const builder = new StreamBuilder(parameters);
    createFleet(builder, { vms, vcpusPerVm, irqsPerVcpu, devicesPerVm: 1 });
    builder.beginWindow();
    const replay = createReplay(builder.finish(), strategy, plainHost(memory, parameters));
    replay.setUp();
    return replay.host.heldBytes();
  };
  const base = weigh([8, 4, 0]);
  const perVcpu = (weigh([8, 8, 0]) - base) / 32;
  const perVm = (weigh([16, 4, 0]) - base) / 8 - 4 * perVcpu;
  const perEntry = (weigh([8, 4, 16]) - weigh([8, 4, 8])) / 256;
  return { strategy: strategy.id, perEntry, perVcpu, perVm, fixed: base - 8 * perVm - 32 * perVcpu };
}
