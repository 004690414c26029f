// All schedules with few preemptions, fewest first: most bugs of concurrency need one or two (Musuvathi and Qadeer,
// "Iterative Context Bounding for Systematic Testing of Multithreaded Programs", 2007). Each schedule that was run shows
// where the turn could have gone elsewhere, and so which come next. Beyond those, random ones.
import type { Random } from '../../../machine/random.js';
import type { Run, Schedule } from './turns.js';

/** A schedule with what it took. */
interface Candidate {
  readonly schedule: Schedule;
  /** Switches away from a CPU that could have gone on. */
  readonly preemptions: number;
}

/** The turns of a run in a word: equal words, equal runs. */
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

/** Where schedules come from. */
export interface ScheduleSource {
  /** The next schedule; null if there is none. */
  next(): Schedule | null;
  /** Takes in how the schedule that was given last ran, unless another ran alike. */
  learn(run: Run): void;
}

/** The schedules of some CPUs with few preemptions, in the order of their preemptions. */
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

  /** Each step behind the last switch may be another CPU's. */
  learn({ who, could }: Run): void {
    const { schedule, preemptions } = this.#current as Candidate;
    const { order, switches } = schedule;
    for (let step = (switches.at(-1)?.step ?? -1) + 1; step < who.length; step++) {
      const ready = could[step] as number;
      const previous = who[step - 1];
      const isPreempted = previous !== undefined && (ready & (1 << previous)) !== 0;
      const cost = preemptions + (isPreempted ? 1 : 0);
      if (cost > this.#maxPreemptions) continue;
      for (const to of order) {
        if (to === who[step] || (ready & (1 << to)) === 0) continue;
        this.#levels[cost]?.push({
          schedule: { order, switches: [...switches, { step, to }] },
          preemptions: cost,
        });
      }
    }
  }
}

/** Random schedules, so many. */
export class RandomSchedules implements ScheduleSource {
  readonly #random: Random;
  readonly #cpus: number;
  readonly #maxSwitches: number;
  #left: number;
  /** Steps that the operations take together; 0 before one schedule was run. */
  #steps = 0;

  constructor(random: Random, cpus: number, maxSwitches: number, count: number) {
    this.#random = random;
    this.#cpus = cpus;
    this.#maxSwitches = maxSwitches;
    this.#left = count;
  }

  /** @returns First one without a switch. */
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

  learn({ who }: Run): void {
    this.#steps = Math.max(this.#steps, who.length);
  }
}
