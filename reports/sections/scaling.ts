// The tab Scaling: several threads on one host, measured, and more CPUs, simulated.
import type { Contention, Results } from '../../harness/results/results.js';
import { scalingChart } from '../charts/run-charts.js';
import * as doc from '../document.js';
import * as simulation from '../figures/contention-simulation.js';
import {
  ascending,
  type ThreadedLane,
  type ThreadedStrategy,
  threadedLanes,
} from '../figures/contention-throughput.js';
import { expectationText } from '../figures/failures.js';
import * as words from '../words/wording.js';
import { threadsId } from './places.js';
import type { Report } from './report.js';
import { cpuConfidence } from './summary.js';

export function scalingTab(report: Report): doc.Tab {
  const { results } = report;
  const { contention } = results;
  const tab = { id: 'scaling', name: 'Scaling' };
  if (contention === null) {
    return {
      ...tab,
      sections: doc.section('measured', 'Not run', [doc.text('Nothing was run with several threads.')]),
    };
  }
  const lanes = threadedLanes(results).toReversed();
  const options = lanes.map((lane) => ({
    values: [words.languageText(lane.lane)],
    blocks: doc.tables([threadsTable(results, contention, lane)]),
  }));
  return {
    ...tab,
    sections: [
      ...doc.section('measured', 'Measured', [
        ...doc.charts([scalingChart(results)]),
        ...gaps(results, contention, lanes),
        ...doc.choice('threads-choice', ['language'], options),
      ]),
      ...doc.section('simulated', 'More CPUs, simulated', [
        ...doc.texts([
          cpuConfidence(report),
          `${agreementText(results, lanes)} ${costText(contention)}`,
          METHOD,
        ]),
        ...doc.fold('Simulated throughput', doc.tables(simulatedTables(results, contention))),
        ...doc.fold('A host that waits for each flush', waitBlocks(results, contention)),
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
): doc.Table {
  const { baseline } = results.run;
  return doc.tableOf(
    {
      id: `threads-${lane}`,
      caption:
        `${words.languageText(lane)}: million updates/s of all threads with ${words.confidenceText(results)} intervals (n = ${processes}); the ratio to one thread; with the most ` +
        `threads the ratio to ${baseline} (higher is better).`,
      source: '/contention/series',
    },
    strategies,
    [
      ...threads.map((count, index) =>
        doc.column(words.numberOf(count, 'thread'), ({ points, isWrong }: ThreadedStrategy) => {
          const figure = words.shown(points[index], ({ perSecond }) =>
            words.estimateText(perSecond, words.millionsText),
          );
          return index === 0 && isWrong ? `${figure} ✗` : figure;
        }),
      ),
      ...threads.slice(1).map((count, index) =>
        doc.column(`${count} / 1`, ({ strategy, points }: ThreadedStrategy) => {
          const text = words.shown(points[index + 1]?.scaling, words.estimateText);
          return count === threads.at(-1) ? { text, id: threadsId(lane, strategy) } : text;
        }),
      ),
      [
        `/ ${baseline}`,
        ({ strategy, points }) =>
          strategy === baseline ? '1' : words.shown(points.at(-1)?.toBaseline, words.estimateText),
      ],
    ],
  );
}

/** Strategies that are void or wrong, and those that were not run. */
function gaps(
  { strategies }: Results,
  { series, checks, equals }: Contention,
  lanes: readonly ThreadedLane[],
): doc.Block[] {
  const isKnown = (id: string) => [...series, ...equals].some(({ strategy }) => strategy === id);
  const absent = strategies.map(({ id }) => id).filter((id) => !isKnown(id));
  const doubts = [
    ...lanes.flatMap(({ lane, void: rows }) =>
      rows.map(
        ({ strategy, reason }) =>
          `${strategy} is void with threads in ${words.languageText(lane)}: ${reason}.`,
      ),
    ),
    ...checks
      .filter(({ findings, matchesOracle }) => findings.length > 0 || !matchesOracle)
      .map(({ strategy, findings }) => {
        const kinds = findings.map(
          (one) => `${one.kind} ${words.countText(one.count)} (${expectationText(one)})`,
        );
        return `${strategy} is wrong on this stream even without concurrency: ${kinds.join(', ') || 'its last IRTEs'}.`;
      }),
  ];
  const same = equals.map(({ strategy, as }) => `${strategy} as ${as}`);
  return [
    ...doubts.map((one) => doc.text(one, 'doubt')),
    ...doc.texts([
      same.length === 0 ? '' : `Same work, so run once: ${words.namesText(same)}.`,
      absent.length === 0 ? '' : `Not run with threads: ${words.namesText(absent)}.`,
    ]),
  ];
}

/** Whether the simulation agrees with the measurements. */
function agreementText(results: Results, lanes: readonly ThreadedLane[]): string {
  const furthest = simulation.furthestApart(simulation.agreements(results, lanes));
  if (furthest === null) return 'No simulated throughput can be compared with a measured one.';
  const { strategy, threads, lane, difference } = furthest;
  const accepted = simulation.MOST_DIFFERENCE;
  return (
    `Simulation and measurement differ by at most ${words.partText(Math.abs(difference))} (${strategy}, ${words.numberOf(threads, 'thread')}, ` +
    `${words.languageText(lane)}), ${Math.abs(difference) <= accepted ? 'within' : 'MORE than'} the accepted ${words.partText(accepted)}.`
  );
}

/** The unit costs of the simulation. */
function costText({ prices }: Contention): string {
  const all = prices.map(
    ({ lane, accessNs, atomicNs, lockTransferNs, lineTransferNs }) =>
      `${words.languageText(lane)}: access ${words.figureText(accessNs)}, atomic ${words.figureText(atomicNs)}, remote lock line ${words.figureText(lockTransferNs)}, ` +
      `remote data line ${words.figureText(lineTransferNs)}`,
  );
  return all.length === 0 ? '' : `Unit costs fitted to the measured points, in ns. ${all.join('. ')}.`;
}

function simulatedTables(results: Results, contention: Contention): doc.Table[] {
  const lane = simulation.shownLane(contention);
  if (lane === null) return [];
  const items = results.strategies
    .map(({ id: strategy }) => ({ strategy, points: simulation.simulatedPoints(contention, strategy, lane) }))
    .filter(({ points }) => points.length > 0);
  const cpus = ascending(items.flatMap(({ points }) => points.map((point) => point.cpus)));
  if ((cpus.at(-1) ?? 0) <= contention.threads) return [];
  return [
    doc.tableOf(
      {
        id: 'simulated-table',
        caption: `${words.languageText(lane)}, simulated: million updates/s per CPU. Differences below the error of the fit tell nothing. "-": larger hosts need ids that the strategy lacks.`,
        source: '/contention/simulated',
      },
      items,
      [
        ...cpus.map((count) =>
          doc.column(words.numberOf(count, 'CPU'), ({ points }: (typeof items)[number]) =>
            words.shown(
              points.find((one) => one.cpus === count),
              ({ perSecond }) => words.millionsText(perSecond / count),
            ),
          ),
        ),
      ],
    ),
  ];
}

/** Entries per second on a host that waits for each flush, by the duration of a wait. */
function waitBlocks({ strategies }: Results, { waits }: Contention): doc.Block[] {
  if (waits === null) return [];
  const { host, cpus, lane, points } = waits;
  const durations = ascending(points.map(({ waitNs }) => waitNs));
  const items = strategies
    .map(({ id: strategy }) => ({ strategy, own: points.filter((one) => one.strategy === strategy) }))
    .filter(({ own }) => own.length > 0);
  return [
    doc.text(
      'Before v6.8 a CPU waits for the flush of each entry and holds its locks meanwhile. The wait is swept: no published time was found.',
    ),
    ...doc.tables([
      doc.tableOf(
        {
          id: 'waits-table',
          caption: `${words.languageText(lane)}, simulated on ${words.numberOf(cpus, 'CPU')} and ${words.numberOf(host.iommus, 'IOMMU')}: million entries/s per IOMMU by the wait, and the busiest locks.`,
          source: '/contention/waits/points',
        },
        items,
        [
          ...durations.map((ns) =>
            doc.column(`${ns / 1000} µs`, ({ own }: (typeof items)[number]) =>
              words.shown(own.find(({ waitNs }) => waitNs === ns)?.entriesPerSecond, words.millionsText),
            ),
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
