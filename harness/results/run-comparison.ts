// Compares two runs on the same machine and the same workloads.
import { compareCell, leadingLanguage, nanosecondsPerOperation } from './comparison.js';
import { hostDifference, runsOnOtherHosts } from './other-hosts.js';
import { type Cell, LANES, type Lane, type Results } from './results.js';
import {
  type Comparison,
  compareFamily,
  differenceOf,
  type Interval,
  meanOf,
  ratioInterval,
} from './statistics.js';

/** A field that must be equal in both runs, and is not. */
export interface Difference {
  readonly field: string;
  readonly base: unknown;
  readonly next: unknown;
}

/** A figure in both runs, and the ratio of the second to the first with its interval and verdict. */
export interface ChangeRow extends Comparison {
  readonly workload: string;
  readonly strategy: string;
  /** C if both runs have the strategy in it, else V8. */
  readonly lane: Lane;
  readonly base: Interval;
  readonly next: Interval;
  readonly processes: readonly [number, number];
}

/** All rows of one unit. */
export interface ChangeTable {
  readonly unit: 'ratio' | 'ns per operation';
  readonly rows: readonly ChangeRow[];
  /** Geometric means over the rows; null if there is none. */
  readonly geomean: { readonly base: number; readonly next: number } | null;
}

/** A count that differs. Counts are exact, so every difference is real. */
export interface CountChange {
  readonly workload: string;
  readonly strategy: string;
  readonly what: string;
  readonly base: number;
  readonly next: number;
}

/** All differences between two runs. */
export interface RunComparison {
  readonly tables: readonly ChangeTable[];
  readonly counts: readonly CountChange[];
  /** Figures that only one run has: "floor on pinned". */
  readonly onlyInBase: readonly string[];
  readonly onlyInNext: readonly string[];
  /** A slower ratio, more unexpected failures, or a timing that became void. */
  readonly regressions: readonly string[];
}

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

/** A cell of both runs, on the run's host or on another one. */
interface CellPair {
  readonly workload: string;
  readonly runs: { readonly base: Results; readonly next: Results };
  readonly base: Cell;
  readonly next: Cell;
}

/** Logarithms of a figure by strategy, one for each process. */
type FiguresOf = (results: Results, cell: Cell, lane: Lane) => ReadonlyMap<string, readonly number[]>;

const ratiosOf: FiguresOf = (results, cell, lane) => {
  const { rows } = compareCell(results, cell, results.run.baseline, lane);
  return new Map(rows.map(({ strategy, logRatios }) => [strategy, logRatios]));
};

const nanosecondsOf: FiguresOf = (results, cell, lane) => {
  const times = nanosecondsPerOperation(results, cell, lane);
  return new Map(times.map(({ strategy, processes }) => [strategy, processes.map(Math.log)]));
};

/** Compares two runs. Verdicts are Holm-adjusted within a workload and use the band of `base`. */
export function compareRuns(base: Results, next: Results): RunComparison {
  const pairs = pairsOf(base, next);
  const tables = [tableOf('ratio', pairs, ratiosOf), tableOf('ns per operation', pairs, nanosecondsOf)];
  const counts = pairs.flatMap(countChanges);
  const [inBase, inNext] = [figuresOf(base), figuresOf(next)];
  const onlyInBase = inBase.filter((figure) => !inNext.includes(figure));
  const slower = (tables[0] as ChangeTable).rows.filter(({ verdict }) => verdict === 'slower');
  const wronger = counts.filter((count) => count.what === UNEXPECTED && count.next > count.base);
  const voidNow = pairs.flatMap(({ workload, runs, base: before, next: after }) =>
    LANES.flatMap((lane) => {
      const timed = nanosecondsOf(runs.base, before, lane);
      return compareCell(runs.next, after, runs.next.run.baseline, lane)
        .void.filter(({ strategy }) => timed.has(strategy))
        .map(({ strategy }) => `${strategy} on ${workload} is void in ${lane === 'c' ? 'C' : 'V8'}`);
    }),
  );
  return {
    tables,
    counts,
    onlyInBase,
    onlyInNext: inNext.filter((figure) => !inBase.includes(figure)),
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
    if (other === undefined) return [];
    const runs = { base: one.run, next: other.run };
    return [{ workload: one.workload, runs, base: one.cell, next: other.cell }];
  });
}

/** The cells of a run by workload, on another host with its difference: "halt-wake, pointerBytes=4". */
function placedCells(results: Results): { workload: string; run: Results; cell: Cell }[] {
  const others = runsOnOtherHosts(results).map((run) => ({ run, host: `, ${hostDifference(run, results)}` }));
  return [{ run: results, host: '' }, ...others].flatMap(({ run, host }) =>
    run.cells.map((cell) => ({ workload: `${cell.workload}${host}`, run, cell })),
  );
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
  return placedCells(results).flatMap(({ workload, run, cell }) => {
    const timed = LANES.flatMap((lane) => nanosecondsPerOperation(run, cell, lane));
    return [...new Set(timed.map(({ strategy }) => `${strategy} on ${workload}`))];
  });
}

function tableOf(unit: ChangeTable['unit'], pairs: readonly CellPair[], figures: FiguresOf): ChangeTable {
  const rows = pairs.flatMap((pair) => rowsOf(pair, figures));
  const geometricMean = (part: 'base' | 'next') =>
    Math.exp(meanOf(rows.map((row) => Math.log(row[part].estimate))).mean);
  return {
    unit,
    rows,
    geomean: rows.length === 0 ? null : { base: geometricMean('base'), next: geometricMean('next') },
  };
}

function rowsOf({ workload, runs, base, next }: CellPair, figures: FiguresOf): ChangeRow[] {
  const { run, strategies } = runs.base;
  const ofBase = { c: figures(runs.base, base, 'c'), v8: figures(runs.base, base, 'v8') };
  const ofNext = { c: figures(runs.next, next, 'c'), v8: figures(runs.next, next, 'v8') };
  const both = strategies.flatMap(({ id: strategy }) => {
    const lane = leadingLanguage((one) => ofBase[one].has(strategy) && ofNext[one].has(strategy));
    if (lane === null) return [];
    const before = ofBase[lane].get(strategy) as readonly number[];
    const after = ofNext[lane].get(strategy) as readonly number[];
    return [{ strategy, lane, before, after }];
  });
  const differences = both.map(({ before, after }) => differenceOf(after, before));
  const changes = compareFamily(differences, run.band, run.confidence);
  return both.map(({ strategy, lane, before, after }, index) => ({
    workload,
    strategy,
    lane,
    base: ratioInterval(meanOf(before), run.confidence),
    next: ratioInterval(meanOf(after), run.confidence),
    processes: [before.length, after.length],
    ...(changes[index] as Comparison),
  }));
}

const UNEXPECTED = 'unexpected failures';

function countChanges({ workload, base, next }: CellPair): CountChange[] {
  return base.checks.flatMap((before) => {
    const { strategy } = before;
    const after = next.checks.find((check) => check.strategy === strategy);
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
