// Is the look-up slow enough to pardon optimization: the answer of the cost model, in sentences and tables.
import type { Results } from '../../harness/results/results.js';
import type { NumberTable } from '../words/number-table.js';
import { partText, percentText } from '../words/wording.js';
import { type CellAnalysis, loadWork } from './cell-analysis.js';
import { breakEvenCommands, findShare } from './cost-formula.js';
import {
  BREAK_EVEN_PARTS,
  CMPXCHG_PRICE,
  costAt,
  FLUSH_PRICES,
  fallsTo,
  LINE_PRICES,
  LOCK_PRICE,
  meansOf,
  type Price,
  pricesAt,
} from './cost-model.js';
import { SWEPT_AXES, sweptPoints, valueOnAxis } from './sweep-tables.js';

/** The design whose look-up is in question, and the one that has none. */
export const LOOK_UP = 'opaque-tag-hash';
export const NO_LOOK_UP = 'ir-data-pointer';

/** What the model is, in words. */
export const COST_MODEL =
  "T(update) = find + write + commands. Write: for each live entry its table's lock and a cmpxchg16b, and the lines of " +
  'both. Find: all other lines and locks of the operation. Each distinct line is paid once and one after the other, ' +
  'since every lock taken is a barrier. Commands: INVALIDATE and COMPLETION_WAIT for each entry, or none.';

/** The line price of what is told at one price. */
export const [, L3] = LINE_PRICES;

/** The commands' price of what is told at one price, among those that are swept. */
export const ONE_MICROSECOND = FLUSH_PRICES.find(({ ns }) => ns === 1000) as Price;
export const [NO_FLUSH] = FLUSH_PRICES as [Price];

/** The workload that the answers are about: the first whose loads were counted. */
export function pricedCell(cells: readonly CellAnalysis[]): CellAnalysis | null {
  return (
    cells.find(({ cell }) => cell.counted.some(({ verbs }) => verbs.some(({ verb }) => verb === 'load'))) ??
    null
  );
}

/** The prices with their sources. */
export function priceFacts(): [string, string][] {
  const swept = FLUSH_PRICES.filter(({ ns }) => ns > 0);
  return [
    ...LINE_PRICES.map(({ name, ns, source }): [string, string] => [
      `a line from ${name}`,
      `${ns} ns; ${source}`,
    ]),
    ...[LOCK_PRICE, CMPXCHG_PRICE].map(({ name, ns, source }): [string, string] => [
      name,
      `${ns} ns; ${source}`,
    ]),
    ['commands for one entry', `${swept.map(({ name }) => name).join(', ')}; ${swept[0]?.source}`],
  ];
}

/** Share of finding by the price of the commands, and the prices at which it is a half, a tenth, a hundredth. */
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
      head: ['strategy', 'find, ns', 'write, ns', ...FLUSH_PRICES.map(({ name }) => name)],
      rows: counted.map(({ strategy, work }) => {
        const { find, write } = costAt(work, L3.ns, 0);
        const shares = FLUSH_PRICES.map(({ ns }) => partText(findShare(costAt(work, L3.ns, ns))));
        return [strategy, find.toFixed(0), write.toFixed(0), ...shares];
      }),
    },
    ...compared.map(({ strategy, work }) => ({
      caption: `${id}: price of an entry's commands, in us, at which finding is so large a part of a load of ${strategy}`,
      workload: id,
      head: ['lines from', ...BREAK_EVEN_PARTS.map(percentText)],
      rows: LINE_PRICES.map(({ name, ns }) => [
        name,
        ...BREAK_EVEN_PARTS.map((part) =>
          microseconds(breakEvenCommands(meansOf(work), pricesAt(ns, 0), part)),
        ),
      ]),
    })),
  ];
}

/** A price in us; "-" for a load that writes no entry. */
function microseconds(ns: number | null): string {
  if (ns === null) return '-';
  const us = ns / 1000;
  return us === 0 ? '0' : us >= 100 ? us.toFixed(0) : String(Number(us.toPrecision(2)));
}

/** From where on along each axis finding is no more than so large a part of a load, without commands and with. */
export function sweptCostTables(results: Results): NumberTable[] {
  const policies = [NO_FLUSH, ONE_MICROSECOND];
  return [LOOK_UP, NO_LOOK_UP].flatMap((strategy) => {
    const rows = SWEPT_AXES.flatMap((axis) => {
      const points = sweptPoints(results, axis, strategy, 'load').filter(({ x }) => x > 0);
      if (points.length === 0) return [];
      const bounds = policies.flatMap((flush) => {
        const curve = points.map(({ x, work }) => ({ x, y: findShare(costAt(work, L3.ns, flush.ns)) }));
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
