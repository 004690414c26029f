// The tables of the cost model: how large a part of an update the look-up is.
import type { Results } from '../../harness/results/results.js';
import type { NumberTable } from '../words/number-table.js';
import { partText, percentText } from '../words/wording.js';
import { type CellAnalysis, loadWork } from './cell-analysis.js';
import { breakEvenCommands, lookUpShare } from './cost-formula.js';
import {
  BREAK_EVEN_PARTS,
  CMPXCHG_COST,
  COMMAND_COSTS,
  costAt,
  fallsTo,
  LINE_COSTS,
  LOCK_COST,
  meansOf,
  type UnitCost,
  unitCostsAt,
} from './cost-model.js';
import { SWEPT_AXES, sweptPoints, valueOnAxis } from './swept-points.js';

/** The design with the look-up in question, and the design without a look-up. */
export const LOOK_UP = 'opaque-tag-hash';
export const NO_LOOK_UP = 'ir-data-pointer';

/** The paragraph about the model. */
export const COST_MODEL =
  "T(update) = find + write + commands. Write: for each live entry its table's lock and a cmpxchg16b, and the lines of " +
  'both. Find: all other lines and locks of the operation. Each distinct line is paid once and one after the other, ' +
  'since every lock taken is a barrier. Commands: INVALIDATE and COMPLETION_WAIT for each entry, or none.';

/** The cost of a line where only one is reported. */
export const [, L3] = LINE_COSTS;

/** The cost of commands where only one is reported, and no commands. */
export const ONE_MICROSECOND = COMMAND_COSTS.find(({ ns }) => ns === 1000) as UnitCost;
export const [NO_FLUSH] = COMMAND_COSTS as [UnitCost];

/** The workload of the cost model: the first on which loads were counted. */
export function firstCountedCell(cells: readonly CellAnalysis[]): CellAnalysis | null {
  return (
    cells.find(({ cell }) => cell.counted.some(({ verbs }) => verbs.some(({ verb }) => verb === 'load'))) ??
    null
  );
}

/** The unit costs with their sources. */
export function unitCostFacts(): [string, string][] {
  const swept = COMMAND_COSTS.filter(({ ns }) => ns > 0);
  return [
    ...LINE_COSTS.map(({ name, ns, source }): [string, string] => [
      `a line from ${name}`,
      `${ns} ns; ${source}`,
    ]),
    ...[LOCK_COST, CMPXCHG_COST].map(({ name, ns, source }): [string, string] => [
      name,
      `${ns} ns; ${source}`,
    ]),
    ['commands for one entry', `${swept.map(({ name }) => name).join(', ')}; ${swept[0]?.source}`],
  ];
}

/** The share of the look-up by the cost of commands, and the costs at which it is a half, a tenth, a hundredth. */
export function costTables(results: Results, cell: CellAnalysis): NumberTable[] {
  const { id } = cell.workload;
  const counted = results.strategies.flatMap((strategy) => {
    const work = loadWork(cell, strategy.id);
    return work === null ? [] : [{ strategy: strategy.id, work }];
  });
  const compared = counted.filter(({ strategy }) => strategy === LOOK_UP || strategy === NO_LOOK_UP);
  return [
    {
      caption: `${id}: part of a load that is finding the entries, by the price of an entry's commands; lines from ${L3.name}`,
      workload: id,
      head: ['strategy', 'find, ns', 'write, ns', ...COMMAND_COSTS.map(({ name }) => name)],
      rows: counted.map(({ strategy, work }) => {
        const { lookUp, write } = costAt(work, L3.ns, 0);
        const shares = COMMAND_COSTS.map(({ ns }) => partText(lookUpShare(costAt(work, L3.ns, ns))));
        return [strategy, lookUp.toFixed(0), write.toFixed(0), ...shares];
      }),
    },
    ...compared.map(({ strategy, work }) => ({
      caption: `${id}: price of an entry's commands, in us, at which finding is so large a part of a load of ${strategy}`,
      workload: id,
      head: ['lines from', ...BREAK_EVEN_PARTS.map(percentText)],
      rows: LINE_COSTS.map(({ name, ns }) => [
        name,
        ...BREAK_EVEN_PARTS.map((part) =>
          microseconds(breakEvenCommands(meansOf(work), unitCostsAt(ns, 0), part)),
        ),
      ]),
    })),
  ];
}

/** A cost in us; "-" for a load that writes no entry. */
function microseconds(ns: number | null): string {
  if (ns === null) return '-';
  const us = ns / 1000;
  return us === 0 ? '0' : us >= 100 ? us.toFixed(0) : String(Number(us.toPrecision(2)));
}

/** The values of each axis from which on the look-up is at most a half, a tenth, a hundredth of a load. */
export function sweptCostTables(results: Results): NumberTable[] {
  const policies = [NO_FLUSH, ONE_MICROSECOND];
  return [LOOK_UP, NO_LOOK_UP].flatMap((strategy) => {
    const rows = SWEPT_AXES.flatMap((axis) => {
      const points = sweptPoints(results, axis, strategy, 'load').filter(({ x }) => x > 0);
      if (points.length === 0) return [];
      const bounds = policies.flatMap((flush) => {
        const curve = points.map(({ x, work }) => ({ x, y: lookUpShare(costAt(work, L3.ns, flush.ns)) }));
        return BREAK_EVEN_PARTS.map((part) => boundText(axis, fallsTo(curve, part)));
      });
      return [[axis, ...bounds]];
    });
    if (rows.length === 0) return [];
    return [
      {
        caption:
          `${strategy}: from where on along an axis finding is at most so large a part of a load, with no command ` +
          `and with ${ONE_MICROSECOND.name} for each entry; lines from ${L3.name}`,
        head: [
          'axis',
          ...policies.flatMap(({ name }) => BREAK_EVEN_PARTS.map((part) => `${name}: ${percentText(part)}`)),
        ],
        rows,
      },
    ];
  });
}

function boundText(axis: (typeof SWEPT_AXES)[number], x: number | null): string {
  return x === null ? 'never' : String(Math.round(valueOnAxis(axis, x)));
}
