// What if: the cost of an update on a host of the reader's choice. The page's script uses the same functions as the report,
// so this file imports only arithmetic and wording.
import type { BusiestLock } from '../../harness/results/results.js';
import { countText, millionsText, nanosecondsText, partText } from '../words/wording.js';
import {
  breakEvenCommands,
  type CountedAxes,
  costOf,
  lookUpShare,
  totalOf,
  type UnitCosts,
  workAt,
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
  /** INVALIDATE and COMPLETION_WAIT for one entry, in ns. */
  readonly commands: number;
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
  'write, ns',
  'commands, ns',
  'all, ns',
  'finding is',
  'commands at which finding is 10 %, ns',
  'of a CPU',
] as const;

/** The part of a load at which the look-up is small. */
const SMALL_PART = 0.1;

const NS_PER_SECOND = 1e9;

function unitCostsOf({ commands, lock, line }: WhatIf, cmpxchg: number): UnitCosts {
  return { commands, lock, line, cmpxchg };
}

/** The cost of a design's load: a field for each of {@link WHAT_IF_COLUMNS}. */
export function whatIfRow(design: CountedAxes, chosen: WhatIf, { iommus, cmpxchg }: WhatIfData): string[] {
  const unit = unitCostsOf(chosen, cmpxchg);
  const work = workAt(design, chosen.entries, { wanted: chosen.iommus, counted: iommus });
  const cost = costOf(work, unit);
  const total = totalOf(cost);
  const breakEven = breakEvenCommands(work, unit, SMALL_PART);
  const ns = (value: number) => countText(Math.round(value));
  return [
    ns(cost.lookUp),
    ns(cost.write),
    ns(cost.commands),
    ns(total),
    partText(lookUpShare(cost)),
    breakEven === null ? '-' : ns(breakEven),
    partText((total * chosen.rate) / NS_PER_SECOND),
  ];
}

/** The costs of commands along the curve: from 10 ns to 100 us, eight per decade. */
const CURVE_COSTS = Array.from({ length: 33 }, (_, index) => 10 ** (1 + index / 8));

/** The part of a load that is the look-up, in per cent, by the cost of commands. */
export function shareCurve(
  design: CountedAxes,
  chosen: WhatIf,
  { iommus, cmpxchg }: WhatIfData,
): { x: number; y: number }[] {
  const work = workAt(design, chosen.entries, { wanted: chosen.iommus, counted: iommus });
  return CURVE_COSTS.map((cost) => {
    const commands = Number(cost.toPrecision(3));
    const share = lookUpShare(costOf(work, unitCostsOf({ ...chosen, commands }, cmpxchg)));
    return { x: commands, y: Number((100 * share).toPrecision(3)) };
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
 * The numbers of a link: "commands=1000&line=80". A missing number, or one out of bounds, has the value of the report.
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
