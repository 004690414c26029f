// Ratios to a baseline and ns per operation, computed from a cell's raw samples.
import { median } from 'simple-statistics';
import { type Cell, type Check, LANES, type Lane, type Results, type Series } from './results.js';
import {
  type Comparison,
  compareFamily,
  compareRows,
  meanOf,
  pairedDifference,
  pairedLogRatio,
  ratioInterval,
} from './statistics.js';

/** A row of a cell: a strategy, or the A/A control. */
export interface ComparedStrategy extends Comparison, Pick<Series, 'strategy' | 'role'> {
  /** For each process number the median over rounds of ln(strategy / baseline). */
  readonly logRatios: readonly number[];
}

/** The A/A control of a cell: the baseline against itself. */
export type Control = ReturnType<typeof controlOf>;

/** A cell's comparisons with one baseline, in C or in V8. */
export interface CellComparison {
  readonly workload: string;
  readonly baseline: string;
  /** All valid strategies except the baseline, in the order of the results. */
  readonly rows: readonly ComparedStrategy[];
  /** Null if the baseline or the A/A control is void; `controlVoid` is the reason. */
  readonly control: Control | null;
  readonly controlVoid: string | null;
  /** Strategies whose timing is void, each with the reason. */
  readonly void: readonly { readonly strategy: string; readonly reason: string }[];
}

/** The series of a strategy, or of the A/A control, by process number. */
export function seriesOf(cell: Cell, strategy: string, lane: Lane, role: Series['role'] = 'strategy') {
  const all = cell.timing.series.filter(
    (series) => series.strategy === strategy && series.role === role && series.lane === lane,
  );
  return new Map(all.map((series) => [series.processNumber, series] as const));
}

/** The reference run of a strategy. */
function referenceOf({ timing }: Cell, strategy: string) {
  return timing.references.find((candidate) => candidate.strategy === strategy);
}

/** Why a series is void; null if it is valid. */
function voidReason(series: Series, cell: Cell, rounds: number): string | null {
  const { error, processNumber, samples, strategy, digestMatches } = series;
  if (error !== null) return error;
  if (samples.length !== rounds) return `process ${processNumber} has ${samples.length} of ${rounds} rounds`;
  if (digestMatches) return null;
  const failure = referenceOf(cell, strategy)?.error ?? null;
  return failure === null
    ? `process ${processNumber} ended with IRTEs other than the untimed run's`
    : `its untimed run failed: ${failure}`;
}

/** The number of sets with processes in a language. */
function processesIn({ timing: { series } }: Cell, lane: Lane): number {
  return new Set(series.filter((one) => one.lane === lane).map(({ processNumber }) => processNumber)).size;
}

/** Whether a check ran to its end, so that its strategy can be counted and timed. */
export function isCountable({ findings }: Check): boolean {
  return findings.every(({ kind }) => kind !== 'threw' && kind !== 'endless');
}

/** The first reason why a strategy's timing is void; null if it is valid. */
function strategyVoid(
  results: Results,
  cell: Cell,
  strategy: string,
  lane: Lane,
  role: Series['role'] = 'strategy',
): string | null {
  const { rounds } = results.run;
  const processes = processesIn(cell, lane);
  const series = [...seriesOf(cell, strategy, lane, role).values()];
  if (series.length === 0) {
    const check = cell.checks.find((candidate) => candidate.strategy === strategy);
    if (check === undefined) return 'it could not be judged';
    if (!isCountable(check)) return 'its check did not come to its end';
  }
  if (series.length !== processes) return `it was timed in ${series.length} of ${processes} processes`;
  const reasons = [...series.map((one) => voidReason(one, cell, rounds)), oracleReason(cell, strategy)];
  return reasons.find((reason) => reason !== null) ?? null;
}

/**
 * Why the reference run is wrong: a correct strategy must end with the oracle's IRTEs. The entries that an incorrect one
 * leaves wrong can differ from replay to replay, because vm_ids go on.
 */
function oracleReason(cell: Cell, strategy: string): string | null {
  const check = cell.checks.find((candidate) => candidate.strategy === strategy);
  if (!check?.matchesOracle || check.findings.length > 0) return null;
  if (referenceOf(cell, strategy)?.maskedDigest === check.maskedDigest) return null;
  return "its untimed reference run ended with IRTEs other than the oracle's";
}

/** For each process number that both have, the median over rounds of the log ratio in the same round. */
export function logRatios(rows: Map<number, Series>, baseline: Map<number, Series>): number[] {
  return [...rows].flatMap(([processNumber, series]) => {
    const other = baseline.get(processNumber);
    return other === undefined ? [] : [pairedLogRatio(series.samples, other.samples)];
  });
}

/**
 * For each process number that all strategies have, the difference between each strategy and the next: the median over
 * rounds, in ns per operation.
 *
 * @param strategies - Valid ones, at least two.
 */
export function stepsByProcess(cell: Cell, strategies: readonly string[], lane: Lane): number[][] {
  const all = strategies.map((strategy) => seriesOf(cell, strategy, lane));
  const [first, ...others] = all as [Map<number, Series>, ...Map<number, Series>[]];
  return [...first.keys()]
    .filter((number) => others.every((series) => series.has(number)))
    .map((number) => {
      const samples = all.map((series) => (series.get(number) as Series).samples);
      return samples
        .slice(1)
        .map((next, index) => pairedDifference(samples[index] as readonly number[], next));
    });
}

/**
 * Compares the strategies of a cell with a baseline.
 *
 * @param baseline - Id of a strategy. Only the run's own baseline has an A/A control.
 */
export function compareCell(
  results: Results,
  cell: Cell,
  baseline: string = results.run.baseline,
  lane: Lane = 'v8',
): CellComparison {
  const ids = strategiesIn(results, cell, lane).filter((id) => id !== baseline);
  const empty = { workload: cell.workload, baseline, rows: [], control: null };
  if (processesIn(cell, lane) === 0) {
    return { ...empty, controlVoid: lane === 'c' ? 'it was not timed in C' : 'it was not timed', void: [] };
  }
  const voids = [baseline, ...ids].flatMap((strategy) => {
    const reason = strategyVoid(results, cell, strategy, lane);
    return reason === null ? [] : [{ strategy, reason }];
  });
  const isVoid = new Set(voids.map(({ strategy }) => strategy));
  const controlVoid = controlVoidReason(results, cell, baseline, lane);
  if (isVoid.has(baseline)) return { ...empty, controlVoid, void: voids };
  const base = seriesOf(cell, baseline, lane);
  const family = ids
    .filter((id) => !isVoid.has(id))
    .map((strategy) => ({
      strategy,
      role: 'strategy' as const,
      logRatios: logRatios(seriesOf(cell, strategy, lane), base),
    }));
  const rows = compareRows(family, (one) => meanOf(one.logRatios), results.run);
  const control = controlVoid === null ? controlOf(results, cell, base, lane) : null;
  return { ...empty, rows, control, controlVoid, void: voids };
}

/** The strategies to expect: all in V8; in C only those that have a program. */
function strategiesIn({ strategies }: Results, cell: Cell, lane: Lane): string[] {
  const ids = strategies.map(({ id }) => id);
  return lane === 'v8' ? ids : ids.filter((id) => seriesOf(cell, id, lane).size > 0);
}

/** Why a cell has no A/A control; null if it has one. */
function controlVoidReason(results: Results, cell: Cell, baseline: string, lane: Lane): string | null {
  const own = results.run.baseline;
  if (baseline !== own) return `the A/A control is of ${own}`;
  const reason = strategyVoid(results, cell, own, lane);
  if (reason !== null) return `the baseline is void: ${reason}`;
  const twin = strategyVoid(results, cell, own, lane, 'twin');
  return twin === null ? null : `the twin is void: ${twin}`;
}

function controlOf(results: Results, cell: Cell, base: Map<number, Series>, lane: Lane) {
  const { band, baseline: strategy, confidence } = results.run;
  const ratios = logRatios(seriesOf(cell, strategy, lane, 'twin'), base);
  const [compared] = compareFamily([meanOf(ratios)], band, confidence) as [Comparison];
  const { low, high } = compared.ratio;
  return {
    ...compared,
    strategy,
    role: 'twin' as const,
    logRatios: ratios,
    // Its interval excludes 1. That is expected in one of twenty cells.
    flagged: low > 1 || high < 1,
    // Its interval lies outside the band. The cell's other ratios are then unreliable too.
    unreliable: low > 1 + band || high < 1 - band,
  };
}

/**
 * The strategies, and the A/A control, that had not reached a steady state when the rounds began: their times differ between
 * the first and the second half of the rounds, significantly and by more than the band. Empty with too few processes.
 *
 * @returns With each the ratio of its time per operation in the second half to its time in the first half.
 */
export function changesAfterWarmUp({ run }: Results, cell: Cell) {
  const { baseline, rounds } = run;
  const half = Math.floor(rounds / 2);
  if (half === 0) return [];
  const ids = [...new Set(cell.timing.series.map(({ strategy }) => strategy))];
  const contenders = LANES.flatMap((lane) => [
    ...ids.map((strategy) => ({ strategy, lane, role: 'strategy' as const })),
    { strategy: baseline, lane, role: 'twin' as const },
  ]).flatMap((contender) => {
    const { strategy, lane, role } = contender;
    const changes = [...seriesOf(cell, strategy, lane, role).values()]
      .filter((series) => voidReason(series, cell, rounds) === null)
      .map(({ samples }) => Math.log(median(samples.slice(-half)) / median(samples.slice(0, half))));
    return changes.length === 0 ? [] : [{ ...contender, change: meanOf(changes) }];
  });
  return compareRows(contenders, ({ change }) => change, run).filter(
    ({ verdict }) => verdict === 'faster' || verdict === 'slower',
  );
}

/** The median half-width of all bounded unadjusted intervals; null if there is none. */
export function medianHalfWidth(comparisons: readonly CellComparison[]): number | null {
  const widths = comparisons.flatMap(({ rows }) =>
    rows.map(({ ratio }) => Math.sqrt(ratio.high / ratio.low) - 1).filter(Number.isFinite),
  );
  return widths.length === 0 ? null : median(widths);
}

/**
 * The language that leads: verdicts, ranks and headlines use C where everything that is compared has it, and V8 otherwise.
 *
 * @returns Null if neither language has it.
 */
export function leadingLanguage(has: (lane: Lane) => boolean): Lane | null {
  return has('c') ? 'c' : has('v8') ? 'v8' : null;
}

/**
 * ns per operation of each strategy with a valid timing, in the order of the results.
 *
 * @returns For each process the median over rounds, and over processes the geometric mean with its interval.
 */
export function nanosecondsPerOperation(results: Results, cell: Cell, lane: Lane = 'v8') {
  if (processesIn(cell, lane) === 0) return [];
  const inThisLane = new Set(strategiesIn(results, cell, lane));
  return results.strategies.flatMap(({ id: strategy }) => {
    if (!inThisLane.has(strategy) || strategyVoid(results, cell, strategy, lane) !== null) return [];
    const series = [...seriesOf(cell, strategy, lane).values()];
    const processes = series.map(({ samples }) => median(samples));
    const over = ratioInterval(meanOf(processes.map(Math.log)), results.run.confidence);
    return [{ strategy, processes, over }];
  });
}
