// Counted work as rows of tables, for the page and the text.
import type { CountedVerb } from '../../harness/results/counted-verbs.js';
import type { Results, WorkSummary } from '../../harness/results/results.js';
import type { NumberTable } from '../words/number-table.js';
import { bytesText, countText } from '../words/wording.js';
import type { CellAnalysis } from './cell-analysis.js';

/** The means of an operation, by their names in sentences and charts. */
export const MEAN_COUNTS = {
  lines: ({ lines }: WorkSummary) => lines.mean,
  chain: ({ chain }: WorkSummary) => chain.mean,
  locks: ({ locks }: WorkSummary) => locks.mean,
  atomics: ({ atomics }: WorkSummary) => atomics.mean,
  words: ({ loads, stores }: WorkSummary) => loads.mean + stores.mean,
};

/** A column of counts. */
export interface CountColumn {
  readonly metric: keyof WorkSummary;
  /** In the page. The short label is for the narrow columns of the text. */
  readonly label: string;
  readonly shortLabel: string;
  readonly meaning: string;
}

/** The counts of each operation. */
const COUNT_COLUMNS: readonly CountColumn[] = [
  {
    metric: 'loads',
    label: 'words read',
    shortLabel: 'ld',
    meaning: '32-bit words read; taking a lock reads its word',
  },
  {
    metric: 'stores',
    label: 'words written',
    shortLabel: 'st',
    meaning: 'words written; taking a lock and letting it go write its word',
  },
  {
    metric: 'lines',
    label: 'lines',
    shortLabel: 'lines',
    meaning: 'distinct cache lines of 64 bytes read or written',
  },
  {
    metric: 'wayLines',
    label: "lines of the driver's way",
    shortLabel: 'way',
    meaning: "lines of the driver's way to a table: the IOMMU, the PCI segment and its tables by device id",
  },
  { metric: 'linesRead', label: 'lines read', shortLabel: 'rd', meaning: 'distinct lines read' },
  { metric: 'linesWritten', label: 'lines written', shortLabel: 'wr', meaning: 'distinct lines written' },
  {
    metric: 'chain',
    label: 'dependent loads',
    shortLabel: 'dep',
    meaning:
      'the longest sequence of loads in which each needs the value of the one before: an address, or the key of a bucket or table',
  },
  {
    metric: 'locks',
    label: 'locks',
    shortLabel: 'locks',
    meaning: "locks taken, among them that of an entry's table for each entry written",
  },
  {
    metric: 'atomics',
    label: 'atomics',
    shortLabel: 'atom',
    meaning: 'locked instructions on x86: one for each lock taken, one cmpxchg16b for each entry written',
  },
  { metric: 'entries', label: 'entries written', shortLabel: 'irte', meaning: 'live IRTEs written' },
];

/** Counts of the driver's accesses to an IOMMU. A table in which all are 0 has no such column. */
const DEVICE_COLUMNS: readonly CountColumn[] = [
  {
    metric: 'invalidate',
    label: 'INVALIDATE',
    shortLabel: 'inv',
    meaning: 'INVALIDATE commands queued',
  },
  {
    metric: 'completionWait',
    label: 'COMPLETION_WAIT',
    shortLabel: 'wait',
    meaning: 'COMPLETION_WAIT commands queued',
  },
  {
    metric: 'mmioReads',
    label: 'MMIO reads',
    shortLabel: 'mmr',
    meaning: 'reads of IOMMU registers: two a poll of the GA log, counted for the first vCPU that it wakes',
  },
  {
    metric: 'mmioWrites',
    label: 'MMIO writes',
    shortLabel: 'mmw',
    meaning: 'writes of IOMMU registers: one for each entry of the GA log. No access to a register is timed',
  },
];

/** All columns. */
export const ALL_COUNT_COLUMNS: readonly CountColumn[] = [...COUNT_COLUMNS, ...DEVICE_COLUMNS];

/** The columns of a table. */
export function countColumnsOf({ rows }: Pick<CountTable, 'rows'>): readonly CountColumn[] {
  const isUsed = ({ metric }: CountColumn): boolean => rows.some(({ work }) => work[metric].worst > 0);
  return [...COUNT_COLUMNS, ...DEVICE_COLUMNS.filter(isUsed)];
}

/** A strategy's counts of an operation. */
interface CountRow {
  readonly strategy: string;
  readonly work: WorkSummary;
}

/** The counts of an operation on a workload. */
export interface CountTable {
  readonly verb: CountedVerb;
  /** Whether the operations belong to the window. */
  readonly inWindow: boolean;
  readonly operations: number;
  readonly rows: readonly CountRow[];
}

/** The counts of a cell, by operation; empty if nothing was counted. */
export function countTablesOf({ cell: { counted } }: CellAnalysis): CountTable[] {
  const verbs = counted[0]?.verbs ?? [];
  return verbs.map(({ verb, inWindow, operations }) => ({
    verb,
    inWindow,
    operations,
    rows: counted.flatMap(({ strategy, verbs: own }) => {
      const summary = own.find((candidate) => candidate.verb === verb);
      return summary === undefined ? [] : [{ strategy, work: summary.work }];
    }),
  }));
}

/** The quantiles to show: one if all operations are alike. */
export function quantilesOf(work: WorkSummary): readonly ('p50' | 'p99' | 'worst')[] {
  const isOne = Object.values(work).every(({ p50, worst }) => p50 === worst);
  return isOne ? ['p50'] : ['p50', 'p99', 'worst'];
}

/** The memory of the designs. */
export function heldTable({ held }: Results): NumberTable {
  return {
    caption: 'Bytes of modelled memory that one more of each takes, and of a host without any',
    head: ['strategy', 'per entry', 'per vCPU', 'per VM', 'fixed'],
    rows: held.map(({ strategy, perEntry, perVcpu, perVm, fixed }) => [
      strategy,
      ...[perEntry, perVcpu, perVm].map((bytes) => countText(bytes)),
      bytesText(fixed),
    ]),
  };
}
