// Times along the axes of the sweeps: slopes, and crossings with the baseline.
import { LANES, type Lane, type Results } from '../../harness/results/results.js';
import {
  crossingOverProcesses,
  type ProcessFigures,
  processLogRatios,
  processTimes,
  slopeOverProcesses,
  type TimedPoint,
  timeAt,
  timedPoints,
} from '../../harness/results/sweep-curves.js';
import type { NumberTable } from '../words/number-table.js';
import {
  confidenceText,
  intervalText,
  laneText,
  languageText,
  nanosecondsText,
  numberOf,
  roundedText,
} from '../words/wording.js';
import { slopeText, valueText } from './sweep-tables.js';
import { placeOnAxis, type SweepAxis, valueOnAxis } from './swept-points.js';

/** An axis that was timed, in one language. */
interface TimedAxis {
  readonly axis: SweepAxis;
  readonly lane: Lane;
  readonly table: NumberTable;
  /** A sentence for each strategy that crosses the baseline. */
  readonly crossings: readonly string[];
}

/** The timed points of an axis, in one language. */
interface TimedSweep {
  readonly results: Results;
  readonly axis: SweepAxis;
  readonly lane: Lane;
  readonly places: readonly TimedPoint[];
}

/** The axes with a valid timing, by language. The hosts of the crossover are no axis: they have a map. */
export function timedAxes(results: Results): TimedAxis[] {
  const axes = new Set(results.sweeps.map(({ axis }) => axis));
  axes.delete('crossover');
  return [...axes].flatMap((axis) => {
    const places = timedPoints(results, axis);
    if (places.length === 0) return [];
    return LANES.flatMap((lane) => {
      const sweep = { results, axis, lane, places };
      const table = timedTable(sweep);
      return table === null ? [] : [{ axis, lane, table, crossings: crossingSentences(sweep) }];
    });
  });
}

/** Strategies by values of the axis, with the slope if the values are numbers; null without a valid timing. */
function timedTable(sweep: TimedSweep): NumberTable | null {
  const { results, axis, lane, places } = sweep;
  const rows = results.strategies.flatMap(({ id }) => timedRow(sweep, id));
  if (rows.length === 0) return null;
  const hasSlope = places.every(({ point }) => typeof point.value === 'number');
  return {
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
}

function timedRow(sweep: TimedSweep, id: string): string[][] {
  const { results, lane, places } = sweep;
  const times = places.map((place) => timeAt(results, place, id, lane));
  if (times.every((time) => time === null)) return [];
  const slope = times.includes(null)
    ? null
    : slopeOverProcesses(
        figuresAt(sweep, (place) => processTimes(place, id, lane)),
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

/** The figures of the processes at each place. Places without a logarithm are left out. */
function figuresAt(
  { axis, places }: TimedSweep,
  figuresOf: (place: TimedPoint) => readonly number[],
): ProcessFigures[] {
  return places
    .map((place) => ({ x: placeOnAxis(axis, place.point.value), figures: figuresOf(place) }))
    .filter(({ x }) => x > 0);
}

function crossingSentences(sweep: TimedSweep): string[] {
  const { results, axis, lane, places } = sweep;
  const { baseline, confidence } = results.run;
  const isTimed = (id: string) => places.every((place) => timeAt(results, place, id, lane) !== null);
  if (!isTimed(baseline)) return [];
  const value = (x: number) => roundedText(valueOnAxis(axis, x));
  return results.strategies.flatMap(({ id }) => {
    if (id === baseline || !isTimed(id)) return [];
    const points = figuresAt(sweep, (place) => processLogRatios(results, place, id, lane));
    const { at, processes, of } = crossingOverProcesses(points, confidence);
    if (processes === 0) return [];
    const names = `Along ${axis} ${id} and ${baseline} take the same time in ${languageText(lane)}`;
    if (at === null)
      return [`${names} in ${processes} of ${numberOf(of, 'process')}: no crossing that all have.`];
    const swept = points.map(({ x }) => x);
    if (at.low < Math.min(...swept) || at.high > Math.max(...swept))
      return [`${names} at about ${value(at.estimate)}; its interval is wider than what was swept.`];
    return [
      `${names} at ${value(at.estimate)} ${intervalText(at, value)}, in all ${numberOf(of, 'process')}.`,
    ];
  });
}
