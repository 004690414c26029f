// The front page: the answer, the table, why, the bugs as conditions, many CPUs, the review, and what was not measured.
import { SIMULATED_CPUS } from '../../harness/method.js';
import type { Contention, Results } from '../../harness/results/results.js';
import { carriesVerdict } from '../../harness/results/statistics.js';
import { collisionConditions, firstSharedVmBucket } from '../../harness/results/tag-collisions.js';
import { scalingChart, stepsChart, whereChart, whyChart } from '../charts/run-charts.js';
import * as doc from '../document.js';
import { type CellAnalysis, FLOOR, isWrong } from '../figures/analysis.js';
import { BUG_COUNT, BUGS } from '../figures/bugs.js';
import * as simulation from '../figures/contention-simulation.js';
import { threadedLanes } from '../figures/contention-throughput.js';
import { FLUSH_COST, USUAL_RATE } from '../figures/cost-model.js';
import { ALIAS_CREATION, bugConditions, pairText } from '../figures/failures.js';
import {
  COLD_ENTRIES,
  coldTime,
  type FrontCell,
  type FrontRow,
  frontCell,
  MOST_ENTRIES,
  ranksOf,
} from '../figures/front-table.js';
import { type LockingRow, lockingOf, TRANSFERS } from '../figures/locking.js';
import { comparableCells, type PooledRatio, pooledRatio } from '../figures/pooled.js';
import { KEPT, KEPT_ENTRIES, LOOK_UP, MERGED, ONE_HASH } from '../figures/strategies.js';
import { wakeupSentence } from '../figures/wakeups.js';
import { undoneLines } from '../words/undone.js';
import * as words from '../words/wording.js';
import { caveatsOf } from './caveats.js';
import { entriesText, headlineOf } from './headline.js';
import { RATE_TEXT } from './look-up-cost.js';
import { geomeanId, matrixId, singleId, threadsId, timeId } from './places.js';
import type { Report } from './report.js';

export function summaryTab(report: Report): doc.Tab {
  const { results, front } = report;
  const headline = headlineOf(report);
  return {
    id: 'summary',
    name: 'Summary',
    sections: [
      {
        id: 'answer',
        heading: 'Answer',
        blocks: [
          doc.text(headline.sentences.join(' '), 'lead'),
          ...undoneLines(results.undone).map((line) => doc.text(`Not done: ${line}.`, 'doubt')),
          { kind: 'cards', cards: headline.cards },
        ],
      },
      {
        id: 'front',
        heading: `Time of one operation, ns in ${front.lane === null ? 'C: nothing was timed' : words.languageText(front.lane)}; lower is better`,
        blocks: [
          { kind: 'table', table: frontTableOf(report) },
          ...doc.fold(
            `The others: ${words.namesText(front.others)}`,
            front.others.length === 0 ? [] : doc.tables([frontTableOf(report, 'front-others')]),
          ),
          ...doc.texts([frontNotes(report).join(' ')]),
        ],
      },
      {
        id: 'locking',
        heading: 'Locking and lifetime',
        blocks: [
          ...doc.tables([lockingTable(report)]),
          ...doc.texts([results.contention === null ? '' : cpuConfidence(report)]),
        ],
      },
      {
        id: 'why-and-where',
        heading: 'Why, and where it stops mattering',
        blocks: [
          {
            kind: 'columns',
            columns: [
              doc.charts([stepsChart(results) ?? whyChart(results)]),
              doc.charts([whereChart(results, report.cells)]),
            ],
          },
        ],
      },
      {
        id: 'bugs-and-cpus',
        heading: 'The posted patch, and many CPUs',
        blocks: [
          { kind: 'columns', columns: [bugBlocks(report), doc.charts([scalingChart(results)])] },
          ...doc.texts([wakeupSentence(results, report.cells)]),
        ],
      },
      {
        id: 'review',
        heading: 'The review, question by question',
        blocks: report.answers.map((answer) => ({ kind: 'answer', ...answer, id: `q-${answer.id}` })),
      },
      ...limits(report),
      {
        id: 'try-it',
        heading: 'Try your own',
        blocks: [
          doc.facts([
            ['`npm run bench -- --workload recorded --trace FILE`', "your host's schedule"],
            ['`npm run bench -- --strategy built-in ./mine.js`', 'your strategy beside these'],
          ]),
          { kind: 'widget', name: 'trailer', data: headline.trailer },
        ],
      },
    ],
  };
}

/** The table of strategies by workloads: the rows of the front page, or the others. */
function frontTableOf({ results, cells, front }: Report, id = 'front-table'): doc.Table {
  const { baseline, confidence } = results.run;
  const { workloads, rows, others } = front;
  const cold = results.singleUpdates.points.length > 0 ? COLD_ENTRIES : [];
  const ranks = ranksOf(results, cells);
  const most = comparableCells(results, cells);
  const many = entriesText(workloads.find(({ workload }) => workload.id === 'many-queues'));
  const lacking = most.filter((name) => !workloads.some(({ workload }) => workload.id === name));
  return doc.tableOf(
    {
      id,
      caption:
        `±: half-width of the ${words.partText(confidence)} interval; hot caches${cold.length > 0 ? `; cold: median of one update of ${COLD_ENTRIES.join(' or ')} IRTEs` : ''}. ` +
        `Geomean: time / time of ${baseline}${lacking.length === 0 ? '' : `, also over ${words.namesText(lacking)}`}. ${many === '' ? '' : `many-queues: ${many}. `}${carriesVerdict(front.processes) ? 'Rank: 1 + the strategies shown to be faster; =: a tie; ~: inconclusive; ' : ''}✗: wrong results. ` +
        'Correct: on all workloads.',
    },
    id === 'front-table' ? rows : others.map((strategy) => ({ strategy, alike: [] })),
    [
      ...workloads.map((place) =>
        doc.column(place.workload.id, ({ strategy }: FrontRow): string | doc.Cell => {
          const cell = frontCell(results, place, strategy);
          if (cell === null) return words.NONE;
          return {
            text: timeText(cell, front.lane),
            tone: cell.isWrong ? 'bad' : cell.isUnreliable ? 'doubt' : undefined,
            to: timeId(cell.lane, place.workload.id, strategy),
          };
        }),
      ),
      [
        `geomean of ${most.length}, hot`,
        ({ strategy }) => {
          if (strategy === baseline) return '1';
          const geomean = pooledRatio(results, cells, strategy, baseline);
          return geomean === null || geomean.workloads.length < most.length
            ? words.NONE
            : { text: geomeanText(geomean), to: geomeanId(strategy) };
        },
      ],
      ...cold.map((entries) =>
        doc.column(`${entries} cold`, ({ strategy }: FrontRow) => {
          const ns = coldTime(results, strategy, entries);
          return ns === null ? words.NONE : { text: words.marginText(ns), to: singleId(entries, strategy) };
        }),
      ),
      ['rank', ({ strategy }) => ranks.get(strategy) ?? words.NONE],
      ['correct', ({ strategy }) => correctCell(results, cells, strategy), 'text'],
    ],
  );
}

function correctCell({ strategies }: Results, cells: Report['cells'], strategy: string): string | doc.Cell {
  if (strategy === FLOOR) return 'a bound';
  const to = (cell: CellAnalysis) => matrixId(cell.workload.id, strategy);
  const failed = cells.find((cell) => isWrong(cell, strategy));
  const judged = cells.find(({ checks }) => checks.has(strategy));
  const isSound = strategies.find(({ id }) => id === strategy)?.sound;
  if (failed !== undefined) return { text: isSound ? 'NO: ids' : 'NO', tone: 'bad', to: to(failed) };
  return judged === undefined ? 'not judged' : { text: 'yes', tone: 'good', to: to(judged) };
}

/** "2.20x ±0.02", with the mark of a tie. */
function geomeanText({ ratio, verdict }: PooledRatio): string {
  const mark = verdict === 'equivalent' ? ' =' : verdict === 'not separated' ? ' ~' : '';
  return `${words.marginText(ratio).replace(/^\S+/, (estimate) => `${estimate}x`)}${mark}`;
}

function timeText(cell: FrontCell, lane: FrontCell['lane'] | null): string {
  const language = cell.lane === lane ? '' : ` ${words.languageText(cell.lane)}`;
  return `${words.marginText(cell.ns)}${language}${cell.isWrong ? ' ✗' : ''}`;
}

/** What follows the table. */
function frontNotes(report: Report): string[] {
  const { results, front } = report;
  const merged = front.rows.filter(({ alike }) => alike.length > 0);
  return [
    ...(front.processes > 0 ? words.verdictNotes(front.processes) : []),
    ...(merged.length === 0
      ? []
      : [
          `Strategies that no column tells apart by more than ±${words.partText(results.run.band)} share a row.`,
        ]),
    results.singleUpdates.points.length === 0
      ? ''
      : `${words.capitalised(FLOOR)} bounds times with hot caches only.`,
    longUpdates(results),
  ].filter((note) => note !== '');
}

/** How long one update of very many entries keeps interrupts off. */
export function longUpdates(results: Results): string {
  const clauses = [LOOK_UP, KEPT, MERGED, KEPT_ENTRIES].flatMap((id) => {
    const [median, p99] = (['medianNs', 'p99Ns'] as const).map((figure) =>
      coldTime(results, id, MOST_ENTRIES, figure),
    );
    return median && p99
      ? [`${id} ${words.durationText(median.estimate)} (${words.durationText(p99.estimate)})`]
      : [];
  });
  return clauses.length === 0
    ? ''
    : `Interrupts are off during an update. Cold, with ${MOST_ENTRIES} IRTEs, median (p99): ${clauses.join(', ')}.`;
}

/** The bugs of the posted patch as conditions, and the bugs of history. */
function bugBlocks({ results }: Report): doc.Block[] {
  const conditions = bugConditions(results);
  return [
    {
      kind: 'table',
      table: {
        id: 'conditions',
        caption: 'VM creation N: the Nth since boot. Two VMs clash while both run.',
        head: ['bug', 'when it shows'],
        texts: [1],
        rows: conditions.map(({ name, condition }) => ({ name, cells: [condition] })),
      },
    },
    {
      kind: 'widget',
      name: 'conditions',
      data: {
        aliases: ALIAS_CREATION,
        vmBucket: firstSharedVmBucket(results.host),
        collisions: collisionConditions(results.host).map(({ vcpuId, creation, pair }) => ({
          vcpuId,
          creation,
          pair: pairText(pair),
        })),
      },
    },
    ...doc.fold(
      'The bugs of history by kind',
      BUGS.map(
        ({ kind, where, bugs }): doc.Block => ({
          kind: 'fold',
          summary: `${kind}: ${words.numberOf(bugs.length, 'bug')}, ${where}`,
          blocks: [{ kind: 'list', items: bugs.map(([what, source]) => `${what} (${source})`) }],
        }),
      ),
    ),
  ];
}

/** The time of a strategy / that of the baseline, without its interval. */
export function geomeanOf({ results, cells }: Report, strategy: string): string {
  const { baseline } = results.run;
  if (strategy === baseline) return '1';
  const pooled = pooledRatio(results, cells, strategy, baseline);
  return words.shown(pooled, ({ ratio }) => words.figureText(ratio.estimate));
}

/** Strategies by the locks that every CPU takes and by the pointers that they keep. */
function lockingTable(report: Report): doc.Table {
  const { results } = report;
  const { lane, threads, cpus, transferNs, rows } = lockingOf(results);
  const hasLocks = results.contention !== null;
  return doc.tableOf(
    {
      id: 'locking-table',
      caption: [
        ...(lane === null ? [] : [`Million updates/s in ${words.languageText(lane)}.`]),
        ...(hasLocks
          ? [
              `Limit: 1 / (acquisitions of the busiest lock per update × ns to move its line to another CPU; ${TRANSFERS.join(' and ')} assumed for one and two sockets${transferNs === 0 ? '' : `, ${words.figureText(transferNs)} fitted here`}).`,
            ]
          : []),
        ...(cpus === 0
          ? []
          : [`${words.countText(cpus)} CPUs: the simulated rate of each as a share of one CPU alone.`]),
        `Whoever keeps pointers to an irq's objects must drop them when the irq is freed or rerouted. Bugs: of ${BUG_COUNT} in all.`,
        ...rows.flatMap(({ strategy, ranAs }) => (ranAs ? [`${strategy} ran as ${ranAs} (same work).`] : [])),
      ].join(' '),
    },
    rows,
    [
      ['geomean', ({ strategy }) => geomeanOf(report, strategy)],
      ...threads.map((count, index) =>
        doc.column(words.numberOf(count, 'thread'), ({ strategy, ranAs, millions }: LockingRow) => ({
          text: words.shown(millions[index], index === 0 ? words.marginText : words.estimateText),
          to: threadsId(lane ?? 'c', ranAs ?? strategy),
        })),
      ),
      ...(hasLocks
        ? [
            doc.column('global locks', ({ lock }: LockingRow) =>
              lock === undefined ? words.NONE : lock === null ? 'none' : `${lock.count} (${lock.name})`,
            ),
            ...TRANSFERS.map((ns, index) =>
              doc.column(`limit, ${ns} ns`, ({ lock, limits }: LockingRow) =>
                lock ? words.shown(limits[index], words.millionsText) : 'none',
              ),
            ),
          ]
        : []),
      ...(cpus === 0
        ? []
        : [
            doc.column(`${words.countText(cpus)} CPUs`, ({ ofLinear }: LockingRow) =>
              words.shown(ofLinear, words.partText),
            ),
          ]),
      ['pointers kept by', ({ keeper, where }) => `${keeper} (${where})`, 'text'],
      ['bugs', ({ bugs }) => bugs, 'text'],
    ],
  );
}

const MOST_CPUS = Math.max(...SIMULATED_CPUS);

/** How far to trust the simulation, and what a flush adds. */
export function cpuConfidence({ results }: Report): string {
  const { contention } = results;
  if (contention === null) return '';
  const { lane: shown, cpus, rows } = lockingOf(results);
  const lanes = threadedLanes(results).filter(({ lane }) => lane === shown);
  const simulated = Math.min(...rows.flatMap((row) => row.simulated ?? []));
  const error = simulation.furthestApart(simulation.agreements(results, lanes))?.difference;
  return [
    `${words.countText(MOST_CPUS)} vCPUs at ${RATE_TEXT} need ${words.millionsText(MOST_CPUS * USUAL_RATE)} million/s${simulated === Infinity ? '' : `; ${words.countText(cpus)} simulated CPUs make ${words.millionsText(simulated)} or more`}.`,
    `Confidence in the simulation is low: ${error === undefined ? '' : `the fit is up to ${words.partText(Math.abs(error))} off${Math.abs(error) > simulation.MOST_DIFFERENCE ? `, more than the ${words.partText(simulation.MOST_DIFFERENCE)} accepted` : ''}, `}there are no sockets, and threads that only update overstate contention. Without a global lock, CPUs still share lines that hold objects of several vCPUs.`,
    waitSentence(contention),
  ].join(' ');
}

/** What one lock for all entries costs a host that waits for each flush under it. */
function waitSentence({ waits }: Contention): string {
  const rateOf = (id: string) =>
    waits?.points.find(({ strategy, waitNs }) => strategy === id && waitNs === FLUSH_COST.ns)
      ?.entriesPerSecond;
  const [one, list] = [ONE_HASH, KEPT].map(rateOf);
  return !waits || !one || !list
    ? ''
    : `Before v6.8 a CPU waits for each flush under its lock: with 1 µs (assumed), ${ONE_HASH} updates ${words.timesText(one / list)} the list's entries (${waits.cpus} CPUs, simulated).`;
}

/** What was not measured: the subjects in one line, the rest folded. */
function limits({ results }: Report): doc.Section[] {
  const caveats = caveatsOf(results);
  return [
    {
      id: 'not-measured',
      heading: 'Not measured',
      blocks: [
        doc.text(`${caveats.map(({ subject }) => subject).join('; ')}.`),
        ...doc.fold(
          'Why each matters',
          [doc.facts(caveats.map(({ subject, text: words }) => [subject, words]))],
          'limits',
        ),
      ],
    },
  ];
}
