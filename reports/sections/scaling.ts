// The tab Scaling: several threads on one host, measured, and more CPUs, simulated.
import type { Contention, Results } from '../../harness/results/results.js';
import { scalingChart } from '../charts/run-charts.js';
import {
  type Block,
  charts,
  choice,
  column,
  fold,
  section,
  type Tab,
  type Table,
  tableOf,
  tables,
  text,
  texts,
} from '../document.js';
import * as simulation from '../figures/contention-simulation.js';
import {
  ascending,
  type ThreadedLane,
  type ThreadedStrategy,
  threadedLanes,
} from '../figures/contention-throughput.js';
import { expectationText } from '../figures/failures.js';
import { COMPARED } from '../figures/strategies.js';
import * as words from '../words/wording.js';
import { threadsId } from './places.js';
import type { Report } from './report.js';
import { cpuConfidence, cpuTable } from './summary.js';

const {
  NONE,
  confidenceText,
  countText,
  estimateText,
  figureText,
  languageText,
  millionsText,
  namesText,
  numberOf,
  partText,
} = words;

export function scalingTab(report: Report): Tab {
  const { results } = report;
  const { contention } = results;
  const tab = { id: 'scaling', name: 'Scaling' };
  if (contention === null) {
    return {
      ...tab,
      sections: section('measured', 'Not run', [text('Nothing was run with several threads.')]),
    };
  }
  const lanes = threadedLanes(results).toReversed();
  const ceilings = cpuTable(report);
  const options = lanes.map((lane) => ({
    values: [languageText(lane.lane)],
    blocks: tables([threadsTable(results, contention, lane)]),
  }));
  return {
    ...tab,
    sections: [
      ...section('measured', 'Measured', [
        ...charts([scalingChart(results)]),
        ...gaps(results, contention, lanes).map((one) => text(one, 'doubt')),
        ...choice('threads-choice', ['language'], options),
      ]),
      ...section('simulated', 'Ceilings, and more CPUs', [
        ...(ceilings === null ? [] : tables([{ ...ceilings, id: 'ceilings-table' }])),
        ...texts([cpuConfidence(report), agreementText(results, lanes), costText(contention), METHOD]),
        ...fold('Simulated throughput', tables(simulatedTables(results, contention))),
        ...fold('A host that waits for each flush', waitBlocks(results, contention)),
      ]),
    ],
  };
}

const METHOD =
  'Each thread loads and puts its own vCPUs in a tight loop, all on one host, with real locks: C11 atomics, or JavaScript Atomics ' +
  'in V8. Runs that end with a wrong IRTE are discarded.';

/** Throughput with each number of threads. */
function threadsTable(
  results: Results,
  { processes }: Contention,
  { lane, threads, strategies }: ThreadedLane,
): Table {
  const { baseline } = results.run;
  return tableOf(
    {
      id: `threads-${lane}`,
      caption:
        `${languageText(lane)}: million updates/s of all threads with ${confidenceText(results)} intervals (n = ${processes}); the ratio to one thread; with the most ` +
        `threads the ratio to ${baseline} (higher is better).`,
      source: '/contention/series',
    },
    strategies,
    [
      ...threads.map((count, index) =>
        column(numberOf(count, 'thread'), ({ strategy, points, isWrong }: ThreadedStrategy) => {
          const point = points[index];
          const figure = point === undefined ? NONE : estimateText(point.perSecond, millionsText);
          return index === 0
            ? { text: `${figure}${isWrong ? ' ✗' : ''}`, id: threadsId(lane, strategy) }
            : figure;
        }),
      ),
      ...threads.slice(1).map((count, index) =>
        column(`${count} / 1`, ({ points }: ThreadedStrategy) => {
          const scaling = points[index + 1]?.scaling;
          return scaling ? estimateText(scaling, figureText) : NONE;
        }),
      ),
      [
        `/ ${baseline}`,
        ({ strategy, points }) => {
          const ratio = points.at(-1)?.toBaseline;
          return strategy === baseline ? '1' : ratio ? estimateText(ratio, figureText) : NONE;
        },
      ],
    ],
  );
}

/** Strategies that are void, absent or wrong. */
function gaps(
  { strategies }: Results,
  { series, checks, equals }: Contention,
  lanes: readonly ThreadedLane[],
): string[] {
  const isKnown = (id: string) => [...series, ...equals].some(({ strategy }) => strategy === id);
  const absent = strategies.map(({ id }) => id).filter((id) => !isKnown(id));
  return [
    ...lanes.flatMap(({ lane, void: rows }) =>
      rows.map(
        ({ strategy, reason }) => `${strategy} is void with threads in ${languageText(lane)}: ${reason}.`,
      ),
    ),
    ...equals.map(({ strategy, as }) => `${strategy} was not run: its loads and puts do the work of ${as}.`),
    ...(absent.length === 0 ? [] : [`Not run with threads: ${namesText(absent)}.`]),
    ...checks
      .filter(({ findings, matchesOracle }) => findings.length > 0 || !matchesOracle)
      .map(({ strategy, findings }) => {
        const kinds = findings.map((one) => `${one.kind} ${countText(one.count)} (${expectationText(one)})`);
        return `${strategy} is wrong on this stream even without concurrency: ${kinds.join(', ') || 'its last IRTEs'}.`;
      }),
  ];
}

/** Whether the simulation agrees with the measurements. */
function agreementText(results: Results, lanes: readonly ThreadedLane[]): string {
  const furthest = simulation.furthestApart(simulation.agreements(results, lanes));
  if (furthest === null) return 'No simulated throughput can be compared with a measured one.';
  const { strategy, threads, lane, difference } = furthest;
  const accepted = simulation.MOST_DIFFERENCE;
  return (
    `Simulation and measurement differ by at most ${partText(Math.abs(difference))} (${strategy}, ${numberOf(threads, 'thread')}, ` +
    `${languageText(lane)}), ${Math.abs(difference) <= accepted ? 'within' : 'MORE than'} the accepted ${partText(accepted)}. ` +
    'Two points per language were used for the fit.'
  );
}

/** The unit costs of the simulation. */
function costText({ prices }: Contention): string {
  const all = prices.map(
    ({ lane, accessNs, atomicNs, lockTransferNs, lineTransferNs }) =>
      `${languageText(lane)}: access ${figureText(accessNs)}, atomic ${figureText(atomicNs)}, remote lock line ${figureText(lockTransferNs)}, ` +
      `remote data line ${figureText(lineTransferNs)}`,
  );
  return all.length === 0 ? '' : `Fitted unit costs in ns. ${all.join('. ')}.`;
}

function simulatedTables(results: Results, contention: Contention): Table[] {
  const lane = simulation.shownLane(contention);
  if (lane === null) return [];
  const items = results.strategies
    .map(({ id: strategy }) => ({ strategy, points: simulation.simulatedPoints(contention, strategy, lane) }))
    .filter(({ points }) => points.length > 0);
  const cpus = ascending(items.flatMap(({ points }) => points.map((point) => point.cpus)));
  if ((cpus.at(-1) ?? 0) <= contention.threads) return [];
  return [
    tableOf(
      {
        id: 'simulated-table',
        caption: `${languageText(lane)}, simulated: million updates/s per CPU by CPUs.`,
        source: '/contention/simulated',
      },
      items,
      [
        ...cpus.map((count) =>
          column(numberOf(count, 'CPU'), ({ points }: (typeof items)[number]) => {
            const point = points.find((one) => one.cpus === count);
            return point === undefined ? NONE : millionsText(point.perSecond / count);
          }),
        ),
      ],
    ),
  ];
}

/** Entries per second on a host that waits for each flush, by the duration of a wait. */
function waitBlocks({ strategies }: Results, { waits }: Contention): Block[] {
  if (waits === null) return [];
  const { host, cpus, lane, points } = waits;
  const durations = ascending(points.map(({ waitNs }) => waitNs));
  const shown = durations.at(-1) as number;
  const items = strategies
    .map(({ id: strategy }) => ({ strategy, own: points.filter((one) => one.strategy === strategy) }))
    .filter(({ own }) => own.length > 0);
  const limits = items
    .filter(({ strategy }) => COMPARED.includes(strategy))
    .flatMap(({ own }) => own.find(({ waitNs }) => waitNs === shown)?.busiest ?? []);
  return [
    text(
      'Before v6.8 a CPU waits for the flush of each entry and holds its locks meanwhile. The wait is swept: no published time was found. ' +
        `With ${shown / 1000} µs the busiest locks are ${namesText([...new Set(limits)])}.`,
    ),
    ...tables([
      tableOf(
        {
          id: 'waits-table',
          caption: `${languageText(lane)}, simulated on ${numberOf(cpus, 'CPU')} and ${numberOf(host.iommus, 'IOMMU')}: million entries/s and IOMMU by the wait, and the busiest locks.`,
          source: '/contention/waits/points',
        },
        items,
        [
          ...durations.map((ns) =>
            column(`${ns / 1000} µs`, ({ own }: (typeof items)[number]) => {
              const point = own.find(({ waitNs }) => waitNs === ns);
              return point === undefined ? NONE : millionsText(point.entriesPerSecond);
            }),
          ),
          [
            'busiest locks',
            ({ own }) => [...new Set(own.map(({ busiest }) => busiest ?? 'none'))].join(', '),
            'text',
          ],
        ],
      ),
    ]),
  ];
}
