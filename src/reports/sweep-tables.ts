// How counted work grows along the axes of the sweeps: curves, slopes and crossings.
import type { CountedVerb } from '../harness/counted-verbs.js';
import type { CountedSweepPoint, Results, WorkSummary } from '../harness/results.js';
import { type CurvePoint, crossingsOf, slopeOf } from './cost-model.js';
import type { NumberTable } from './number-table.js';
import { countText } from './wording.js';

type SweepAxis = CountedSweepPoint['axis'];

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
  figure(work: WorkSummary, point: CountedSweepPoint, operations: number): number;
}

const linesOfLoad = (axis: SweepAxis): AxisView => ({
  axis,
  what: 'cache lines of a load',
  verb: 'load',
  figure: ({ lines }) => lines.mean,
});

const VIEWS: readonly AxisView[] = [
  ...SWEPT_AXES.map(linesOfLoad),
  linesOfLoad('heap'),
  {
    axis: 'vms',
    what: "VMs walked under the VM table's lock by the longest wake",
    verb: 'wake',
    figure: ({ walked }) => walked.worst,
  },
  {
    axis: 'tags',
    what: 'entries of other vCPUs written while each vCPU was loaded once',
    verb: 'load',
    figure: ({ entries }, { parameters: { irqsPerVcpu = 0 } }, operations) =>
      Math.round((entries.mean - irqsPerVcpu) * operations),
  },
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
): { x: number; point: CountedSweepPoint; work: WorkSummary; operations: number }[] {
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
export function sweepTables(results: Results): NumberTable[] {
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
    return [{ caption: `${view.axis}: ${view.what}. Along: ${first.along}`, head, rows }];
  });
}

function slopeText(slope: number | null): string {
  if (slope === null) return '-';
  const text = slope.toFixed(2);
  return text === '-0.00' ? '0.00' : text;
}

function figureText(figure: number | undefined): string {
  if (figure === undefined) return '-';
  return countText(Number(figure.toFixed(1)));
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
    const places = crossings.map((x) => Math.round(valueOnAxis(axis, x))).join(' and ');
    const first = (curve[0] as CurvePoint).y < (opposite[0] as CurvePoint).y ? one : other;
    return [
      `Along ${axis} a load of ${one} and of ${other} touch as many lines at ${places}; below, ${first} fewer.`,
    ];
  });
}
