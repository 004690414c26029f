// The work of each operation of a stream, counted without a clock: the figures are the same on every machine.
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
import { COUNTED_VERBS } from '../results/counted-verbs.js';
import { type Counts, METRICS, NO_DEVICE_WORK } from '../results/metrics.js';
import type { Held, WorkSummary } from '../results/results.js';
import { countingHost } from './counting-machine.js';
import type { CountingMemory } from './counting-memory.js';

/** A poll of the GA log reads the head and the tail. Each entry moves the head, before the vCPU is woken. */
const MMIO_READS_OF_POLL = 2;
const MMIO_WRITES_OF_ENTRY = 1;

/** The counts of many operations, metric by metric. */
class Histograms {
  operations = 0;
  /** How often each value of a metric occurred, by the value. */
  readonly #histograms: number[][] = METRICS.map(() => []);

  add(counts: Counts): void {
    this.operations++;
    for (let metric = 0; metric < METRICS.length; metric++) {
      const value = counts[METRICS[metric] as keyof Counts];
      const histogram = this.#histograms[metric] as number[];
      histogram[value] = (histogram[value] ?? 0) + 1;
    }
  }

  summary(): WorkSummary {
    const entries = this.#histograms.map((histogram, metric) => {
      const sorted = Object.entries(histogram).map(([value, times]) => [Number(value), times] as const);
      const sum = sorted.reduce((total, [value, times]) => total + value * times, 0);
      const [p50, p99, worst] = [0.5, 0.99, 1].map((part) => valueAtRank(sorted, part * this.operations));
      return [METRICS[metric], { mean: sum / this.operations, p50, p99, worst }];
    });
    return Object.fromEntries(entries) as WorkSummary;
  }
}

/** The smallest value that at least `rank` operations do not exceed. */
function valueAtRank(sorted: readonly (readonly [value: number, times: number])[], rank: number): number {
  let below = 0;
  const found = sorted.find(([, times]) => {
    below += times;
    return below >= rank;
  });
  return (found as readonly [number, number])[0];
}

/** What is counted, and where. */
interface CountedRun {
  readonly stream: OperationStream;
  readonly strategy: Strategy;
  readonly host: HostParameters;
  /** Holds the host. Its earlier contents are cleared. */
  readonly memory: CountingMemory;
  /** Called before each operation. */
  readonly onOperation?: () => void;
}

/**
 * Counts the work of each operation of a stream: the setup, the window once, and the teardown. Each kind of operation is
 * summed up over the window, or over the rest of the stream if the window has none of it. The first wake of a poll of the GA log has
 * the poll's reads of registers.
 *
 * @throws whatever the strategy throws.
 */
export function countWork({ stream, strategy, host: parameters, memory, onOperation }: CountedRun) {
  memory.clear();
  const byVerb = () => new Map<string, Histograms>(COUNTED_VERBS.map((verb) => [verb, new Histograms()]));
  const inWindow = byVerb();
  const outside = byVerb();
  let counted = outside;
  /** Of a poll whose first entry has not been handled yet. */
  let mmioReads = 0;

  const { host, vms, vcpus, irqs, irtes, step } = createReplay(
    stream,
    strategy,
    (devices, { notify, wakeUp }) => ({
      host: countingHost(memory, parameters, devices, {
        notify(iommu, tag) {
          memory.begin();
          notify(iommu, tag);
          counted
            .get('wake')
            ?.add({ ...memory.end(), ...NO_DEVICE_WORK, mmioReads, mmioWrites: MMIO_WRITES_OF_ENTRY });
          mmioReads = 0;
        },
        wakeUp,
      }),
    }),
  );

  /** The addresses that an operation's caller passes in. */
  function addressesFor({ name, operand, argument }: Operation): number[] {
    if (name === 'load' || name === 'put') return [vcpus[operand] as number];
    if (name === 'route') return [irqs[operand] as number, vcpus[argument >>> 8] as number];
    if (name === 'destroyVm') return [vms[operand] as number];
    return name === 'unroute' ? [irqs[operand] as number] : [];
  }

  function countAll(start: number, end: number): void {
    for (let offset = start; offset < end; ) {
      onOperation?.();
      const operation = operationAt(stream.words, offset);
      mmioReads = operation.name === 'drainGaLog' ? MMIO_READS_OF_POLL : 0;
      if (!counted.has(operation.name)) {
        offset = step(offset);
        if (operation.name === 'allocIrq') memory.noteObject(irtes[operation.operand] as number, IRTE_WORDS);
        continue;
      }
      const before = host.commands();
      memory.begin();
      for (const address of addressesFor(operation)) memory.passIn(address);
      offset = step(offset);
      const work = memory.end();
      const after = host.commands();
      counted.get(operation.name)?.add({
        ...work,
        ...NO_DEVICE_WORK,
        invalidate: after.invalidate - before.invalidate,
        completionWait: after.completionWait - before.completionWait,
      });
    }
  }

  const { windowStart, windowEnd, words } = stream;
  countAll(HEADER_WORDS, windowStart);
  counted = inWindow;
  countAll(windowStart, windowEnd);
  counted = outside;
  countAll(windowEnd, words.length);
  return COUNTED_VERBS.flatMap((verb) => {
    const all = [inWindow, outside].map((histograms) => histograms.get(verb) as Histograms);
    const counts = all.find(({ operations }) => operations > 0);
    if (counts === undefined) return [];
    const { operations } = counts;
    return [{ verb, inWindow: counts === all[0], operations, work: counts.summary() }];
  });
}

/** Address space of the small hosts whose memory is measured, in bytes. */
const SMALL_HOST_BYTES = 1 << 26;

/** Bytes of modelled memory that a strategy holds, computed from hosts that differ in one number. */
export function heldBy(strategy: Strategy, parameters: HostParameters): Held {
  const memory = new Memory(SMALL_HOST_BYTES);
  function bytesOf(vms: number, vcpusPerVm: number, irqsPerVcpu: number): number {
    memory.clear();
    const builder = new StreamBuilder(parameters);
    createFleet(builder, { vms, vcpusPerVm, irqsPerVcpu, devicesPerVm: 1 });
    builder.beginWindow();
    const replay = createReplay(builder.finish(), strategy, plainHost(memory, parameters));
    replay.setUp();
    return replay.host.heldBytes();
  }
  // Enough vCPUs to fill the nodes of a tree.
  const base = bytesOf(8, 64, 0);
  const perVcpu = (bytesOf(8, 128, 0) - base) / 512;
  const perVm = (bytesOf(16, 64, 0) - base) / 8 - 64 * perVcpu;
  const perEntry = (bytesOf(8, 4, 16) - bytesOf(8, 4, 8)) / 256;
  return { strategy: strategy.id, perEntry, perVcpu, perVm, fixed: base - 8 * perVm - 512 * perVcpu };
}
