import type { Fleet } from './fleet.js';
import type { FleetParameters } from './parameters.js';

/**
 * Runs a fleet with one queue of vCPUs for all CPUs. Each step switches the vCPU on a random CPU, so vCPUs migrate all
 * the time.
 *
 * @param onHalt - Called after a halt with the vCPU's irqs, before another vCPU runs on the CPU.
 */
export function switchAtRandom(
  { builder, random, vcpus, irqsOf }: Fleet,
  {
    cpus,
    operations,
    haltShare,
  }: FleetParameters & Readonly<Record<'cpus' | 'operations' | 'haltShare', number>>,
  onHalt: (irqs: readonly number[] | undefined) => void = () => {},
): void {
  const waiting = Array.from({ length: vcpus }, (_, vcpu) => vcpu);
  const runningOn: (number | undefined)[] = [];

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
    const vcpu = runningOn[cpu];
    if (vcpu === undefined) return;
    builder.put(vcpu, halts);
    runningOn[cpu] = undefined;
    waiting.push(vcpu);
    if (halts) onHalt(irqsOf[vcpu]);
  }

  for (let cpu = 0; cpu < cpus; cpu++) dispatch(cpu);
  builder.beginWindow();
  while (builder.windowOperations < operations) {
    const cpu = random.below(cpus);
    deschedule(cpu, random.chance(haltShare));
    dispatch(cpu);
  }
}
