import type { HostParameters } from '../../machine/host.js';
import { type Random, randomFrom } from '../../machine/random.js';
import { StreamBuilder } from '../stream/stream-builder.js';
import type { GeneratedStream } from '../workload.js';
import { createFleet, type FleetParameters } from './fleet.js';

/** A fleet whose vCPUs share CPUs. */
interface SwitchingParameters extends FleetParameters {
  readonly cpus: number;
  readonly operations: number;
  /** Share of puts that are halts. */
  readonly haltShare: number;
}

/** Called after a halt, before another vCPU runs on the CPU. */
type OnHalt = (builder: StreamBuilder, random: Random, irqs: readonly number[]) => void;

/**
 * Generates a host with one queue of vCPUs for all CPUs. Each step switches the vCPU on a random CPU, so vCPUs
 * migrate all the time.
 */
export function switchAtRandom(
  parameters: SwitchingParameters,
  seed: number,
  host: HostParameters,
  onHalt: OnHalt = () => {},
): GeneratedStream {
  const { cpus, operations, haltShare } = parameters;
  const random = randomFrom(seed);
  const builder = new StreamBuilder(host);
  const { vcpus, irqsOf } = createFleet(builder, parameters);
  const waiting = Array.from({ length: vcpus }, (_, vcpu) => vcpu);
  const runningOn = new Array<number | null>(cpus).fill(null);

  /** Loads a random waiting vCPU on a CPU that runs none. */
  function dispatch(cpu: number): void {
    if (waiting.length === 0) return;
    const place = random.below(waiting.length);
    const vcpu = waiting[place] as number;
    waiting[place] = waiting.at(-1) as number;
    waiting.pop();
    builder.load(vcpu, cpu);
    runningOn[cpu] = vcpu;
  }

  function deschedule(cpu: number, halts: boolean): void {
    const vcpu = runningOn[cpu] ?? null;
    if (vcpu === null) return;
    builder.put(vcpu, halts);
    runningOn[cpu] = null;
    waiting.push(vcpu);
    if (halts) onHalt(builder, random, irqsOf[vcpu] as readonly number[]);
  }

  for (let cpu = 0; cpu < cpus; cpu++) dispatch(cpu);
  builder.beginWindow();
  while (builder.windowOperations < operations) {
    const cpu = random.below(cpus);
    deschedule(cpu, random.chance(haltShare));
    dispatch(cpu);
  }
  return { stream: builder.finish() };
}
