import type { Random } from '../../machine/random.js';
import type { StreamBuilder } from '../stream/stream-builder.js';

/**
 * A host's CPUs with one queue of vCPUs that wait for any of them: whoever is picked next runs wherever it was
 * picked, so vCPUs migrate all the time.
 */
class RunQueue {
  readonly #builder: StreamBuilder;
  readonly #random: Random;
  readonly #waiting: number[];
  readonly #runningOn: (number | null)[];

  constructor(builder: StreamBuilder, random: Random, vcpus: number, cpus: number) {
    this.#builder = builder;
    this.#random = random;
    this.#waiting = Array.from({ length: vcpus }, (_, vcpu) => vcpu);
    this.#runningOn = new Array<number | null>(cpus).fill(null);
  }

  /** Puts a waiting vCPU, drawn at random, on a CPU that runs none; nothing if none waits. */
  dispatch(cpu: number): void {
    if (this.#waiting.length === 0) return;
    const place = this.#random.below(this.#waiting.length);
    const vcpu = this.#waiting[place] as number;
    this.#waiting[place] = this.#waiting[this.#waiting.length - 1] as number;
    this.#waiting.pop();
    this.#builder.load(vcpu, cpu);
    this.#runningOn[cpu] = vcpu;
  }

  /** Takes the vCPU of a CPU off it. @returns That vCPU, or null if none ran there. */
  deschedule(cpu: number, blocking: boolean): number | null {
    const vcpu = this.#runningOn[cpu] ?? null;
    if (vcpu === null) return null;
    this.#builder.put(vcpu, blocking);
    this.#runningOn[cpu] = null;
    this.#waiting.push(vcpu);
    return vcpu;
  }
}

/** How a window of switches is made. */
interface SwitchingParameters {
  readonly cpus: number;
  readonly operations: number;
  /** Share of puts that are halts. */
  readonly haltShare: number;
}

/**
 * Fills the CPUs, begins the window, and switches vCPUs on CPUs drawn at random until it has its operations.
 *
 * @param onHalt - What happens to a vCPU that has just halted, before another runs.
 */
export function switchAtRandom(
  builder: StreamBuilder,
  random: Random,
  vcpus: number,
  { cpus, operations, haltShare }: SwitchingParameters,
  onHalt: (vcpu: number) => void = () => {},
): void {
  const queue = new RunQueue(builder, random, vcpus, cpus);
  for (let cpu = 0; cpu < cpus; cpu++) queue.dispatch(cpu);
  builder.beginWindow();
  while (builder.windowOperations < operations) {
    const cpu = random.below(cpus);
    const halts = random.chance(haltShare);
    const vcpu = queue.deschedule(cpu, halts);
    if (vcpu !== null && halts) onHalt(vcpu);
    queue.dispatch(cpu);
  }
}
