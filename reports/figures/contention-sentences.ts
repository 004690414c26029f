// The results of many CPUs at once, in sentences. Disagreements and void figures are always told.
import { DECOMPOSITION } from '../../harness/method.js';
import type { Contention, Lane, Results } from '../../harness/results/results.js';
import type { Interval } from '../../harness/results/statistics.js';
import {
  countText,
  laneText,
  millionsText,
  namesText,
  numberOf,
  parametersText,
  partText,
  ratioText,
  signedPercent,
} from '../words/wording.js';
import { FLOOR } from './cell-analysis.js';
import {
  type Agreement,
  type Ceiling,
  ceilingIn,
  furthestApart,
  MOST_DIFFERENCE,
  shownLane,
} from './contention-simulation.js';
import {
  ascending,
  type ThreadedLane,
  type ThreadedPoint,
  type ThreadedStrategy,
} from './contention-throughput.js';
import { isUnexpected } from './strategy-outcomes.js';
import { isShared } from './what-if-model.js';

/** The designs that the answers compare: neighbours differ by one decision. The lower bound is none of them. */
export const COMPARED: readonly string[] = DECOMPOSITION.strategies.filter((id) => id !== FLOOR);

/** The whole section if there are no results. */
export const NO_CONTENTION = 'Nothing was run with several threads.';

export const CONTENTION_INTRODUCTION =
  'Each thread loads and puts its own vCPUs in a tight loop, all threads on one host. Locks are real: a thread spins ' +
  "until the lock word is free and then tries to take it. V8's locks are its Atomics. Throughput is the updates of all " +
  "threads: the median over the runs of a process, with Student's t interval over processes. A strategy is void if one of " +
  'its processes ends with a wrong IRTE.';

/** The host and the runs, as names and values. */
export function contentionFacts(results: Results, contention: Contention): [string, string][] {
  const { workload, threads, processes, windowsPerRun, series } = contention;
  const runs = Math.max(0, ...series.map((one) => one.runs.filter((run) => run.threads === threads).length));
  return [
    ['Host', workload.description],
    [
      'Size',
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
      `${countText(processes)} for each strategy and language, each with ${numberOf(runs, 'run')} for each number of threads`,
    ],
    ['Run', `until a thread has replayed its window ${numberOf(windowsPerRun, 'time')}`],
    ...(results.run.noNative === null ? [] : [['V8 only', results.run.noNative] as [string, string]]),
  ];
}

/** The point of a strategy with this number of threads. */
export function pointAt({ points }: ThreadedStrategy, threads: number): ThreadedPoint | undefined {
  return points.find((point) => point.threads === threads);
}

/** The most threads of a lane; null if it had one thread only. */
export function mostThreads({ threads }: ThreadedLane): number | null {
  const most = threads.at(-1) ?? 1;
  return most > 1 ? most : null;
}

/** How throughput changes with the most threads: a sentence for each lane and kind of shared lock. */
export function lossSentences(
  { run }: Results,
  contention: Contention,
  lanes: readonly ThreadedLane[],
): string[] {
  return lanes.flatMap((lane) => {
    const threads = mostThreads(lane);
    if (threads === null) {
      return [`${laneText(lane.lane)}: only one thread was run, so nothing waited for a lock.`];
    }
    const locks = [...new Set(lane.strategies.map(({ strategy }) => sharedLocks(contention, strategy)))];
    return locks.map((lock) => {
      const members = lane.strategies.filter(({ strategy }) => sharedLocks(contention, strategy) === lock);
      const names = namesText(members.map(({ strategy }) => strategy));
      const points = members.flatMap((member) => pointAt(member, threads) ?? []);
      const toOne = rangeText(points.map(({ scaling }) => scaling));
      const toBaseline = rangeText(points.map((point) => point.toBaseline));
      const ratios = [
        ...(toOne === null ? [] : [`${toOne} times the throughput of one thread`]),
        ...(toBaseline === null ? [] : [`${toBaseline} times the throughput of ${run.baseline}`]),
      ];
      return (
        `${laneText(lane.lane)}: ${lock === null ? `no lock of ${names} is taken by all CPUs` : `all CPUs take the ${lock} of ${names}`}. ` +
        `${countText(threads)} threads reach ${ratios.length === 0 ? 'a throughput that cannot be compared' : ratios.join(', and ')}.`
      );
    });
  });
}

/** The locks of a design that all CPUs take: "8 gatag_hash locks"; null if it has none. */
function sharedLocks({ busiest }: Contention, strategy: string): string | null {
  const lock = busiest.find((one) => one.strategy === strategy)?.lock ?? null;
  return lock === null || !isShared(lock) ? null : numberOf(lock.count, `${lock.name} lock`);
}

/** The range of estimates; null if there are none. */
function rangeText(intervals: readonly (Interval | null)[]): string | null {
  const estimates = intervals.flatMap((interval) => interval?.estimate ?? []);
  if (estimates.length === 0) return null;
  const [least, greatest] = [Math.min(...estimates), Math.max(...estimates)].map(ratioText);
  return least === greatest ? `${least}` : `${least} to ${greatest}`;
}

/** Whether the simulation agrees with the measurements, and the largest disagreement. */
export function agreementSentences(all: readonly Agreement[]): string[] {
  const furthest = furthestApart(all);
  if (furthest === null) return ['No simulated throughput can be compared with a measured one.'];
  const counts = ascending(all.map(({ threads }) => threads));
  const apart = all.filter(({ difference }) => Math.abs(difference) > MOST_DIFFERENCE);
  const verdict =
    apart.length === 0
      ? `within the accepted ${partText(MOST_DIFFERENCE)}`
      : `MORE than the accepted ${partText(MOST_DIFFERENCE)}: the simulation is not valid there`;
  return [
    `At T = ${namesText(counts.map(String))} simulation and measurement differ by at most ` +
      `${partText(Math.abs(furthest.difference))} (${placeText(furthest)}), ${verdict}.`,
    ...(apart.length < 2
      ? []
      : [
          `Larger differences: ${apart.map((one) => `${placeText(one)} ${differenceText(one)}`).join('; ')}.`,
        ]),
  ];
}

function placeText({ strategy, threads, lane }: Agreement): string {
  return `${strategy}, T = ${threads}, ${laneText(lane)}`;
}

/** How far the simulation is above or below the measurement: "-3.2 %". */
export function differenceText({ difference }: Pick<Agreement, 'difference'>): string {
  return `${signedPercent(1 + difference)} %`;
}

/** Whether the throughput of some strategies saturates, and at how many CPUs. */
function saturationClause({ stop, isReached }: Ceiling, strategies = 1): string {
  const verb = `${isReached ? 'saturate' : 'still scale'}${strategies === 1 ? 's' : ''}`;
  return `${verb} at ${numberOf(stop.cpus, 'CPU')}`;
}

/** The same of one strategy with figures: "saturates at 1 CPU with 6.70 M/s (2.80 M/s at 1,024, where ...)". */
export function ceilingClause(ceiling: Ceiling): string {
  const { stop, last } = ceiling;
  const rate = ({ perSecond }: Ceiling['stop']) => `${millionsText(perSecond)} M/s`;
  const held =
    last.busiest === null
      ? ''
      : `, where the busiest lock, ${last.busiest}, is held ${partText(last.utilisation)} of the time`;
  const known = `${saturationClause(ceiling)} with ${rate(stop)}`;
  return stop === last ? `${known}${held}` : `${known} (${rate(last)} at ${countText(last.cpus)}${held})`;
}

/** Where the compared designs saturate: "opaque-tag-hash and shared-hash saturate at 1 CPU". */
export function saturationClauses(contention: Contention): string[] {
  const lane = shownLane(contention);
  const known = COMPARED.flatMap((id) => {
    const ceiling = lane && ceilingIn(contention, id, lane);
    return ceiling ? [{ id, ceiling, end: saturationClause(ceiling) }] : [];
  });
  return [...new Set(known.map(({ end }) => end))].map((end) => {
    const alike = known.filter((one) => one.end === end) as [(typeof known)[number]];
    return `${namesText(alike.map(({ id }) => id))} ${saturationClause(alike[0].ceiling, alike.length)}`;
  });
}

/** The same, as sentences. */
export function ceilingSentences(contention: Contention): string[] {
  const clauses = saturationClauses(contention);
  if (clauses.length === 0) return ['No larger host was simulated.'];
  return [`${laneText(shownLane(contention) as Lane)}, simulated: ${clauses.join('. ')}.`];
}

/** Strategies that are void, absent or wrong. */
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
      return matchesOracle ? [] : [`${strategy} ends with wrong IRTEs even without concurrency.`];
    }
    const kinds = findings.map(
      (finding) =>
        `${finding.kind} ${countText(finding.count)}${isUnexpected(finding) ? ' (UNEXPECTED)' : ''}`,
    );
    return [`${strategy} is wrong on this stream even without concurrency: ${kinds.join(', ')}.`];
  });
  return [
    ...voids,
    ...(absent.length === 0 ? [] : [`Not run with threads: ${absent.join(', ')}.`]),
    ...wrong,
  ];
}

/** The unit costs of the simulation, and their limits. */
export function priceSentence(lanes: readonly ThreadedLane[]): string {
  const isUnknown = lanes.some((lane) => mostThreads(lane) === null);
  return (
    'The simulation multiplies the counted work of each update by four unit costs, which are the same for all strategies ' +
    'of a language. They are fitted, not measured: an access and an atomic to the throughput of one thread, a remote lock ' +
    'line and a remote data line to the throughput of several. Each fit uses up two of the points compared under ' +
    '"Beyond this machine", so these do not validate it. The cost of a remote line includes waiting and other ' +
    'disturbance; two threads that only pass a line to and fro need less.' +
    (isUnknown ? ' With one thread only, the cost of a remote line is unknown.' : '')
  );
}

/** A number of threads in the head of a column. */
export function threadsText(count: number): string {
  return `T = ${countText(count)}`;
}
