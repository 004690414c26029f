// What a run cannot show. Every report says it.
import type { Results } from '../../harness/results/results.js';
import { numberOf } from '../words/wording.js';

/** Something that the results do not show. */
interface Caveat {
  readonly subject: string;
  readonly text: string;
}

/** The caveats of a run. */
export function caveatsOf(results: Results): Caveat[] {
  const { host, workloads, contention, environment, singleUpdates } = results;
  const recorded = workloads.filter(({ recording }) => recording !== null).map(({ id }) => id);
  return [
    {
      subject: 'kernel time',
      text: "All times are of a model in C and V8 with the kernel's layouts. The counted work and the order of the strategies can carry over.",
    },
    {
      subject: 'the rest of vcpu_load() and vcpu_put()',
      text: 'A share is a share of the IRTE update. No published time of the whole was found.',
    },
    {
      subject: 'the cost of a flush',
      text:
        `INVALIDATE and COMPLETION_WAIT are counted and never timed (flush of a load or put: ${host.flush}). Their cost is swept, because no ` +
        'published time was found.',
    },
    {
      subject: `more than ${numberOf(contention?.threads ?? 1, 'CPU')}`,
      text:
        contention === null
          ? `One thread replays each workload; this machine has ${numberOf(environment.cpus, 'CPU')}. Contention is not measured.`
          : 'More CPUs are simulated with one cost for each remote line: no sockets, no NUMA. Waiters queue, as in the kernel.',
    },
    ...(contention === null || environment.virtualised === null
      ? []
      : [
          {
            subject: "the distance of this VM's cores",
            text: 'It may change between runs, so threaded figures differ between runs by more than their intervals.',
          },
        ]),
    ...(singleUpdates.points.length > 0
      ? []
      : [
          {
            subject: 'cold caches and interrupts-off time',
            text: 'The times are means over windows with hot caches. This run did not time single updates.',
          },
        ]),
    {
      subject: 'correctness beyond these operations',
      text: 'A strategy without a failure was right in every operation of these workloads. `npm run verify` adds random histories and concurrent operations.',
    },
    {
      subject: 'uncontended locks in V8',
      text: 'With one thread, V8 locks are plain loads and stores, so strategies with more locks look better than they are. In C locks are real; only the thread tests contend for them.',
    },
    {
      subject: 'other machines and other runs',
      text: 'Intervals cover variation between the processes of this run. docs/method.md compares several runs of one machine.',
    },
    {
      subject: 'bimodal process times',
      text: "Student's t assumes one mode. If some processes fall into a mode of their own, intervals are too narrow; results.csv shows it.",
    },
    ...(recorded.length === 0
      ? []
      : [
          {
            subject: `the devices and interrupts of ${recorded.join(', ')}`,
            text: workloads.some(({ recording }) => recording?.counts.replayedIrteUpdates)
              ? 'The schedule and some IRTE updates were recorded. The setup says which devices and interrupts are assumed.'
              : 'Only the schedule was recorded. Devices, routes and interrupts are assumed.',
          },
        ]),
  ];
}
