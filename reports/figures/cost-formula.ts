// The arithmetic of the cost model, without unit costs. It imports nothing, because the script of the page uses it too.

/** The mean work of an operation. */
export interface MeanWork {
  /** Distinct cache lines, including the entry lines. */
  readonly lines: number;
  /** Lines of live entries and of the locks of their tables. */
  readonly entryLines: number;
  /** Locks taken, including one for each entry written. */
  readonly locks: number;
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
  /** The invalidation commands for one entry. */
  readonly commands: number;
}

/** The time of a mean update in ns, by its parts. */
export interface UpdateCost {
  /** Finding the entries and preparing the values: everything but the other two parts. */
  readonly lookUp: number;
  /** Writing the live entries: locks of tables, entry lines, cmpxchg16b. */
  readonly write: number;
  readonly commands: number;
}

/** The cost of a mean operation. Lines are paid one after the other, because each lock is a barrier. */
export function costOf({ lines, entryLines, locks, entries }: MeanWork, unit: UnitCosts): UpdateCost {
  return {
    lookUp: (lines - entryLines) * unit.line + (locks - entries) * unit.lock,
    write: entryLines * unit.line + entries * (unit.lock + unit.cmpxchg),
    commands: entries * unit.commands,
  };
}

/** The time of an update, in ns. */
export function totalOf({ lookUp, write, commands }: UpdateCost): number {
  return lookUp + write + commands;
}

/** The part of an update that is the look-up; 0 for an update that costs nothing. */
export function lookUpShare(cost: UpdateCost): number {
  const total = totalOf(cost);
  return total === 0 ? 0 : cost.lookUp / total;
}

/**
 * The cost of an entry's commands at which the look-up is a given part of an update.
 *
 * @returns In ns; 0 if the look-up is a smaller part even without commands, null if no entry is written.
 */
export function breakEvenCommands(work: MeanWork, unit: UnitCosts, part: number): number | null {
  if (work.entries === 0) return null;
  const { lookUp, write } = costOf(work, unit);
  return Math.max(0, (lookUp * (1 - part)) / part - write) / work.entries;
}

/** The work of an update at a place of an axis. */
export interface WorkAt extends MeanWork {
  readonly x: number;
}

/** A design's counted work along two axes. */
export interface CountedAxes {
  readonly strategy: string;
  /** By entries per vCPU, on the host of the run, in ascending order. */
  readonly byEntries: readonly WorkAt[];
  /** By IOMMUs, in ascending order. */
  readonly byIommus: readonly WorkAt[];
}

const METRICS = ['lines', 'entryLines', 'locks', 'entries'] as const;

/** The work at a place of an axis, interpolated between the adjacent places or extrapolated from the last two. */
function workBetween(places: readonly WorkAt[], x: number): MeanWork {
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
