// The tab Cost: every time of the run, by workload and language.
import { quantileSorted } from 'simple-statistics';
import { changesAfterWarmUp } from '../../harness/results/comparison.js';
import { hostDifference, runsOnOtherHosts } from '../../harness/results/other-hosts.js';
import { LANES, type Lane, type Results } from '../../harness/results/results.js';
import { compareSingleUpdates, type SingleComparison } from '../../harness/results/single-updates.js';
import type { ProcessInterval } from '../../harness/results/statistics.js';
import { processTimes, slopeOverProcesses, timeAt, timedPoints } from '../../harness/results/sweep-curves.js';
import { timesChart } from '../charts/run-charts.js';
import {
  type Block,
  type Cell,
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
} from '../document.js';
import { analyseCells, type CellAnalysis, isWrong, leadingTime, type Timed } from '../figures/analysis.js';
import { pooledRatio, ratioCell } from '../figures/pooled.js';
import { singleSentences } from '../figures/single-updates.js';
import * as words from '../words/wording.js';
import { geomeanId, otherHostId, pairId, singleId, timeId } from './places.js';
import type { Report } from './report.js';
import { PAIRS } from './review.js';

const { NONE, confidenceText, figureText, languageText, marginText, numberOf, ratioText, timesText } = words;

export function costTab({ results, cells, front }: Report): Tab {
  const timed = cells.filter(({ times }) => LANES.some((lane) => times[lane].size > 0));
  return {
    id: 'cost',
    name: 'Cost',
    sections: [
      ...section('times', 'Times by workload and language', [
        ...(front.lane === null ? [text('Nothing was timed.')] : timesBlocks(results, timed)),
      ]),
      ...section('over-workloads', `Over the workloads, against ${results.run.baseline}`, [
        ...fold('Geometric means of all strategies', tables([geomeanTable(results, cells)]), 'geomean'),
        ...fold('Pairs that the review asks about', tables([pairTable(results, cells)])),
      ]),
      ...section('timed-sweeps', 'Times along one parameter of the host', sweepBlocks(results)),
      ...section('single-updates', 'One update, hot and cold', singleBlocks(results)),
      ...section('other-hosts', 'Strategies that need another host', otherHostBlocks(results)),
    ],
  };
}

/** One table, one chart and the raw data, behind selectors. */
function timesBlocks(results: Results, timed: readonly CellAnalysis[]): Block[] {
  const options = timed.flatMap((cell) =>
    LANES.toReversed()
      .filter((lane) => cell.times[lane].size > 0)
      .map((lane) => ({
        values: [cell.workload.id, languageText(lane)],
        blocks: timesOption(results, cell, lane),
      })),
  );
  return choice('times-choice', ['workload', 'language'], options);
}

/** The valid times of a language with their strategies. */
function timedIn({ strategies }: Results, cell: CellAnalysis, lane: Lane): (Timed & { strategy: string })[] {
  return strategies.flatMap(({ id: strategy }) => {
    const time = cell.times[lane].get(strategy);
    return time === undefined ? [] : [{ strategy, ...time }];
  });
}

function timesOption(results: Results, cell: CellAnalysis, lane: Lane): Block[] {
  const { workload, comparisons } = cell;
  const { control, void: voids } = comparisons[lane];
  const { recording } = workload;
  const notes = [
    ...(recording === null
      ? []
      : [`A recording. Recorded: ${recording.recorded} Assumed: ${recording.assumed}`]),
    ...(control?.unreliable
      ? [`The A/A control fails here (${ratioText(control.ratio)}), so do not trust these ratios.`]
      : []),
    ...voids.map(({ strategy, reason }) => `${strategy} is void: ${reason}.`),
    ...changesAfterWarmUp(results, cell.cell)
      .filter((change) => change.lane === lane)
      .map(
        ({ strategy, ratio }) =>
          `${strategy} was not steady: the second half of its rounds took ${ratioText(ratio)} the time.`,
      ),
  ];
  return [
    ...notes.map((note) => text(note, 'doubt')),
    ...tables([timesTable(results, cell, lane)]),
    ...charts([timesChart(results, cell, lane)]),
    ...fold(
      'Raw data: quantiles of batches, and medians of processes',
      tables([rawTable(results, cell, lane)]),
    ),
  ];
}

/** The times of a workload in one language, under the A/A control. */
function timesTable(results: Results, cell: CellAnalysis, lane: Lane): Table {
  const { workload, comparisons, index, times } = cell;
  const { baseline } = results.run;
  const { control, rows } = comparisons[lane];
  const items = timedIn(results, cell, lane).map((time) => ({
    ...time,
    row: rows.find(({ strategy }) => strategy === time.strategy),
  }));
  const n = numberOf(times[lane].get(baseline)?.ns.n ?? 0, 'process');
  const table = tableOf(
    {
      id: `times-${lane}-${workload.id}`,
      caption: `${workload.id}, ${languageText(lane)}: ns per operation, and time / time of ${baseline}, with ${confidenceText(results)} intervals; n = ${n}.`,
      source: `/cells/${index}/timing/series`,
    },
    items,
    [
      ['ns', ({ ns }) => marginText(ns)],
      [
        `time / ${baseline}`,
        ({ strategy, row }) => ({
          text: row === undefined ? '1' : ratioText(row.ratio),
          id: timeId(lane, workload.id, strategy),
          time: `${lane} ${workload.id} ${strategy}`,
        }),
      ],
      ['verdict', ({ row }) => (row === undefined ? 'baseline' : verdictText(row.verdict)), 'text'],
      [
        'detectable',
        ({ row }) => (row && Number.isFinite(row.separable) ? `±${(100 * row.separable).toFixed(1)}%` : NONE),
      ],
      ['p', ({ row }) => (row?.verdict ? row.p.toFixed(3) : NONE)],
      ['results', ({ strategy }) => rightCell(cell, strategy), 'text'],
    ],
  );
  if (control === null) return table;
  const verdict = control.unreliable ? 'UNRELIABLE' : control.flagged ? 'flagged' : 'ok';
  return {
    ...table,
    rows: [
      { name: 'A/A control', cells: [NONE, ratioText(control.ratio), verdict, NONE, NONE, NONE] },
      ...table.rows,
    ],
  };
}

const verdictText = (verdict: string | null): string =>
  verdict?.replace('not separated', 'inconclusive') ?? 'none';

const rightCell = (cell: CellAnalysis, strategy: string): string | Cell =>
  isWrong(cell, strategy)
    ? { text: 'wrong', tone: 'bad' }
    : cell.checks.has(strategy)
      ? 'right'
      : 'not judged';

/** Quantiles of the batches and the median of each process. */
function rawTable(results: Results, cell: CellAnalysis, lane: Lane): Table {
  const items = timedIn(results, cell, lane).map((time) => ({
    ...time,
    sorted: [...time.series.values()].flatMap(({ samples }) => samples).sort((a, b) => a - b),
  }));
  const at =
    (part: number) =>
    ({ sorted }: (typeof items)[number]) =>
      figureText(quantileSorted(sorted, part));
  return tableOf(
    {
      id: `raw-${lane}-${cell.workload.id}`,
      caption: `${cell.workload.id}, ${languageText(lane)}: ns of single batches; none is dropped. results.csv has them all.`,
    },
    items,
    [
      ['least', at(0)],
      ['p10', at(0.1)],
      ['p50', at(0.5)],
      ['p90', at(0.9)],
      ['p99', at(0.99)],
      ['most', at(1)],
      ['medians of processes', ({ processes }) => processes.map(figureText).join(' '), 'text'],
    ],
  );
}

function geomeanTable(results: Results, cells: readonly CellAnalysis[]): Table {
  const { baseline } = results.run;
  const items = results.strategies.flatMap(({ id }) => {
    const pooled = id === baseline ? null : pooledRatio(results, cells, id, baseline);
    if (pooled === null) return [];
    const each = cells
      .filter(({ workload }) => pooled.workloads.includes(workload.id))
      .flatMap((cell) => {
        const ratio = leadingTime(results, cell, id)?.row?.ratio.estimate;
        return ratio === undefined ? [] : [{ ratio, text: `${timesText(ratio)} (${cell.workload.id})` }];
      })
      .sort((one, other) => one.ratio - other.ratio);
    return [{ strategy: id, pooled, each }];
  });
  return tableOf(
    {
      id: 'geomean-table',
      caption: `Time / time of ${baseline}: geometric mean over the workloads where both are right, lowest and highest. "=": within the band; "~": inconclusive.`,
      source: '/cells',
    },
    items,
    [
      ['geomean', ({ strategy, pooled }) => ({ text: ratioCell(pooled), id: geomeanId(strategy) })],
      ['language', ({ pooled }) => languageText(pooled.lane), 'text'],
      ['lowest', ({ each }) => each[0]?.text ?? NONE, 'text'],
      ['highest', ({ each }) => each.at(-1)?.text ?? NONE, 'text'],
      ['workloads', ({ pooled }) => String(pooled.workloads.length)],
    ],
  );
}

/** Neighbours that the review asks about. */
function pairTable(results: Results, cells: readonly CellAnalysis[]): Table {
  const items = PAIRS.flatMap(([strategy, other]) => {
    const pooled = pooledRatio(results, cells, strategy, other);
    return pooled === null ? [] : [{ strategy, other, pooled }];
  });
  return tableOf(
    { id: 'pairs', caption: 'Neighbours: time of the first / time of the second.', source: '/cells' },
    items,
    [
      ['against', ({ other }) => other, 'text'],
      ['ratio', ({ strategy, other, pooled }) => ({ text: ratioCell(pooled), id: pairId(strategy, other) })],
      ['verdict', ({ pooled }) => verdictText(pooled.verdict), 'text'],
    ],
  );
}

/** The axes of `--sweep`: ns by the values of a parameter, with the exponent b of ns = a x^b where the values are numbers. */
function sweepBlocks(results: Results): Block[] {
  const axes = [...new Set(results.sweeps.flatMap(({ axis, cell }) => (cell === null ? [] : [axis])))];
  const options = axes.flatMap((axis) =>
    LANES.toReversed().flatMap((lane) => {
      const places = timedPoints(results, axis);
      const items = results.strategies
        .map(({ id: strategy }) => ({
          strategy,
          times: places.map((place) => timeAt(results, place, strategy, lane)),
          curve: places.map((place) => ({
            x: Number(place.point.value),
            figures: processTimes(place, strategy, lane),
          })),
        }))
        .filter(({ times }) => times.some((time) => time !== null));
      if (items.length === 0) return [];
      const isCurve = places.every(({ point }) => Number(point.value) > 0);
      const table = tableOf(
        {
          id: `sweep-${lane}-${axis}`,
          caption: `${axis}, ${languageText(lane)}: ns per operation${isCurve ? ', and the exponent b of ns = a x^b' : ''}. The axis: ${places[0]?.point.along}.`,
          source: '/sweeps',
        },
        items,
        [
          ...places.map(({ point: { value } }, index) =>
            column(
              typeof value === 'number' ? words.countText(value) : value,
              ({ times }: (typeof items)[number]) => {
                const time = times[index];
                return time ? marginText(time) : NONE;
              },
            ),
          ),
          ...(isCurve ? ['exponent'] : []).map((head) =>
            column(head, ({ times, curve }: (typeof items)[number]) => {
              const slope = times.includes(null) ? null : slopeOverProcesses(curve, results.run.confidence);
              return slope === null ? NONE : words.estimateText(slope, (value) => value.toFixed(2));
            }),
          ),
        ],
      );
      return [{ values: [axis, languageText(lane)], blocks: tables([table]) }];
    }),
  );
  return choice('timed-choice', ['axis', 'language'], options);
}

/** One update by itself, by entries of the vCPU. */
function singleBlocks(results: Results): Block[] {
  const { reason, points } = results.singleUpdates;
  if (reason !== null) return [text(`Single updates were not timed: ${reason}.`, 'doubt')];
  const options = points.map((point) => {
    const [hot, cold, hotP99, coldP99] = (['medianNs', 'p99Ns'] as const).flatMap((figure) =>
      (['hot', 'cold'] as const).map((caches) => compareSingleUpdates(results, point, caches, figure)),
    ) as [SingleComparison[], SingleComparison[], SingleComparison[], SingleComparison[]];
    const items = cold.map((one, index) => ({
      ...one,
      strategy: one.role === 'twin' ? 'A/A control' : one.strategy,
      others: [hot, hotP99, coldP99].map((all) => all[index]?.ns as ProcessInterval),
    }));
    const other =
      (index: number) =>
      ({ others }: (typeof items)[number]) =>
        marginText(others[index] as ProcessInterval);
    const entries = words.countText(point.entries);
    return {
      values: [entries],
      blocks: tables([
        tableOf(
          {
            id: `single-${point.entries}`,
            caption: `One update of a vCPU with ${entries} IRTEs in C, ns: medians and 99th percentiles, geometric mean over processes; interrupts are off meanwhile.`,
            source: '/singleUpdates/points',
          },
          items,
          [
            ['hot', other(0)],
            ['hot p99', other(1)],
            ['cold', ({ strategy, ns }) => ({ text: marginText(ns), id: singleId(point.entries, strategy) })],
            ['cold p99', other(2)],
            ['cold, time / baseline', ({ ratio }) => (ratio === null ? '1' : ratioText(ratio))],
          ],
        ),
      ]),
    };
  });
  return [
    ...singleSentences(results).map((one) => text(one)),
    ...fold('Times by IRTEs of the vCPU', choice('single-choice', ['IRTEs'], options), 'single'),
  ];
}

/** Strategies that need another host, beside the baseline of that host. */
function otherHostBlocks(results: Results): Block[] {
  return runsOnOtherHosts(results).flatMap((run, host) => {
    const { baseline } = run.run;
    const difference = hostDifference(run, results);
    const names = run.strategies.map(({ id }) => id).filter((id) => id !== baseline);
    const all = analyseCells(run).map((cell) =>
      tableOf(
        {
          id: `other-${host}-${cell.workload.id}`,
          caption: `${cell.workload.id}, ${difference}: ns per operation, and time / time of ${baseline} on that host.`,
          source: `/otherHosts/${host}/cells/${cell.index}/timing/series`,
        },
        run.strategies.map(({ id }) => ({ strategy: id, time: leadingTime(run, cell, id) })),
        [
          ['language', ({ time }) => (time === null ? NONE : languageText(time.lane)), 'text'],
          ['ns', ({ time }) => (time === null ? 'void' : marginText(time.ns))],
          [
            'ratio',
            ({ strategy, time }) => ({
              text: time === null ? NONE : time.row ? ratioText(time.row.ratio) : '1',
              id: otherHostId(host, cell.workload.id, strategy),
            }),
          ],
          ['results', ({ strategy }) => rightCell(cell, strategy), 'text'],
        ],
      ),
    );
    return fold(`With ${difference}: ${names.join(', ')} beside ${baseline} on that host`, tables(all));
  });
}
