// The arithmetic of the cost model, without unit costs. It imports nothing, because the script of the page uses it too.

/** The mean work of an operation. */
export interface MeanWork {
  /** Distinct cache lines, including those of the driver's way. */
  readonly lines: number;
  readonly wayLines: number;
  /** Locks taken, including one for each entry written and those of the driver's way. */
  readonly locks: number;
  readonly wayLocks: number;
  /** Live entries written. */
  readonly entries: number;
}

/** Unit costs in ns. */
export interface UnitCosts {
  /** The first access to a cache line in an operation. */
  readonly line: number;
  /** Taking and releasing a free lock. */
  readonly lock: number;
  /** Writing a live entry of 128 bits with one instruction. */
  readonly cmpxchg: number;
}

/** The cost of a mean operation in ns, without flushes. Lines are paid one after the other. */
export function costOf({ lines, locks, entries }: MeanWork, unit: UnitCosts): number {
  return lines * unit.line + locks * unit.lock + entries * unit.cmpxchg;
}

/** The cost of a mean load or put in ns, by its parts. */
export interface UpdateCost {
  /** Finding the entries of the vCPU. */
  readonly find: number;
  /** The driver's way from ir_data to the tables of the entries. */
  readonly way: number;
  /** Writing the entries and the state of the vCPU. */
  readonly write: number;
  readonly flush: number;
}

/**
 * Splits the cost of a load or put.
 *
 * @param floor - The work of the lower bound, which writes and does nothing else.
 * @param flushNs - Flushing an entry; 0 since v6.8.
 */
export function partsOf(work: MeanWork, floor: MeanWork, unit: UnitCosts, flushNs: number): UpdateCost {
  const way = work.wayLines * unit.line + work.wayLocks * unit.lock;
  const write = costOf(floor, unit);
  return { find: costOf(work, unit) - way - write, way, write, flush: work.entries * flushNs };
}

/** The time of a load or put, in ns. */
export function totalOf({ find, way, write, flush }: UpdateCost): number {
  return find + way + write + flush;
}

/** The part of a load or put that is finding the entries; 0 if it costs nothing. */
export function findShare(cost: UpdateCost): number {
  const total = totalOf(cost);
  return total === 0 ? 0 : cost.find / total;
}

/** The work of an operation at a place of an axis. */
export interface WorkAt extends MeanWork {
  readonly x: number;
}

/** A design's counted work along two axes. */
export interface CountedAxes {
  readonly strategy: string;
  /** A load by entries per vCPU, on the host of the run, in ascending order. */
  readonly byEntries: readonly WorkAt[];
  /** A load by IOMMUs, in ascending order. */
  readonly byIommus: readonly WorkAt[];
  /** A route by entries per vCPU, as for loads. */
  readonly routes: readonly WorkAt[];
}

const METRICS = ['lines', 'wayLines', 'locks', 'wayLocks', 'entries'] as const;

/** The work at a place of an axis, interpolated between the adjacent places or extrapolated from the last two. */
export function workBetween(places: readonly WorkAt[], x: number): MeanWork {
  const next = places.findIndex((place) => place.x >= x);
  const above = next < 0 ? places.length - 1 : Math.max(1, next);
  const [low, high] = [places[above - 1] ?? places[0], places[above] ?? places[0]] as [WorkAt, WorkAt];
  const part = high.x === low.x ? 0 : (x - low.x) / (high.x - low.x);
  return mapMetrics((metric) => low[metric] + part * (high[metric] - low[metric]));
}

function mapMetrics(figure: (metric: (typeof METRICS)[number]) => number): MeanWork {
  return Object.fromEntries(METRICS.map((metric) => [metric, figure(metric)])) as unknown as MeanWork;
}

/** The work that each IOMMU more adds to an update, from one place of an axis to another. */
function slope(byIommus: readonly WorkAt[], from: number, to: number): MeanWork {
  const [low, high] = [workBetween(byIommus, from), workBetween(byIommus, to)];
  return mapMetrics((metric) => (to > from ? (high[metric] - low[metric]) / (to - from) : 0));
}

/**
 * The work of a load by entries of the vCPU and IOMMUs of the host. The result is exact on both axes, and on the counted hosts
 * beside them. An update has work for each IOMMU of the host, such as a lock, and more for each IOMMU that it writes entries of,
 * such as the driver's way to them. On the axis of IOMMUs the curve is steeper by the second work up to its number of entries.
 *
 * @param iommus - The number wanted, and the number of the run's host.
 */
export function workAt(
  { byEntries, byIommus }: CountedAxes,
  entries: number,
  iommus: { readonly wanted: number; readonly counted: number },
): MeanWork {
  const own = workBetween(byEntries, entries);
  const [wanted, counted] = [workBetween(byIommus, iommus.wanted), workBetween(byIommus, iommus.counted)];
  const { x: most, entries: usual } = byIommus.at(-1) as WorkAt;
  const [steep, flat] = [slope(byIommus, 1, usual), slope(byIommus, usual, most)];
  // Each entry has a device of its own, up to the IOMMUs of the largest counted host.
  const written = (of: number): number =>
    Math.min(of, iommus.wanted, most) - Math.min(of, iommus.counted, most);
  const more = written(entries) - written(usual);
  return mapMetrics((metric) =>
    Math.max(0, own[metric] + wanted[metric] - counted[metric] + more * (steep[metric] - flat[metric])),
  );
}
