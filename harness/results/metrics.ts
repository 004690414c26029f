/** The counts of an operation that touches no memory. */
export const NO_WORK = {
  /** Words read. Taking a lock reads its word. */
  loads: 0,
  /** Words written. Taking a lock writes its word, and releasing it does too. */
  stores: 0,
  /** Distinct cache lines read. */
  linesRead: 0,
  /** Distinct cache lines written. */
  linesWritten: 0,
  /** Distinct cache lines read or written. */
  lines: 0,
  /** Those of the distinct lines that the driver's way to a table was the first to touch. */
  wayLines: 0,
  /**
   * Dependent loads: the longest sequence of loads in which each needs the value of the one before. A load needs the
   * address of the object that it reads, or the key of the hash bucket or table. Taking a lock is a load.
   */
  chain: 0,
  /** Locks taken. The lock of an entry's table counts too. */
  locks: 0,
  /** Those taken on the driver's way. */
  wayLocks: 0,
  /** Locked instructions on x86: one takes a lock, one (cmpxchg16b) writes a live entry. */
  atomics: 0,
  /** Live entries written. */
  entries: 0,
};

/** The counts of an operation that leaves the IOMMUs alone: its invalidation commands, and its accesses to registers. */
export const NO_DEVICE_WORK = { invalidate: 0, completionWait: 0, mmioReads: 0, mmioWrites: 0 };

/** The counts of one operation. They are the same on every machine. */
export type Counts = Readonly<typeof NO_WORK & typeof NO_DEVICE_WORK>;

/** What is counted of an operation. */
export const METRICS = Object.keys({ ...NO_WORK, ...NO_DEVICE_WORK }) as (keyof Counts)[];
