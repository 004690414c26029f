// The charts of a run.
import { DECOMPOSITION } from '../../harness/method.js';
import type { Lane, Results } from '../../harness/results/results.js';
import { isToldFromZero, type ProcessInterval } from '../../harness/results/statistics.js';
import { type CellAnalysis, FLOOR, isWrong, languageOf, typicalCell, workOf } from '../figures/analysis.js';
import {
  partOfLinear,
  partRange,
  sharedLock,
  shownLane,
  simulatedPoints,
} from '../figures/contention-simulation.js';
import { threadedLanes } from '../figures/contention-throughput.js';
import { largestStep, leadingSteps, STEPS } from '../figures/decomposition.js';
import { bestOfKind } from '../figures/pooled.js';
import { COMPARED, HASH, KEPT, kindOf, LOOK_UP, SHOWN } from '../figures/strategies.js';
import { type SweepAxis, sweptPoints } from '../figures/swept-points.js';
import {
  capitalised,
  countText,
  figureText,
  languageText,
  marginText,
  meanText,
  millionsText,
  numberOf,
  partText,
  signedText,
  timesText,
} from '../words/wording.js';
import {
  type Chart,
  flushScale,
  type Line,
  linearScale,
  logarithmicScale,
  merged,
  scaleOf,
} from './chart.js';

/** The grey of the palette, for the lower bound. */
const GREY = 8;

/** Decides how a strategy is drawn. */
export function positionOf({ strategies }: Pick<Results, 'strategies'>, id: string): number {
  return id === FLOOR ? GREY : strategies.findIndex((strategy) => strategy.id === id);
}

/** Cache lines of a load along an axis of the sweeps; null if it was not counted. */
function countedChart(
  results: Results,
  axis: SweepAxis,
  most: number,
  parts: Pick<Chart, 'name' | 'title' | 'subtitle'> & { x: string },
): Chart | null {
  const lines = SHOWN.map((id): Line => {
    const points = sweptPoints(results, axis, id, 'load').filter(({ x }) => x > 0 && x <= most);
    return {
      label: id,
      position: positionOf(results, id),
      points: points.map(({ x, work }) => ({
        x,
        y: work.lines.mean,
        note: `${id}, ${countText(x)}: ${meanText(work.lines.mean)} lines`,
      })),
    };
  }).filter(({ points }) => points.length > 1);
  if (lines.length < 2) return null;
  const xs = [...new Set(lines.flatMap(({ points }) => points.map(({ x }) => x)))].sort((a, b) => a - b);
  const last = xs.at(-1) as number;
  const ticks = xs.filter((x) => x === xs[0] || x >= last / 8);
  return {
    ...parts,
    x: scaleOf(parts.x, 0, last, ticks),
    y: linearScale('cache lines', Math.max(...lines.flatMap(({ points }) => points.map(({ y }) => y)))),
    lines: merged(lines),
  };
}

/** Why the posted hash costs more: it asks every IOMMU. */
export function whyChart(results: Results): Chart | null {
  /** What each further IOMMU adds. The first two also add a way to their entries, in every strategy. */
  const slope = (id: string): string => {
    const points = sweptPoints(results, 'iommus', id, 'load').filter(({ x }) => x > 1);
    const [first, last] = [points[0], points.at(-1)];
    if (!first || !last || last.x === first.x) return '0';
    return meanText((last.work.lines.mean - first.work.lines.mean) / (last.x - first.x));
  };
  return countedChart(results, 'iommus', 64, {
    name: 'why-iommus',
    title: `Each IOMMU beyond the second costs ${LOOK_UP} ${slope(LOOK_UP)} lines, a list ${slope(KEPT)}`,
    subtitle: 'cache lines of a load of 2 IRTEs, counted, the same on every machine; lower is better',
    x: 'IOMMUs',
  });
}

/** How the gap changes with the entries of a vCPU. */
export function entriesChart(results: Results): Chart | null {
  return countedChart(results, 'entriesPerVcpu', 64, {
    name: 'entries-per-vcpu',
    title: 'With many entries ir-data-pointer touches more lines than a hash',
    subtitle: 'cache lines of a load, counted; lower is better',
    x: 'entries of the vCPU',
  });
}

/** The costs of a flush on the chart of shares; the left edge stands for none. */
const FLUSHES = Array.from({ length: 25 }, (_, index) => 10 ** (index / 6));

/** Where the look-up stops to matter: the share of an update above the lower bound, by the cost of an entry's flush. */
export function whereChart(results: Results, cells: readonly CellAnalysis[]): Chart | null {
  const cell = typicalCell(cells);
  if (cell === null) return null;
  const best = bestOfKind(results, cells, HASH)?.strategy;
  const ids = [...new Set([LOOK_UP, ...(best === undefined ? [] : [best]), KEPT])];
  const lane = languageOf(cell, [...ids, FLOOR]);
  if (lane === null) return null;
  const bound = cell.times[lane].get(FLOOR)?.ns.estimate ?? 0;
  const lines = ids.map((id): Line => {
    const time = cell.times[lane].get(id)?.ns.estimate ?? 0;
    const entries = workOf(cell, id)?.entries.mean ?? 1;
    return {
      label: id,
      position: positionOf(results, id),
      isModelled: true,
      points: FLUSHES.map((flush, index) => {
        const share = Math.max(0, time - bound) / (time + (index === 0 ? 0 : flush * entries));
        const where = index === 0 ? 'no flush' : `flush of ${countText(Math.round(flush))} ns`;
        return { x: flush, y: 100 * share, note: `${id}, ${where}: ${partText(share)}` };
      }),
    };
  });
  const shareAt = (flush: number): string => {
    const points = lines[0]?.points ?? [];
    return partText((points.find(({ x }) => x >= flush / 1.01)?.y ?? 0) / 100);
  };
  return {
    name: 'where-it-stops',
    title: `A flush of 1 µs cuts the part above the bound from ${shareAt(1)} to ${shareAt(1000)}`,
    subtitle:
      `time above the lower bound, % of the update on ${cell.workload.id}; ${languageText(lane)}, n = ` +
      `${cell.times[lane].get(LOOK_UP)?.ns.n ?? 0}; flush varied`,
    x: flushScale(),
    y: linearScale('% of the update', Math.max(...lines.flatMap(({ points }) => points.map(({ y }) => y)))),
    lines: merged(lines),
    marks: [
      { x: 1, label: 'v6.8 on: no flush' },
      { x: 1000, label: '2016: 1 µs, assumed' },
    ],
  };
}

/** Throughput by CPUs: measured marks, simulated dashes. */
export function scalingChart(results: Results): Chart | null {
  const { contention } = results;
  const lane = contention && shownLane(contention);
  if (contention === null || lane === null) return null;
  const measured = threadedLanes(results).find((one) => one.lane === lane)?.strategies ?? [];
  const ids = COMPARED.filter((id) => measured.some(({ strategy }) => strategy === id));
  const keys = new Map<string, string[]>();
  for (const id of ids) {
    const lock = sharedLock(contention, id);
    const key = lock === undefined ? id : lock === null ? 'no global lock' : `${lock.name} ${lock.count}`;
    keys.set(key, [...(keys.get(key) ?? []), id]);
  }
  const lines = [...keys].flatMap(([key, members]): Line[] => {
    const id = members.includes(KEPT) ? KEPT : (members[0] as string);
    const position = positionOf(results, id);
    const own = measured.find(({ strategy }) => strategy === id)?.points ?? [];
    const simulated = simulatedPoints(contention, id, lane);
    const label =
      members.length === 1 ? id : key === 'no global lock' ? 'no global lock' : (members[0] as string);
    return [
      {
        label: '',
        position,
        points: own.map(({ threads, perSecond }) => ({
          x: threads,
          y: perSecond.estimate / 1e6 / threads,
          low: perSecond.low / 1e6 / threads,
          high: perSecond.high / 1e6 / threads,
          note: `${members.join(', ')}: ${millionsText(perSecond.estimate / threads)} M/s per CPU measured with ${numberOf(threads, 'thread')}`,
        })),
      },
      {
        label,
        position,
        isModelled: true,
        points: simulated.map(({ cpus, perSecond }) => ({
          x: cpus,
          y: perSecond / 1e6 / cpus,
          note: `${members.join(', ')}: ${millionsText(perSecond / cpus)} M/s per CPU simulated on ${numberOf(cpus, 'CPU')}`,
        })),
      },
    ];
  });
  const shown = lines.filter(({ points }) => points.length > 0);
  const all = shown.flatMap(({ points }) => points);
  if (all.length < 2) return null;
  const cpus = [...new Set(all.map(({ x }) => x))].sort((a, b) => a - b);
  const shared = ids.filter((id) => sharedLock(contention, id) !== null);
  const kept = partRange(
    ids.flatMap((id) => (shared.includes(id) ? [] : (partOfLinear(contention, id, lane) ?? []))),
  );
  return {
    name: 'many-cpus',
    title:
      shared.length > 0
        ? `A global lock ends scaling${kept === '' ? '' : `; without one, each of ${countText(Math.max(...cpus))} CPUs keeps ${kept}`}`
        : 'No strategy here has a global lock',
    subtitle: `${languageText(lane)}; marks: measured (n = ${contention.processes}), dashes: simulated; higher is better`,
    x: logarithmicScale(
      'CPUs',
      cpus,
      cpus.filter((_, index) => (cpus.length - index) % 2 === 1),
    ),
    y: logarithmicScale('million updates/s per CPU', [
      ...all.map(({ y }) => y),
      10 ** Math.ceil(Math.log10(Math.max(...all.map(({ y }) => y)))),
      10 ** Math.floor(Math.log10(Math.min(...all.map(({ y }) => y)))),
    ]),
    lines: shown,
  };
}

/** The colour of a kind of strategy in charts of rows: that of its usual member, or of its first one. */
function kindPosition(results: Results, id: string): number {
  const ids = results.strategies.map((one) => one.id).filter((one) => kindOf(one) === kindOf(id));
  return positionOf(results, ids.find((one) => one === LOOK_UP || one === KEPT) ?? ids[0] ?? id);
}

/** A strategy's time with its interval, and the text beside it. */
interface TimeRow {
  readonly strategy: string;
  readonly ns: ProcessInterval;
  readonly text: string;
  readonly isHollow?: boolean;
}

/** A row for each strategy with its time. */
function rowsChart(
  results: Results,
  rows: readonly TimeRow[],
  parts: Pick<Chart, 'name' | 'title' | 'subtitle'>,
): Chart {
  const yOf = (index: number): number => rows.length - 1 - index;
  // A bar that is far longer than the others would make them unreadable.
  const most = Math.max(
    ...rows.map(({ ns: { estimate, high } }) =>
      Number.isFinite(high) ? Math.min(high, 1.3 * estimate) : estimate,
    ),
  );
  return {
    ...parts,
    x: linearScale('ns per operation', most),
    y: {
      ...scaleOf('', -0.5, rows.length - 0.5, []),
      ticks: rows.map(({ strategy }, index) => ({ value: yOf(index), label: strategy })),
    },
    lines: rows.map(({ strategy, ns, text, isHollow }, index) => ({
      label: text,
      position: kindPosition(results, strategy),
      ...(isHollow === undefined ? {} : { isHollow }),
      points: [
        {
          ...{ x: ns.estimate, y: yOf(index), low: ns.low, high: ns.high },
          note: `${strategy}: ${text} ns, n = ${ns.n}`,
        },
      ],
    })),
    rows: rows.length,
  };
}

/** The times of a workload in one language. */
export function timesChart(results: Results, cell: CellAnalysis, lane: Lane): Chart | null {
  const rows = results.strategies.flatMap(({ id: strategy }): TimeRow[] => {
    const ns = cell.times[lane].get(strategy)?.ns;
    const isHollow = isWrong(cell, strategy);
    return ns ? [{ strategy, ns, isHollow, text: `${marginText(ns)}${isHollow ? ' ✗' : ''}` }] : [];
  });
  if (rows.length === 0) return null;
  return rowsChart(results, rows, {
    name: `times-${lane}-${cell.workload.id}`,
    title: `${cell.workload.id}: ${findingOf(results, cell, lane)}`,
    subtitle:
      `ns per operation in ${languageText(lane)}, a model of the strategies, not the kernel; ` +
      `n = ${Math.min(...rows.map(({ ns }) => ns.n))} processes; lower is better; hollow: wrong results`,
  });
}

/** The decomposition of an update on the host with the most IOMMUs: each row changes one decision of the row above. */
export function stepsChart(results: Results): Chart | null {
  const host = leadingSteps(results).at(-1);
  if (host === undefined) return null;
  const { times, steps, whole, lane, iommus } = host;
  const rows = DECOMPOSITION.strategies.map((strategy, index): TimeRow => {
    const ns = times.get(strategy) as ProcessInterval;
    const saved = steps[index - 1];
    const change = saved && `, ${STEPS[index - 1]?.short} ${signedText(-saved.estimate)}`;
    return { strategy, ns, text: `${figureText(ns.estimate)}${change ?? ''}` };
  });
  const { step, time } = largestStep(host);
  return rowsChart(results, rows, {
    name: 'steps',
    title: isToldFromZero(whole)
      ? `${capitalised(step.what)}: ${figureText(time.estimate)} of ${figureText(whole.estimate)} ns`
      : 'The steps down to the lower bound are not told from 0',
    subtitle: `ns of an update, ${numberOf(iommus, 'IOMMU')}, ${languageText(lane)}, n = ${whole.n}; a row changes one decision; lower is better`,
  });
}

/** What the times of a workload show of the posted kind of hash. */
function findingOf(results: Results, cell: CellAnalysis, lane: Lane): string {
  const row = cell.comparisons[lane].rows.find(({ strategy }) => strategy === LOOK_UP);
  if (!row || row.verdict === null) return 'times of all strategies';
  const { baseline } = results.run;
  if (row.verdict === 'equivalent' || row.verdict === 'not separated')
    return `${LOOK_UP} and ${baseline} are not shown to differ`;
  return `${LOOK_UP} takes ${timesText(row.ratio.estimate)} the time of ${baseline}`;
}
