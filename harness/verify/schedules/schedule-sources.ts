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

/** All schedules of some CPUs with few preemptions, in ascending order of preemptions. */
export class Exploration implements ScheduleSource {
  readonly #maxPreemptions: number;
  /** Schedules to come, by preemptions. */
  readonly #levels: Candidate[][];
  #current: Candidate | undefined;

  constructor(cpus: number, maxPreemptions: number) {
    this.#maxPreemptions = maxPreemptions;
    this.#levels = Array.from({ length: maxPreemptions + 1 }, () => []);
    const order = Array.from({ length: cpus }, (_, cpu) => cpu);
    this.#levels[0]?.push({ schedule: { order, switches: [] }, preemptions: 0 });
  }

  next(): Schedule | null {
    this.#current = this.#levels.find((level) => level.length > 0)?.shift();
    return this.#current?.schedule ?? null;
  }

  /** At each step after the last switch another ready CPU could continue. */
  learn({ cpuOfStep, readyAtStep }: Run): void {
    const { schedule, preemptions } = this.#current as Candidate;
    const { order, switches } = schedule;
    for (let step = (switches.at(-1)?.step ?? -1) + 1; step < cpuOfStep.length; step++) {
      const ready = readyAtStep[step] as number;
      const previous = cpuOfStep[step - 1];
      const isPreempted = previous !== undefined && (ready & (1 << previous)) !== 0;
      const cost = preemptions + (isPreempted ? 1 : 0);
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
  readonly #maxSwitches: number;
  #left: number;
  /** Steps of all operations together; 0 before the first run. */
  #steps = 0;

  constructor(random: Random, cpus: number, maxSwitches: number, count: number) {
    this.#random = random;
    this.#cpus = cpus;
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
      to: random.below(this.#cpus),
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
