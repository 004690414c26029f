// The arithmetic of the cost model, without a price or a source: the report and the script of its page both compute with
// it, so it imports nothing.

/** Means over the operations that are priced. */
export interface PricedWork {
  /** Distinct cache lines, among them those of entries and their tables' locks. */
  readonly lines: number;
  readonly entryLines: number;
  /** Locks taken, among them one for each entry written. */
  readonly locks: number;
  /** Live entries written. */
  readonly entries: number;
}

/** Unit prices in ns. */
export interface UnitPrices {
  /** Of a line that an operation touches for the first time. */
  readonly line: number;
  /** Of a lock that nobody holds, taken and let go. */
  readonly lock: number;
  /** Of writing a live entry of 128 bits at once. */
  readonly cmpxchg: number;
  /** Of the commands for one entry. */
  readonly commands: number;
}

/** A mean update in ns, by what the time is for. */
export interface UpdateCost {
  /** To find the entries and to prepare what is written: all but the two below. */
  readonly find: number;
  /** To write the live entries: their tables' locks, their lines, cmpxchg16b. */
  readonly write: number;
  readonly commands: number;
}

/** The cost of a mean operation; lines are paid one after the other, since each lock is a barrier. */
export function costOf({ lines, entryLines, locks, entries }: PricedWork, prices: UnitPrices): UpdateCost {
  return {
    find: (lines - entryLines) * prices.line + (locks - entries) * prices.lock,
    write: entryLines * prices.line + entries * (prices.lock + prices.cmpxchg),
    commands: entries * prices.commands,
  };
}

/** All of it, in ns. */
export function totalOf({ find, write, commands }: UpdateCost): number {
  return find + write + commands;
}

/** The part of an update that is finding its entries; 0 for an update that costs nothing. */
export function findShare(cost: UpdateCost): number {
  const total = totalOf(cost);
  return total === 0 ? 0 : cost.find / total;
}

/**
 * The price of the commands for one entry at which finding is just so large a part of an update.
 *
 * @returns In ns; 0 where it is smaller without any command, null where no entry is written.
 */
export function breakEvenCommands(work: PricedWork, prices: UnitPrices, part: number): number | null {
  if (work.entries === 0) return null;
  const { find, write } = costOf(work, prices);
  return Math.max(0, (find * (1 - part)) / part - write) / work.entries;
}

/** The work of an update on a host with so much of something. */
export interface WorkAt extends PricedWork {
  readonly x: number;
}

/** A design's counted work along two axes. */
export interface CountedAxes {
  readonly strategy: string;
  /** By entries per vCPU, on the host of the run; ascending. */
  readonly byEntries: readonly WorkAt[];
  /** By IOMMUs; ascending. */
  readonly byIommus: readonly WorkAt[];
}

const METRICS = ['lines', 'entryLines', 'locks', 'entries'] as const;

/** The work at a place of an axis: on the line between the counted places beside it, or on from the last two. */
function workBetween(places: readonly WorkAt[], x: number): PricedWork {
  const next = places.findIndex((place) => place.x >= x);
  const above = next < 0 ? places.length - 1 : Math.max(1, next);
  const [low, high] = [places[above - 1] ?? places[0], places[above] ?? places[0]] as [WorkAt, WorkAt];
  const part = high.x === low.x ? 0 : (x - low.x) / (high.x - low.x);
  return mapMetrics((metric) => low[metric] + part * (high[metric] - low[metric]));
}

function mapMetrics(figure: (metric: (typeof METRICS)[number]) => number): PricedWork {
  return Object.fromEntries(METRICS.map((metric) => [metric, figure(metric)])) as unknown as PricedWork;
}

/**
 * The work of a load with so many entries on the vCPU and so many IOMMUs: what it is by entries, and what as many IOMMUs
 * more or fewer than the run's host has add or take. Exact on each axis, and on hosts on neither that were counted.
 *
 * @param iommus - Of the run's host.
 */
export function workAt(
  { byEntries, byIommus }: CountedAxes,
  entries: number,
  iommus: { readonly wanted: number; readonly counted: number },
): PricedWork {
  const own = workBetween(byEntries, entries);
  const [wanted, counted] = [workBetween(byIommus, iommus.wanted), workBetween(byIommus, iommus.counted)];
  return mapMetrics((metric) => Math.max(0, own[metric] + wanted[metric] - counted[metric]));
}
