// What a run cannot show. Every report carries it.
import type { Results } from '../harness/results.js';
import { numberOf } from './wording.js';

/** Something that the results do not say. */
interface ReportLimit {
  readonly subject: string;
  readonly text: string;
}

/** The limits of a run's results. */
export function limitsOf(results: Results): ReportLimit[] {
  const { environment, host, workloads } = results;
  const limits: ReportLimit[] = [
    {
      subject: 'A model, not the kernel',
      text:
        'The designs run as compiled JavaScript (V8) on a model of the IRTEs, lists, hash tables and locks, laid ' +
        "out in the kernel's sizes, and some of them in C on the same memory. What can carry over is the work that a " +
        'design does and the order of the ratios.',
    },
    {
      subject: 'Right answers',
      text:
        'A design without a finding was right in every operation of these workloads on this host, and no more is ' +
        'known from this run. `gatag-bench verify` also judges generated histories on small, hostile hosts.',
    },
    {
      subject: 'Absolute kernel nanoseconds',
      text:
        'ns per operation are those of the model, in V8 and in C: one process with the host to itself and all of it ' +
        'warm. No figure here is a time of the kernel.',
    },
    {
      subject: 'Cost of atomics',
      text:
        'In V8 locks are a plain load and a plain store of the lock word. The price of a locked instruction, and of ' +
        'cmpxchg16b on an IRTE, is in none of its times; designs that take more locks look better than they are. In C ' +
        'they are real, on lines that no other CPU wants.',
    },
    {
      subject: 'Single-threaded',
      text:
        'One thread replays each workload. Contention for a lock, and what else happens between CPUs, is not ' +
        'measured.',
    },
    {
      subject: 'Coherence traffic',
      text:
        `Cache lines that move between cores are not in the times. This machine has ${numberOf(environment.cpus, 'CPU')}; ` +
        'nothing is said of more, or of several sockets.',
    },
    {
      subject: 'Interrupts-off latency',
      text: 'Times are means over windows of operations. How long the longest single update keeps interrupts off is not measured.',
    },
    {
      subject: 'Invalidation cost',
      text:
        `INVALIDATE and COMPLETION_WAIT are counted and never priced (flush: ${host.flush}). On hardware that needs ` +
        'them they may outweigh all else.',
    },
    {
      subject: 'Processes in two modes',
      text:
        "Student's t takes the processes' times as scattered around one value. Where a few of them fall into a mode of " +
        'their own (the way V8 compiled them, the physical pages they got), the interval holds the truth less often ' +
        'than it says: look at the dots of the single forks.',
    },
    {
      subject: 'Another day, another machine',
      text:
        'The intervals hold what differs between processes of this run, with objects placed anew in each, and not ' +
        'what another CPU, another version of V8 or of this program would change.',
    },
    {
      subject: 'Ratios over workloads',
      text:
        'A geometric mean over workloads has a narrower interval than each of them, and what shifts all of a run alike ' +
        'is not in it: two runs differ by more than that.',
    },
    {
      subject: 'Garbage collection',
      text: 'Collections during a sample are counted and stated beside the times. Their time is in the samples: none is dropped.',
    },
    {
      subject: 'Peak memory',
      text:
        'The largest resident set is that of the whole process, with the engine and the stream. What a design ' +
        'holds is the count of modelled bytes.',
    },
  ];
  const recorded = workloads.filter(({ recording }) => recording !== null).map(({ id }) => id);
  if (recorded.length > 0) {
    limits.push({
      subject: 'Recording',
      text: `In ${recorded.join(', ')} only the schedule was recorded. Devices, routes and interrupts are assumed.`,
    });
  }
  return limits;
}
