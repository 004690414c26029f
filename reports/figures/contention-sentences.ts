// What many CPUs at once come to, in sentences; disagreements and what does not count are said aloud.
import type { Contention, Results } from '../../harness/results/results.js';
import {
  carriesVerdict,
  type Interval,
  type ProcessInterval,
  sideOfOne,
} from '../../harness/results/statistics.js';
import {
  countText,
  laneText,
  millionsText,
  namesText,
  numberOf,
  parametersText,
  partText,
  ratioText,
} from '../words/wording.js';
import {
  type Agreement,
  type Ceiling,
  ceilingIn,
  furthestApart,
  MOST_DIFFERENCE,
  shownLane,
} from './contention-simulation.js';
import type { ThreadedLane, ThreadedPoint, ThreadedStrategy } from './contention-throughput.js';
import { LOOK_UP, NO_LOOK_UP } from './cost-answers.js';
import { isUnexpected } from './survey.js';
import { isShared } from './what-if-model.js';

/** In the place of all of it. */
export const NO_CONTENTION = 'Nothing was run with several threads.';

/** How it was measured, in words. */
export const CONTENTION_INTRODUCTION =
  'Threads load and put at the same time on one host, each the vCPUs that are its own, one update right after the other. ' +
  'Locks are real, of the kind that reads the lock word until it is free and then tries to take it; in V8 they are its ' +
  'Atomics. Throughput is the loads and puts of all threads together, the median over the runs of a process; its interval ' +
  "is Student's t over processes. At the end of each process every live entry must say what its vCPU's last operation " +
  'says, or its figures count for nothing.';

/** Where and how it was run, as names and values. */
export function contentionFacts(results: Results, contention: Contention): [string, string][] {
  const { workload, threads, processes, windowsPerRun, series, noNative } = contention;
  const runs = Math.max(0, ...series.map((one) => one.runs.filter((run) => run.threads === threads).length));
  return [
    ['Host', workload.description],
    [
      'Its size',
      `${numberOf(workload.vms, 'VM')}, ${numberOf(workload.vcpus, 'vCPU')}, ${numberOf(workload.irqs, 'irq')}, ` +
        `${numberOf(results.host.iommus, 'IOMMU')}; ${parametersText(workload.parameters)}`,
    ],
    ['Favours', workload.favours],
    ['Penalises', workload.penalises],
    [
      'Threads',
      `up to ${countText(threads)}, on ${numberOf(results.environment.cpus, 'CPU')} of this machine`,
    ],
    [
      'Processes',
      `${countText(processes)} of each strategy in each language, each with ${numberOf(runs, 'run')} of as many threads`,
    ],
    ['Run', `until a thread has replayed its window ${numberOf(windowsPerRun, 'time')}`],
    ...(noNative === null ? [] : [['V8 alone', noNative] as [string, string]]),
  ];
}

/** The point of a strategy with so many threads. */
export function pointAt({ points }: ThreadedStrategy, threads: number): ThreadedPoint | undefined {
  return points.find((point) => point.threads === threads);
}

/** The most threads of a lane, if they are more than one. */
export function mostThreads({ threads }: ThreadedLane): number | null {
  const most = threads.at(-1) ?? 1;
  return most > 1 ? most : null;
}

/** What designs with locks for all CPUs lose by them, and the others beside them: a sentence for each such lock and lane. */
export function lossSentences(
  { run }: Results,
  contention: Contention,
  lanes: readonly ThreadedLane[],
): string[] {
  return lanes.flatMap((lane) => {
    const threads = mostThreads(lane);
    if (threads === null) {
      return [`${laneText(lane.lane)}: one thread alone was run, so that nothing waited for a lock.`];
    }
    const lockOf = (strategy: string) => sharedLocks(contention, strategy);
    const locks = [...new Set(lane.strategies.map(({ strategy }) => lockOf(strategy)))];
    return locks.map((lock) => {
      const members = lane.strategies.filter(({ strategy }) => lockOf(strategy) === lock);
      const points = members.flatMap((member) => pointAt(member, threads) ?? []);
      const names = namesText(members.map(({ strategy }) => strategy));
      const has = members.length === 1 ? 'has' : 'have';
      const who = lock === null ? `${names} ${has} no such lock` : `${names} ${has} ${lock}`;
      const scaling = rangeText(points.map((point) => point.scaling));
      const beside = rangeText(points.map(({ toBaseline }) => toBaseline));
      const clauses = [
        ...(scaling === null ? [] : [`${scaling} of the throughput of one`]),
        ...(beside === null ? [] : [`${beside} of that of ${run.baseline} with as many`]),
      ];
      const figures =
        clauses.length === 0 ? 'throughput without a figure to compare' : clauses.join(', and ');
      return `${laneText(lane.lane)}: ${who}; ${countText(threads)} threads come to ${figures}.`;
    });
  });
}

/** The locks that all CPUs take in a design: "8 locks that all CPUs take, gatag_hash"; null where it has none. */
function sharedLocks({ busiest }: Contention, strategy: string): string | null {
  const lock = busiest.find((one) => one.strategy === strategy)?.lock ?? null;
  if (lock === null || !isShared(lock)) return null;
  return `${numberOf(lock.count, 'lock')} that all CPUs take, ${lock.name}`;
}

/** Estimates from the least to the greatest; null where there is none. */
function rangeText(intervals: readonly (Interval | null)[]): string | null {
  const estimates = intervals.flatMap((interval) => interval?.estimate ?? []);
  if (estimates.length === 0) return null;
  const [least, greatest] = [Math.min(...estimates), Math.max(...estimates)].map(ratioText);
  return least === greatest ? `${least}` : `${least} to ${greatest}`;
}

/** How far simulation and measurement are apart: the furthest, and whether the one may stand for the other. */
export function agreementSentences(all: readonly Agreement[]): string[] {
  const furthest = furthestApart(all);
  if (furthest === null) return ['No simulated throughput can be held against a measured one.'];
  const counts = [...new Set(all.map(({ threads }) => threads))].sort((a, b) => a - b);
  const apart = all.filter(({ difference }) => Math.abs(difference) > MOST_DIFFERENCE);
  const limit = `the ${partText(MOST_DIFFERENCE)} that they are held to`;
  return [
    `At T = ${namesText(counts.map(String))} simulation and measurement differ by at most ` +
      `${partText(Math.abs(furthest.difference))} (${placeText(furthest)}), ` +
      `${apart.length === 0 ? `within ${limit}.` : `which is MORE than ${limit}: simulation does not stand for measurement there.`}`,
    ...(apart.length < 2
      ? []
      : [
          `More than that apart: ${apart.map((one) => `${placeText(one)} ${differenceText(one)}`).join('; ')}.`,
        ]),
  ];
}

function placeText({ strategy, threads, lane }: Agreement): string {
  return `${strategy}, T = ${threads}, ${laneText(lane)}`;
}

/** Simulated beside measured: "-3.2 %". */
export function differenceText({ difference }: Pick<Agreement, 'difference'>): string {
  const percent = (100 * difference).toFixed(1);
  return `${percent.startsWith('-') ? '' : '+'}${percent} %`;
}

/** Where a strategy ends: "has its most at 1 CPU, 6.70 M/s, and 2.80 M/s at 1,024, where ...". */
export function ceilingClause({ stop, isReached, last }: Ceiling): string {
  const rate = ({ perSecond }: Ceiling['stop']) => `${millionsText(perSecond)} M/s`;
  const held = ({ busiest, utilisation }: Ceiling['stop']) =>
    busiest === null
      ? ''
      : `, where the busiest lock, ${busiest}, is held ${partText(utilisation)} of the time`;
  if (!isReached) return `still rises at ${numberOf(last.cpus, 'CPU')}, to ${rate(last)}${held(last)}`;
  if (stop === last) return `stops at ${numberOf(stop.cpus, 'CPU')} with ${rate(stop)}${held(stop)}`;
  return (
    `rises no further from ${numberOf(stop.cpus, 'CPU')} on, with ${rate(stop)} there and ${rate(last)} at ` +
    `${countText(last.cpus)}${held(last)}`
  );
}

/** Where the design whose look-up is in question ends, and the one without; none where neither was simulated. */
export function ceilingSentences(contention: Contention): string[] {
  const lane = shownLane(contention);
  const sentences = [LOOK_UP, NO_LOOK_UP].flatMap((id) => {
    const ceiling = lane && ceilingIn(contention, id, lane);
    return ceiling ? [`${laneText(lane)}, simulated: ${id} ${ceilingClause(ceiling)}.`] : [];
  });
  return sentences.length === 0 ? ['No more CPUs than there are here were simulated.'] : sentences;
}

/** A factor by which throughput changed, as far as its interval tells: "falls to 0.418 [0.41, 0.43] of". */
export function changeClause(scaling: ProcessInterval, text: string): string {
  if (!carriesVerdict(scaling.n)) return `came out at ${text} of`;
  const side = sideOfOne(scaling);
  if (side === null) return `is not told apart, at ${text}, from`;
  return `${side === 'below' ? 'falls' : 'rises'} to ${text} of`;
}

/** Whose figures count for nothing and why, who took no part, and whom the oracle shows wrong. */
export function contentionGaps(
  results: Results,
  contention: Contention,
  lanes: readonly ThreadedLane[],
): string[] {
  const voids = lanes.flatMap(({ lane, void: rows }) =>
    rows.map(({ strategy, reason }) => `${strategy} is VOID with threads, ${laneText(lane)}: ${reason}.`),
  );
  const absent = results.strategies
    .map(({ id }) => id)
    .filter((id) => !contention.series.some(({ strategy }) => strategy === id));
  const wrong = contention.checks.flatMap(({ strategy, findings, matchesOracle }) => {
    if (findings.length === 0) {
      return matchesOracle
        ? []
        : [`${strategy} ended with other entries than the oracle, one operation at a time.`];
    }
    const kinds = findings.map(
      (finding) =>
        `${finding.kind} ${countText(finding.count)}${isUnexpected(finding) ? ' (UNEXPECTED)' : ''}`,
    );
    return [`${strategy} is wrong on this stream, one operation at a time: ${kinds.join(', ')}.`];
  });
  return [
    ...voids,
    ...(absent.length === 0 ? [] : [`Not run with threads: ${absent.join(', ')}.`]),
    ...wrong,
  ];
}

/** What the prices are, and what they are not. */
export function priceSentence(lanes: readonly ThreadedLane[]): string {
  const alone = lanes.filter((lane) => mostThreads(lane) === null);
  const doubt =
    alone.length === 0
      ? ''
      : ' Where one thread alone was run, nothing is known of lines that come from another CPU.';
  return (
    'Each update is simulated by its counted work at four prices, the same for all strategies of a language. They are ' +
    'fitted, not measured: a word and a lock to the throughput of one thread, the two of lines from another CPU to that of ' +
    'several. So of the figures compared under "Beyond this machine" two are used up in each case. A line from another CPU costs what ' +
    'it adds to an update, waiting and what else it disturbs included; two threads that do nothing but hand a line to and ' +
    `fro do it in less.${doubt}`
  );
}

/** So many threads, as in the head of a column. */
export function threadsText(count: number): string {
  return `T = ${countText(count)}`;
}
