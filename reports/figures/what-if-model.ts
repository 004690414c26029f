// What if: the price of an update on a host of the reader's choice. The page's script computes with the same functions as
// the report, so nothing is imported here but arithmetic and wording.

import { countText, millionsText, nanosecondsText, partText } from '../words/wording.js';
import {
  breakEvenCommands,
  type CountedAxes,
  costOf,
  findShare,
  totalOf,
  type UnitPrices,
  workAt,
} from './cost-formula.js';

/** One number that the reader may set. */
export interface WhatIfInput {
  readonly name: keyof WhatIf;
  readonly label: string;
  readonly unit: string;
  readonly least: number;
  readonly most: number;
  /** What the report is computed with. */
  readonly usual: number;
}

/** What the reader has set. */
export interface WhatIf {
  /** ns of INVALIDATE and COMPLETION_WAIT for one entry. */
  readonly commands: number;
  /** ns of a lock, taken and let go. */
  readonly lock: number;
  /** ns of a cache line. */
  readonly line: number;
  /** Entries of the vCPU. */
  readonly entries: number;
  readonly iommus: number;
  /** Loads and puts of the vCPU in a second. */
  readonly rate: number;
  /** Such vCPUs of the host; of the ceiling, as the next one is. */
  readonly vcpus?: number;
  /** ns of a lock that comes from another CPU. */
  readonly transfer?: number;
}

/** What a lock is held for, on average. */
export interface HeldLock {
  readonly name: string;
  /** Times that this one lock is taken for each update of the host. */
  readonly perUpdate: number;
  readonly accesses: number;
  readonly atomics: number;
  /** Lines that come from another CPU: of locks, its own among them, and others. */
  readonly lockTransfers: number;
  readonly lineTransfers: number;
}

/** What the ceiling of each design is computed from. */
export interface CeilingData {
  /** ns of a word, of a lock, and of a line that is no lock's and comes from another CPU. */
  readonly access: number;
  readonly atomic: number;
  readonly lineTransfer: number;
  /** The lock that is busiest with many CPUs; null where none is taken. */
  readonly locks: readonly { readonly strategy: string; readonly lock: HeldLock | null }[];
}

/** All that is computed with. */
export interface WhatIfData {
  readonly inputs: readonly WhatIfInput[];
  readonly designs: readonly CountedAxes[];
  /** Of the run's host. */
  readonly iommus: number;
  /** ns of writing a live entry, which is not in question. */
  readonly cmpxchg: number;
  /** Null where the locks were not counted. */
  readonly ceiling: CeilingData | null;
}

/** Name of the chart of {@link shareCurve}. */
export const SHARE_CHART = 'look-up-share';

/** Where the page has the tables of {@link whatIfRow} and of {@link ceilingRow}. */
export const LOAD_TABLE = 'what-if-load';
export const CEILING_TABLE = 'what-if-ceiling';

/** Heads of the columns that {@link whatIfRow} fills. */
export const WHAT_IF_COLUMNS = [
  'find, ns',
  'write, ns',
  'commands, ns',
  'all, ns',
  'finding is',
  'commands at which finding is 10 %, ns',
  'of a CPU',
] as const;

/** The part of a load at whose break-even the table stops calling it worth a look. */
const SMALL_PART = 0.1;

const NS_PER_SECOND = 1e9;

function pricesOf({ commands, lock, line }: WhatIf, cmpxchg: number): UnitPrices {
  return { commands, lock, line, cmpxchg };
}

/** A design's load, priced: a cell for each of {@link WHAT_IF_COLUMNS}. */
export function whatIfRow(design: CountedAxes, chosen: WhatIf, { iommus, cmpxchg }: WhatIfData): string[] {
  const prices = pricesOf(chosen, cmpxchg);
  const work = workAt(design, chosen.entries, { wanted: chosen.iommus, counted: iommus });
  const cost = costOf(work, prices);
  const total = totalOf(cost);
  const breakEven = breakEvenCommands(work, prices, SMALL_PART);
  const ns = (value: number) => countText(Math.round(value));
  return [
    ns(cost.find),
    ns(cost.write),
    ns(cost.commands),
    ns(total),
    partText(findShare(cost)),
    breakEven === null ? '-' : ns(breakEven),
    partText((total * chosen.rate) / NS_PER_SECOND),
  ];
}

/** The prices of the commands that the curve of the share is drawn over: from 10 ns to 100 us, eight in each decade. */
const CURVE_PRICES = Array.from({ length: 33 }, (_, index) => 10 ** (1 + index / 8));

/** The part of a load that is finding, in per cent, over the price of the commands; the rest is as chosen. */
export function shareCurve(
  design: CountedAxes,
  chosen: WhatIf,
  { iommus, cmpxchg }: WhatIfData,
): { x: number; y: number }[] {
  const work = workAt(design, chosen.entries, { wanted: chosen.iommus, counted: iommus });
  return CURVE_PRICES.map((price) => {
    const commands = Number(price.toPrecision(3));
    const share = findShare(costOf(work, pricesOf({ ...chosen, commands }, cmpxchg)));
    return { x: commands, y: Number((100 * share).toPrecision(3)) };
  });
}

/** Heads of the columns that {@link ceilingRow} fills. */
export const CEILING_COLUMNS = [
  'busiest lock',
  'taken by',
  'held, ns',
  'ceiling, M/s',
  'used by these vCPUs',
] as const;

/** From this number of times per update on, one lock is in the way of all CPUs; below it, it is one of several. */
const SHARED_BY_ALL = 0.5;

/** Whether a lock is taken so often that all CPUs wait for the same one. */
export function isShared({ perUpdate }: Pick<HeldLock, 'perUpdate'>): boolean {
  return perUpdate >= SHARED_BY_ALL;
}

/** The ceiling of a design by its busiest lock, and how much of it is used: a cell for each of {@link CEILING_COLUMNS}. */
export function ceilingRow(
  lock: HeldLock | null,
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

/** What is set where nothing was. */
export function usualWhatIf({ inputs }: WhatIfData): WhatIf {
  return Object.fromEntries(inputs.map(({ name, usual }) => [name, usual])) as unknown as WhatIf;
}

/**
 * What a link says: "commands=1000&line=80". Names that it lacks, or numbers out of bounds, are as usual.
 *
 * @param query - What follows the "?" of the page's fragment.
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

/** The link's part for what differs from the usual; empty if nothing does. */
export function whatIfQuery(chosen: WhatIf, { inputs }: WhatIfData): string {
  return inputs
    .filter(({ name, usual }) => chosen[name] !== usual)
    .map(({ name }) => `${name}=${chosen[name]}`)
    .join('&');
}
