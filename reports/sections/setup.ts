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
import { type Cell, type Results, resultsSchema } from '../../harness/results/results.js';
import { shareChart } from '../charts/share-chart.js';
import {
  type Block,
  charts,
  type Fact,
  fold,
  type Row,
  section,
  type Tab,
  tables,
  text,
  texts,
} from '../document.js';
import { environmentFacts } from '../figures/environment.js';
import { everyStrategy } from '../figures/strategies.js';
import { whatIfData } from '../figures/what-if-data.js';
import { usualWhatIf, WHAT_IF_COLUMNS, whatIfResult, whatIfRow } from '../figures/what-if-model.js';
import {
  bandText,
  confidenceText,
  countsText,
  countText,
  languageText,
  limitsText,
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
  const blocks: Block[] =
    data === null
      ? [text('This needs the counted sweeps and the lower bound, which this run does not have.')]
      : [
          text(
            'Counted work × unit costs of your own. The address of the page holds them, so a view can be sent as a link.',
          ),
          { kind: 'widget', name: 'what-if', data },
          text(whatIfResult(usualWhatIf(data), data)),
          ...charts([shareChart(data)]),
          ...fold(
            'An update and a route of each strategy',
            tables([
              {
                id: 'what-if-table',
                caption:
                  'A mean update by its parts, and a route, which flushes once in every kernel. "Of a CPU" is per vCPU.',
                head: ['strategy', ...WHAT_IF_COLUMNS],
                rows: data.designs.map((design) => ({
                  name: design.strategy,
                  strategy: design.strategy,
                  cells: whatIfRow(design, usualWhatIf(data), data),
                })),
              },
            ]),
          ),
        ];
  return { id: 'what-if', name: 'What if', sections: section('what-if-section', 'What if', blocks) };
}

/** How many rounds were repeated. */
export function disturbedText(results: Results, cells: readonly Cell[] = allCells(results)): string {
  const { rounds, takenAgain, standing } = countDisturbed(results, cells);
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
            rows: controls.map(
              ({ workload, lane, control }): Row => ({
                name: workload,
                cells: [
                  languageText(lane),
                  ratioText(control.ratio),
                  String(control.ratio.n),
                  control.unreliable
                    ? { text: 'UNRELIABLE', tone: 'bad' }
                    : control.flagged
                      ? { text: 'flagged', tone: 'doubt' }
                      : { text: 'ok', tone: 'good' },
                ],
              }),
            ),
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
          [{ kind: 'facts', facts: [...environmentFacts(results), ...runFacts(results)] }],
          'environment',
        ),
      ]),
      ...section(
        'method',
        'Method',
        fold('How times were compared', [{ kind: 'facts', facts: methodFacts(results) }]),
      ),
      ...section('caveats', 'What this cannot show', [
        { kind: 'facts', facts: caveatsOf(results).map(({ subject, text: words }) => [subject, words]) },
      ]),
    ],
  };
}

const ratio = (value: number | undefined): string => `${(value ?? 0).toFixed(2)}x`;

function runFacts({ run, host }: Results): Fact[] {
  return [
    ['Started', run.startedAt],
    ['Took', `${run.seconds.toFixed(0)} s`],
    [
      'Suite',
      `${run.suite}, ${numberOf(run.processes, 'process')} of ${numberOf(run.rounds, 'round')} in V8`,
    ],
    ['Seed', `${run.seed}; heap ${host.heapSeed} for the oracle, drawn anew for each timed process`],
  ];
}

/** The method of timing and comparison. */
function methodFacts(results: Results): Fact[] {
  const { run } = results;
  return [
    ['Unit of inference', 'the process, with a modelled heap of its own; their number is fixed in advance'],
    [
      'Batch',
      `replays of the window; their number makes a batch last at least ${run.batchMs} ms in every strategy`,
    ],
    [
      'Round',
      'one untimed replay and one timed batch of each strategy, in the order of a random Latin square',
    ],
    [
      'Disturbed round',
      `a process waited for more than ${DISTURBED_WAIT_MS} ms and ${partText(DISTURBED_WAIT_PART)} of the round, or the clock jumped by more than ` +
        `${DISTURBED_CLOCK_MS} ms; all processes take the round again`,
    ],
    ['Ratio', `median over rounds of ln(strategy / ${run.baseline}) in a process, mean over processes`],
    [
      'Interval',
      `Student's t over processes, ${confidenceText(results)}; verdicts use Holm's adjustment within a workload`,
    ],
    ['equivalent', `the interval lies within ±${bandText(results)}, stated in advance`],
    [
      'faster, slower',
      `otherwise, if the adjusted p is below ${Number((1 - run.confidence).toPrecision(2))}`,
    ],
    ['inconclusive', 'otherwise; this is not the same as equivalent'],
    ['No verdict', `with fewer than ${VERDICT_PROCESSES} processes`],
    ['Detectable', 'the smallest difference that would have had a verdict'],
    ['Language', 'C where both strategies have it, V8 otherwise'],
  ];
}

/** The strategies, the workloads and the modelled host. */
export function setupTab({ results }: Report): Tab {
  const shape: Readonly<Record<string, { description?: string | undefined }>> =
    resultsSchema.shape.host.def.innerType.shape;
  return {
    id: 'setup',
    name: 'Setup',
    sections: [
      ...section('strategies', 'Strategies', [
        ...tables([
          {
            id: 'strategies-table',
            caption:
              'What each strategy does. A name links nowhere: its file is strategies/NAME.ts, and its C stands beside it.',
            head: ['strategy', 'in one line', 'limits'],
            texts: [1, 2],
            rows: everyStrategy(results).map((strategy) => ({
              name: strategy.id,
              strategy: strategy.id,
              cells: [
                `${strategy.title}${strategy.file === null ? '' : ` (${strategy.file})`}`,
                limitsText(strategy),
              ],
            })),
          },
        ]),
        ...fold(
          'Summaries, sources and notes',
          everyStrategy(results).map(
            (strategy): Block => ({
              kind: 'fold',
              id: `strategy-${strategy.id}`,
              summary: strategy.id,
              blocks: [
                ...texts([strategy.summary, `Source: ${strategy.source}`, ...strategy.notes]),
                ...(strategy.touches.length === 0
                  ? []
                  : [text('A patch touches:'), { kind: 'list', items: strategy.touches } as const]),
              ],
            }),
          ),
        ),
      ]),
      ...section(
        'workloads',
        'Workloads',
        fold(
          'Workloads and their parameters',
          results.workloads.map(
            (workload): Block => ({
              kind: 'fold',
              id: `workload-${workload.id}`,
              summary: `${workload.id}: ${workload.description}`,
              blocks: [
                {
                  kind: 'facts',
                  facts: [
                    ['Favours', workload.favours],
                    ['Penalises', workload.penalises],
                    [
                      'Size',
                      `${numberOf(workload.vms, 'VM')}, ${numberOf(workload.vcpus, 'vCPU')}, ${numberOf(workload.irqs, 'irq')}, ${numberOf(workload.devices, 'device')}`,
                    ],
                    ['Parameters', parametersText({ ...workload.parameters, ...workload.host })],
                    ['Window', countsText(workload.window)],
                    ['Stream', workload.stream],
                    ...(workload.recording === null
                      ? []
                      : [
                          [
                            'Recording',
                            `${workload.recording.file}: ${countsText(workload.recording.counts)}`,
                          ] as const,
                          ['Recorded', workload.recording.recorded] as const,
                          ['Assumed', workload.recording.assumed] as const,
                          ...workload.recording.warnings.map((warning) => ['Warning', warning] as const),
                        ]),
                  ],
                },
              ],
            }),
          ),
        ),
      ),
      ...section(
        'host',
        'Modelled host',
        fold('Parameters', [
          {
            kind: 'facts',
            facts: Object.entries(results.host).map(
              ([name, value]): Fact => [`${name} = ${value}`, shape[name]?.description ?? ''],
            ),
          },
        ]),
      ),
    ],
  };
}
