// All schedules with few preemptions, fewest first: most bugs of concurrency need one or two (Musuvathi and Qadeer,
// "Iterative Context Bounding for Systematic Testing of Multithreaded Programs", 2007). Each schedule that was run shows
// where the turn could have gone elsewhere, and so which come next.
import type { Random } from '../../machine/random.js';
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

/** The schedules of some CPUs, in the order of their preemptions. */
export class Exploration {
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

  /** The next schedule; null if there is none. */
  next(): Schedule | null {
    this.#current = this.#levels.find((level) => level.length > 0)?.shift();
    return this.#current?.schedule ?? null;
  }

  /** Takes in how the schedule that was given last ran: each step behind its last switch may be another CPU's. */
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

/**
 * A random schedule.
 *
 * @param steps - About as many as the operations have together.
 */
export function randomSchedule(random: Random, cpus: number, steps: number, maxSwitches: number): Schedule {
  const count = 1 + random.below(maxSwitches);
  const switches = Array.from({ length: count }, () => ({
    step: random.below(steps),
    to: random.below(cpus),
  }));
  return {
    order: [...random.permutation(cpus)],
    switches: switches.sort((one, other) => one.step - other.step),
  };
}
