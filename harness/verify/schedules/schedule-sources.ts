// Sources of schedules. Exploration gives all schedules with few preemptions, fewest first: most concurrency bugs need
// one or two (Musuvathi and Qadeer, "Iterative Context Bounding for Systematic Testing of Multithreaded Programs",
// 2007). Each run shows where another CPU could have continued, and so which schedules come next. Random schedules have
// more switches.
import type { Random } from '../../../machine/random.js';
import { RANDOM_SWITCHES } from '../../method.js';
import type { Run, Schedule } from './scheduler.js';

/** The CPU of each step of a run as text: equal texts, equal runs. */
export const keyOfRun = ({ choices }: Run): string => choices.map(({ cpu }) => cpu).join('');

/** A source of schedules. It receives the run of each; null if an earlier schedule ran the same way. */
export type ScheduleSource = Generator<Schedule, void, Run | null>;

/**
 * All schedules of some CPUs with few preemptions, in ascending order of preemptions. A preemption is a switch away from a CPU
 * that could have continued. A turn of another CPU while a CPU waits for an IOMMU counts as one. An IOMMU has a turn only
 * when a CPU waits for it.
 */
export function* exploration(cpus: number, maxPreemptions: number): ScheduleSource {
  const order = Array.from({ length: cpus }, (_, cpu) => cpu);
  /** The switches of the schedules, by their number of preemptions. */
  const levels: Schedule['switches'][][] = Array.from({ length: maxPreemptions + 1 }, () => []);
  levels[0]?.push([]);
  for (const [preemptions, level] of levels.entries()) {
    // A run appends schedules to this level and to the next.
    for (const switches of level) {
      const lastSwitch = switches.at(-1)?.step ?? -1;
      const run = yield { order, switches };
      run?.choices.forEach(({ cpu, ready, couldGoOn }, step) => {
        if (step <= lastSwitch) return;
        // A switch between the commands of an IOMMU's turn shows nothing that the one before them does not.
        if (cpu >= cpus && run.choices[step - 1]?.cpu === cpu) return;
        for (const to of order) {
          if (to === cpu || (ready & (1 << to)) === 0) continue;
          levels[preemptions + (couldGoOn ? 1 : 0)]?.push([...switches, { step, to }]);
        }
      });
    }
  }
}

/** A number of random schedules. The first one has no switches: its run gives the number of steps. */
export function* randomSchedules(
  random: Random,
  cpus: number,
  iommus: number,
  count: number,
): ScheduleSource {
  /** Steps of all operations together; 0 before the first run. */
  let steps = 0;
  for (let left = count; left > 0; left--) {
    const length = steps === 0 ? 0 : 1 + random.below(RANDOM_SWITCHES);
    const switches = Array.from({ length }, () => ({
      step: random.below(steps),
      to: random.below(cpus + iommus),
    }));
    const run = yield {
      order: [...random.permutation(cpus)],
      switches: switches.sort((one, other) => one.step - other.step),
    };
    steps = Math.max(steps, run?.choices.length ?? 0);
  }
}
