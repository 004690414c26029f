// Sources of schedules. Exploration gives all schedules with few preemptions, fewest first: most concurrency bugs need
// one or two (Musuvathi and Qadeer, "Iterative Context Bounding for Systematic Testing of Multithreaded Programs",
// 2007). Each run shows where another CPU could have continued, and so which schedules come next. RandomSchedules adds
// schedules with more switches.
import type { Random } from '../../../machine/random.js';
import type { Run, Schedule } from './scheduler.js';

/** A schedule, with the number of preemptions before its end. */
interface Candidate {
  readonly schedule: Schedule;
  /** Switches away from a CPU that could have continued. */
  readonly preemptions: number;
}

/** The turns of a run as text: equal texts, equal runs. */
export function turnsKey({ turns }: Run): string {
  let key = '';
  let cpu = -1;
  let steps = 0;
  for (const turn of turns) {
    if (turn.cpu !== cpu && turn.steps > 0) {
      key += `${cpu}:${steps} `;
      cpu = turn.cpu;
      steps = 0;
    }
    steps += turn.steps;
  }
  return `${key}${cpu}:${steps}`;
}

/** A source of schedules. */
export interface ScheduleSource {
  /** The next schedule; null at the end. */
  next(): Schedule | null;
  /** Learns from the run of the last schedule. Not called if an earlier schedule ran the same way. */
  learn(run: Run): void;
}

/**
 * All schedules of some CPUs with few preemptions, in ascending order of preemptions. A turn of another CPU while a CPU waits
 * for an IOMMU counts as one. An IOMMU has a turn only when a CPU waits for it.
 */
export class Exploration implements ScheduleSource {
  readonly #maxPreemptions: number;
  /** Schedules by preemptions. */
  readonly #levels: Candidate[][];
  /** The number of schedules of each level that were taken. Taking from the front of a long array copies the rest. */
  readonly #taken: number[] = [];
  #current: Candidate | undefined;

  constructor(cpus: number, maxPreemptions: number) {
    this.#maxPreemptions = maxPreemptions;
    this.#levels = Array.from({ length: maxPreemptions + 1 }, () => []);
    const order = Array.from({ length: cpus }, (_, cpu) => cpu);
    this.#levels[0]?.push({ schedule: { order, switches: [] }, preemptions: 0 });
  }

  next(): Schedule | null {
    const level = this.#levels.findIndex(
      (each, preemptions) => (this.#taken[preemptions] ?? 0) < each.length,
    );
    this.#current = this.#levels[level]?.[this.#taken[level] ?? 0];
    if (this.#current !== undefined) this.#taken[level] = (this.#taken[level] ?? 0) + 1;
    return this.#current?.schedule ?? null;
  }

  /** At each step after the last switch another ready CPU could continue. */
  learn({ cpuOfStep, readyAtStep, couldGoOnAtStep }: Run): void {
    const { schedule, preemptions } = this.#current as Candidate;
    const { order, switches } = schedule;
    for (let step = (switches.at(-1)?.step ?? -1) + 1; step < cpuOfStep.length; step++) {
      // A switch between the commands of an IOMMU's turn shows nothing that the one before them does not.
      if ((cpuOfStep[step] as number) >= order.length && cpuOfStep[step - 1] === cpuOfStep[step]) continue;
      const ready = readyAtStep[step] as number;
      const cost = preemptions + (couldGoOnAtStep[step] ? 1 : 0);
      if (cost > this.#maxPreemptions) continue;
      for (const to of order) {
        if (to === cpuOfStep[step] || (ready & (1 << to)) === 0) continue;
        this.#levels[cost]?.push({
          schedule: { order, switches: [...switches, { step, to }] },
          preemptions: cost,
        });
      }
    }
  }
}

/** A number of random schedules. */
export class RandomSchedules implements ScheduleSource {
  readonly #random: Random;
  readonly #cpus: number;
  readonly #iommus: number;
  readonly #maxSwitches: number;
  #left: number;
  /** Steps of all operations together; 0 before the first run. */
  #steps = 0;

  constructor(random: Random, cpus: number, iommus: number, maxSwitches: number, count: number) {
    this.#random = random;
    this.#cpus = cpus;
    this.#iommus = iommus;
    this.#maxSwitches = maxSwitches;
    this.#left = count;
  }

  /** @returns First a schedule without switches, whose run gives the number of steps. */
  next(): Schedule | null {
    if (this.#left-- <= 0) return null;
    const random = this.#random;
    const count = this.#steps === 0 ? 0 : 1 + random.below(this.#maxSwitches);
    const switches = Array.from({ length: count }, () => ({
      step: random.below(this.#steps),
      to: random.below(this.#cpus + this.#iommus),
    }));
    return {
      order: [...random.permutation(this.#cpus)],
      switches: switches.sort((one, other) => one.step - other.step),
    };
  }

  learn({ cpuOfStep }: Run): void {
    this.#steps = Math.max(this.#steps, cpuOfStep.length);
  }
}
