// The front page: the answer, the table, why, the bugs as conditions, many CPUs, the review, and what was not measured.
import type { Results } from '../../harness/results/results.js';
import { collisionConditions } from '../../harness/results/tag-collisions.js';
import { entriesChart, scalingChart, whereChart, whyChart } from '../charts/run-charts.js';
import {
  type Block,
  type Cell,
  charts,
  column,
  facts,
  fold,
  type Row,
  type Section,
  type Tab,
  type Table,
  tableOf,
  tables,
  text,
  texts,
} from '../document.js';
import { type CellAnalysis, FLOOR, isWrong } from '../figures/analysis.js';
import { BUGS, bugSentences } from '../figures/bugs.js';
import { ceilingByHand, sharedLock, shownLane, simulatedPoints } from '../figures/contention-simulation.js';
import { threadedLanes } from '../figures/contention-throughput.js';
import { ALIAS_CREATION, bugConditions, pairText } from '../figures/failures.js';
import {
  COLD_ENTRIES,
  coldTime,
  type FrontCell,
  type FrontRow,
  frontCell,
  LONG_ENTRIES,
  ranksOf,
} from '../figures/front-table.js';
import { type PooledRatio, pooledRatio } from '../figures/pooled.js';
import { COMPARED, KEPT, KEPT_ENTRIES, LOOK_UP } from '../figures/strategies.js';
import { wakeupSentence } from '../figures/wakeups.js';
import { undoneLines } from '../words/undone.js';
import {
  durationText,
  languageText,
  marginText,
  millionsText,
  NONE,
  namesText,
  numberOf,
  partText,
  verdictNotes,
} from '../words/wording.js';
import { caveatsOf } from './caveats.js';
import { headlineOf } from './headline.js';
import { geomeanId, matrixId, singleId, timeId } from './places.js';
import type { Report } from './report.js';

export function summaryTab(report: Report): Tab {
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
          text(headline.sentences.join(' '), 'lead'),
          ...undoneLines(results.undone).map((line) => text(`Not done: ${line}.`, 'doubt')),
          { kind: 'cards', cards: headline.cards },
        ],
      },
      {
        id: 'front',
        heading: `Cost of one IRTE update, ns in ${front.lane === null ? 'C: nothing was timed' : languageText(front.lane)}; lower is better`,
        blocks: [{ kind: 'table', table: frontTableOf(report) }, ...texts([frontNotes(report).join(' ')])],
      },
      {
        id: 'why-and-where',
        heading: 'Why, and where it stops mattering',
        blocks: [
          {
            kind: 'columns',
            columns: [
              charts([whyChart(results)]),
              charts([whereChart(results, report.cells) ?? entriesChart(results)]),
            ],
          },
        ],
      },
      {
        id: 'bugs-and-cpus',
        heading: 'The posted patch, and many CPUs',
        blocks: [
          { kind: 'columns', columns: [bugBlocks(report), cpuBlocks(report)] },
          ...tables([cpuTable(report)].filter((table) => table !== null)),
          ...texts([
            results.contention === null ? '' : cpuConfidence(report),
            [wakeupSentence(results, report.cells), ...bugSentences()].join(' '),
          ]),
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
          facts([
            ['`npm run bench -- --workload recorded --trace FILE`', "your host's schedule"],
            ['`npm run bench -- --strategy built-in ./mine.js`', 'your strategy beside these'],
          ]),
          { kind: 'widget', name: 'trailer', data: headline.trailer },
        ],
      },
    ],
  };
}

/** The table of strategies by workloads. */
export function frontTableOf({ results, cells, front }: Report): Table {
  const { baseline, confidence } = results.run;
  const { workloads, rows } = front;
  const cold = results.singleUpdates.points.length > 0 ? COLD_ENTRIES : [];
  const ranks = ranksOf(results, cells);
  return tableOf(
    {
      id: 'front-table',
      caption:
        `ns per operation ± half of the ${partText(confidence)} interval, hot caches${cold.length > 0 ? '; one update of 2 and of 64 entries with cold caches' : ''}. ` +
        `Geomean: time / time of ${baseline}. ✗: wrong results; =: a tie; NO (ids): wrong past its ids.`,
    },
    rows,
    [
      ...workloads.map((place) =>
        column(place.workload.id, ({ strategy }: FrontRow): string | Cell => {
          const cell = frontCell(results, place, strategy);
          if (cell === null) return NONE;
          return {
            text: timeText(cell, front.lane),
            tone: cell.isWrong ? 'bad' : cell.isUnreliable ? 'doubt' : undefined,
            to: timeId(cell.lane, place.workload.id, strategy),
            time: `${cell.lane} ${place.workload.id} ${strategy}`,
          };
        }),
      ),
      ...cold.map((entries) =>
        column(`${entries} cold`, ({ strategy }: FrontRow) => {
          const ns = coldTime(results, strategy, entries);
          return ns === null ? NONE : { text: marginText(ns), to: singleId(entries, strategy) };
        }),
      ),
      [
        'geomean',
        ({ strategy }) => {
          if (strategy === baseline) return '1';
          const geomean = pooledRatio(results, cells, strategy, baseline);
          return geomean === null ? NONE : { text: geomeanText(geomean), to: geomeanId(strategy) };
        },
      ],
      ['rank', ({ strategy }) => ranks.get(strategy) ?? NONE],
      ['correct', ({ strategy }) => correctCell(results, cells, strategy), 'text'],
    ],
  );
}

function correctCell({ strategies }: Results, cells: Report['cells'], strategy: string): string | Cell {
  if (strategy === FLOOR) return 'bound';
  const to = (cell: CellAnalysis) => matrixId(cell.workload.id, strategy);
  const failed = cells.find((cell) => isWrong(cell, strategy));
  const judged = cells.find(({ checks }) => checks.has(strategy));
  const isSound = strategies.find(({ id }) => id === strategy)?.sound;
  if (failed !== undefined) return { text: isSound ? 'NO (ids)' : 'NO', tone: 'bad', to: to(failed) };
  return judged === undefined ? 'not judged' : { text: 'yes', tone: 'good', to: to(judged) };
}

/** "2.20x ±0.02", with the mark of a tie. */
function geomeanText({ ratio, verdict }: PooledRatio): string {
  const mark = verdict === 'equivalent' ? ' =' : verdict === 'not separated' ? ' ~' : '';
  return `${marginText(ratio).replace(/^\S+/, (estimate) => `${estimate}x`)}${mark}`;
}

function timeText(cell: FrontCell, lane: FrontCell['lane'] | null): string {
  const language = cell.lane === lane ? '' : ` ${languageText(cell.lane)}`;
  return `${marginText(cell.ns)}${language}${cell.isWrong ? ' ✗' : ''}`;
}

/** What follows the table. */
export function frontNotes({ results, front }: Report): string[] {
  const merged = front.rows.filter(({ alike }) => alike.length > 0);
  return [
    ...(front.processes > 0 ? verdictNotes(front.processes) : []),
    ...(merged.length === 0 ? [] : ['Strategies that are equal, within the band, share a row.']),
    ...(front.others.length === 0 ? [] : [`The tab Cost has ${namesText(front.others)} too.`]),
    longUpdates(results),
  ].filter((note) => note !== '');
}

/** How long one update of many entries keeps interrupts off. */
export function longUpdates(results: Report['results']): string {
  const ids = [LOOK_UP, KEPT, KEPT_ENTRIES];
  const clauses = LONG_ENTRIES.flatMap((entries) => {
    const times = ids.flatMap((id) => coldTime(results, id, entries)?.estimate ?? []);
    return times.length < ids.length ? [] : [`${entries} IRTEs ${times.map(durationText).join(', ')}`];
  });
  return clauses.length === 0
    ? ''
    : `Interrupts are off during an update. With cold caches ${namesText(ids)} take, median: ${clauses.join('; ')}.`;
}

/** The bugs of the posted patch as conditions, and the bugs of history. */
function bugBlocks({ results }: Report): Block[] {
  const conditions = bugConditions(results);
  return [
    {
      kind: 'table',
      table: {
        id: 'conditions',
        caption: 'Bugs of the posted patch, by VM creations since boot.',
        head: ['bug', 'shows'],
        texts: [1],
        rows: conditions.map(({ name, condition }) => ({ name, cells: [condition] })),
      },
    },
    {
      kind: 'widget',
      name: 'conditions',
      data: {
        aliases: ALIAS_CREATION,
        collisions: collisionConditions(results.host).map(({ vcpuId, creation, pair }) => ({
          vcpuId,
          creation,
          pair: pairText(pair),
        })),
      },
    },
    ...fold('The bugs of history by kind, and what a patch touches', [
      ...BUGS.map(
        ({ kind, where, bugs }): Block => ({
          kind: 'fold',
          summary: `${kind}: ${numberOf(bugs.length, 'bug')}, ${where}`,
          blocks: [{ kind: 'list', items: bugs.map(([what, source]) => `${what} (${source})`) }],
        }),
      ),
      ...results.strategies
        .filter(({ id, touches }) => [LOOK_UP, KEPT, KEPT_ENTRIES].includes(id) && touches.length > 0)
        .map(
          ({ id, touches }): Block => ({
            kind: 'fold',
            summary: `A patch for ${id} touches ${numberOf(touches.length, 'place')}`,
            blocks: [{ kind: 'list', items: touches }],
          }),
        ),
    ]),
  ];
}

/** The transfers of a lock's line between CPUs at which ceilings are given, in ns: within a socket, and across. */
export const TRANSFERS = [80, 200] as const;

/** Measured throughput, the most shared lock and the ceiling that follows from it; strategies with the same lock share a row. */
export function cpuTable({ results }: Report): Table | null {
  const { contention } = results;
  if (contention === null) return null;
  const lane = shownLane(contention);
  const measured = threadedLanes(results).find((one) => one.lane === lane);
  const threads = [...new Set([measured?.threads[0] ?? 1, measured?.threads.at(-1) ?? 1])];
  const groups = new Map<string, string[]>();
  for (const id of COMPARED) {
    const lock = sharedLock(contention, id);
    if (lock === undefined) continue;
    const name = lock === null ? 'none' : `${lock.count} ${lock.name}`;
    groups.set(name, [...(groups.get(name) ?? []), id]);
  }
  if (groups.size === 0) return null;
  const rangeOf = (values: readonly number[]): string => {
    if (values.length === 0) return NONE;
    const [least, most] = [Math.min(...values), Math.max(...values)].map(millionsText);
    return least === most ? `${least}` : `${least} to ${most}`;
  };
  const last = (id: string) => (lane === null ? undefined : simulatedPoints(contention, id, lane).at(-1));
  const most = Math.max(1, ...COMPARED.map((id) => last(id)?.cpus ?? 1));
  /** The simulated throughput of the largest host, as a part of as many times that of one CPU. */
  const linearOf = (ids: readonly string[]): string => {
    const parts = ids.flatMap((id) => {
      const [first] = lane === null ? [] : simulatedPoints(contention, id, lane);
      const end = last(id);
      return first && end ? [end.perSecond / (end.cpus * first.perSecond)] : [];
    });
    const [least, greatest] = [Math.min(...parts), Math.max(...parts)].map(partText);
    return parts.length === 0 ? NONE : least === greatest ? `${least}` : `${least} to ${greatest}`;
  };
  return {
    id: 'cpus-table',
    caption:
      `Million updates/s in ${languageText(lane ?? 'c')}. Ceiling: 1 / (takes of one shared lock per update × ns to move its line to ` +
      `another CPU)${most > contention.threads ? `; at ${most} CPUs simulated, of linear scaling` : ''}.`,
    head: [
      'shared lock',
      'strategies',
      ...threads.map((count) => numberOf(count, 'thread')),
      ...TRANSFERS.map((ns) => `at ${ns} ns`),
      ...(most > contention.threads ? [`${most} CPUs`] : []),
    ],
    texts: [1],
    rows: [...groups].map(([name, ids]): Row => {
      const lock = sharedLock(contention, ids[0] as string) ?? null;
      const points = (count: number) =>
        ids.flatMap(
          (id) =>
            measured?.strategies
              .find(({ strategy }) => strategy === id)
              ?.points.find((point) => point.threads === count)?.perSecond.estimate ?? [],
        );
      return {
        name,
        cells: [
          namesText(ids),
          ...threads.map((count) => rangeOf(points(count))),
          ...TRANSFERS.map((ns) => (lock === null ? 'none' : millionsText(ceilingByHand(lock, ns)))),
          ...(most > contention.threads ? [`~${linearOf(ids)}`] : []),
        ],
      };
    }),
  };
}

/** The chart of many CPUs; its table stands below, in the full width. */
function cpuBlocks({ results }: Report): Block[] {
  const chart = scalingChart(results);
  return chart === null ? [text('Nothing was run with several threads.')] : charts([chart]);
}

/** How far to trust the simulation, in one sentence. */
export function cpuConfidence({ results }: Report): string {
  const { contention, environment } = results;
  const threads = contention?.threads ?? 1;
  return (
    `Measured up to ${numberOf(threads, 'thread')}${environment.virtualised === null ? '' : ' on a VM'}; the rest is simulated, and confidence is low: ` +
    'four unit costs fitted to these points, no sockets, a tight loop that overstates contention.'
  );
}

/** What was not measured: the subjects in one line, the rest folded. */
function limits({ results }: Report): Section[] {
  const caveats = caveatsOf(results);
  return [
    {
      id: 'not-measured',
      heading: 'Not measured',
      blocks: [
        text(`${caveats.map(({ subject }) => subject).join('; ')}.`),
        ...fold(
          'Why each matters',
          [facts(caveats.map(({ subject, text: words }) => [subject, words]))],
          'limits',
        ),
      ],
    },
  ];
}
