// The cost of the locks when many CPUs update at once. The mail does not ask this, and leaves it open.
import type { Contention, Lane, Results } from '../../harness/results/results.js';
import {
  carriesVerdict,
  type Interval,
  type ProcessInterval,
  sideOfOne,
} from '../../harness/results/statistics.js';
import {
  COMPARED,
  ceilingClause,
  mostThreads,
  pointAt,
  saturationClauses,
} from '../figures/contention-sentences.js';
import { agreements, ceilingIn, furthestApart, shownLane } from '../figures/contention-simulation.js';
import { figureText } from '../figures/contention-tables.js';
import { type ThreadedLane, type ThreadedPoint, threadedLanes } from '../figures/contention-throughput.js';
import { isShared } from '../figures/what-if-model.js';
import {
  confidenceText,
  estimateText,
  laneText,
  millionsText,
  namesText,
  numberOf,
  partText,
  ratioText,
} from '../words/wording.js';
import { type Answer, CANNOT_TELL, type Figure } from './answer.js';

/** One of the compared designs with the most threads. */
interface Scaled {
  readonly id: string;
  readonly point: ThreadedPoint;
  readonly scaling: ProcessInterval;
}

/** The compared designs in a lane, with the most threads. */
interface Joined {
  readonly lane: Lane;
  readonly threads: number;
  readonly designs: readonly Scaled[];
}

/** The answer on the cost of locks. */
export function lockCost(results: Results): Answer {
  const { contention } = results;
  const lanes = threadedLanes(results);
  // C first: V8's Atomics are slower than the kernel's locks.
  const joined = lanes
    .flatMap((lane) => joinedIn(lane) ?? [])
    .sort((one, other) => one.lane.localeCompare(other.lane));
  const [first] = joined;
  return {
    id: 'locks',
    question: 'Not in the mail: what do the locks cost when many CPUs update at once?',
    isQuoted: false,
    answer:
      contention === null || first === undefined
        ? `${CANNOT_TELL}: ${whyNot(results, lanes)}.`
        : `${[...changeClauses(first), ...beyondClauses(results, contention, lanes)].join('; ')}.`,
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

/** Null if fewer than two of the designs were run in the lane, or one of them is void. */
function joinedIn(of: ThreadedLane): Joined | null {
  const threads = mostThreads(of);
  if (threads === null || of.void.some(({ strategy }) => COMPARED.includes(strategy))) return null;
  const designs = COMPARED.flatMap((id): Scaled[] => {
    const found = of.strategies.find(({ strategy }) => strategy === id);
    const point = found && pointAt(found, threads);
    return point?.scaling ? [{ id, point, scaling: point.scaling }] : [];
  });
  return designs.length < 2 ? null : { lane: of.lane, threads, designs };
}

/** Why there is no answer, without the full stop. */
function whyNot({ contention }: Results, lanes: readonly ThreadedLane[]): string {
  if (contention === null) return 'nothing was run on several CPUs at once';
  const voided = lanes.flatMap((lane) => lane.void).find(({ strategy }) => COMPARED.includes(strategy));
  if (voided !== undefined) return `${voided.strategy} is void, because ${voided.reason}`;
  if (lanes.every(({ threads }) => threads.every((count) => count === 1))) return 'only one thread was run';
  return `fewer than two of ${namesText(COMPARED)} were run with one thread and with more`;
}

const times = (interval: Interval) => estimateText(interval, ratioText);

/** How the throughput of the designs changes, a clause for each kind of change. */
function changeClauses({ lane, threads, designs }: Joined): string[] {
  const changes = [...new Set(designs.map(({ scaling }) => changeOf(scaling)))];
  return changes.map((change, index) => {
    const figures = designs
      .filter(({ scaling }) => changeOf(scaling) === change)
      .map(({ id, scaling }, place) => `${times(scaling)}${place === 0 ? " of one CPU's" : ''} in ${id}`);
    const subject = index === 0 ? `With ${numberOf(threads, 'CPU')} (${laneText(lane)}), throughput` : 'it';
    return `${subject} ${change} ${namesText(figures)}`;
  });
}

/** The change that the interval of a ratio shows. */
function changeOf(scaling: ProcessInterval): string {
  if (!carriesVerdict(scaling.n)) return 'comes, without a verdict, to';
  const side = sideOfOne(scaling);
  if (side === null) return 'does not change measurably, at';
  return `${side === 'below' ? 'falls' : 'rises'} to`;
}

/** Where the designs saturate, and how well the simulation agrees with their measurements. */
function beyondClauses(results: Results, contention: Contention, lanes: readonly ThreadedLane[]): string[] {
  const lane = shownLane(contention);
  const [first, ...others] = saturationClauses(contention);
  if (first === undefined) return ['no larger host was simulated'];
  const furthest = furthestApart(
    agreements(
      results,
      lanes.filter((one) => one.lane === lane),
    ).filter(({ strategy }) => COMPARED.includes(strategy)),
  );
  const doubt =
    furthest === null
      ? 'not compared with a measurement'
      : `within ${partText(Math.abs(furthest.difference))} of the measurements`;
  return [`simulated on more CPUs (${doubt}), ${first}`, ...others];
}

function joinedFigures(
  results: Results,
  contention: Contention,
  { lane, threads, designs }: Joined,
): Figure[] {
  const name = laneText(lane);
  const seriesRows = (...strategies: string[]) =>
    contention.series.flatMap((one, index) =>
      one.lane === lane && strategies.includes(one.strategy) ? [`/contention/series/${index}`] : [],
    );
  const { baseline } = results.run;
  return [
    ...designs.map(({ id, point, scaling }) => ({
      text:
        `${id}, ${name}, ${threads} threads: ${estimateText(point.perSecond, millionsText)} M/s, ` +
        `${times(scaling)} of one thread, ${confidenceText(results)} interval, n = ${contention.processes}, fairness ` +
        point.fairness.toFixed(3),
      place: 'contention-measured',
      rows: seriesRows(id),
    })),
    ...designs.flatMap(({ id, point: { toBaseline } }) =>
      toBaseline === null
        ? []
        : [
            {
              text: `${id} / ${baseline}, ${name}, throughput of ${threads} threads: ${times(toBaseline)}`,
              place: 'contention-measured',
              rows: seriesRows(id, baseline),
            },
          ],
    ),
  ];
}

/** Where the designs saturate, in each lane. */
function ceilingFigures(contention: Contention): Figure[] {
  return contention.simulated.flatMap(({ strategy, lane }, row) => {
    const ceiling = COMPARED.includes(strategy) ? ceilingIn(contention, strategy, lane) : null;
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

/** The busiest lock of each. */
function lockFigures({ busiest }: Contention): Figure[] {
  return busiest.flatMap(({ strategy, lock }, row) => {
    if (lock === null || !COMPARED.includes(strategy)) return [];
    const takers = isShared(lock) ? 'all CPUs' : 'some CPUs';
    return [
      {
        text: `busiest lock of ${strategy}: ${lock.name}, taken by ${takers}, ${figureText(lock.perUpdate)} times per update`,
        place: 'contention-prices',
        rows: [`/contention/busiest/${row}`],
      },
    ];
  });
}
