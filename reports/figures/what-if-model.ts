// What if: the cost of an update on a host of the reader's choice. The page's script uses the same functions as the report, so
// this file imports only arithmetic and wording.
import { countText, durationText, partText } from '../words/wording-basics.js';
import {
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
  /** Updates of the vCPU in a second: loads and puts. */
  readonly rate: number;
}

/** The data of the what-if. */
export interface WhatIfData {
  readonly inputs: readonly WhatIfInput[];
  readonly designs: readonly CountedAxes[];
  /** The lower bound, whose work every strategy must do. */
  readonly floor: CountedAxes;
  /** IOMMUs of the run's host. */
  readonly iommus: number;
  /** Writing a live entry, in ns. The reader cannot set it. */
  readonly cmpxchg: number;
  /** The strategies whose difference is the result in one line. */
  readonly compared: readonly [string, string];
  /** The strategies of the chart, and how each is drawn. */
  readonly shown: readonly string[];
  readonly positions: Readonly<Record<string, number>>;
}

/** The heads of the columns of {@link whatIfRow}. */
export const WHAT_IF_COLUMNS = [
  'search, ns',
  "driver's way, ns",
  'write, ns',
  'flushes, ns',
  'update, ns',
  'search share',
  'of a CPU',
  'a route, ns',
] as const;

const NS_PER_SECOND = 1e9;

/** The cost of a strategy's update by its parts, with the given cost of an entry's flush. */
function updateOf(
  design: CountedAxes,
  chosen: WhatIf,
  { iommus, cmpxchg, floor }: WhatIfData,
  flushNs: number,
) {
  const [work, least] = [design, floor].map((axes) =>
    workAt(axes, chosen.entries, { wanted: chosen.iommus, counted: iommus }),
  ) as [ReturnType<typeof workAt>, ReturnType<typeof workAt>];
  return partsOf(work, least, { ...chosen, cmpxchg }, flushNs);
}

/** The cost of a strategy's update: a field for each of {@link WHAT_IF_COLUMNS}. */
export function whatIfRow(design: CountedAxes, chosen: WhatIf, data: WhatIfData): string[] {
  const { flush, flushes, entries, rate } = chosen;
  const cost = updateOf(design, chosen, data, flushes * flush);
  const total = totalOf(cost);
  const route = costOf(workBetween(design.routes, entries), { ...chosen, cmpxchg: data.cmpxchg }) + flush;
  const ns = (value: number) => countText(Math.round(value));
  return [
    ...[cost.find, cost.way, cost.write, cost.flush, total].map(ns),
    partText(findShare(cost)),
    partText((total * rate) / NS_PER_SECOND),
    ns(route),
  ];
}

/** What the second of the compared strategies saves, in one line; empty if one of them is missing. */
export function whatIfResult(chosen: WhatIf, data: WhatIfData): string {
  const [one, other] = data.compared.map((id) => data.designs.find(({ strategy }) => strategy === id));
  if (one === undefined || other === undefined) return '';
  const [before, after] = [one, other].map((design) =>
    totalOf(updateOf(design, chosen, data, chosen.flushes * chosen.flush)),
  ) as [number, number];
  const saved = before - after;
  return (
    `Model: ${other.strategy} ${saved < 0 ? 'costs' : 'saves'} ${durationText(Math.abs(saved))} an update against ${one.strategy} ` +
    `(${partText(Math.abs(saved) / before)} of it): ${partText((Math.abs(saved) * chosen.rate) / NS_PER_SECOND)} of a CPU for each vCPU.`
  );
}

/** The costs of a flush along the curve: from 1 ns to 10 us, six per decade. */
const CURVE_COSTS = Array.from({ length: 25 }, (_, index) => 10 ** (index / 6));

/** The share of the search in an update that flushes each entry, in per cent, by the cost of a flush; 0 is the first. */
export function shareCurve(
  design: CountedAxes,
  chosen: WhatIf,
  data: WhatIfData,
): { x: number; y: number }[] {
  return CURVE_COSTS.map((x, index) => ({
    x,
    // The left edge stands for no flush.
    y: 100 * findShare(updateOf(design, chosen, data, index === 0 ? 0 : x)),
  }));
}

/** The numbers of the report. */
export function usualWhatIf({ inputs }: WhatIfData): WhatIf {
  return Object.fromEntries(inputs.map(({ name, usual }) => [name, usual])) as unknown as WhatIf;
}

/** The numbers of an address. A missing number, or one out of bounds, has the value of the report. */
export function whatIfFrom(said: URLSearchParams, { inputs }: WhatIfData): WhatIf {
  const entries = inputs.map(({ name, least, most, usual }) => {
    const text = said.get(name);
    const value = Number(text);
    const fits = text !== null && text !== '' && value >= least && value <= most;
    return [name, fits ? value : usual];
  });
  return Object.fromEntries(entries) as unknown as WhatIf;
}
