// Counted work along the axes of the sweeps: tables with slopes, and crossings of two designs.
import type { CountedVerb } from '../../harness/results/counted-verbs.js';
import type { Results } from '../../harness/results/results.js';
import { type CurvePoint, crossingsOf, slopeOf } from '../../harness/results/sweep-curves.js';
import type { NumberTable } from '../words/number-table.js';
import { countText, meanText, namesText } from '../words/wording.js';
import { othersWritten, SWEPT_AXES, type SweepAxis, sweptPoints, valueOnAxis } from './swept-points.js';

/** The paragraph above the tables. */
export const SWEEP_INTRODUCTION =
  'Counted on hosts that differ in one number, over one round in which every vCPU has its turn. Slope: the exponent b ' +
  'of figure = a x^b, fitted to the logarithms (of a hash, x is its buckets); 0 is a figure that does not grow, 1 one ' +
  'that grows in proportion.';

type CountedPoint = ReturnType<typeof sweptPoints>[number];

/** The table of an axis. */
interface AxisView {
  readonly axis: SweepAxis;
  readonly what: string;
  readonly verb: CountedVerb;
  figure(point: CountedPoint): number;
}

const linesOfLoad = (axis: SweepAxis): AxisView => ({
  axis,
  what: 'cache lines of a load',
  verb: 'load',
  figure: ({ work }) => work.lines.mean,
});

const collisionsOf = (axis: SweepAxis): AxisView => ({
  axis,
  what: 'entries of other vCPUs written while each vCPU was loaded once',
  verb: 'load',
  figure: (point) => Math.round(othersWritten(point) * point.operations),
});

const VIEWS: readonly AxisView[] = [
  ...SWEPT_AXES.map(linesOfLoad),
  linesOfLoad('heap'),
  {
    axis: 'vms',
    what: 'cache lines that the longest wake touches',
    verb: 'wake',
    figure: ({ work }) => work.lines.worst,
  },
  collisionsOf('tags'),
  collisionsOf('tagsV46'),
];

/** A point of a curve with its value on the axis. */
interface SweptFigure extends CurvePoint {
  readonly value: number | string;
}

function curveOf(results: Results, { axis, verb, figure }: AxisView, strategy: string): SweptFigure[] {
  return sweptPoints(results, axis, strategy, verb).map((counted) => ({
    value: counted.point.value,
    x: counted.x,
    y: figure(counted),
  }));
}

/** A table for each axis: strategies by values, with the slope of the logarithms if the values are numbers. */
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
      const figures = values.map((value) => {
        const place = curve.find((candidate) => candidate.value === value);
        return place === undefined ? '-' : meanText(place.y);
      });
      return [[id, ...figures, ...(hasSlope ? [slopeText(slopeOf(curve))] : [])]];
    });
    const head = ['strategy', ...values.map(valueText), ...(hasSlope ? ['slope'] : [])];
    if (rows.length === 0) return [];
    const caption = `${view.axis}: ${view.what}. Along: ${first.along}`;
    return [{ axis: view.axis, caption, head, rows }];
  });
}

/** A slope with two decimals. */
export function slopeText(slope: number | null): string {
  if (slope === null) return '-';
  const text = slope.toFixed(2);
  return text === '-0.00' ? '0.00' : text;
}

/** A value of an axis. */
export function valueText(value: number | string): string {
  return typeof value === 'number' ? countText(value) : value;
}

/** A sentence for each axis along which the curves of two designs cross. */
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
