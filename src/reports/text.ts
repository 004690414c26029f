// The report as a mail to a kernel list: plain ASCII, at most 75 columns.
import type { Check, Results, WorkloadInfo } from '../harness/results.js';
import { REPLAY_COMMAND, REPLAY_SENTENCES, storyLines } from './counterexample.js';
import { costText, countedWorkText, lanesText, sweepText } from './evidence-text.js';
import { findingKindsOf, limitKindsOf } from './glossary.js';
import { limitsOf } from './limits.js';
import { COLUMNS, facts, hanging, numberTable, paragraph, table, title } from './plain-text.js';
import { checkFacts, environmentFacts, hostFacts, judgingText, methodFacts, runFacts } from './provenance.js';
import { answeredQuestions, findingsCount, matchesSentence } from './questions.js';
import {
  isTimed,
  isUnexpected,
  isWrong,
  type PlacedFinding,
  placedFindings,
  type StrategyOutcome,
  type SurveyedCell,
  strategyOutcomes,
  surveyCells,
} from './survey.js';
import { neutralisedInAscii } from './untrusted.js';
import {
  changeSentences,
  correctnessSentence,
  expectationText,
  NOT_TIMED,
  readingSentences,
  soundnessOf,
  standingSentences,
  timingSentences,
} from './verdict-sentences.js';
import {
  bytesText,
  confidenceText,
  countsText,
  countText,
  intervalText,
  limitsText,
  nanosecondsText,
  numberOf,
  parametersText,
  ratioText,
} from './wording.js';

/** Of a finding's history. */
const STORY_INDENT = '  ';

/** The report as plain text. */
export function renderText(results: Results): string {
  const shown = neutralisedInAscii(results);
  const cells = surveyCells(shown);
  const outcomes = strategyOutcomes(shown, cells);
  const sections = [
    introduction(shown, cells),
    verdicts(shown, cells, outcomes),
    questions(shown, cells, outcomes),
    oracle(shown, cells),
    costText(shown, cells),
    countedWorkText(shown, cells),
    sweepText(shown),
    lanesText(shown, cells),
    ...cells.map((cell) => timing(shown, cell)),
    counted(shown, cells),
    strategies(shown),
    workloads(shown),
    environment(shown),
    method(shown),
    limits(shown),
  ];
  const lines = sections.flatMap((section) => [...section, '']).slice(0, -1);
  return `${lines.flatMap((line) => (line.length > COLUMNS ? paragraph(line) : [line])).join('\n')}\n`;
}

function introduction(results: Results, cells: readonly SurveyedCell[]): string[] {
  const { run } = results;
  return [
    ...title('gatag-bench: how a hypervisor finds the IRTEs of a vCPU', '='),
    ...paragraph(
      'When a vCPU is loaded on or taken off a physical CPU, every interrupt-remapping table entry (IRTE) that ' +
        `posts interrupts to it must be updated. ${numberOf(results.strategies.length, 'way')} of finding those ` +
        `entries in ${numberOf(cells.length, 'workload')}: whether each is right, and what it takes beside ` +
        `${run.baseline}. Times are those of a V8 model, not of the kernel.`,
    ),
    '',
    ...facts(runFacts(results)),
    ...facts([['Machine', machineText(results)]]),
    ...(run.verdictIntended
      ? []
      : [
          '',
          ...paragraph(`*** ${run.suite} suite: ${numberOf(run.forks, 'fork')}, no verdict intended. ***`),
        ]),
  ];
}

function machineText({ environment: { cpuModel, cpus, kernel, node, warnings } }: Results): string {
  const doubts = warnings.length === 0 ? 'no warnings' : `${numberOf(warnings.length, 'warning')}, see below`;
  return `${cpuModel}, ${numberOf(cpus, 'CPU')}, kernel ${kernel}, Node ${node}; ${doubts}`;
}

function verdicts(
  results: Results,
  cells: readonly SurveyedCell[],
  outcomes: readonly StrategyOutcome[],
): string[] {
  return [
    ...title('Verdicts', '-'),
    ...paragraph(readingSentences(results, cells).join(' ')),
    ...outcomes.flatMap((outcome) => [
      '',
      ...paragraph(`${outcome.strategy.id}: ${soundnessOf(outcome)}`),
      ...paragraph([correctnessSentence(outcome), ...timingSentences(results, outcome)].join(' '), '  '),
    ]),
  ];
}

function questions(
  results: Results,
  cells: readonly SurveyedCell[],
  outcomes: readonly StrategyOutcome[],
): string[] {
  const answered = answeredQuestions(results, cells, outcomes).flatMap(
    ({ question, strategy, against, standing, strategyOutcome, againstOutcome }) => [
      ...paragraph(question),
      ...paragraph(
        [
          `${strategy} / ${against}:`,
          ...standingSentences(results, standing, strategyOutcome.wrongIn),
          `Findings ${countText(findingsCount(strategyOutcome))} / ${countText(findingsCount(againstOutcome))}.`,
        ].join(' '),
        '  ',
      ),
      '',
    ],
  );
  return [...title('The questions of the review', '-'), ...answered, ...paragraph(matchesSentence(results))];
}

function oracle(results: Results, cells: readonly SurveyedCell[]): string[] {
  const found = placedFindings(results, cells);
  return [
    ...title('Right or wrong', '-'),
    ...paragraph(
      'ok: no finding; a number: findings, all within limits that the strategy declares; with "!": not all, or ' +
        'the final IRTEs differ from the oracle; -: not checked.',
    ),
    '',
    ...matrix(results, cells, judgement),
    ...(found.length === 0 ? [] : ['', ...findings(results, found)]),
  ];
}

/** Each finding with the shortest history that shows it; where there is none, with its first example. */
function findings(results: Results, found: readonly PlacedFinding[]): string[] {
  return [
    ...facts(findingKindsOf(results)),
    '',
    ...paragraph('Each finding with the shortest history that was found to show it.'),
    ...paragraph(`${REPLAY_SENTENCES}:`),
    `  ${REPLAY_COMMAND}`,
    ...found.flatMap(({ strategy, workload, finding }) => {
      const { kind, check, count, declaredBy, first, counterexample } = finding;
      const what = `${kind} ${countText(count)} (${expectationText(declaredBy)})`;
      return [
        '',
        ...hanging(`${strategy}, ${workload}: ${what}, found by the check ${check}`),
        ...(counterexample === null
          ? paragraph(`${first.what}: ${first.outcome}`, STORY_INDENT)
          : storyLines(counterexample, COLUMNS - STORY_INDENT.length).map(
              (line) => `${STORY_INDENT}${line}`,
            )),
      ];
    }),
  ];
}

function judgement({ findings, matchesOracle }: Check): string {
  if (findings.length === 0) return matchesOracle ? 'ok' : '!';
  const count = findings.reduce((sum, finding) => sum + finding.count, 0);
  return `${countText(count)}${findings.some(isUnexpected) ? '!' : ''}`;
}

function timing(results: Results, cell: SurveyedCell): string[] {
  const { run } = results;
  const { workload, comparison, nanoseconds } = cell;
  const { control } = comparison;
  const heading = [
    ...title(`${workload.id}: time per operation, V8 model`, '-'),
    ...recordingLabel(workload),
  ];
  if (!isTimed(cell)) return [...heading, NOT_TIMED];
  const mark = control?.unreliable ? 'UNRELIABLE' : control?.flagged ? 'flagged' : 'control';
  const twin =
    control === null
      ? []
      : [
          [
            'A/A twin',
            '',
            ratioText(control.ratio.estimate),
            intervalText(control.ratio, ratioText),
            mark,
            separableText(control.separable),
            `${control.logRatios.length}`,
          ],
        ];
  const rows = results.strategies.flatMap(({ id }) => {
    const ns = nanoseconds.get(id);
    if (ns === undefined) return [];
    const name = isWrong(cell, id) ? `${id} *` : id;
    const compared = comparison.rows.find(({ strategy }) => strategy === id);
    const verdict = compared === undefined ? 'baseline' : run.verdictIntended ? compared.verdict : '-';
    const ratio =
      compared === undefined
        ? ['1', '']
        : [ratioText(compared.ratio.estimate), intervalText(compared.ratio, ratioText)];
    const least = compared === undefined ? '' : separableText(compared.separable);
    return [[name, nanosecondsText(ns.over.estimate), ...ratio, verdict, least, `${ns.forks.length}`]];
  });
  return [
    ...heading,
    ...(control?.unreliable
      ? paragraph(
          'A/A UNRELIABLE: do not trust the ratios of this workload. The baseline against itself lies wholly outside the equivalence band.',
        )
      : []),
    ...(control === null ? paragraph(`No A/A control: ${cell.comparison.controlVoid}.`) : []),
    '',
    ...table(
      ['strategy', 'ns', 'ratio', `${confidenceText(results)} interval`, 'verdict', 'least', 'n'],
      [...twin, ...rows],
      ['left', 'right', 'right', 'left', 'left', 'right', 'right'],
    ),
    ...changeSentences(cell).flatMap((sentence) => ['', ...paragraph(sentence)]),
    ...(rows.some(([name]) => name?.endsWith('*')) ? ['', '* wrong answers in this workload'] : []),
    ...comparison.void.flatMap(({ strategy, reason }) => paragraph(`${strategy}: void, ${reason}`)),
  ];
}

/** The least separable difference, in a column of five. */
function separableText(separable: number): string {
  return Number.isFinite(separable) ? `${(100 * separable).toFixed(1)}%` : '-';
}

function recordingLabel({ recording }: WorkloadInfo, indent = ''): string[] {
  if (recording === null) return [];
  return paragraph(
    `RECORDING of ${recording.file}. Recorded: ${recording.recorded} Assumed: ${recording.assumed}`,
    indent,
  );
}

function counted(results: Results, cells: readonly SurveyedCell[]): string[] {
  const commands = ({ commandsPerWindow: { invalidate, completionWait } }: Check) => [
    invalidate,
    completionWait,
  ];
  const hasCommands = cells.some(({ cell }) => cell.checks.some((check) => Math.max(...commands(check)) > 0));
  return [
    ...title('Commands and memory', '-'),
    ...paragraph(
      `Counted, never priced (flush: ${results.host.flush}). ` +
        (hasCommands
          ? 'INVALIDATE / COMPLETION_WAIT per window:'
          : 'No strategy queued INVALIDATE or COMPLETION_WAIT.'),
    ),
    ...(hasCommands
      ? ['', ...matrix(results, cells, (check) => commands(check).map(countText).join('/'))]
      : []),
    '',
    'Modelled memory held after the setup:',
    '',
    ...matrix(results, cells, ({ memoryBytes }) => bytesText(memoryBytes)),
  ];
}

function strategies(results: Results): string[] {
  const declared = limitKindsOf(results);
  return [
    ...title('Strategies', '-'),
    ...results.strategies.flatMap((strategy) => {
      const { id, title: name, source, gaLog, notes, file } = strategy;
      return [
        ...hanging(`${id}: ${name}`),
        ...paragraph(`Stands for: ${source}`, '  '),
        ...paragraph(`Limits: ${limitsText(strategy)}. GA log: ${gaLog}.`, '  '),
        ...(file === null ? [] : paragraph(`Module: ${file}`, '  ')),
        ...notes.flatMap((note) => paragraph(note, '  ')),
      ];
    }),
    ...(declared.length === 0 ? [] : ['', 'The limits:', ...facts(declared)]),
  ];
}

function workloads(results: Results): string[] {
  return [
    ...title('Workloads', '-'),
    ...results.workloads.flatMap((workload) => [
      ...hanging(`${workload.id}: ${workload.story}`),
      ...paragraph(`Favours: ${workload.favours}`, '  '),
      ...paragraph(`Disadvantages: ${workload.disadvantages}`, '  '),
      ...paragraph(`Parameters: ${parametersText(workload.parameters)}`, '  '),
      ...paragraph(`Window: ${countsText(workload.window)}`, '  '),
      ...(workload.recording === null
        ? []
        : [
            ...recordingLabel(workload, '  '),
            ...paragraph(`Found in it: ${countsText(workload.recording.counts)}`, '  '),
            ...workload.recording.warnings.flatMap((warning) => paragraph(`Warning: ${warning}`, '  ')),
          ]),
    ]),
  ];
}

function environment(results: Results): string[] {
  const { warnings } = results.environment;
  return [
    ...title('Environment', '-'),
    ...warnings.flatMap((warning) => hanging(`Warning: ${warning}`)),
    ...(warnings.length === 0 ? [] : ['']),
    ...facts(environmentFacts(results)),
    '',
    ...hanging(
      `Modelled host: ${hostFacts(results)
        .map(({ name, value }) => `${name}=${value}`)
        .join(', ')}`,
    ),
  ];
}

function method(results: Results): string[] {
  return [
    ...title('Method', '-'),
    ...paragraph(judgingText(results)),
    ...facts(checkFacts()),
    '',
    'How times were compared:',
    ...facts(methodFacts(results)),
  ];
}

function limits(results: Results): string[] {
  return [
    ...title('What this cannot show', '-'),
    ...limitsOf(results).flatMap(({ subject, text }) => hanging(`${subject}: ${text}`)),
  ];
}

/** Strategies by workload; workloads under their numbers, and in as many blocks as it takes. */
function matrix(results: Results, cells: readonly SurveyedCell[], write: (check: Check) => string): string[] {
  const legend = cells.map(({ workload }, index) => `[${index + 1}] ${workload.id}`).join(', ');
  const rows = results.strategies.map(({ id }) => [
    id,
    ...cells.map(({ checks }) => {
      const check = checks.get(id);
      return check === undefined ? '-' : write(check);
    }),
  ]);
  const head = ['strategy', ...cells.map((_, index) => `[${index + 1}]`)];
  return [...paragraph(legend), '', ...numberTable(head, rows)];
}
