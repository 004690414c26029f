// The tab Why: what an update does, counted, and what each decision costs.
import type { CountedVerb } from '../../harness/results/counted-verbs.js';
import type { Results, WorkSummary } from '../../harness/results/results.js';
import { isToldFromZero } from '../../harness/results/statistics.js';
import { entriesChart, whyChart } from '../charts/run-charts.js';
import * as doc from '../document.js';
import { type CellAnalysis, FLOOR, typicalCell } from '../figures/analysis.js';
import { type CountGroup, countGroups } from '../figures/counted.js';
import { countsOfLoad, largestStep, leadingSteps, STEPS, type StepTimes } from '../figures/decomposition.js';
import { COMPARED, LOOK_UP } from '../figures/strategies.js';
import { type SweepAxis, sweptPoints } from '../figures/swept-points.js';
import * as words from '../words/wording.js';
import { codeId, countedRows, countId, stepId } from './places.js';
import type { Report } from './report.js';

const { NONE, countText, estimateText, languageText, marginText, meanText, numberOf } = words;

export function whyTab({ results, cells }: Report): doc.Tab {
  const typical = typicalCell(cells);
  return {
    id: 'why',
    name: 'Why',
    sections: [
      ...doc.section('charts', 'Cache lines of a load', [
        { kind: 'columns', columns: [doc.charts([whyChart(results)]), doc.charts([entriesChart(results)])] },
      ]),
      ...doc.section(
        'work',
        'What a load does on the typical host',
        typical === null ? [] : workBlocks(cells, typical),
      ),
      ...doc.section('steps', 'What each decision costs', stepBlocks(results)),
      ...doc.section('more-counts', 'Memory, code and sweeps', [
        ...doc.fold(
          'Memory per entry, per vCPU, per VM, and fixed',
          doc.tables([heldTable(results)]),
          'held',
        ),
        ...doc.fold('Size of the code', doc.tables([codeTable(results)]), 'code'),
        ...sweepBlocks(results),
      ]),
    ],
  };
}

/** The columns of counts with their meanings. */
const COLUMNS: readonly (readonly [keyof WorkSummary, string, string])[] = [
  ['lines', 'lines', 'distinct cache lines of 64 bytes touched'],
  [
    'wayLines',
    'lines to table',
    "lines of the driver's way to a table: IOMMU, PCI segment and its tables by device id",
  ],
  ['chain', 'dependent loads', 'longest sequence of loads in which each needs the value of the one before'],
  ['loads', 'words read', '32-bit words read'],
  ['stores', 'words written', '32-bit words written'],
  ['locks', 'locks', "locks taken, also that of each written entry's table"],
  ['atomics', 'atomics', 'locked instructions: one per lock, one cmpxchg16b per entry written'],
  ['entries', 'entries', 'live IRTEs written'],
  ['invalidate', 'INVALIDATE', 'commands queued; a COMPLETION_WAIT follows each'],
  ['mmioReads', 'MMIO reads', 'register reads of the GA log poll'],
  ['mmioWrites', 'MMIO writes', 'register writes: one per GA log entry'],
];

/** The counts of an operation; columns in which all are 0 are left out. @param withIds - Whether evidence links here. */
function countTable(
  cell: CellAnalysis,
  verb: CountedVerb,
  ids: readonly string[],
  withIds: boolean,
): doc.Table {
  const groups = countGroups(cell, verb, ids);
  const { id: workload } = cell.workload;
  const { operations = 0, inWindow = false } =
    cell.cell.counted[0]?.verbs.find((one) => one.verb === verb) ?? {};
  const where = inWindow ? 'that are timed' : 'of setup and teardown';
  return doc.tableOf(
    {
      id: withIds ? `counted-${workload}-${verb}` : 'work-table',
      caption: `${verb} on ${workload}: ${numberOf(operations, 'operation')} ${where}; mean, and (p99, worst) if they differ.`,
      source: countedRows(cell, groups[0]?.strategy ?? '', verb)[0] ?? '',
    },
    groups,
    COLUMNS.filter(([metric]) => groups.some(({ work }) => work[metric].worst > 0)).map(([metric, label]) =>
      doc.column(label, ({ strategy, work }: CountGroup) => {
        const { mean, p50, p99, worst } = work[metric];
        const all =
          p50 === worst ? meanText(mean) : `${meanText(mean)} (${countText(p99)}, ${countText(worst)})`;
        return withIds ? { text: all, id: countId(workload, verb, strategy, metric) } : all;
      }),
    ),
  );
}

function workBlocks(cells: readonly CellAnalysis[], typical: CellAnalysis): doc.Block[] {
  const options = cells.flatMap((cell) =>
    (cell.cell.counted[0]?.verbs ?? []).map(({ verb }) => {
      const ids = cell.cell.counted.map(({ strategy }) => strategy);
      return {
        values: [cell.workload.id, verb],
        blocks: doc.tables([countTable(cell, verb, ids, true)]),
      };
    }),
  );
  if (options.length === 0) return [doc.text('No load was counted.')];
  return [
    ...doc.tables([countTable(typical, 'load', [...COMPARED, FLOOR], false)]),
    ...doc.fold(
      'All operations and workloads',
      doc.choice('counted-choice', ['workload', 'operation'], options),
      'counted',
    ),
    ...doc.fold('What the columns count', [doc.facts(COLUMNS.map(([, label, meaning]) => [label, meaning]))]),
  ];
}

/** The steps by the IOMMUs of the host. */
function stepBlocks(results: Results): doc.Block[] {
  const all = leadingSteps(results);
  if (all.length === 0)
    return [doc.text('This run did not time the decomposition; `--sweep decomposition` does.')];
  const options = all.toReversed().map((host) => ({
    values: [String(host.iommus)],
    blocks: [doc.text(stepSentences(host)), ...doc.tables([stepTable(results, host)])],
  }));
  return doc.choice('steps-choice', ['IOMMUs'], options);
}

function stepSentences(host: StepTimes): string {
  const { step, time } = largestStep(host);
  const told = isToldFromZero(host.whole);
  return [
    `${languageText(host.lane)}, ${numberOf(host.iommus, 'IOMMU')}: all steps together save ${estimateText(host.whole)} ns of an update${told ? '' : ', inconclusive'}.`,
    ...(told ? [`The largest is ${step.what}, ${estimateText(time)} ns.`] : []),
    `Kept entries would save ${estimateText(host.untaken)} ns more than kept pointers, which Linux has${isToldFromZero(host.untaken) ? '' : ', inconclusive'}.`,
  ].join(' ');
}

/** A row for each strategy: its time and counts, and what the step to it saves. */
function stepTable(results: Results, host: StepTimes): doc.Table {
  const { iommus, lane, steps, whole, times } = host;
  const index = results.decomposition.findIndex((one) => one.iommus === iommus);
  const cell = results.decomposition[index];
  const timeOf = (id: string): string => words.shown(times.get(id), marginText);
  const countsOf = (id: string): string[] =>
    (cell && countsOfLoad(cell, id)?.map(meanText)) ?? [NONE, NONE, NONE];
  return {
    id: `steps-${iommus}`,
    caption: `${languageText(lane)}, ${numberOf(iommus, 'IOMMU')}, n = ${whole.n}: from each strategy to the next one decision changes, and the saving depends on this order. Below 0: the step costs time; "~": inconclusive.`,
    head: ['strategy', 'ns', 'ns saved', 'lines', 'locks', 'dep. loads', 'what changes'],
    texts: [6],
    source: `/decomposition/${index}/cell/timing/series`,
    rows: [
      {
        name: LOOK_UP,
        cells: [timeOf(LOOK_UP), NONE, ...countsOf(LOOK_UP), 'the start: the posted hash, corrected'],
      },
      ...STEPS.map((step, place): doc.Row => {
        const interval = steps[place] as StepTimes['whole'];
        return {
          name: step.to,
          cells: [
            timeOf(step.to),
            {
              text: `${estimateText(interval)}${isToldFromZero(interval) ? '' : ' ~'}`,
              id: stepId(iommus, step.to),
            },
            ...countsOf(step.to),
            `${step.what}: ${step.decision}`,
          ],
        };
      }),
      { name: 'all steps', cells: ['', estimateText(whole), '', '', '', ''] },
    ],
  };
}

function heldTable({ held }: Results): doc.Table {
  return doc.tableOf(
    {
      id: 'held-table',
      caption:
        'Bytes of modelled memory. A fixed 2.0 MiB is the bitmap of vm_ids of v4.9, and each hash table takes 512 KiB.',
      source: '/held',
    },
    held,
    [
      ['per entry', ({ perEntry }) => countText(perEntry)],
      ['per vCPU', ({ perVcpu }) => countText(perVcpu)],
      ['per VM', ({ perVm }) => countText(perVm)],
      ['fixed', ({ fixed }) => words.bytesText(fixed)],
    ],
  );
}

function codeTable({ code }: Results): doc.Table {
  return doc.tableOf(
    {
      id: 'code-table',
      caption:
        'The modules under strategies/ that each strategy imports, shared ones whole; the host model is not counted.',
      source: '/code',
    },
    code,
    [
      ['modules', ({ modules }) => countText(modules)],
      ['statements', ({ strategy, statements }) => ({ text: countText(statements), id: codeId(strategy) })],
      ['branches', ({ branches }) => countText(branches)],
      ['places that lock', ({ locks }) => countText(locks)],
    ],
  );
}

type Swept = ReturnType<typeof sweptPoints>[number];

const linesOfLoad = ({ work }: Swept): number => work.lines.mean;

/** The axes of the sweeps that are shown, with the figure of each. */
const VIEWS: readonly (readonly [SweepAxis, CountedVerb, string, (point: Swept) => number])[] = [
  ['entriesPerVcpu', 'load', 'cache lines of a load', linesOfLoad],
  ['iommus', 'load', 'cache lines of a load', linesOfLoad],
  ['vms', 'wake', 'cache lines of the longest wake', ({ work }) => work.lines.worst],
];

function sweepBlocks(results: Results): doc.Block[] {
  const options = VIEWS.flatMap(([axis, verb, what, figure]) => {
    const points = results.sweeps.filter((point) => point.axis === axis);
    const items = results.strategies
      .map(({ id: strategy }) => ({ strategy, counted: sweptPoints(results, axis, strategy, verb) }))
      .filter(({ counted }) => counted.length > 0);
    if (items.length === 0) return [];
    const table = doc.tableOf(
      {
        id: `sweep-${axis}`,
        caption: `${axis}: ${what}, counted. The axis: ${points[0]?.along}.`,
        source: '/sweeps',
      },
      items,
      points.map(({ value }) => [
        typeof value === 'number' ? countText(value) : value,
        ({ counted }) =>
          words.shown(
            counted.find(({ point }) => point.value === value),
            (place) => meanText(figure(place)),
          ),
      ]),
    );
    return [{ values: [axis], blocks: doc.tables([table]) }];
  });
  return doc.fold('Along one parameter of the host', doc.choice('sweep-choice', ['axis'], options));
}
