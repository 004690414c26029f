// The charts of many CPUs at once: simulated curves with measured points, and measured throughput as rows.
import type { Contention, Lane, Results } from '../../harness/results/results.js';
import type { Interval } from '../../harness/results/statistics.js';
import { mostThreads, pointAt, saturationClauses, threadsText } from '../figures/contention-sentences.js';
import { shownLane, simulatedPoints } from '../figures/contention-simulation.js';
import {
  ascending,
  type ThreadedLane,
  type ThreadedStrategy,
  threadedLanes,
} from '../figures/contention-throughput.js';
import { verdictNotes } from '../figures/verdict-sentences.js';
import {
  confidenceText,
  countText,
  estimateText,
  intervalText,
  isBounded,
  laneText,
  languageText,
  millionsText,
  namesText,
  numberOf,
  partText,
} from '../words/wording.js';
import {
  axisAround,
  logarithmicAxis,
  logarithmicScale,
  MOST_TICKS,
  ticksOf,
  valueAxis,
  xTicks,
  yTicks,
} from './axis.js';
import {
  type Chart,
  chartOf,
  headingOf,
  lineOf,
  positionOf,
  type ScatterDataset,
  strokeFor,
} from './chart.js';
import { categoryScale, heightOf, intervalDataset, rowLabel } from './interval-rows.js';
import { INK, shapeOf } from './palette.js';

/** Names of the charts. */
export const CONTENTION_CHART = 'contention';
export const THREADS_CHART = 'contention-threads';

const HEIGHT = 520;

/** The radius of a measured point, and half the length of the end of an interval. */
const RADIUS = 4.5;
const END = 4;

/** Distance of an interval from the middle of its row, as a part of the row's height. */
const APART = 0.17;

const PER_MILLION = 1e-6;

/** What both captions say of the measurement. */
const SHARED_CORES = 'The threads share the cores of this machine with everything else that runs.';
const TIGHT_LOOP = 'All CPUs update in a tight loop, which overstates contention.';

function inMillions({ estimate, low, high }: Interval): Interval {
  return { estimate: estimate * PER_MILLION, low: low * PER_MILLION, high: high * PER_MILLION };
}

export function contentionCharts(results: Results): Chart[] {
  const { contention } = results;
  if (contention === null) return [];
  const lanes = threadedLanes(results);
  return [...curveChart(results, contention, lanes), ...threadsChart(results, contention, lanes)];
}

/** The heading must say what the chart shows, because an image may be passed on alone. */
function threadsHeading({ processes }: Contention, title: string, ...notes: string[]): string[] {
  return headingOf(title, ...notes, ...verdictNotes(processes));
}

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
  const cpus = ascending(
    curves.flatMap(({ points, own }) => [
      ...points.map((point) => point.cpus),
      ...(own?.points ?? []).map(({ threads }) => threads),
    ]),
  );
  if (cpus.length < 2) return [];
  const sides = logarithmicAxis(cpus[0] as number, cpus.at(-1) as number);
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
  const title = `Many CPUs at once: ${saturationClauses(contention).join('; ') || 'updates per second'}`;
  return [
    chartOf({
      name: CONTENTION_CHART,
      title,
      caption:
        `Hollow marks: measured with threads on this machine, with ${confidenceText(results)} intervals. ${SHARED_CORES} ` +
        'Lines: simulated from counted work, at unit costs fitted to the measurements. Both scales are logarithmic: a ' +
        `line that keeps rising scales, a level line is saturated. ${TIGHT_LOOP} Overlapping lines: the designs take ` +
        'the same locks. A line ends early where the design runs out of vm_ids.',
      height: HEIGHT,
      heading: threadsHeading(contention, title, modelNote(lane), 'lines are simulated, marks are measured'),
      datasets: curves.map(({ id, points, own }) => curveDataset(results, id, points, own)),
      x: logarithmicScale(sides, 'x', 'CPUs'),
      y: logarithmicScale(heights, 'y', 'million updates/s of all CPUs'),
      annotations: {
        ...xTicks(
          ticks.map((value) => ({ value, label: countText(value) })),
          heights.min,
        ),
        ...yTicks(ticksOf(heights), sides.min),
      },
      legend: 'lines',
    }),
  ];
}

type Shape = ReturnType<typeof shapeOf>;

/** A point of a curve's dataset. */
interface Place {
  readonly x: number;
  /** Null: the line breaks here. */
  readonly y: number | null;
  readonly text?: string;
  readonly style: Shape['style'] | 'line';
  readonly rotation: number;
  readonly radius: number;
}

/** The simulated line, then each measured point with its interval, after a break. */
function curveDataset(
  results: Results,
  id: string,
  points: ReturnType<typeof simulatedPoints>,
  measured: ThreadedStrategy | undefined,
): ScatterDataset {
  const line = lineOf(results, id, 2);
  const shape = shapeOf(positionOf(results, id));
  const curve = points.map(({ cpus, perSecond, busiest, utilisation }): Place => {
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
  const all = [...curve, ...marks];
  return {
    ...line,
    data: all.map(({ x, y, text }) => (text === undefined ? { x, y } : { x, y, text })),
    pointStyle: all.map(({ style }) => style),
    pointRotation: all.map(({ rotation }) => rotation),
    pointRadius: all.map(({ radius }) => radius),
    pointHitRadius: 6,
    pointBorderWidth: 2,
    pointBorderColor: line.borderColor,
    pointBackgroundColor: INK.paper.light,
  };
}

/** A row for each strategy and lane: one thread above, the most threads below. */
function threadsChart(results: Results, contention: Contention, lanes: readonly ThreadedLane[]): Chart[] {
  const rows = lanes.flatMap((lane) =>
    lane.strategies.map((own) => ({
      lane: lane.lane,
      own,
      points: ascending([1, mostThreads(lane) ?? 1]).flatMap((threads) => pointAt(own, threads) ?? []),
    })),
  );
  if (rows.length === 0) return [];
  const labels = rows.map(({ lane, own }) =>
    rowLabel(own.strategy, `(${languageText(lane)}${own.isWrong ? ', wrong answers' : ''})`),
  );
  const counts = ascending(rows.flatMap(({ points }) => points.map(({ threads }) => threads)));
  const intervals = rows.flatMap(({ points }) => points.map(({ perSecond }) => inMillions(perSecond)));
  const title = `Many CPUs at once: ${namesText(counts.map((count) => numberOf(count, 'thread')))}`;
  const heading = threadsHeading(
    contention,
    title,
    'C and V8 on the model, not the kernel;',
    'real locks; all threads update in a tight loop',
  );
  return [
    chartOf({
      name: THREADS_CHART,
      title,
      caption:
        `Diamond: one thread. Point below it: the most threads. Both have ${confidenceText(results)} intervals over ` +
        `processes. A point left of its diamond: more CPUs make fewer updates. ${SHARED_CORES} ${TIGHT_LOOP} Hollow ` +
        'points: wrong answers.',
      height: heightOf(heading, labels),
      heading,
      datasets: rows.flatMap(({ lane, own, points }, row) =>
        points.map(({ threads, perSecond }) => {
          const isOne = threads === 1;
          const text =
            `${own.strategy}, ${laneText(lane)}, ${threadsText(threads)}: ` +
            `${millionsText(perSecond.estimate)} M/s ${intervalText(perSecond, millionsText)}`;
          return intervalDataset({
            label: `${own.strategy}, ${lane}, ${threadsText(threads)}`,
            interval: inMillions(perSecond),
            y: row + (isOne ? -APART : APART),
            text,
            stroke: strokeFor(results, own.strategy),
            width: isOne ? 1.5 : 3,
            point: { isHollow: own.isWrong, shape: isOne ? 'rectRot' : 'circle' },
          });
        }),
      ),
      y: categoryScale(labels),
      ...valueAxis({
        values: intervals.map(({ estimate }) => estimate),
        intervals,
        unit: 'million updates/s of all threads;',
        better: 'right is more',
        bottom: rows.length - 0.5,
      }),
    }),
  ];
}
