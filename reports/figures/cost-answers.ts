// The tables and sentences of the cost model: how large a part of an IRTE update each part is.
import type { Results, WorkSummary } from '../../harness/results/results.js';
import type { NumberTable } from '../words/number-table.js';
import { countText, partText, percentText } from '../words/wording.js';
import { type CellAnalysis, FLOOR, loadWork } from './cell-analysis.js';
import { findShare, type UpdateCost } from './cost-formula.js';
import {
  CMPXCHG_COST,
  cpuShare,
  FLUSH_COSTS,
  L3,
  LINE_COSTS,
  LOCK_COST,
  partsAtL3,
  USUAL_RATE,
} from './cost-model.js';

/** The design with the look-up in question, and the design without a look-up. */
export const LOOK_UP = 'opaque-tag-hash';
export const NO_LOOK_UP = 'ir-data-pointer';

/** The heading of the section. */
export const COST_HEADING = 'Is the look-up slow enough? Counted work times unit costs';

/** What a load consists of. */
export const PARTS_OF_A_LOAD: readonly (readonly [string, string])[] = [
  [
    'write',
    `the work of ${FLOOR}: it writes the state of the vCPU, its physical ID and its live entries, and does nothing else`,
  ],
  [
    "driver's way",
    "from ir_data to an entry's table: the IOMMU, the PCI segment, and two tables by device id. irte-pointer, vcpu-entries " +
      `and ${FLOOR} skip it; every other strategy pays it`,
  ],
  [
    'find',
    'all other work: hash or list, the objects of the irqs, the shadow entries, and the locks of these',
  ],
  [
    'flush',
    'INVALIDATE and COMPLETION_WAIT. A load or put flushes before v6.8 only, a route in every kernel',
  ],
];

/** The paragraph about the model. */
export const COST_MODEL =
  'The model multiplies counted work by unit costs. It pays each distinct cache line once, each lock, and a cmpxchg16b for ' +
  'each live entry.';

/** What a share is a share of. */
export const SHARE_OF_UPDATE =
  'A share is a share of the IRTE update. The rest of vcpu_load() and vcpu_put() is not in it.';

/** The share of a CPU that a time of each update takes. */
export function cpuShareText(ns: number): string {
  const share = percentText(cpuShare(Math.abs(ns), USUAL_RATE));
  return `${share} of a CPU for each vCPU at ${countText(USUAL_RATE)} updates a second`;
}

/** The same of a round number, for tables and charts of shares. */
export const SHARE_OF_CPU =
  `100 ns an update are ${cpuShareText(100)}. ` +
  'A guest with a timer of 1 kHz that halts after each tick has this rate.';

/** The workload of the cost model: the first on which loads were counted. */
export function firstCountedCell(cells: readonly CellAnalysis[]): CellAnalysis | null {
  return (
    cells.find(({ cell }) => cell.counted.some(({ verbs }) => verbs.some(({ verb }) => verb === 'load'))) ??
    null
  );
}

/** The unit costs with their sources. */
export function unitCostFacts(): [string, string][] {
  const swept = FLUSH_COSTS.filter(({ ns }) => ns > 0);
  return [
    ...LINE_COSTS.map(({ name, ns, source }): [string, string] => [
      `a line from ${name}`,
      `${ns} ns; ${source}`,
    ]),
    ...[LOCK_COST, CMPXCHG_COST].map(({ name, ns, source }): [string, string] => [
      name,
      `${ns} ns; ${source}`,
    ]),
    ['flush of one entry', `${swept.map(({ name }) => name).join(', ')}; ${swept[0]?.source}`],
  ];
}

/** A load of a design by its parts, at a cost of an entry's flush in ns; null if the design or the lower bound was not counted. */
export function loadParts(cell: CellAnalysis, strategy: string, flushNs: number): UpdateCost | null {
  const [work, floor] = [loadWork(cell, strategy), loadWork(cell, FLOOR)] as (WorkSummary | null)[];
  return work && floor ? partsAtL3(work, floor, flushNs) : null;
}

/** The parts of a load, and the share of finding by the cost of a flush; none without a counted lower bound. */
export function partsTables({ strategies }: Results, cell: CellAnalysis): NumberTable[] {
  const { id } = cell.workload;
  const rows = strategies.flatMap(({ id: strategy }) => {
    const costs = FLUSH_COSTS.flatMap(({ ns }) => loadParts(cell, strategy, ns) ?? []);
    const [cost] = costs;
    if (cost === undefined) return [];
    const { find, way, write } = cost;
    const parts = [find, way, write].map((ns) => ns.toFixed(0));
    return [[strategy, ...parts, ...costs.map((one) => partText(findShare(one)))]];
  });
  if (rows.length === 0) return [];
  return [
    {
      caption: `${id}: the parts of a load in ns, and the share of find by the cost of an entry's flush; lines from ${L3.name}`,
      workload: id,
      head: ['strategy', 'find', 'way', 'write', ...FLUSH_COSTS.map(({ name }) => name)],
      rows,
    },
  ];
}
