// The tabs What if, Trust and Setup.
import { VERDICT_PROCESSES } from '../../harness/method.js';
import { haveSameOrder, isSeparatedInC, SEPARATED_IN_C } from '../../harness/results/c-and-v8.js';
import { medianHalfWidth } from '../../harness/results/comparison.js';
import { allCells, countDisturbed } from '../../harness/results/disturbed-rounds.js';
import {
  type Results,
  resultsSchema,
  type StrategyInfo,
  type WorkloadInfo,
} from '../../harness/results/results.js';
import { shareChart } from '../charts/share-chart.js';
import * as doc from '../document.js';
import { typicalCell } from '../figures/analysis.js';
import type { CountedAxes } from '../figures/cost-formula.js';
import { CMPXCHG_COST, FLUSH_COST, LINE_COSTS, LOCK_COST, type UnitCost } from '../figures/cost-model.js';
import { environmentFacts } from '../figures/environment.js';
import { everyStrategy } from '../figures/strategies.js';
import { whatIfData } from '../figures/what-if-data.js';
import { usualWhatIf, WHAT_IF_COLUMNS, whatIfResult, whatIfRow } from '../figures/what-if-model.js';
import * as words from '../words/wording.js';
import { caveatsOf } from './caveats.js';
import { controlCell } from './cost.js';
import { trustOf } from './headline.js';
import { lookUpCost } from './look-up-cost.js';
import type { Report } from './report.js';

/** The cost model with the reader's own unit costs; without scripts, with the report's. */
export function whatIfTab({ results, cells }: Report): doc.Tab {
  const data = whatIfData(results, cells);
  const tab = { id: 'what-if', name: 'What if' };
  if (data === null) {
    const why = 'This needs the counted sweeps and the lower bound, which this run does not have.';
    return { ...tab, sections: doc.section('what-if-section', 'What if', [doc.text(why)]) };
  }
  const usual = usualWhatIf(data);
  const typical = typicalCell(cells);
  const table = doc.tableOf(
    {
      id: 'what-if-table',
      caption: `A mean update by its parts, and a route, which flushes once in every kernel. Search and driver's way are the time above the lower bound; "of a CPU" is per vCPU. C: measured on ${typical?.workload.id}. Where the model disagrees with C, trust C.`,
    },
    data.designs,
    [
      ...WHAT_IF_COLUMNS.map((head, index) =>
        doc.column(head, (design: CountedAxes) => whatIfRow(design, usual, data)[index] ?? ''),
      ),
      ['C, ns', ({ strategy }) => words.shown(typical?.times.c.get(strategy)?.ns, words.marginText)],
    ],
  );
  return {
    ...tab,
    sections: doc.section('what-if-section', 'What if', [
      doc.text(
        `A model: counted work × the unit costs that you set. The page's address holds them, so a view can be sent as a link.${measuredText(results, cells)}`,
      ),
      {
        kind: 'columns',
        columns: [
          [{ kind: 'widget', name: 'what-if', data }, doc.text(whatIfResult(usual, data))],
          doc.charts([shareChart(data)]),
        ],
      },
      ...doc.fold('An update and a route of each strategy', doc.tables([table])),
      ...doc.fold('Where the unit costs come from', [
        doc.facts(COSTS.map(({ name, ns, source }) => [name, `${words.durationText(ns)}; ${source}`])),
      ]),
    ]),
  };
}

/** What C measured, beside the model. */
function measuredText(results: Results, cells: Report['cells']): string {
  const cost = lookUpCost(results, cells);
  return cost === null
    ? ''
    : ` On ${cost.cell.workload.id} ${words.languageText(cost.lane)} measured ${words.durationText(cost.saved.estimate)} saved, ${words.partText(cost.ofCpu)} of a CPU; where the model differs, trust the measurement.`;
}

const COSTS: readonly UnitCost[] = [...LINE_COSTS, LOCK_COST, CMPXCHG_COST, FLUSH_COST];

/** How many rounds were repeated. */
export function disturbedText(results: Results): string {
  const { rounds, takenAgain, standing } = countDisturbed(results, allCells(results));
  if (takenAgain === 0) return '';
  const rest = standing === 0 ? '' : `; disturbed again and kept: ${words.countText(standing)}`;
  return `Disturbed rounds that were taken again: ${words.countText(takenAgain)} of ${words.countText(rounds)}${rest}.`;
}

export function trustTab(report: Report): doc.Tab {
  const { results, cells } = report;
  const { environment } = results;
  const { controls, reliable, pairs, agreeing } = trustOf(report);
  const contradicted = cells.flatMap(({ workload, inBoth }) =>
    (inBoth?.pairs ?? [])
      .filter((pair) => isSeparatedInC(pair) && !haveSameOrder(pair))
      .map(
        ({ one, other, inC, inV8 }) =>
          `${workload.id}: ${one} / ${other} is ${words.ratioText(inC)} in C and ${words.ratioText(inV8)} in V8.`,
      ),
  );
  const both = cells.flatMap(({ workload, inBoth }) => (inBoth === null ? [] : [workload.id]));
  const slower = cells
    .flatMap(({ inBoth }) => (inBoth?.strategies ?? []).map(({ v8OverC }) => v8OverC.estimate))
    .sort((a, b) => a - b);
  const half = medianHalfWidth(cells.flatMap(({ comparisons }) => Object.values(comparisons)));
  return {
    id: 'trust',
    name: 'Trust',
    sections: [
      ...doc.section('controls', `A/A controls: ${reliable} of ${controls.length} are reliable`, [
        ...doc.texts([
          'The baseline takes part twice. A control is flagged if its interval excludes 1, which one in twenty does by chance. It is unreliable if all of that interval lies outside the band.',
          half === null
            ? ''
            : `Half of the intervals of single workloads are narrower than ±${words.partText(half)}.`,
          disturbedText(results),
        ]),
        ...doc.tables([
          {
            id: 'controls-table',
            caption: `A/A ratio with ${words.confidenceText(results)} interval, the widest first; band: ±${words.bandText(results)}.`,
            head: ['workload', 'A/A', 'n', 'control'],
            texts: [3],
            source: '/cells',
            rows: controls.map(({ workload, lane, control }) => ({
              name: `${workload}, ${words.languageText(lane)}`,
              cells: [words.ratioText(control.ratio), String(control.ratio.n), controlCell(control)],
            })),
          },
        ]),
      ]),
      ...doc.section(
        'c-and-v8',
        pairs === 0 ? 'C and V8' : `C and V8 agree on the order of ${agreeing} of ${pairs} pairs`,
        [
          ...doc.texts([
            results.run.noNative === null ? '' : `Nothing was timed in C: ${results.run.noNative}.`,
            pairs === 0
              ? ''
              : `The pairs differ in C by more than ${words.partText(SEPARATED_IN_C)} on ${words.namesText(both)}. In both languages a strategy ends with equal memory, word for word.`,
            slower.length === 0
              ? ''
              : `V8 takes ${words.timesText(slower[Math.floor(slower.length / 2)] ?? 0)} the time of C in the median (${words.timesText(slower[0] ?? 0)} to ${words.timesText(slower.at(-1) ?? 0)}); only C pays for atomics. With more threads V8 changes otherwise than C (tab Scaling).`,
          ]),
          ...doc.fold(
            `The ${contradicted.length} that V8 orders the other way`,
            contradicted.length === 0 ? [] : [{ kind: 'list', items: contradicted }],
          ),
        ],
      ),
      ...doc.section('machine', 'Machine', [
        ...environment.warnings.map((warning) => doc.text(`Warning: ${warning}`, 'doubt')),
        ...doc.fold(
          'Environment and run',
          [doc.facts([...environmentFacts(results), ...runFacts(results)])],
          'environment',
        ),
        ...doc.fold('How times were compared', [doc.facts(methodFacts(results))], 'method'),
      ]),
      ...doc.section('caveats', 'What this cannot show', [
        doc.facts(caveatsOf(results).map(({ subject, text: words }) => [subject, words])),
      ]),
    ],
  };
}

function runFacts({ run, host }: Results): doc.Fact[] {
  const size = `${words.numberOf(run.processes, 'process')} of ${words.numberOf(run.rounds, 'round')}`;
  return [
    ['Started', run.startedAt],
    ['Took', `${run.seconds.toFixed(0)} s`],
    ['Suite', `${run.suite}, ${size} in ${run.noNative === null ? 'C' : 'V8'}`],
    ['Seed', `${run.seed}; heap ${host.heapSeed} for the oracle, drawn anew for each timed process`],
  ];
}

/** The method of timing and comparison. */
function methodFacts(results: Results): doc.Fact[] {
  const { baseline, confidence } = results.run;
  return [
    ['Ratio', `median over rounds of ln(strategy / ${baseline}) in a process, mean over processes`],
    [
      'Interval',
      `Student's t over processes, ${words.confidenceText(results)}; Holm within a workload for verdicts`,
    ],
    ['equivalent', `the interval lies within ±${words.bandText(results)}, stated in advance`],
    ['faster, slower', `otherwise, if the adjusted p is below ${Number((1 - confidence).toPrecision(2))}`],
    ['inconclusive', 'otherwise; this is not the same as equivalent'],
    ['No verdict', `with fewer than ${VERDICT_PROCESSES} processes`],
    ['Detectable', 'the smallest difference that would have had a verdict'],
    ['Language', 'C where both strategies have it, V8 otherwise'],
    ['More', 'docs/method.md: processes, batches, rounds, and which rounds are disturbed'],
  ];
}

/** The strategies, the workloads and the modelled host. */
export function setupTab({ results }: Report): doc.Tab {
  const { workloads, contention, host } = results;
  const all = everyStrategy(results);
  const shape: Readonly<Record<string, { description?: string | undefined }>> =
    resultsSchema.shape.host.def.innerType.shape;
  const table = doc.tableOf(
    {
      id: 'strategies-table',
      caption:
        'What each strategy does. Its file is strategies/NAME.ts, and its C stands beside it. A limit links to its meaning.',
    },
    all.map((info) => ({ strategy: info.id, info })),
    [
      ['in one line', ({ info }) => `${info.title}${info.file === null ? '' : ` (${info.file})`}`, 'text'],
      ['limits', ({ info }) => ({ text: words.limitsText(info), to: 'declared-limits' }), 'text'],
    ],
  );
  const played = [...workloads, ...(contention === null ? [] : [contention.workload])];
  return {
    id: 'setup',
    name: 'Setup',
    sections: [
      ...doc.section('strategies', 'Strategies', [
        ...doc.tables([table]),
        ...doc.fold('Summaries, sources and notes', all.flatMap(strategyFold)),
      ]),
      ...doc.section(
        'workloads',
        'Workloads',
        doc.fold('Workloads and their parameters', played.flatMap(workloadFold)),
      ),
      ...doc.section(
        'host',
        'Modelled host',
        doc.fold('Parameters', [
          doc.facts(
            Object.entries(host).map(([name, value]) => [
              `${name} = ${value}`,
              shape[name]?.description ?? '',
            ]),
          ),
        ]),
      ),
    ],
  };
}

function strategyFold({ id, summary, source, notes, touches }: StrategyInfo): doc.Block[] {
  return doc.fold(
    id,
    [
      ...doc.texts([summary, `Source: ${source}`, ...notes]),
      ...(touches.length === 0
        ? []
        : [doc.text('A patch touches:'), { kind: 'list', items: touches } as const]),
    ],
    `strategy-${id}`,
  );
}

function workloadFold(workload: WorkloadInfo): doc.Block[] {
  const { id, description, favours, penalises, vms, vcpus, irqs, devices, recording } = workload;
  const size = [
    words.numberOf(vms, 'VM'),
    words.numberOf(vcpus, 'vCPU'),
    words.numberOf(irqs, 'irq'),
    words.numberOf(devices, 'device'),
  ];
  const recorded: doc.Fact[] =
    recording === null
      ? []
      : [
          ['Recording', `${recording.file}: ${words.countsText(recording.counts)}`],
          ['Recorded', recording.recorded],
          ['Assumed', recording.assumed],
          ...recording.warnings.map((warning): doc.Fact => ['Warning', warning]),
        ];
  const own: doc.Fact[] = [
    ['Favours', favours],
    ['Penalises', penalises],
    ['Size', size.join(', ')],
    ['Parameters', words.parametersText({ ...workload.parameters, ...workload.host })],
    ['Window', words.countsText(workload.window)],
    ['Digest of its operations', workload.stream],
  ];
  return doc.fold(`${id}: ${description}`, [doc.facts([...own, ...recorded])], `workload-${id}`);
}
