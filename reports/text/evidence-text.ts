// The evidence that does not depend on V8, in the plain-text report: the cost of the counted work, the counts of a load,
// the size of the code, the sweeps, and the times in C. The page has the tables of all operations and hosts.
import type { Results } from '../../harness/results/results.js';
import { cAndV8Sentences } from '../figures/c-and-v8.js';
import type { CellAnalysis } from '../figures/cell-analysis.js';
import {
  COST_HEADING,
  COST_MODEL,
  firstCountedCell,
  LOOK_UP,
  NO_LOOK_UP,
  PARTS_OF_A_LOAD,
  partsTables,
  SHARE_OF_CPU,
  SHARE_OF_UPDATE,
  unitCostFacts,
} from '../figures/cost-answers.js';
import {
  type CountTable,
  countColumnsOf,
  countTablesOf,
  heldTable,
  quantilesOf,
} from '../figures/counted-work.js';
import { crossoverMaps, crossoverTable } from '../figures/crossover.js';
import {
  STEPS_INTRODUCTION,
  stepCpuTables,
  stepFacts,
  stepSentences,
  stepTables,
} from '../figures/decomposition.js';
import { mergedStepsTable } from '../figures/merged-steps.js';
import { modelSentences, modelTables } from '../figures/model-and-c.js';
import { codeTable } from '../figures/own-code.js';
import {
  SINGLE_UPDATES_INTRODUCTION,
  singleUpdateSentences,
  singleUpdateTables,
} from '../figures/single-updates.js';
import { crossingSentences } from '../figures/sweep-tables.js';
import { timedAxes } from '../figures/timed-sweeps.js';
import { wakeupSentence, wakeupTable } from '../figures/wakeups.js';
import { countText } from '../words/wording.js';
import { facts, hanging, numberTable, paragraph, tableLines, title } from './plain-text.js';

/** The cost of the look-up: counted work times the unit costs of hardware. */
export function costText(results: Results, cells: readonly CellAnalysis[]): string[] {
  const cell = firstCountedCell(cells);
  if (cell === null) return [];
  return [
    ...title(COST_HEADING, '-'),
    ...facts(PARTS_OF_A_LOAD),
    '',
    ...paragraph(`${COST_MODEL} ${SHARE_OF_UPDATE} ${SHARE_OF_CPU}`),
    ...facts(unitCostFacts()),
    ...partsTables(results, cell).flatMap(tableLines),
    '',
    ...modelSentences(results, cells).flatMap((sentence) => paragraph(sentence)),
    ...modelTables(results, cells).flatMap(tableLines),
  ];
}

/** The counted work of a load in the first workload that was counted, and the memory that strategies hold. */
export function countedWorkText(results: Results, cells: readonly CellAnalysis[]): string[] {
  const cell = firstCountedCell(cells);
  if (cell === null) return [];
  return [
    ...title('Counted work: the same on every machine', '-'),
    ...paragraph(
      'What one load does to memory, counted exactly. A row stands for all loads alike, or there is one each for the ' +
        'median, the 99th percentile and the worst. Other workloads and verbs are in report.html.',
    ),
    ...countTablesOf(cell)
      .filter(({ verb }) => verb === 'load')
      .flatMap((table) => loadLines(cell, table)),
    ...tableLines(heldTable(results)),
    ...tableLines(wakeupTable(results, cells)),
    ...paragraph(wakeupSentence(results, cells)),
    ...[mergedStepsTable(results) ?? []].flat().flatMap(tableLines),
  ];
}

function loadLines(cell: CellAnalysis, table: CountTable): string[] {
  const columns = countColumnsOf(table);
  return [
    ...facts(columns.map(({ shortLabel, meaning }) => [shortLabel, meaning])),
    '',
    `${cell.workload.id}: load, ${countText(table.operations)} in the window`,
    ...numberTable(
      ['strategy', ...columns.map(({ shortLabel }) => shortLabel)],
      table.rows.flatMap(({ strategy, work }) =>
        quantilesOf(work).map((quantile) => [
          quantile === 'p50' ? strategy : `  ${quantile}`,
          ...columns.map(({ metric }) => String(work[metric][quantile])),
        ]),
      ),
    ),
  ];
}

/** The decomposition of an update. */
export function stepsText(results: Results): string[] {
  const sentences = stepSentences(results);
  const tables = stepTables(results);
  return [
    ...title('What makes an update slow, step by step', '-'),
    ...sentences.flatMap((sentence) => paragraph(sentence)),
    ...(tables.length === 0 ? [] : ['', ...paragraph(STEPS_INTRODUCTION), ...facts(stepFacts())]),
    ...[...tables, ...stepCpuTables(results)].flatMap(tableLines),
  ];
}

/** Single updates, with hot and with cold caches. */
export function singleUpdatesText(results: Results): string[] {
  return [
    ...title('Single updates in C: hot and cold caches, interrupts off', '-'),
    ...paragraph(SINGLE_UPDATES_INTRODUCTION),
    ...singleUpdateSentences(results).flatMap((sentence) => paragraph(sentence)),
    ...singleUpdateTables(results).flatMap(tableLines),
  ];
}

/** The size of each strategy's own code. */
export function codeText(results: Results): string[] {
  if (results.code.length === 0) return [];
  const { caption, head, rows } = codeTable(results);
  return [...title('Its own code', '-'), ...paragraph(`${caption}.`), '', ...numberTable(head, rows)];
}

/** The crossings of the curves, and the times along the timed axes. */
export function sweepText(results: Results): string[] {
  const lines = [
    ...crossingSentences(results, LOOK_UP, NO_LOOK_UP).flatMap((sentence) => hanging(sentence)),
    ...crossoverMaps(results)
      .filter(({ source }) => source !== 'counted')
      .flatMap((map) => tableLines(crossoverTable(results, map))),
    ...timedAxes(results).flatMap(({ table, crossings }) => [
      ...tableLines(table),
      ...crossings.flatMap((sentence) => hanging(sentence)),
    ]),
  ];
  return lines.length === 0 ? [] : [...title('How it grows', '-'), ...lines];
}

/** The times in C against the times in V8. */
export function cAndV8Text(results: Results, cells: readonly CellAnalysis[]): string[] {
  return [
    ...title('C beside V8', '-'),
    ...cAndV8Sentences(results, cells).flatMap((sentence) => paragraph(sentence)),
  ];
}
