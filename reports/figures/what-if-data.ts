// The data of the page's what-if: the counts of the sweeps, and the unit costs of the report.
import type { CountedVerb } from '../../harness/results/counted-verbs.js';
import type { Results, SweptPoint } from '../../harness/results/results.js';
import { type CellAnalysis, FLOOR, leadingTime, typicalCell, workOf } from './analysis.js';
import type { WorkAt } from './cost-formula.js';
import { CMPXCHG_COST, FLUSH_COST, L3, LOCK_COST, meansOf, USUAL_RATE } from './cost-model.js';
import { KEPT, LOOK_UP, SHOWN } from './strategies.js';
import { sweptPoints } from './swept-points.js';
import type { WhatIfData, WhatIfInput } from './what-if-model.js';

/** Entries of a vCPU on a common host: one or two for each device. */
const USUAL_ENTRIES = 2;

/** The data of the what-if; null if the sweeps were not counted, or without the lower bound. */
export function whatIfData(results: Results, cells: readonly CellAnalysis[]): WhatIfData | null {
  const along = (axis: SweptPoint['axis'], strategy: string, verb: CountedVerb = 'load'): WorkAt[] =>
    sweptPoints(results, axis, strategy, verb)
      .map(({ x, work }) => ({ x, ...rounded(meansOf(work)) }))
      .sort((one, other) => one.x - other.x);
  const designs = results.strategies.flatMap(({ id }) => {
    const [byEntries, byIommus] = [along('entriesPerVcpu', id), along('iommus', id)];
    const routes = along('entriesPerVcpu', id, 'route');
    return [byEntries, byIommus, routes].some(({ length }) => length === 0)
      ? []
      : [{ strategy: id, byEntries, byIommus, routes }];
  });
  const floor = designs.find(({ strategy }) => strategy === FLOOR);
  if (floor === undefined) return null;
  return {
    inputs: inputsOf(results, floor.byEntries.at(-1)?.x ?? 0, lineOfC(results, cells)),
    designs,
    floor,
    iommus: results.host.iommus,
    cmpxchg: CMPXCHG_COST.ns,
    compared: [LOOK_UP, KEPT],
    shown: SHOWN.filter((id) => id !== FLOOR),
    positions: Object.fromEntries(results.strategies.map(({ id }, position) => [id, position])),
  };
}

/** Means with five digits, to save bytes. */
function rounded<T extends object>(work: T): T {
  return Object.fromEntries(
    Object.entries(work).map(([name, value]) => [name, Number((value as number).toPrecision(5))]),
  ) as T;
}

/** The cost of a line with which the model gives the baseline's time in C on the typical host; null without such a time. */
function lineOfC(results: Results, cells: readonly CellAnalysis[]): number | null {
  const cell = typicalCell(cells);
  const time = cell && leadingTime(results, cell, results.run.baseline);
  const work = cell && workOf(cell, results.run.baseline);
  if (!time || !work || time.lane !== 'c') return null;
  const { lines, locks, entries } = meansOf(work);
  const left = time.ns.estimate - locks * LOCK_COST.ns - entries * CMPXCHG_COST.ns;
  return Number(Math.max(0, left / lines).toPrecision(2));
}

function inputsOf({ host }: Results, mostEntries: number, fitted: number | null): WhatIfInput[] {
  const lineLabel =
    fitted === null ? 'A cache line, ns (from L3)' : "A cache line, ns (fitted to this run's C)";
  return [
    {
      name: 'flush',
      label: 'A flush (INVALIDATE, COMPLETION_WAIT), ns; unused with 0 flushes',
      least: 0,
      most: 1e6,
      usual: FLUSH_COST.ns,
    },
    {
      name: 'flushes',
      label: 'Flushes per entry in a load or put (since v6.8: 0)',
      least: 0,
      most: 1,
      usual: host.flush === 'none' ? 0 : 1,
    },
    { name: 'line', label: lineLabel, least: 0, most: 1000, usual: fitted ?? L3.ns },
    { name: 'lock', label: 'Lock and unlock, uncontended, ns', least: 0, most: 1e4, usual: LOCK_COST.ns },
    {
      name: 'entries',
      label: 'IRTEs of the vCPU',
      least: 0,
      most: mostEntries,
      usual: Math.min(USUAL_ENTRIES, mostEntries),
    },
    { name: 'iommus', label: 'IOMMUs', least: 1, most: 64, usual: host.iommus },
    {
      name: 'rate',
      label: 'Updates per vCPU per second (loads + puts)',
      least: 0,
      most: 1e6,
      usual: USUAL_RATE,
    },
  ];
}
