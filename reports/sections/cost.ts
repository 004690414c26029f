// The tab Cost: every time of the run, by workload and language.
import { type Control, changesAfterWarmUp } from '../../harness/results/comparison.js';
import { hostDifference, runsOnOtherHosts } from '../../harness/results/other-hosts.js';
import { LANES, type Lane, type Results } from '../../harness/results/results.js';
import { compareSingleUpdates, type SingleComparison } from '../../harness/results/single-updates.js';
import type { ProcessInterval } from '../../harness/results/statistics.js';
import { processTimes, slopeOverProcesses, timeAt, timedPoints } from '../../harness/results/sweep-curves.js';
import { timesChart } from '../charts/run-charts.js';
import * as doc from '../document.js';
import { analyseCells, type CellAnalysis, isWrong, leadingTime, type Timed } from '../figures/analysis.js';
import { pooledRatio, ratioCell } from '../figures/pooled.js';
import { singleSentences } from '../figures/single-updates.js';
import * as words from '../words/wording.js';
import { geomeanId, otherHostId, pairId, singleId, timeId } from './places.js';
import type { Report } from './report.js';
import { PAIRS } from './review.js';

const { NONE, confidenceText, languageText, marginText, numberOf, ratioText, timesText } = words;

export function costTab({ results, cells, front }: Report): doc.Tab {
  const timed = cells.filter(({ times }) => LANES.some((lane) => times[lane].size > 0));
  return {
    id: 'cost',
    name: 'Cost',
    sections: [
      ...doc.section('times', 'Times by workload and language', [
        ...(front.lane === null ? [doc.text('Nothing was timed.')] : timesBlocks(results, timed)),
      ]),
      ...doc.section('over-workloads', `Over the workloads, against ${results.run.baseline}`, [
        ...doc.fold(
          'Geometric means of all strategies',
          doc.tables([geomeanTable(results, cells)]),
          'geomean',
        ),
        ...doc.fold('Pairs that the review asks about', doc.tables([pairTable(results, cells)])),
      ]),
      ...doc.section('timed-sweeps', 'Times along one parameter of the host', sweepBlocks(results)),
      ...doc.section('single-updates', 'One update, hot and cold', singleBlocks(results)),
      ...doc.section('other-hosts', 'Strategies that need another host', otherHostBlocks(results)),
    ],
  };
}

/** One table, one chart and the raw data, behind selectors. */
function timesBlocks(results: Results, timed: readonly CellAnalysis[]): doc.Block[] {
  const options = timed.flatMap((cell) =>
    LANES.toReversed()
      .filter((lane) => cell.times[lane].size > 0)
      .map((lane) => ({
        values: [cell.workload.id, languageText(lane)],
        blocks: timesOption(results, cell, lane),
      })),
  );
  return doc.choice('times-choice', ['workload', 'language'], options);
}

/** The valid times of a language with their strategies. */
function timedIn({ strategies }: Results, cell: CellAnalysis, lane: Lane): (Timed & { strategy: string })[] {
  return strategies.flatMap(({ id: strategy }) => {
    const time = cell.times[lane].get(strategy);
    return time === undefined ? [] : [{ strategy, ...time }];
  });
}

function timesOption(results: Results, cell: CellAnalysis, lane: Lane): doc.Block[] {
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
    ...notes.map((note) => doc.text(note, 'doubt')),
    ...doc.charts([timesChart(results, cell, lane)]),
    ...doc.tables([timesTable(results, cell, lane)]),
  ];
}

/** The times of a workload in one language, under the A/A control. */
function timesTable(results: Results, cell: CellAnalysis, lane: Lane): doc.Table {
  const { workload, comparisons, index, times } = cell;
  const { baseline } = results.run;
  const { control, rows } = comparisons[lane];
  const items = timedIn(results, cell, lane).map((time) => ({
    ...time,
    row: rows.find(({ strategy }) => strategy === time.strategy),
  }));
  const n = numberOf(times[lane].get(baseline)?.ns.n ?? 0, 'process');
  const table = doc.tableOf(
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
      ['p', ({ row }) => (row?.verdict ? row.p.toFixed(3).replace('0.000', '<0.001') : NONE)],
      ['results', ({ strategy }) => rightCell(cell, strategy), 'text'],
    ],
  );
  if (control === null) return table;
  const cells = [NONE, ratioText(control.ratio), controlCell(control), NONE, NONE, NONE];
  return { ...table, rows: [{ name: 'A/A control', cells }, ...table.rows] };
}

/** The verdict of an A/A control. */
export function controlCell({ unreliable, flagged }: Control): doc.Cell {
  return unreliable
    ? { text: 'UNRELIABLE', tone: 'bad' }
    : flagged
      ? { text: 'flagged', tone: 'doubt' }
      : { text: 'ok', tone: 'good' };
}

const verdictText = (verdict: string | null): string =>
  verdict?.replace('not separated', 'inconclusive') ?? 'none';

const rightCell = (cell: CellAnalysis, strategy: string): string | doc.Cell =>
  isWrong(cell, strategy)
    ? { text: 'wrong', tone: 'bad' }
    : cell.checks.has(strategy)
      ? 'right'
      : 'not judged';

function geomeanTable(results: Results, cells: readonly CellAnalysis[]): doc.Table {
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
  return doc.tableOf(
    {
      id: 'geomean-table',
      caption: `Time / time of ${baseline}: geometric mean over the workloads where both are right, lowest and highest; n = ${items[0]?.pooled.ratio.n ?? 0}. "=": within ±${words.bandText(results)}; "~": inconclusive.`,
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
function pairTable(results: Results, cells: readonly CellAnalysis[]): doc.Table {
  const items = PAIRS.flatMap(([strategy, other]) => {
    const pooled = pooledRatio(results, cells, strategy, other);
    return pooled === null ? [] : [{ strategy, other, pooled }];
  });
  return doc.tableOf(
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
function sweepBlocks(results: Results): doc.Block[] {
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
      const table = doc.tableOf(
        {
          id: `sweep-${lane}-${axis}`,
          caption: `${axis}, ${languageText(lane)}: ns per operation${isCurve ? ', and the exponent b of ns = a x^b' : ''}. The axis: ${places[0]?.point.along}.`,
          source: '/sweeps',
        },
        items,
        [
          ...places.map(({ point: { value } }, index) =>
            doc.column(
              typeof value === 'number' ? words.countText(value) : value,
              ({ times }: (typeof items)[number]) => words.shown(times[index], marginText),
            ),
          ),
          ...(isCurve ? ['exponent'] : []).map((head) =>
            doc.column(head, ({ times, curve }: (typeof items)[number]) => {
              const slope = times.includes(null) ? null : slopeOverProcesses(curve, results.run.confidence);
              return slope === null ? NONE : words.estimateText(slope, (value) => value.toFixed(2));
            }),
          ),
        ],
      );
      return [{ values: [axis, languageText(lane)], blocks: doc.tables([table]) }];
    }),
  );
  return doc.choice('timed-choice', ['axis', 'language'], options);
}

/** One update by itself, by entries of the vCPU. */
function singleBlocks(results: Results): doc.Block[] {
  const { reason, points } = results.singleUpdates;
  if (reason !== null) return [doc.text(`Single updates were not timed: ${reason}.`, 'doubt')];
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
    const size = numberOf(point.entries, 'IRTE');
    return {
      values: [entries],
      blocks: doc.tables([
        doc.tableOf(
          {
            id: `single-${point.entries}`,
            caption: `One update of a vCPU with ${size} in C, ns: medians and 99th percentiles, geometric mean over ${numberOf(cold[0]?.ns.n ?? 0, 'process')}; interrupts are off meanwhile.`,
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
    ...singleSentences(results).map((one) => doc.text(one)),
    ...doc.fold('Times by IRTEs of the vCPU', doc.choice('single-choice', ['IRTEs'], options), 'single'),
  ];
}

/** Strategies that need another host, beside the baseline of that host. */
function otherHostBlocks(results: Results): doc.Block[] {
  return runsOnOtherHosts(results).flatMap((run, host) => {
    const { baseline } = run.run;
    const difference = hostDifference(run, results);
    const names = run.strategies.map(({ id }) => id).filter((id) => id !== baseline);
    const all = analyseCells(run).map((cell) =>
      doc.tableOf(
        {
          id: `other-${host}-${cell.workload.id}`,
          caption: `${cell.workload.id}, ${difference}: ns per operation, and time / time of ${baseline} on that host.`,
          source: `/otherHosts/${host}/cells/${cell.index}/timing/series`,
        },
        run.strategies.map(({ id }) => ({ strategy: id, time: leadingTime(run, cell, id) })),
        [
          ['language', ({ time }) => (time === null ? NONE : languageText(time.lane)), 'text'],
          ['ns', ({ time }) => (time === null ? 'void' : marginText(time.ns))],
          ['ratio', ({ time }) => (time === null ? NONE : time.row ? ratioText(time.row.ratio) : '1')],
          [
            'results',
            ({ strategy }) => {
              const right = rightCell(cell, strategy);
              const id = otherHostId(host, cell.workload.id, strategy);
              return typeof right === 'string' ? { text: right, id } : { ...right, id };
            },
            'text',
          ],
        ],
      ),
    );
    return doc.fold(
      `With ${difference}: ${names.join(', ')} beside ${baseline} on that host`,
      doc.tables(all),
    );
  });
}
