// The data of the page's what-if: the counts of the sweeps, and the unit costs of the report.
import type { CountedVerb } from '../../harness/results/counted-verbs.js';
import type { Results, SweptPoint } from '../../harness/results/results.js';
import { FLOOR } from './cell-analysis.js';
import { shownLane } from './contention-simulation.js';
import { SHARE_OF_UPDATE } from './cost-answers.js';
import type { WorkAt } from './cost-formula.js';
import { CMPXCHG_COST, L3, LOCK_COST, meansOf, ONE_MICROSECOND, USUAL_RATE } from './cost-model.js';
import { sweptPoints } from './swept-points.js';
import type { CeilingData, WhatIfData, WhatIfInput } from './what-if-model.js';

/** vCPUs that a host with two sockets and 256 hardware threads runs at the same time. */
const USUAL_VCPUS = 256;

/** The upper bound of the cost of a line from another CPU in ns, unless this machine exceeds it. */
const MOST_TRANSFER = 1e4;

/** Entries of a vCPU on a common host: one or two for each device. */
const USUAL_ENTRIES = 2;

/** The paragraph about the model. */
export const WHAT_IF_INTRODUCTION =
  'The cost model with unit costs of your own. It uses the work counted along the axes entriesPerVcpu and iommus of the sweeps. ' +
  'What you set is in the address of the page, so you can send a view as a link. The rest of the report does not change. ' +
  `"Of a CPU" is the part of one CPU's time that the loads and puts of a vCPU take. A route flushes once in every kernel. ${SHARE_OF_UPDATE}`;

/** The paragraph about saturation. */
export const CEILING_INTRODUCTION =
  'However many CPUs a host has, it makes no more updates than its busiest lock can be held for: one second, divided by ' +
  'what the lock is held for in each update. Words and locks are at the prices fitted under "Many CPUs at once", a lock ' +
  'that comes from another CPU at yours. How much of the ceiling is used follows from the vCPUs and how often each is loaded and put. ' +
  "* One of several such locks, as a device's table or a vCPU has one: the ceiling is that of the simulated host, and a " +
  'larger host has a higher one.';

/** The data of the what-if; null if the sweeps were not counted, or without the lower bound. */
export function whatIfData(results: Results): WhatIfData | null {
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
  const ceiling = ceilingOf(results);
  return {
    inputs: [...inputsOf(results, floor.byEntries.at(-1)?.x ?? 0), ...(ceiling?.inputs ?? [])],
    designs,
    floor,
    iommus: results.host.iommus,
    cmpxchg: CMPXCHG_COST.ns,
    ceiling: ceiling?.data ?? null,
  };
}

/** Means with five digits, to save bytes. */
function rounded<T extends object>(work: T): T {
  return Object.fromEntries(
    Object.entries(work).map(([name, value]) => [name, Number((value as number).toPrecision(5))]),
  ) as T;
}

function inputsOf({ host }: Results, mostEntries: number): WhatIfInput[] {
  return [
    {
      name: 'flush',
      label: 'A flush: INVALIDATE and COMPLETION_WAIT',
      unit: 'ns',
      least: 0,
      most: 1e6,
      usual: ONE_MICROSECOND.ns,
    },
    {
      name: 'flushes',
      label: 'Flushes for each entry in a load or put (0: since v6.8, 1: before)',
      unit: '',
      least: 0,
      most: 1,
      usual: host.flush === 'none' ? 0 : 1,
    },
    { name: 'line', label: 'A cache line', unit: 'ns', least: 0, most: 1000, usual: L3.ns },
    {
      name: 'lock',
      label: 'A lock, taken and let go',
      unit: 'ns',
      least: 0,
      most: 1e4,
      usual: LOCK_COST.ns,
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

/** The data of the saturation, and the inputs that only it needs; null if the locks were not counted. */
function ceilingOf({ contention, strategies }: Results): { data: CeilingData; inputs: WhatIfInput[] } | null {
  if (contention === null) return null;
  const lane = shownLane(contention);
  const costs = contention.prices.find((fitted) => fitted.lane === lane);
  const locks = strategies.flatMap(
    ({ id }) => contention.busiest.find(({ strategy }) => strategy === id) ?? [],
  );
  if (costs === undefined || locks.length === 0) return null;
  const usual = Number(costs.lockTransferNs.toPrecision(3));
  return {
    data: {
      access: costs.accessNs,
      atomic: costs.atomicNs,
      lineTransfer: costs.lineTransferNs,
      locks: locks.map(({ strategy, lock }) => ({ strategy, lock })),
    },
    inputs: [
      { name: 'vcpus', label: 'Such vCPUs of the host', unit: '', least: 1, most: 1e5, usual: USUAL_VCPUS },
      {
        name: 'transfer',
        label: 'A lock that comes from another CPU',
        unit: 'ns',
        least: 0,
        most: Math.max(MOST_TRANSFER, usual),
        usual,
      },
    ],
  };
}
