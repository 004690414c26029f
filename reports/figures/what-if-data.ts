// What the page's what-if is computed from: the counts of the sweeps, and the prices that the report uses.
import type { ContentionPrices, Results, SweptPoint } from '../../harness/results/results.js';
import { shownLane } from './contention-simulation.js';
import { L3 } from './cost-answers.js';
import type { WorkAt } from './cost-formula.js';
import { CMPXCHG_PRICE, LOCK_PRICE, meansOf } from './cost-model.js';
import { sweptPoints } from './sweep-tables.js';
import type { CeilingData, WhatIfData, WhatIfInput } from './what-if-model.js';

/**
 * Loads and puts of a vCPU in a second: a guest with a timer of 1 kHz that halts at each tick is loaded and put a thousand
 * times.
 */
const USUAL_RATE = 2000;

/** vCPUs that a host of two sockets and 256 hardware threads runs at the same time. */
const USUAL_VCPUS = 256;

/** ns of a line from another CPU that no machine needs, unless this one did. */
const MOST_TRANSFER = 1e4;

/** Entries of a vCPU on a usual host: one or two for each device. */
const USUAL_ENTRIES = 2;

/** What the model is, in words. */
export const WHAT_IF_INTRODUCTION =
  'The cost model with prices of your own. The work of a load is that counted along the axes entriesPerVcpu and iommus ' +
  'of the sweeps, on the line between two counted hosts; the two add up, as counts on other hosts show. What you set ' +
  'is in the address of the page, so that a view can be sent as a link; nothing of it changes the rest of the report. The last ' +
  "column is the part of one CPU's time that a vCPU loaded and put so often costs it.";

/** What the ceiling is, in words. */
export const CEILING_INTRODUCTION =
  'However many CPUs a host has, it makes no more updates than its busiest lock can be held for: one second, divided by ' +
  'what the lock is held for in each update. Words and locks are at the prices fitted under "Many CPUs at once", a lock ' +
  'that comes from another CPU at yours. How much of the ceiling is used follows from the vCPUs and how often each is loaded and put. ' +
  "* One of several such locks, as a device's table or a vCPU has one: the ceiling is that of the simulated host, and a " +
  'larger host has a higher one.';

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
    ceiling: ceilingData(results),
  };
}

/** The fitted prices by which a ceiling is computed: of the lane that stands for all; null where there are none. */
function ceilingPrices({ contention }: Results): ContentionPrices | null {
  const lane = contention === null ? null : shownLane(contention);
  return contention?.prices.find((prices) => prices.lane === lane) ?? null;
}

function ceilingData(results: Results): CeilingData | null {
  const prices = ceilingPrices(results);
  const locks = results.strategies.flatMap(({ id }) => {
    const found = results.contention?.busiest.find(({ strategy }) => strategy === id);
    return found === undefined ? [] : [{ strategy: id, lock: found.lock }];
  });
  if (prices === null || locks.length === 0) return null;
  return {
    access: prices.accessNs,
    atomic: prices.atomicNs,
    lineTransfer: prices.lineTransferNs,
    locks,
  };
}

/** Means with as many digits as anyone reads. */
function rounded<T extends object>(work: T): T {
  return Object.fromEntries(
    Object.entries(work).map(([name, value]) => [name, Number((value as number).toPrecision(5))]),
  ) as T;
}

function inputsOf(results: Results, mostEntries: number): WhatIfInput[] {
  const { host } = results;
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
    ...ceilingInputs(results),
  ];
}

/** The inputs that only the ceiling has. */
function ceilingInputs(results: Results): WhatIfInput[] {
  const prices = ceilingPrices(results);
  if (prices === null || ceilingData(results) === null) return [];
  const usual = Number(prices.lockTransferNs.toPrecision(3));
  return [
    { name: 'vcpus', label: 'Such vCPUs of the host', unit: '', least: 1, most: 1e5, usual: USUAL_VCPUS },
    {
      name: 'transfer',
      label: 'A lock that comes from another CPU',
      unit: 'ns',
      least: 0,
      most: Math.max(MOST_TRANSFER, usual),
      usual,
    },
  ];
}
