// What the page's what-if is computed from: the counts of the sweeps, and the prices that the report uses.
import type { Results, SweptPoint } from '../harness/results.js';
import { L3 } from './cost-answers.js';
import type { WorkAt } from './cost-formula.js';
import { CMPXCHG_PRICE, LOCK_PRICE, meansOf } from './cost-model.js';
import { sweptPoints } from './sweep-tables.js';
import type { WhatIfData, WhatIfInput } from './what-if-model.js';

/**
 * Loads and puts of a vCPU in a second: a guest with a timer of 1 kHz that halts at each tick is loaded and put a thousand
 * times.
 */
const USUAL_RATE = 2000;

/** Entries of a vCPU on a usual host: one or two for each device. */
const USUAL_ENTRIES = 2;

/** What the model is, in words. */
export const WHAT_IF_INTRODUCTION =
  'The cost model with prices of your own. The work of a load is that counted along the axes entriesPerVcpu and iommus ' +
  'of the sweeps, on the line between two counted hosts; the two add up, as counts on other hosts show. What you set ' +
  'is in the address of the page, so that a view can be sent as a link; nothing of it changes the rest of the report. The last ' +
  "column is the part of one CPU's time that a vCPU loaded and put so often costs it.";

/** The data of the what-if; null where the sweeps were not counted. */
export function whatIfData(results: Results): WhatIfData | null {
  const along = (axis: SweptPoint['axis'], strategy: string): WorkAt[] =>
    sweptPoints(results, axis, strategy, 'load')
      .map(({ x, work }) => ({ x, ...rounded(meansOf(work)) }))
      .sort((one, other) => one.x - other.x);
  const designs = results.strategies.flatMap(({ id }) => {
    const [byEntries, byIommus] = [along('entriesPerVcpu', id), along('iommus', id)];
    return byEntries.length === 0 || byIommus.length === 0 ? [] : [{ strategy: id, byEntries, byIommus }];
  });
  const [first] = designs;
  if (first === undefined) return null;
  return {
    inputs: inputsOf(results, first.byEntries.at(-1)?.x ?? 0),
    designs,
    iommus: results.host.iommus,
    cmpxchg: CMPXCHG_PRICE.ns,
  };
}

/** Means with as many digits as anyone reads. */
function rounded<T extends object>(work: T): T {
  return Object.fromEntries(
    Object.entries(work).map(([name, value]) => [name, Number((value as number).toPrecision(5))]),
  ) as T;
}

function inputsOf({ host }: Results, mostEntries: number): WhatIfInput[] {
  return [
    {
      name: 'commands',
      label: 'Commands for one entry (0: none, since v6.8)',
      unit: 'ns',
      least: 0,
      most: 1e6,
      usual: 0,
    },
    { name: 'line', label: 'A cache line', unit: 'ns', least: 0, most: 1000, usual: L3.ns },
    {
      name: 'lock',
      label: 'A lock, taken and let go',
      unit: 'ns',
      least: 0,
      most: 1e4,
      usual: LOCK_PRICE.ns,
    },
    {
      name: 'entries',
      label: 'Entries of the vCPU',
      unit: '',
      least: 0,
      most: mostEntries,
      usual: Math.min(USUAL_ENTRIES, mostEntries),
    },
    { name: 'iommus', label: 'IOMMUs', unit: '', least: 1, most: 64, usual: host.iommus },
    { name: 'rate', label: 'Loads and puts of the vCPU', unit: '/s', least: 0, most: 1e6, usual: USUAL_RATE },
  ];
}
