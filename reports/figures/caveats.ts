// What a run cannot show. Every report says it.
import type { Results } from '../../harness/results/results.js';
import { numberOf } from '../words/wording.js';
import { SHARE_OF_UPDATE } from './cost-answers.js';

/** Something that the results do not show. */
interface Caveat {
  readonly subject: string;
  readonly text: string;
}

/** The caveats of a run. */
export function caveatsOf(results: Results): Caveat[] {
  const { host, workloads, contention } = results;
  const caveats: Caveat[] = [
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
        `warm. No figure here is a time of the kernel. ${SHARE_OF_UPDATE}`,
    },
    {
      subject: 'Cost of atomics',
      text:
        'In V8 the locks of a workload are a plain load and a plain store of the lock word. The price of a locked ' +
        'instruction, and of cmpxchg16b on an IRTE, is in none of its times; designs that take more locks look better ' +
        'than they are. In C they are real, on lines that no other CPU wants.',
    },
    ...threadCaveats(results),
    {
      subject: 'Interrupts-off latency',
      text: 'Times are means over windows of operations. How long the longest single update keeps interrupts off is not measured.',
    },
    {
      subject: 'Invalidation cost',
      text:
        `INVALIDATE and COMPLETION_WAIT are counted and never timed (flush of a load or put: ${host.flush}). On hardware that needs ` +
        'them they may outweigh all else.' +
        (contention?.waits ? ' One simulation gives the wait a duration, which is swept.' : ''),
    },
    {
      subject: 'Processes in two modes',
      text:
        "Student's t takes the processes' times as scattered around one value. Where a few of them fall into a mode of " +
        'their own (the way V8 compiled them, the physical pages they got), the interval holds the truth less often ' +
        'than it says: look at the dots of the single processes.',
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
      text: 'Collections during a sample are counted and stated beside the times. Their time is in the samples: none is dropped for it.',
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
    caveats.push({
      subject: 'Recording',
      text: `In ${recorded.join(', ')} only the schedule was recorded. Devices, routes and interrupts are assumed.`,
    });
  }
  return caveats;
}

/** The caveats about several CPUs, which depend on whether threads were run. */
function threadCaveats({ environment, contention }: Results): Caveat[] {
  const machine = `This machine has ${numberOf(environment.cpus, 'CPU')}`;
  if (contention === null) {
    return [
      {
        subject: 'Single-threaded',
        text:
          'One thread replays each workload. Contention for a lock, and what else happens between CPUs, is not ' +
          'measured.',
      },
      {
        subject: 'Coherence traffic',
        text:
          `Cache lines that move between cores are not in the times. ${machine}; nothing is said of more, or of ` +
          'several sockets.',
      },
    ];
  }
  return [
    {
      subject: 'Single-threaded',
      text:
        'One thread replays each workload; only the host of "Many CPUs at once" has several, and nothing but loads and ' +
        'puts. Of its answers the threads show the end alone, when all are at rest. Whether any order of the steps of two ' +
        'CPUs goes wrong, as in f3cebc75e742 and e52d58d54a32, verify judges, and not this run.',
    },
    {
      subject: 'Coherence traffic',
      text:
        `${machine}, and up to ${numberOf(contention.threads, 'thread')} ran on them` +
        (environment.virtualised === null
          ? '. '
          : ', virtual ones: how far apart their cores lie may change from one minute to the next, and with it what a ' +
            'line costs. So two runs differ in what several threads do by far more than the intervals of either. ') +
        'More CPUs are simulated, with one price for a line from any other CPU: no sockets, no NUMA, no limit of the ' +
        'interconnect.',
    },
    {
      subject: 'The lock itself',
      text:
        'Threads spin on the lock word until it is free and then all try to take it (test and test-and-set). The kernel ' +
        'queues its waiters: it is fairer, and each hand-over moves fewer lines. Simulated CPUs wait in a queue, and the lock ' +
        'comes to the next of them at the price of one line.',
    },
    {
      subject: 'Back-to-back updates',
      text:
        'Threads do nothing between two updates. That is the most that locks can stand in the way; a host runs its guests ' +
        'in between, and comes nearer to a ceiling only as its rate of updates does (see what if).',
    },
    {
      subject: 'Locks of threads in V8',
      text:
        "With threads V8's locks are its Atomics, each a call of a builtin, and a lock is held for longer than in C: where " +
        'the lanes differ under contention, C is nearer to a kernel.',
    },
  ];
}
