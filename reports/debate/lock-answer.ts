// What the locks cost where many CPUs update at once: no question of the mail, and what it left open.
import type { Contention, Lane, Results } from '../../harness/results/results.js';
import { carriesVerdict, type Interval, type ProcessInterval } from '../../harness/results/statistics.js';
import { ceilingClause, changeClause, pointAt } from '../figures/contention-sentences.js';
import { agreements, ceilingIn, furthestApart, shownLane } from '../figures/contention-simulation.js';
import {
  type ThreadedLane,
  type ThreadedPoint,
  type ThreadedStrategy,
  threadedLanes,
} from '../figures/contention-throughput.js';
import { LOOK_UP, NO_LOOK_UP } from '../figures/cost-answers.js';
import { isShared } from '../figures/what-if-model.js';
import {
  confidenceText,
  countText,
  estimateText,
  laneText,
  millionsText,
  partText,
  ratioText,
} from '../words/wording.js';
import { type Answer, CANNOT_TELL, type Figure } from './answer.js';

const COMPARED = [LOOK_UP, NO_LOOK_UP] as const;

/** Both designs in a lane, before and after a second CPU joins. */
interface Joined {
  readonly lane: ThreadedLane;
  readonly threads: number;
  readonly hash: ThreadedPoint & { readonly scaling: ProcessInterval };
  readonly list: ThreadedPoint & { readonly scaling: ProcessInterval };
}

/** What the locks cost. */
export function lockCost(results: Results): Answer {
  const { contention } = results;
  const lanes = threadedLanes(results);
  // C first, where it is there: V8's Atomics are dearer than the kernel's.
  const joined = lanes
    .flatMap((lane) => joinedIn(lane) ?? [])
    .sort((one, other) => one.lane.lane.localeCompare(other.lane.lane));
  const [told] = joined;
  return {
    id: 'locks',
    question: 'Not in the mail: what do the locks cost where many CPUs update?',
    isQuoted: false,
    answer:
      contention === null || told === undefined
        ? `${CANNOT_TELL}: ${whyNot(results, lanes)}.`
        : `${joinedClause(told)}; ${beyondClause(results, contention, lanes)}.`,
    figures:
      contention === null
        ? []
        : [
            ...joined.flatMap((one) => joinedFigures(results, contention, one)),
            ...ceilingFigures(contention),
            ...lockFigures(contention),
          ],
  };
}

function joinedIn(lane: ThreadedLane): Joined | null {
  const threads = lane.threads.find((count) => count > 1);
  if (threads === undefined) return null;
  const [hash, list] = COMPARED.map((id) => scaledPoint(lane.strategies, id, threads));
  return hash == null || list == null ? null : { lane, threads, hash, list };
}

function scaledPoint(
  strategies: readonly ThreadedStrategy[],
  id: string,
  threads: number,
): Joined['hash'] | null {
  const found = strategies.find(({ strategy }) => strategy === id);
  const point = found === undefined ? undefined : pointAt(found, threads);
  return point?.scaling ? { ...point, scaling: point.scaling } : null;
}

/** Why nothing can be said, without the full stop. */
function whyNot({ contention }: Results, lanes: readonly ThreadedLane[]): string {
  if (contention === null) return 'nothing was run on several CPUs at once';
  const voided = lanes
    .flatMap((lane) => lane.void)
    .find(({ strategy }) => strategy === LOOK_UP || strategy === NO_LOOK_UP);
  if (voided !== undefined) return `${voided.strategy} is void, since ${voided.reason}`;
  if (lanes.every(({ threads }) => threads.every((count) => count === 1))) return 'one thread alone was run';
  return `${LOOK_UP} and ${NO_LOOK_UP} were not both run with one thread and with more`;
}

const times = (interval: Interval) => estimateText(interval, ratioText);

/** The change that a second CPU brings to both. */
function joinedClause({ lane, threads, hash, list }: Joined): string {
  const cpus = threads === 2 ? 'a second CPU joins' : `${countText(threads)} CPUs update`;
  const change = (id: string, { scaling }: Joined['hash']) =>
    `${id} ${changeClause(scaling, times(scaling))} one CPU's`;
  const isJudged = [hash, list].every(({ scaling }) => carriesVerdict(scaling.n));
  const doubt = isJudged ? '' : ', which carries no verdict';
  return (
    `When ${cpus}, the throughput of ${change(LOOK_UP, hash)}, and that of ${change(NO_LOOK_UP, list)} ` +
    `(${laneText(lane.lane)})${doubt}`
  );
}

/** Where both end, and how far the simulation that says so is from what was measured. */
function beyondClause(results: Results, contention: Contention, lanes: readonly ThreadedLane[]): string {
  const lane = shownLane(contention);
  const ends = COMPARED.flatMap((id) => {
    const ceiling = lane === null ? null : ceilingIn(contention, id, lane);
    return ceiling === null ? [] : [`${id} ${ceilingClause(ceiling)}`];
  });
  if (ends.length === 0) return 'more CPUs were not simulated';
  const beside = agreements(
    results,
    lanes.filter((one) => one.lane === lane),
  ).filter(({ strategy }) => strategy === LOOK_UP || strategy === NO_LOOK_UP);
  const furthest = furthestApart(beside);
  const doubt =
    furthest === null
      ? 'not held against a measurement'
      : `at most ${partText(Math.abs(furthest.difference))} from what was measured of the two`;
  return `simulated beyond (${doubt}), ${ends.join(', and ')}`;
}

function seriesRows({ series }: Contention, lane: Lane, strategies: readonly string[]): string[] {
  return series.flatMap((one, index) =>
    one.lane === lane && strategies.includes(one.strategy) ? [`/contention/series/${index}`] : [],
  );
}

function joinedFigures(
  results: Results,
  contention: Contention,
  { lane, threads, hash, list }: Joined,
): Figure[] {
  const name = laneText(lane.lane);
  const own = [
    { id: LOOK_UP, point: hash },
    { id: NO_LOOK_UP, point: list },
  ].map(({ id, point }) => ({
    text:
      `${id}, ${name}, ${threads} threads: ${estimateText(point.perSecond, millionsText)} M/s, ` +
      `${times(point.scaling)} of one, ${confidenceText(results)} interval, n = ${contention.processes}, fairness ` +
      point.fairness.toFixed(3),
    place: 'contention-measured',
    rows: seriesRows(contention, lane.lane, [id]),
  }));
  const { toBaseline } = hash;
  if (toBaseline === null) return own;
  const compared = [LOOK_UP, results.run.baseline];
  return [
    ...own,
    {
      text: `${compared.join(' / ')}, ${name}, throughput of ${threads} threads: ${times(toBaseline)}`,
      place: 'contention-measured',
      rows: seriesRows(contention, lane.lane, compared),
    },
  ];
}

/** Where both end, in each lane. */
function ceilingFigures(contention: Contention): Figure[] {
  return contention.simulated.flatMap(({ strategy, lane }, row) => {
    if (strategy !== LOOK_UP && strategy !== NO_LOOK_UP) return [];
    const ceiling = ceilingIn(contention, strategy, lane);
    if (ceiling === null) return [];
    return [
      {
        text: `simulated, ${laneText(lane)}: ${strategy} ${ceilingClause(ceiling)}`,
        place: 'contention-simulated',
        rows: [`/contention/simulated/${row}`],
      },
    ];
  });
}

/** Which lock is in the way of both. */
function lockFigures({ busiest }: Contention): Figure[] {
  return busiest.flatMap(({ strategy, lock }, row) => {
    if (lock === null || (strategy !== LOOK_UP && strategy !== NO_LOOK_UP)) return [];
    const whose = isShared(lock) ? 'the same for all CPUs' : 'one of several';
    return [
      {
        text: `busiest lock of ${strategy}: ${lock.name}, ${whose}, taken ${Number(lock.perUpdate.toPrecision(3))} times for each update`,
        place: 'contention-prices',
        rows: [`/contention/busiest/${row}`],
      },
    ];
  });
}
