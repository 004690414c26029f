// The tabs What if, Trust and Setup.
import {
  DISTURBED_CLOCK_MS,
  DISTURBED_WAIT_MS,
  DISTURBED_WAIT_PART,
  VERDICT_PROCESSES,
} from '../../harness/method.js';
import { contradicts } from '../../harness/results/c-and-v8.js';
import { medianHalfWidth } from '../../harness/results/comparison.js';
import { allCells, countDisturbed } from '../../harness/results/disturbed-rounds.js';
import {
  type Results,
  resultsSchema,
  type StrategyInfo,
  type WorkloadInfo,
} from '../../harness/results/results.js';
import { shareChart } from '../charts/share-chart.js';
import {
  type Block,
  type Cell,
  charts,
  column,
  type Fact,
  facts,
  fold,
  section,
  type Tab,
  tableOf,
  tables,
  text,
  texts,
} from '../document.js';
import { typicalCell } from '../figures/analysis.js';
import type { CountedAxes } from '../figures/cost-formula.js';
import { CMPXCHG_COST, FLUSH_COST, LINE_COSTS, LOCK_COST, type UnitCost } from '../figures/cost-model.js';
import { environmentFacts } from '../figures/environment.js';
import { everyStrategy } from '../figures/strategies.js';
import { whatIfData } from '../figures/what-if-data.js';
import { usualWhatIf, WHAT_IF_COLUMNS, whatIfResult, whatIfRow } from '../figures/what-if-model.js';
import {
  bandText,
  confidenceText,
  countsText,
  countText,
  durationText,
  languageText,
  limitsText,
  marginText,
  NONE,
  numberOf,
  parametersText,
  partText,
  ratioText,
} from '../words/wording.js';
import { caveatsOf } from './caveats.js';
import { trustOf } from './headline.js';
import type { Report } from './report.js';

/** The cost model with the reader's own unit costs; without scripts, with the report's. */
export function whatIfTab({ results, cells }: Report): Tab {
  const data = whatIfData(results, cells);
  const tab = { id: 'what-if', name: 'What if' };
  if (data === null) {
    const why = 'This needs the counted sweeps and the lower bound, which this run does not have.';
    return { ...tab, sections: section('what-if-section', 'What if', [text(why)]) };
  }
  const usual = usualWhatIf(data);
  const typical = typicalCell(cells);
  const table = tableOf(
    {
      id: 'what-if-table',
      caption: `A mean update by its parts, and a route, which flushes once in every kernel; "of a CPU" is per vCPU. C: measured on ${typical?.workload.id}. Where the model disagrees with C, trust C.`,
    },
    data.designs,
    [
      ...WHAT_IF_COLUMNS.map((head, index) =>
        column(head, (design: CountedAxes) => whatIfRow(design, usual, data)[index] ?? ''),
      ),
      [
        'C, ns',
        ({ strategy }) => {
          const time = typical?.times.c.get(strategy);
          return time === undefined ? NONE : marginText(time.ns);
        },
      ],
    ],
  );
  return {
    ...tab,
    sections: section('what-if-section', 'What if', [
      text(
        'Counted work × unit costs of your own. The address of the page holds them, so a view can be sent as a link.',
      ),
      { kind: 'widget', name: 'what-if', data },
      text(whatIfResult(usual, data)),
      ...charts([shareChart(data)]),
      ...fold('An update and a route of each strategy', tables([table])),
      ...fold('Where the unit costs come from', [
        facts(COSTS.map(({ name, ns, source }) => [name, `${durationText(ns)}; ${source}`])),
      ]),
    ]),
  };
}

const COSTS: readonly UnitCost[] = [...LINE_COSTS, LOCK_COST, CMPXCHG_COST, FLUSH_COST];

/** How many rounds were repeated. */
export function disturbedText(results: Results): string {
  const { rounds, takenAgain, standing } = countDisturbed(results, allCells(results));
  if (takenAgain === 0) return '';
  const rest = standing === 0 ? '' : `; ${countText(standing)} were disturbed again and stand`;
  return `${countText(takenAgain)} of ${numberOf(rounds, 'round')} were disturbed and taken again${rest}.`;
}

export function trustTab(report: Report): Tab {
  const { results, cells } = report;
  const { environment } = results;
  const { controls, reliable, pairs, agreeing } = trustOf(report);
  const contradicted = cells.flatMap(({ workload, inBoth }) =>
    (inBoth?.pairs ?? [])
      .filter((pair) => contradicts(pair, results.run.band))
      .map(
        ({ one, other, inC, inV8 }) =>
          `${workload.id}: ${one} / ${other} is ${ratioText(inC)} in C and ${ratioText(inV8)} in V8.`,
      ),
  );
  const slower = cells
    .flatMap(({ inBoth }) => (inBoth?.strategies ?? []).map(({ v8OverC }) => v8OverC.estimate))
    .sort((a, b) => a - b);
  const half = medianHalfWidth(cells.flatMap(({ comparisons }) => Object.values(comparisons)));
  return {
    id: 'trust',
    name: 'Trust',
    sections: [
      ...section('controls', `A/A controls: ${reliable} of ${controls.length} are reliable`, [
        ...texts([
          'The baseline takes part twice. A control is flagged if its interval excludes 1, which one in twenty does by chance, and unreliable if it lies outside the band.',
          half === null
            ? ''
            : `Half of the intervals of single workloads are narrower than ±${partText(half)}.`,
          disturbedText(results),
        ]),
        ...tables([
          {
            id: 'controls-table',
            caption: `A/A ratio by workload and language with ${confidenceText(results)} interval; band ±${bandText(results)}.`,
            head: ['workload', 'language', 'A/A', 'n', 'control'],
            texts: [1, 4],
            source: '/cells',
            rows: controls.map(({ workload, lane, control: { ratio: own, unreliable, flagged } }) => ({
              name: workload,
              cells: [
                languageText(lane),
                ratioText(own),
                String(own.n),
                unreliable ? UNRELIABLE : flagged ? FLAGGED : OK,
              ],
            })),
          },
        ]),
      ]),
      ...section(
        'c-and-v8',
        pairs === 0 ? 'C and V8' : `C and V8 agree on ${agreeing} of ${pairs} rankings`,
        [
          ...texts([
            results.run.noNative === null ? '' : `Nothing was timed in C: ${results.run.noNative}.`,
            'Each strategy is the same in both languages: same memory image, same operations, and memory that is equal word for word at the end.',
            slower.length === 0
              ? ''
              : `V8 takes ${ratio(slower[Math.floor(slower.length / 2)])} the time of C in the median (${ratio(slower[0])} to ${ratio(slower.at(-1))}); only C pays for atomics.`,
          ]),
          ...fold(
            `${numberOf(contradicted.length, 'pair')} in opposite order`,
            contradicted.length === 0 ? [] : [{ kind: 'list', items: contradicted }],
          ),
        ],
      ),
      ...section('machine', 'Machine', [
        ...environment.warnings.map((warning) => text(`Warning: ${warning}`, 'doubt')),
        ...fold(
          'Environment and run',
          [facts([...environmentFacts(results), ...runFacts(results)])],
          'environment',
        ),
        ...fold('How times were compared', [facts(methodFacts(results))], 'method'),
      ]),
      ...section('caveats', 'What this cannot show', [
        facts(caveatsOf(results).map(({ subject, text: words }) => [subject, words])),
      ]),
    ],
  };
}

const UNRELIABLE: Cell = { text: 'UNRELIABLE', tone: 'bad' };
const FLAGGED: Cell = { text: 'flagged', tone: 'doubt' };
const OK: Cell = { text: 'ok', tone: 'good' };
const ratio = (value: number | undefined): string => `${(value ?? 0).toFixed(2)}x`;

function runFacts({ run, host }: Results): Fact[] {
  const size = `${numberOf(run.processes, 'process')} of ${numberOf(run.rounds, 'round')}`;
  return [
    ['Started', run.startedAt],
    ['Took', `${run.seconds.toFixed(0)} s`],
    ['Suite', `${run.suite}, ${size} in ${run.noNative === null ? 'C' : 'V8'}`],
    ['Seed', `${run.seed}; heap ${host.heapSeed} for the oracle, drawn anew for each timed process`],
  ];
}

/** The method of timing and comparison. */
function methodFacts(results: Results): Fact[] {
  const { batchMs, baseline, confidence } = results.run;
  const waited = `${DISTURBED_WAIT_MS} ms and ${partText(DISTURBED_WAIT_PART)} of the round`;
  const jumped = `the clock jumped by more than ${DISTURBED_CLOCK_MS} ms`;
  return [
    ['Unit of inference', 'the process, with a modelled heap of its own; their number is fixed in advance'],
    ['Batch', `replays of the window, at least ${batchMs} ms in every strategy`],
    ['Round', 'an untimed replay and a timed batch of each strategy, in the order of a random Latin square'],
    ['Disturbed', `a process waited for more than ${waited}, or ${jumped}; all take the round again`],
    ['Ratio', `median over rounds of ln(strategy / ${baseline}) in a process, mean over processes`],
    [
      'Interval',
      `Student's t over processes, ${confidenceText(results)}; Holm within a workload for verdicts`,
    ],
    ['equivalent', `the interval lies within ±${bandText(results)}, stated in advance`],
    ['faster, slower', `otherwise, if the adjusted p is below ${Number((1 - confidence).toPrecision(2))}`],
    ['inconclusive', 'otherwise; this is not the same as equivalent'],
    ['No verdict', `with fewer than ${VERDICT_PROCESSES} processes`],
    ['Detectable', 'the smallest difference that would have had a verdict'],
    ['Language', 'C where both strategies have it, V8 otherwise'],
  ];
}

/** The strategies, the workloads and the modelled host. */
export function setupTab({ results }: Report): Tab {
  const { workloads, contention, host } = results;
  const all = everyStrategy(results);
  const shape: Readonly<Record<string, { description?: string | undefined }>> =
    resultsSchema.shape.host.def.innerType.shape;
  const table = tableOf(
    {
      id: 'strategies-table',
      caption: 'What each strategy does. Its file is strategies/NAME.ts, and its C stands beside it.',
    },
    all.map((info) => ({ strategy: info.id, info })),
    [
      ['in one line', ({ info }) => `${info.title}${info.file === null ? '' : ` (${info.file})`}`, 'text'],
      ['limits', ({ info }) => limitsText(info), 'text'],
    ],
  );
  const played = [...workloads, ...(contention === null ? [] : [contention.workload])];
  return {
    id: 'setup',
    name: 'Setup',
    sections: [
      ...section('strategies', 'Strategies', [
        ...tables([table]),
        ...fold('Summaries, sources and notes', all.flatMap(strategyFold)),
      ]),
      ...section(
        'workloads',
        'Workloads',
        fold('Workloads and their parameters', played.flatMap(workloadFold)),
      ),
      ...section(
        'host',
        'Modelled host',
        fold('Parameters', [
          facts(
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

function strategyFold({ id, summary, source, notes, touches }: StrategyInfo): Block[] {
  return fold(
    id,
    [
      ...texts([summary, `Source: ${source}`, ...notes]),
      ...(touches.length === 0 ? [] : [text('A patch touches:'), { kind: 'list', items: touches } as const]),
    ],
    `strategy-${id}`,
  );
}

function workloadFold(workload: WorkloadInfo): Block[] {
  const { id, description, favours, penalises, vms, vcpus, irqs, devices, recording } = workload;
  const size = [
    numberOf(vms, 'VM'),
    numberOf(vcpus, 'vCPU'),
    numberOf(irqs, 'irq'),
    numberOf(devices, 'device'),
  ];
  const recorded: Fact[] =
    recording === null
      ? []
      : [
          ['Recording', `${recording.file}: ${countsText(recording.counts)}`],
          ['Recorded', recording.recorded],
          ['Assumed', recording.assumed],
          ...recording.warnings.map((warning): Fact => ['Warning', warning]),
        ];
  const own: Fact[] = [
    ['Favours', favours],
    ['Penalises', penalises],
    ['Size', size.join(', ')],
    ['Parameters', parametersText({ ...workload.parameters, ...workload.host })],
    ['Window', countsText(workload.window)],
    ['Stream', workload.stream],
  ];
  return fold(`${id}: ${description}`, [facts([...own, ...recorded])], `workload-${id}`);
}
