// What if: the cost of an update on a host of the reader's choice. The page's script uses the same functions as the report,
// so this file imports only arithmetic and wording.
import type { BusiestLock } from '../../harness/results/results.js';
import { countText, millionsText, nanosecondsText, partText, percentText } from '../words/wording.js';
import {
  breakEvenFlush,
  type CountedAxes,
  costOf,
  findShare,
  partsOf,
  totalOf,
  workAt,
  workBetween,
} from './cost-formula.js';

/** A number that the reader may set. */
export interface WhatIfInput {
  readonly name: keyof WhatIf;
  readonly label: string;
  readonly unit: string;
  readonly least: number;
  readonly most: number;
  /** The value of the report. */
  readonly usual: number;
}

/** The numbers that the reader has set. */
export interface WhatIf {
  /** INVALIDATE and COMPLETION_WAIT, in ns. */
  readonly flush: number;
  /** Flushes for each entry in a load or put. A route always flushes once. */
  readonly flushes: number;
  /** Taking and releasing a free lock, in ns. */
  readonly lock: number;
  /** A cache line, in ns. */
  readonly line: number;
  /** Entries of the vCPU. */
  readonly entries: number;
  readonly iommus: number;
  /** Loads and puts of the vCPU in a second. */
  readonly rate: number;
  /** vCPUs of the host. This number and the next are for the saturation only. */
  readonly vcpus?: number;
  /** A lock whose line comes from another CPU, in ns. */
  readonly transfer?: number;
}

/** The data of the saturation of each design. */
export interface CeilingData {
  /** The cost in ns of a memory access, of an atomic, and of a line of data that comes from another CPU. */
  readonly access: number;
  readonly atomic: number;
  readonly lineTransfer: number;
  /** The busiest lock with many CPUs; null if a design takes none. */
  readonly locks: readonly { readonly strategy: string; readonly lock: BusiestLock | null }[];
}

/** The data of the what-if. */
export interface WhatIfData {
  readonly inputs: readonly WhatIfInput[];
  readonly designs: readonly CountedAxes[];
  /** The lower bound, whose work is what every design must do. */
  readonly floor: CountedAxes;
  /** IOMMUs of the run's host. */
  readonly iommus: number;
  /** Writing a live entry, in ns. The reader cannot set it. */
  readonly cmpxchg: number;
  /** Null if the locks were not counted. */
  readonly ceiling: CeilingData | null;
}

/** Name of the chart of {@link shareCurve}. */
export const SHARE_CHART = 'look-up-share';

/** Ids of the tables of {@link whatIfRow} and {@link ceilingRow} in the page. */
export const LOAD_TABLE = 'what-if-load';
export const CEILING_TABLE = 'what-if-ceiling';

/** The heads of the columns of {@link whatIfRow}. */
export const WHAT_IF_COLUMNS = [
  'find, ns',
  "driver's way, ns",
  'write, ns',
  'flushes, ns',
  'a load, ns',
  'finding is',
  'flush at which finding is 10 %, ns',
  'of a CPU',
  'a route, ns',
] as const;

/** The part of a load at which finding the entries is small. */
const SMALL_PART = 0.1;

const NS_PER_SECOND = 1e9;

/** The work of a design's load, and its cost by its parts with the given cost of an entry's flush. */
function loadOf(
  design: CountedAxes,
  chosen: WhatIf,
  { iommus, cmpxchg, floor }: WhatIfData,
  flushNs: number,
) {
  const [work, least] = [design, floor].map((axes) =>
    workAt(axes, chosen.entries, { wanted: chosen.iommus, counted: iommus }),
  ) as [ReturnType<typeof workAt>, ReturnType<typeof workAt>];
  return { work, cost: partsOf(work, least, { ...chosen, cmpxchg }, flushNs) };
}

/** The cost of a design's load: a field for each of {@link WHAT_IF_COLUMNS}. */
export function whatIfRow(design: CountedAxes, chosen: WhatIf, data: WhatIfData): string[] {
  const { flush, flushes, entries, rate } = chosen;
  const { work, cost } = loadOf(design, chosen, data, flushes * flush);
  const total = totalOf(cost);
  const breakEven = breakEvenFlush(cost, work.entries, SMALL_PART);
  const route = costOf(workBetween(design.routes, entries), { ...chosen, cmpxchg: data.cmpxchg }) + flush;
  const ns = (value: number) => countText(Math.round(value));
  return [
    ...[cost.find, cost.way, cost.write, cost.flush, total].map(ns),
    partText(findShare(cost)),
    breakEven === null ? '-' : ns(breakEven),
    percentText((total * rate) / NS_PER_SECOND),
    ns(route),
  ];
}

/** The costs of a flush along the curve: from 10 ns to 100 us, eight per decade. */
const CURVE_COSTS = Array.from({ length: 33 }, (_, index) => 10 ** (1 + index / 8));

/** The share of finding in a load that flushes each entry, in per cent, by the cost of a flush. */
export function shareCurve(
  design: CountedAxes,
  chosen: WhatIf,
  data: WhatIfData,
): { x: number; y: number }[] {
  return CURVE_COSTS.map((cost) => {
    const flush = Number(cost.toPrecision(3));
    const share = findShare(loadOf(design, chosen, data, flush).cost);
    return { x: flush, y: Number((100 * share).toPrecision(3)) };
  });
}

/** The heads of the columns of {@link ceilingRow}. */
export const CEILING_COLUMNS = [
  'busiest lock',
  'taken by',
  'held, ns',
  'ceiling, M/s',
  'used by these vCPUs',
] as const;

/** All CPUs share a lock that is taken at least this often per update. Below, it is one of several. */
const SHARED_BY_ALL = 0.5;

/** Whether all CPUs share a lock. */
export function isShared({ perUpdate }: Pick<BusiestLock, 'perUpdate'>): boolean {
  return perUpdate >= SHARED_BY_ALL;
}

/** The saturation of a design's busiest lock: a field for each of {@link CEILING_COLUMNS}. */
export function ceilingRow(
  lock: BusiestLock | null,
  chosen: WhatIf,
  { access, atomic, lineTransfer }: CeilingData,
): string[] {
  if (lock === null) return ['none', '-', '-', '-', '-'];
  const { name, perUpdate, accesses, atomics, lockTransfers, lineTransfers } = lock;
  const { transfer = 0, vcpus = 0, rate } = chosen;
  const held = accesses * access + atomics * atomic + lockTransfers * transfer + lineTransfers * lineTransfer;
  const ceiling = NS_PER_SECOND / (perUpdate * held);
  return [
    name,
    isShared(lock) ? 'all' : 'some *',
    nanosecondsText(held),
    Number.isFinite(ceiling) ? millionsText(ceiling) : 'unbounded',
    partText((vcpus * rate) / ceiling),
  ];
}

/** The numbers of the report. */
export function usualWhatIf({ inputs }: WhatIfData): WhatIf {
  return Object.fromEntries(inputs.map(({ name, usual }) => [name, usual])) as unknown as WhatIf;
}

/**
 * The numbers of a link: "flush=300&line=80". A missing number, or one out of bounds, has the value of the report.
 *
 * @param query - The part of the page's fragment after "?".
 */
export function whatIfFrom(query: string, data: WhatIfData): WhatIf {
  const said = new URLSearchParams(query);
  const entries = data.inputs.map(({ name, least, most, usual }) => {
    const text = said.get(name);
    const value = Number(text);
    const fits = text !== null && text !== '' && value >= least && value <= most;
    return [name, fits ? value : usual];
  });
  return Object.fromEntries(entries) as unknown as WhatIf;
}

/** The query of a link: the numbers that differ from the report; empty if none does. */
export function whatIfQuery(chosen: WhatIf, { inputs }: WhatIfData): string {
  return inputs
    .filter(({ name, usual }) => chosen[name] !== usual)
    .map(({ name }) => `${name}=${chosen[name]}`)
    .join('&');
}
