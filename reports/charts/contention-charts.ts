// Many CPUs at once: simulated curves with the measured points on them, and measured throughput as rows.
import type { Contention, Lane, Results } from '../../harness/results/results.js';
import type { Interval } from '../../harness/results/statistics.js';
import { mostThreads, pointAt, threadsText } from '../figures/contention-sentences.js';
import { shownLane, simulatedPoints } from '../figures/contention-simulation.js';
import { type ThreadedLane, type ThreadedStrategy, threadedLanes } from '../figures/contention-throughput.js';
import { verdictNotes } from '../figures/verdict-sentences.js';
import {
  confidenceText,
  countText,
  estimateText,
  intervalText,
  isBounded,
  laneText,
  millionsText,
  numberOf,
  partText,
} from '../words/wording.js';
import { axisAround, isWide, linearScale, logarithmicScale, ticksOf, xTicks, yTicks } from './axis.js';
import {
  type Chart,
  configuration,
  headingOf,
  PIXEL_RATIO,
  type ScatterDataset,
  strokeFor,
  WIDTH,
} from './chart.js';
import { heightOf, lineDataset, rowLabel, rowScale } from './interval-rows.js';
import { INK, shapeOf } from './palette.js';

/** Names of the charts. */
export const CONTENTION_CHART = 'contention';
export const THREADS_CHART = 'contention-threads';

const HEIGHT = 520;

/** Part of the horizontal scale's logarithmic length left free at each end. */
const SIDE = 0.03;

/** More labels would touch each other in a chart as narrow as a telephone. */
const MOST_TICKS = 7;

/** Of a measured point, and half the length of the ends of its interval. */
const RADIUS = 4.5;
const END = 4;

/** Half of the height between the two intervals of a row, as a part of it. */
const APART = 0.17;

const PER_MILLION = 1e-6;

function inMillions({ estimate, low, high }: Interval): Interval {
  return { estimate: estimate * PER_MILLION, low: low * PER_MILLION, high: high * PER_MILLION };
}

/** The charts; those for which there is nothing are left out. */
export function contentionCharts(results: Results): Chart[] {
  const { contention } = results;
  if (contention === null) return [];
  const lanes = threadedLanes(results);
  return [...curveChart(results, contention, lanes), ...threadsChart(results, contention, lanes)];
}

/** What an image of threads that travels alone must say of itself. */
function threadsHeading({ processes }: Contention, title: string, ...notes: string[]): string[] {
  return headingOf(title, ...notes, ...verdictNotes(processes));
}

/** What a lane's figures are of. */
function modelNote(lane: Lane): string {
  return lane === 'v8'
    ? "V8 model, not the kernel; locks are V8's Atomics"
    : 'C on the model, not the kernel';
}

function curveChart(results: Results, contention: Contention, lanes: readonly ThreadedLane[]): Chart[] {
  const lane = shownLane(contention);
  if (lane === null) return [];
  const measured = lanes.find((one) => one.lane === lane)?.strategies ?? [];
  const curves = results.strategies.flatMap(({ id }) => {
    const points = simulatedPoints(contention, id, lane);
    const own = measured.find(({ strategy }) => strategy === id);
    return points.length === 0 ? [] : [{ id, points, own }];
  });
  const cpus = [
    ...new Set(
      curves.flatMap(({ points, own }) => [...points.map((point) => point.cpus), ...threadsOf(own)]),
    ),
  ].sort((a, b) => a - b);
  const [least, greatest] = [cpus[0], cpus.at(-1)];
  if (least === undefined || greatest === undefined || least === greatest) return [];
  const side = (greatest / least) ** SIDE;
  const intervals = measured.flatMap(({ points }) => points.map(({ perSecond }) => inMillions(perSecond)));
  const heights = axisAround(
    [
      ...curves.flatMap(({ points }) => points.map(({ perSecond }) => perSecond * PER_MILLION)),
      ...intervals.map(({ estimate }) => estimate),
    ],
    intervals,
    [],
  );
  const step = Math.ceil(cpus.length / MOST_TICKS);
  const ticks = cpus.filter((_, index) => index % step === 0);
  const title = 'Many CPUs at once: updates per second';
  return [
    {
      name: CONTENTION_CHART,
      title,
      caption:
        'Hollow marks: measured with so many threads on the cores of this machine, which they share with whatever else runs on it; ' +
        `upright lines are their ${confidenceText(results)} intervals. Lines: simulated from counted work, at prices ` +
        'fitted to the measured. Both scales are logarithmic: a line that rises evenly gains with each CPU, a level one has ' +
        'reached its ceiling. All CPUs update back to back, which no host does for long. Lines that lie on each other are ' +
        'of designs that take the same locks; one that ends early is of a design whose vm_ids tell no more VMs apart.',
      width: WIDTH,
      height: HEIGHT,
      pixelRatio: PIXEL_RATIO,
      config: configuration({
        heading: threadsHeading(
          contention,
          title,
          modelNote(lane),
          'lines are simulated, marks are measured',
        ),
        datasets: curves.map(({ id, points, own }) => curveDataset(results, id, points, own)),
        x: logarithmicScale({ min: least / side, max: greatest * side }, 'x', 'CPUs, or threads'),
        y: logarithmicScale(heights, 'y', 'updates of all CPUs, millions per second'),
        annotations: {
          ...xTicks(
            ticks.map((value) => ({ value, label: countText(value) })),
            heights.min,
          ),
          ...yTicks(
            heights.ticks.map((value) => ({ value, label: countText(Number(value.toPrecision(3))) })),
            least / side,
          ),
        },
        legend: 'lines',
      }),
    },
  ];
}

function threadsOf(measured: ThreadedStrategy | undefined): number[] {
  return (measured?.points ?? []).map(({ threads }) => threads);
}

type Shape = ReturnType<typeof shapeOf>;

/** How a point of a curve's dataset is drawn. */
interface Place {
  readonly x: number;
  /** Null where the line breaks. */
  readonly y: number | null;
  readonly text?: string;
  readonly style: Shape['style'] | 'line';
  readonly rotation: number;
  readonly radius: number;
}

/** The simulated line, and behind a break for each measured point its interval and itself. */
function curveDataset(
  results: Results,
  id: string,
  points: ReturnType<typeof simulatedPoints>,
  measured: ThreadedStrategy | undefined,
): ScatterDataset {
  const stroke = strokeFor(results, id);
  const shape = shapeOf(results.strategies.findIndex((strategy) => strategy.id === id));
  const line = points.map(({ cpus, perSecond, busiest, utilisation }): Place => {
    const held = busiest === null ? '' : `; ${busiest} held ${partText(utilisation)}`;
    const text = `${id}, ${numberOf(cpus, 'CPU')}: ${millionsText(perSecond)} M/s simulated${held}`;
    return { x: cpus, y: perSecond * PER_MILLION, text, style: 'circle', rotation: 0, radius: 0 };
  });
  const marks = (measured?.points ?? []).flatMap(({ threads: x, perSecond }): Place[] => {
    const { low, estimate, high } = perSecond;
    const text = `${id}, ${numberOf(x, 'thread')}: ${estimateText(perSecond, millionsText)} M/s measured`;
    const gap: Place = { x, y: null, style: 'circle', rotation: 0, radius: 0 };
    const mark: Place = { x, y: estimate * PER_MILLION, text, ...shape, radius: RADIUS };
    const end = (bound: number): Place => {
      return { x, y: bound * PER_MILLION, text, style: 'line', rotation: 0, radius: END };
    };
    return isBounded(perSecond) ? [gap, end(low), mark, end(high)] : [gap, mark];
  });
  const all = [...line, ...marks];
  return {
    label: id,
    data: all.map(({ x, y, text }) => (text === undefined ? { x, y } : { x, y, text })),
    showLine: true,
    borderColor: stroke.light,
    borderWidth: 2,
    borderDash: [...stroke.dash],
    pointStyle: all.map(({ style }) => style),
    pointRotation: all.map(({ rotation }) => rotation),
    pointRadius: all.map(({ radius }) => radius),
    pointHitRadius: 6,
    pointBorderWidth: 2,
    pointBorderColor: stroke.light,
    pointBackgroundColor: INK.paper.light,
  };
}

/** A row for each strategy and lane: one thread above, the most below. */
function threadsChart(results: Results, contention: Contention, lanes: readonly ThreadedLane[]): Chart[] {
  const rows = lanes.flatMap((lane) =>
    lane.strategies.map((own) => ({ lane: lane.lane, own, most: mostThreads(lane) })),
  );
  if (rows.length === 0) return [];
  const labels = rows.map(({ lane, own }) =>
    rowLabel(own.strategy, `(${lane === 'v8' ? 'V8' : 'C'}${own.isWrong ? ', wrong answers' : ''})`),
  );
  const counts = [...new Set(rows.map(({ most }) => most ?? 1))];
  const intervals = rows.flatMap(({ own, most }) =>
    [1, ...(most === null ? [] : [most])].flatMap((threads) => {
      const interval = pointAt(own, threads)?.perSecond;
      return interval === undefined ? [] : [inMillions(interval)];
    }),
  );
  const millions = intervals.map(({ estimate }) => estimate);
  const axis = isWide(millions) ? axisAround(millions, intervals, []) : null;
  const axisText = [
    'M updates/s of all threads;',
    axis === null ? 'right is more' : 'logarithmic; right is more',
  ];
  const title = `Many CPUs at once: 1 thread and ${counts.map((count) => numberOf(count, 'thread')).join(' or ')}`;
  const heading = threadsHeading(
    contention,
    title,
    'C and V8 on the model, not the kernel;',
    'locks are real; all threads update back to back',
  );
  return [
    {
      name: THREADS_CHART,
      title,
      caption:
        'In each row the diamond above is one thread, the point below the most threads, each with its ' +
        `${confidenceText(results)} interval over processes. A point to the left of its diamond is a design that does ` +
        'less with more CPUs. The threads share the cores of this machine with whatever else runs on it; they update ' +
        'back to back, which no host does for long. Hollow points gave wrong answers.',
      width: WIDTH,
      height: heightOf(heading, labels),
      pixelRatio: PIXEL_RATIO,
      config: configuration({
        heading,
        datasets: rows.flatMap(({ lane, own, most }, row) =>
          [1, ...(most === null ? [] : [most])].flatMap((threads) => {
            const interval = pointAt(own, threads)?.perSecond;
            if (interval === undefined) return [];
            const text =
              `${own.strategy}, ${laneText(lane)}, ${threadsText(threads)}: ${millionsText(interval.estimate)} M/s ` +
              intervalText(interval, millionsText);
            const isOne = threads === 1;
            return [
              lineDataset(
                `${own.strategy}, ${lane}, ${threadsText(threads)}`,
                inMillions(interval),
                row + (isOne ? -APART : APART),
                text,
                strokeFor(results, own.strategy),
                {
                  width: isOne ? 1.5 : 3,
                  isHollow: own.isWrong,
                  hasPoint: true,
                  shape: isOne ? 'rectRot' : 'circle',
                },
              ),
            ];
          }),
        ),
        x: axis === null ? linearScale('x', axisText) : logarithmicScale(axis, 'x', axisText),
        y: rowScale(labels),
        annotations: axis === null ? {} : xTicks(ticksOf(axis), rows.length - 0.5),
      }),
    },
  ];
}
