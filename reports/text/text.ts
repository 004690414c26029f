// The report as a mail to a kernel list, in plain ASCII of at most 75 columns: the answers first, then the evidence.
import type { Results } from '../../harness/results/results.js';
import { type Answer, placeOf, questionText } from '../debate/answer.js';
import { DEBATE_INTRODUCTION, reviewOf } from '../debate/debate.js';
import type { Headline } from '../debate/headlines.js';
import { caveatsOf } from '../figures/caveats.js';
import { analyseCells, type CellAnalysis } from '../figures/cell-analysis.js';
import { limitKindsOf } from '../figures/glossary.js';
import {
  everyStrategy,
  otherHostFailures,
  otherHostSentences,
  otherHostTables,
} from '../figures/other-hosts.js';
import {
  checkFacts,
  environmentFacts,
  hostFacts,
  methodFacts,
  oracleText,
  runFacts,
} from '../figures/provenance.js';
import { undoneSentences, verdictNotes } from '../figures/verdict-sentences.js';
import { neutralisedInAscii } from '../words/untrusted.js';
import { countsText, limitsText, numberOf, parametersText } from '../words/wording.js';
import { contentionText } from './contention-text.js';
import { correctnessText } from './correctness-text.js';
import {
  cAndV8Text,
  codeText,
  costText,
  countedWorkText,
  singleUpdatesText,
  stepsText,
  sweepText,
} from './evidence-text.js';
import { COLUMNS, facts, hanging, numberTable, paragraph, title } from './plain-text.js';
import { timesText } from './times-text.js';

/** The report as plain text. */
export function renderText(results: Results): string {
  const shown = neutralisedInAscii(results);
  const cells = analyseCells(shown);
  const { headlines, answers } = reviewOf(shown, cells);
  const sections = [
    introduction(shown, cells),
    environment(shown),
    inShort(headlines),
    reviewLines(answers),
    timesText(shown, cells),
    singleUpdatesText(shown),
    otherHosts(shown),
    cAndV8Text(shown, cells),
    contentionText(shown),
    costText(shown, cells),
    countedWorkText(shown, cells),
    stepsText(shown),
    codeText(shown),
    sweepText(shown),
    correctnessText(shown, cells),
    catalogue(shown),
    method(shown),
    limits(shown),
  ].filter(({ length }) => length > 0);
  const lines = sections.flatMap((section) => [...section, '']).slice(0, -1);
  return `${lines.flatMap((line) => (line.length > COLUMNS ? paragraph(line) : [line])).join('\n')}\n`;
}

function introduction(results: Results, cells: readonly CellAnalysis[]): string[] {
  const { run } = results;
  return [
    ...title('gatag-bench: how a hypervisor finds the IRTEs of a vCPU', '='),
    ...paragraph(
      'When a vCPU is loaded on or taken off a physical CPU, every interrupt-remapping table entry (IRTE) that ' +
        `posts interrupts to it must be updated. ${numberOf(everyStrategy(results).length, 'way')} of finding those ` +
        `entries in ${numberOf(cells.length, 'workload')}: whether each is right, and what it takes beside ` +
        `${run.baseline}. Times are those of a model in V8 and in C, not of the kernel. Evidence, charts and what ` +
        'if: report.html; all samples: results.json.',
    ),
    ...verdictNotes(run.processes).flatMap((note) => ['', ...paragraph(`*** ${note}. ***`)]),
    ...undoneSentences(results).flatMap((sentence) => ['', ...paragraph(sentence)]),
  ];
}

function environment(results: Results): string[] {
  const { warnings } = results.environment;
  const host = hostFacts(results).map(({ name, value }) => `${name}=${value}`);
  return [
    ...title('Environment', '-'),
    ...warnings.flatMap((warning) => hanging(`Warning: ${warning}`)),
    ...facts([...environmentFacts(results), ...runFacts(results)]),
    ...hanging(`Modelled host: ${host.join(', ')}`),
  ];
}

function inShort(headlines: readonly Headline[]): string[] {
  return [
    ...title('In short', '-'),
    ...headlines.flatMap(({ subject, sentence }) => hanging(`${subject}: ${sentence}`)),
  ];
}

function reviewLines(answers: readonly Answer[]): string[] {
  return [
    ...title('The review, question by question', '-'),
    ...paragraph(DEBATE_INTRODUCTION),
    ...answers.flatMap((answer) => [
      '',
      ...paragraph(questionText(answer), '> '),
      ...paragraph(answer.answer),
      ...answer.figures.flatMap(({ text }) => hanging(`- ${text}`)),
      ...(answer.figures.length === 0 ? [] : [`  (report.html#${placeOf(answer)})`]),
    ]),
  ];
}

function otherHosts(results: Results): string[] {
  if (results.otherHosts.length === 0) return [];
  return [
    ...title('Strategies that need another host', '-'),
    ...otherHostSentences(results).flatMap((sentence) => paragraph(sentence)),
    ...otherHostFailures(results).flatMap((sentence) => hanging(sentence)),
    ...otherHostTables(results).flatMap(({ caption, head, rows }) => [
      '',
      ...paragraph(caption),
      ...numberTable(head, rows),
    ]),
  ];
}

function catalogue(results: Results): string[] {
  const { workloads } = results;
  const strategies = everyStrategy(results);
  const declared = limitKindsOf(results);
  return [
    ...title('What took part', '-'),
    ...strategies.flatMap((strategy) => [
      ...hanging(
        `${strategy.id}: ${strategy.title}; limits: ${limitsText(strategy)}` +
          (strategy.file === null ? '' : `; module ${strategy.file}`),
      ),
      ...(strategy.touches.length === 0 ? [] : ['  A patch touches:']),
      ...strategy.touches.flatMap((line) => paragraph(`- ${line}`, '  ')),
    ]),
    ...(declared.length === 0 ? [] : ['', 'The limits:', ...facts(declared)]),
    ...workloads.flatMap(({ id, description, parameters, host, window, recording }) => [
      '',
      ...hanging(`${id}: ${description}`),
      ...hanging(`  Parameters: ${parametersText({ ...parameters, ...host })}`),
      ...hanging(`  Window: ${countsText(window)}`),
      ...(recording === null
        ? []
        : hanging(
            `  RECORDING of ${recording.file}. Recorded: ${recording.recorded} Assumed: ${recording.assumed}`,
          )),
      ...(recording?.warnings ?? []).flatMap((warning) => hanging(`  Warning: ${warning}`)),
    ]),
  ];
}

function method(results: Results): string[] {
  return [
    ...title('Method', '-'),
    ...paragraph(oracleText(results)),
    ...facts(checkFacts()),
    '',
    'How times were compared:',
    ...facts(methodFacts(results)),
  ];
}

function limits(results: Results): string[] {
  return [
    ...title('What this cannot show', '-'),
    ...caveatsOf(results).flatMap(({ subject, text }) => hanging(`${subject}: ${text}`)),
  ];
}
