// Compares two runs on the same machine and the same workloads.
import { compareCell, leadingLanguage, nanosecondsPerOperation } from './comparison.js';
import { hostDifference, runsOnOtherHosts } from './other-hosts.js';
import { type Cell, LANES, type Lane, type Results } from './results.js';
import { compareRows, differenceOf, meanOf, ratioInterval } from './statistics.js';

/** A field that must be equal in both runs, and is not. */
export interface Difference {
  readonly field: string;
  readonly base: unknown;
  readonly next: unknown;
}

/** All differences between two runs. */
export type RunComparison = ReturnType<typeof compareRuns>;
export type ChangeTable = ReturnType<typeof tableOf>;
export type ChangeRow = ReturnType<typeof rowsOf>[number];

/** The fields of the machine that may differ. */
const MAY_DIFFER: readonly string[] = ['memoryBytes', 'load', 'warnings'];

/** The fields of a run that must be equal. */
const RUN = ['suite', 'baseline', 'band', 'confidence'];

/** Every field that forbids a comparison. */
export function differencesBetween(base: Results, next: Results): Difference[] {
  const fieldsOf = (part: 'environment' | 'run' | 'host', keys: readonly string[]): Difference[] => {
    const [before, after]: Readonly<Record<string, unknown>>[] = [base[part], next[part]];
    return keys.map((key) => ({ field: `${part}.${key}`, base: before?.[key], next: after?.[key] }));
  };
  const machine = Object.keys(base.environment).filter((key) => !MAY_DIFFER.includes(key));
  const pairs: Difference[] = [
    ...fieldsOf('environment', machine),
    ...fieldsOf('run', RUN),
    ...fieldsOf('host', Object.keys(base.host)),
    {
      field: 'workloads',
      base: base.workloads.map(({ id }) => id),
      next: next.workloads.map(({ id }) => id),
    },
    ...base.workloads.flatMap(({ id, stream, host }) => {
      const other = next.workloads.find((workload) => workload.id === id);
      if (other === undefined) return [];
      return [
        { field: `stream of ${id}`, base: stream, next: other.stream },
        { field: `host of ${id}`, base: host, next: other.host },
      ];
    }),
  ];
  return pairs.filter((pair) => JSON.stringify(pair.base) !== JSON.stringify(pair.next));
}

/** A cell with its run, on the run's host or on another one. */
interface PlacedCell {
  /** On another host with its difference: "halt-wake, pointerBytes=4". */
  readonly workload: string;
  readonly results: Results;
  readonly cell: Cell;
}

/** A cell of both runs. */
type CellPair = readonly [base: PlacedCell, next: PlacedCell];

/** Logarithms of a figure by strategy, one for each process. */
type FiguresOf = (placed: PlacedCell, lane: Lane) => ReadonlyMap<string, readonly number[]>;

const ratiosOf: FiguresOf = ({ results, cell }, lane) => {
  const { rows } = compareCell(results, cell, results.run.baseline, lane);
  return new Map(rows.map(({ strategy, logRatios }) => [strategy, logRatios]));
};

const nanosecondsOf: FiguresOf = ({ results, cell }, lane) => {
  const times = nanosecondsPerOperation(results, cell, lane);
  return new Map(times.map(({ strategy, processes }) => [strategy, processes.map(Math.log)]));
};

/** Compares two runs. Verdicts are Holm-adjusted within a workload and use the band of `base`. */
export function compareRuns(base: Results, next: Results) {
  const pairs = pairsOf(base, next);
  const ratios = tableOf('ratio', pairs, ratiosOf);
  const counts = pairs.flatMap(countChanges);
  const [inBase, inNext] = [figuresOf(base), figuresOf(next)];
  const onlyInBase = inBase.filter((figure) => !inNext.includes(figure));
  const slower = ratios.rows.filter(({ verdict }) => verdict === 'slower');
  const wronger = counts.filter((count) => count.what === UNEXPECTED && count.next > count.base);
  const voidNow = pairs.flatMap(([before, { workload, results, cell }]) =>
    LANES.flatMap((lane) => {
      const timed = nanosecondsOf(before, lane);
      return compareCell(results, cell, results.run.baseline, lane)
        .void.filter(({ strategy }) => timed.has(strategy))
        .map(({ strategy }) => `${strategy} on ${workload} is void in ${lane === 'c' ? 'C' : 'V8'}`);
    }),
  );
  return {
    tables: [ratios, tableOf('ns per operation', pairs, nanosecondsOf)],
    counts,
    // Figures that only one run has: "floor on pinned".
    onlyInBase,
    onlyInNext: inNext.filter((figure) => !inBase.includes(figure)),
    // A slower ratio, more unexpected failures, or a timing that became void.
    regressions: [
      ...slower.map(({ strategy, workload }) => `${strategy} on ${workload} is slower`),
      ...wronger.map(({ strategy, workload }) => `${strategy} on ${workload} has more unexpected failures`),
      ...voidNow,
    ],
  };
}

/** The cells of both runs: first those on the run's host, then those on other hosts that both have. */
function pairsOf(base: Results, next: Results): CellPair[] {
  return placedCells(base).flatMap((one): CellPair[] => {
    const other = placedCells(next).find(({ workload }) => workload === one.workload);
    return other === undefined ? [] : [[one, other]];
  });
}

/** The cells of a run. */
function placedCells(run: Results): PlacedCell[] {
  return [run, ...runsOnOtherHosts(run)].flatMap((results) => {
    const host = results === run ? '' : `, ${hostDifference(results, run)}`;
    return results.cells.map((cell) => ({ workload: `${cell.workload}${host}`, results, cell }));
  });
}

/** Whether both runs judged some strategy on the same workload. */
export function haveCommon(base: Results, next: Results): boolean {
  return base.cells.some(({ workload, checks }) =>
    next.cells.some(
      (cell) =>
        cell.workload === workload &&
        cell.checks.some(({ strategy }) => checks.some((check) => check.strategy === strategy)),
    ),
  );
}

/** The names of all times: "floor on pinned". */
function figuresOf(results: Results): string[] {
  return placedCells(results).flatMap((placed) => {
    const timed = LANES.flatMap((lane) => [...nanosecondsOf(placed, lane).keys()]);
    return [...new Set(timed)].map((strategy) => `${strategy} on ${placed.workload}`);
  });
}

/** All rows of one unit, with their geometric means. */
function tableOf(unit: 'ratio' | 'ns per operation', pairs: readonly CellPair[], figures: FiguresOf) {
  const rows = pairs.flatMap((pair) => rowsOf(pair, figures));
  const geometricMean = (part: 'base' | 'next') =>
    Math.exp(meanOf(rows.map((row) => Math.log(row[part].estimate))).mean);
  return {
    unit,
    rows,
    geomean: rows.length === 0 ? null : { base: geometricMean('base'), next: geometricMean('next') },
  };
}

/** The figures of each strategy in both runs, and the ratio of the second to the first with its interval and verdict. */
function rowsOf([base, next]: CellPair, figures: FiguresOf) {
  const { workload, results } = base;
  const { run, strategies } = results;
  const ofBase = { c: figures(base, 'c'), v8: figures(base, 'v8') };
  const ofNext = { c: figures(next, 'c'), v8: figures(next, 'v8') };
  const both = strategies.flatMap(({ id: strategy }) => {
    // C if both runs have the strategy in it, else V8.
    const lane = leadingLanguage((one) => ofBase[one].has(strategy) && ofNext[one].has(strategy));
    if (lane === null) return [];
    const before = ofBase[lane].get(strategy) as readonly number[];
    const after = ofNext[lane].get(strategy) as readonly number[];
    return [{ strategy, lane, before, after }];
  });
  const compared = compareRows(both, ({ before, after }) => differenceOf(after, before), run);
  return compared.map(({ strategy, lane, before, after, ...change }) => ({
    workload,
    strategy,
    lane,
    base: ratioInterval(meanOf(before), run.confidence),
    next: ratioInterval(meanOf(after), run.confidence),
    processes: [before.length, after.length],
    ...change,
  }));
}

const UNEXPECTED = 'unexpected failures';

/** The counts that differ. They are exact, so every difference is real. */
function countChanges([{ workload, cell }, next]: CellPair) {
  return cell.checks.flatMap((before) => {
    const { strategy } = before;
    const after = next.cell.checks.find((check) => check.strategy === strategy);
    if (after === undefined) return [];
    const findings = (isDeclared: boolean) => (check: typeof before) =>
      check.findings
        .filter(({ declaredBy }) => (declaredBy !== null) === isDeclared)
        .reduce((sum, { count }) => sum + count, 0);
    const counted: [string, (check: typeof before) => number][] = [
      [UNEXPECTED, findings(false)],
      ['failures within declared limits', findings(true)],
      ['bytes held after the setup', ({ memoryBytes }) => memoryBytes],
      ['INVALIDATE per window', ({ commandsPerWindow }) => commandsPerWindow.invalidate],
      ['COMPLETION_WAIT per window', ({ commandsPerWindow }) => commandsPerWindow.completionWait],
    ];
    return counted.flatMap(([what, count]) => {
      const change = { workload, strategy, what, base: count(before), next: count(after) };
      return change.base === change.next ? [] : [change];
    });
  });
}
