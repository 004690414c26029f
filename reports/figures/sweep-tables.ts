// How counted work grows along the axes of the sweeps: curves, slopes and crossings.
import type { CountedVerb } from '../../harness/results/counted-verbs.js';
import {
  LANES,
  type Lane,
  type Results,
  type SweptPoint,
  type WorkSummary,
} from '../../harness/results/results.js';
import type { ProcessInterval } from '../../harness/results/statistics.js';
import {
  type CurvePoint,
  crossingOverProcesses,
  crossingsOf,
  type ProcessFigures,
  processLogRatios,
  processTimes,
  slopeOf,
  slopeOverProcesses,
  type TimedPoint,
  timeAt,
  timedPoints,
} from '../../harness/results/sweep-curves.js';
import type { NumberTable } from '../words/number-table.js';
import {
  confidenceText,
  countText,
  intervalText,
  laneText,
  languageText,
  meanText,
  namesText,
  nanosecondsText,
  numberOf,
  roundedText,
} from '../words/wording.js';

type SweepAxis = SweptPoint['axis'];

/** What the tables are, in words. */
export const SWEEP_INTRODUCTION =
  'Counted on hosts that differ in one number, over one round in which every vCPU has its turn. Slope: the exponent b ' +
  'of figure = a x^b, fitted to the logarithms (of a hash, x is its buckets); 0 is a figure that does not grow, 1 one ' +
  'that grows in proportion.';

/** Axes along which numbers are varied and a load's work is of interest. */
export const SWEPT_AXES = ['entries', 'entriesPerVcpu', 'iommus', 'hashBits'] as const satisfies SweepAxis[];

/** What is shown along an axis. */
interface AxisView {
  readonly axis: SweepAxis;
  readonly what: string;
  readonly verb: CountedVerb;
  figure(work: WorkSummary, point: SweptPoint, operations: number): number;
}

const linesOfLoad = (axis: SweepAxis): AxisView => ({
  axis,
  what: 'cache lines of a load',
  verb: 'load',
  figure: ({ lines }) => lines.mean,
});

/** Entries of other vCPUs that a mean load writes. */
export function othersWritten(
  { entries }: WorkSummary,
  { parameters: { irqsPerVcpu = 0 } }: SweptPoint,
): number {
  return entries.mean - irqsPerVcpu;
}

function collisionsOf(axis: SweepAxis): AxisView {
  return {
    axis,
    what: 'entries of other vCPUs written while each vCPU was loaded once',
    verb: 'load',
    figure: (work, point, operations) => Math.round(othersWritten(work, point) * operations),
  };
}

const VIEWS: readonly AxisView[] = [
  ...SWEPT_AXES.map(linesOfLoad),
  linesOfLoad('heap'),
  {
    axis: 'vms',
    what: 'cache lines that the longest wake touches',
    verb: 'wake',
    figure: ({ lines }) => lines.worst,
  },
  collisionsOf('tags'),
  collisionsOf('tagsV46'),
];

/** Where a value lies on its axis: a hash of so many bits at its number of buckets. */
function placeOnAxis(axis: SweepAxis, value: number): number {
  return axis === 'hashBits' ? 2 ** value : value;
}

/** The value that lies there. */
export function valueOnAxis(axis: SweepAxis, x: number): number {
  return axis === 'hashBits' ? Math.log2(x) : x;
}

/** The points of an axis with a strategy's counts of a verb, where they were counted. */
export function sweptPoints(
  { sweeps }: Results,
  axis: SweepAxis,
  strategy: string,
  verb: CountedVerb,
): { x: number; point: SweptPoint; work: WorkSummary; operations: number }[] {
  return sweeps
    .filter((point) => point.axis === axis)
    .flatMap((point) => {
      const counted = point.counted.find((candidate) => candidate.strategy === strategy);
      const counts = counted?.verbs.find((candidate) => candidate.verb === verb);
      if (counts === undefined) return [];
      return [
        {
          x: placeOnAxis(axis, Number(point.value)),
          point,
          work: counts.work,
          operations: counts.operations,
        },
      ];
    });
}

/** A point of a curve with the value of its axis. */
interface SweptFigure extends CurvePoint {
  readonly value: number | string;
}

function curveOf(results: Results, { axis, verb, figure }: AxisView, strategy: string): SweptFigure[] {
  return sweptPoints(results, axis, strategy, verb).map(({ x, work, point, operations }) => ({
    value: point.value,
    x,
    y: figure(work, point, operations),
  }));
}

/** A table for each axis: strategies by the values of the axis, with the slope in logarithms where it has one. */
export function sweepTables(results: Results): (NumberTable & { readonly axis: SweepAxis })[] {
  return VIEWS.flatMap((view) => {
    const points = results.sweeps.filter(({ axis }) => axis === view.axis);
    const [first] = points;
    if (first === undefined) return [];
    const values = points.map(({ value }) => value);
    const hasSlope = values.every((value) => typeof value === 'number');
    const rows = results.strategies.flatMap(({ id }) => {
      const curve = curveOf(results, view, id);
      if (curve.length === 0) return [];
      const figures = values.map((value) => figureText(curve.find((place) => place.value === value)?.y));
      return [[id, ...figures, ...(hasSlope ? [slopeText(slopeOf(curve))] : [])]];
    });
    const head = ['strategy', ...values.map(valueText), ...(hasSlope ? ['slope'] : [])];
    if (rows.length === 0) return [];
    const caption = `${view.axis}: ${view.what}. Along: ${first.along}`;
    return [{ axis: view.axis, caption, head, rows }];
  });
}

function slopeText(slope: number | null): string {
  if (slope === null) return '-';
  const text = slope.toFixed(2);
  return text === '-0.00' ? '0.00' : text;
}

function figureText(figure: number | undefined): string {
  return figure === undefined ? '-' : meanText(figure);
}

function valueText(value: number | string): string {
  return typeof value === 'number' ? countText(value) : value;
}

/** Where two designs' curves cross along the axes of loads, a sentence for each axis on which they do. */
export function crossingSentences(results: Results, one: string, other: string): string[] {
  return SWEPT_AXES.flatMap((axis) => {
    const view = linesOfLoad(axis);
    const [curve, opposite] = [curveOf(results, view, one), curveOf(results, view, other)];
    if (curve.length === 0 || curve.length !== opposite.length) return [];
    const crossings = crossingsOf(curve, opposite);
    if (crossings.length === 0) return [];
    const places = namesText(crossings.map((x) => String(Math.round(valueOnAxis(axis, x)))));
    const first = (curve[0] as CurvePoint).y < (opposite[0] as CurvePoint).y ? one : other;
    return [
      `Along ${axis} a load of ${one} and of ${other} touch as many lines at ${places}; below, ${first} fewer.`,
    ];
  });
}

/** A place of a curve in a chart, with what its scale and a pointer over it say. */
interface ChartPlace extends CurvePoint {
  readonly label: string;
  readonly text: string;
  /** Of what was timed; null of what is counted. */
  readonly interval: ProcessInterval | null;
}

/** The curve of one strategy. */
export interface NamedCurve {
  readonly strategy: string;
  readonly points: readonly ChartPlace[];
}

/** Short enough to stand beside its neighbours on a scale: 65,536 as "66k". */
function shortText(value: number): string {
  return value >= 1e4 ? `${Math.round(value / 1e3)}k` : String(value);
}

/** Lines of a load along an axis, strategy by strategy. */
export function countedCurves(results: Results, axis: (typeof SWEPT_AXES)[number]): NamedCurve[] {
  return results.strategies.flatMap(({ id }) => {
    const points = curveOf(results, linesOfLoad(axis), id).flatMap(({ value, x, y }) =>
      x > 0 && y > 0
        ? [
            {
              x,
              y,
              label: shortText(Number(value)),
              text: `${id}, ${axis} ${value}: ${figureText(y)} lines`,
              interval: null,
            },
          ]
        : [],
    );
    return points.length === 0 ? [] : [{ strategy: id, points }];
  });
}

/** ns per operation along an axis, strategy by strategy; void timings are left out. */
export function timedCurves(results: Results, axis: SweepAxis, lane: Lane): NamedCurve[] {
  const timed = timedPoints(results, axis);
  return results.strategies.flatMap(({ id }) => {
    const points = timed.flatMap((place) => {
      const x = placeOnAxis(axis, Number(place.point.value));
      const time = timeAt(results, place, id, lane);
      if (!(x > 0) || time === null) return [];
      const text =
        `${id}, ${axis} ${place.point.value}: ${nanosecondsText(time.estimate)} ns ` +
        intervalText(time, nanosecondsText);
      return [{ x, y: time.estimate, label: shortText(Number(place.point.value)), text, interval: time }];
    });
    return points.length === 0 ? [] : [{ strategy: id, points }];
  });
}

/** An axis that was timed, in one lane. */
export interface TimedAxis {
  readonly axis: SweepAxis;
  readonly lane: Lane;
  readonly table: NumberTable;
  /** Where strategies and the baseline take the same time. */
  readonly crossings: readonly string[];
}

/** The axes that were timed, lane by lane; without those of which nothing counts, and without the map. */
export function timedAxes(results: Results): TimedAxis[] {
  const all = new Set(results.sweeps.map(({ axis }) => axis));
  const axes = [...all].filter((axis) => axis !== 'crossover');
  return axes.flatMap((axis) => {
    const places = timedPoints(results, axis);
    if (places.length === 0) return [];
    return LANES.flatMap((lane) => {
      const rows = results.strategies.flatMap(({ id }) => timedRow(results, axis, places, id, lane));
      if (rows.length === 0) return [];
      const hasSlope = places.every(({ point }) => typeof point.value === 'number');
      const table = {
        caption:
          `${axis}: ns per operation, ${laneText(lane)}, with the slope of the logarithms ` +
          `and its ${confidenceText(results)} interval. Along: ${places[0]?.point.along}`,
        head: [
          'strategy',
          ...places.map(({ point }) => valueText(point.value)),
          ...(hasSlope ? ['slope', 'interval'] : []),
        ],
        rows: rows.map((row) => (hasSlope ? row : row.slice(0, -2))),
      };
      return [{ axis, lane, table, crossings: timedCrossings(results, axis, places, lane) }];
    });
  });
}

/** Places of an axis that a logarithm is defined for, with what each process has there. */
function onLogarithms(
  axis: SweepAxis,
  places: readonly TimedPoint[],
  figuresOf: (place: TimedPoint) => readonly number[],
): ProcessFigures[] {
  return places.flatMap((place) => {
    const x = placeOnAxis(axis, Number(place.point.value));
    return x > 0 ? [{ x, figures: figuresOf(place) }] : [];
  });
}

function timedRow(
  results: Results,
  axis: SweepAxis,
  places: readonly TimedPoint[],
  id: string,
  lane: Lane,
): string[][] {
  const times = places.map((place) => timeAt(results, place, id, lane));
  if (times.every((time) => time === null)) return [];
  const slope = times.includes(null)
    ? null
    : slopeOverProcesses(
        onLogarithms(axis, places, (place) => processTimes(place, id, lane)),
        results.run.confidence,
      );
  return [
    [
      id,
      ...times.map((time) => (time === null ? '-' : nanosecondsText(time.estimate))),
      slopeText(slope?.estimate ?? null),
      slope === null || !Number.isFinite(slope.high)
        ? '-'
        : `[${slopeText(slope.low)}, ${slopeText(slope.high)}]`,
    ],
  ];
}

function timedCrossings(
  results: Results,
  axis: SweepAxis,
  places: readonly TimedPoint[],
  lane: Lane,
): string[] {
  const { baseline, confidence } = results.run;
  return results.strategies.flatMap(({ id }) => {
    const isTimed = (name: string) => places.every((place) => timeAt(results, place, name, lane) !== null);
    if (id === baseline || !isTimed(id) || !isTimed(baseline)) return [];
    const points = onLogarithms(axis, places, (place) => processLogRatios(results, place, id, lane));
    const { at, processes, of } = crossingOverProcesses(points, confidence);
    if (processes === 0) return [];
    const names = `Along ${axis} ${id} and ${baseline} take the same time in ${languageText(lane)}`;
    if (at === null)
      return [`${names} in ${processes} of ${numberOf(of, 'process')}: no crossing that all have.`];
    const value = (x: number) => roundedText(valueOnAxis(axis, x));
    const isWithin =
      at.low >= Math.min(...points.map(({ x }) => x)) && at.high <= Math.max(...points.map(({ x }) => x));
    if (!isWithin)
      return [`${names} at about ${value(at.estimate)}; its interval is wider than what was swept.`];
    return [
      `${names} at ${value(at.estimate)} ${intervalText(at, value)}, in all ${numberOf(of, 'process')}.`,
    ];
  });
}
