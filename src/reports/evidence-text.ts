// What does not depend on V8, in the plain-text report: the counted work, its price, how it grows, and the lane of C.
import type { Results } from '../harness/results.js';
import {
  COST_MODEL,
  costSentences,
  costTables,
  LOOK_UP,
  NO_LOOK_UP,
  pricedCell,
  priceFacts,
} from './cost-answers.js';
import {
  type CountColumn,
  type CountTable,
  countColumnsOf,
  countTablesOf,
  quantilesOf,
} from './counted-work.js';
import { crossoverMaps, crossoverTable } from './crossover.js';
import { laneIntroduction, laneSentences, laneTables } from './lanes.js';
import type { NumberTable } from './number-table.js';
import { facts, hanging, numberTable, paragraph, title } from './plain-text.js';
import type { SurveyedCell } from './survey.js';
import { crossingSentences, SWEEP_INTRODUCTION, sweepTables, timedAxes } from './sweep-tables.js';
import { bytesText, countText } from './wording.js';

/** Whether the look-up is slow enough, by the counted work and the prices of hardware. */
export function costText(results: Results, cells: readonly SurveyedCell[]): string[] {
  const cell = pricedCell(cells);
  if (cell === null) return [...title('Is the look-up slow enough?', '-'), 'Nothing was counted.'];
  return [
    ...title('Is the look-up slow enough? Counted work times prices', '-'),
    ...costSentences(cell).flatMap((sentence) => paragraph(sentence)),
    '',
    ...paragraph(`${COST_MODEL} The prices:`),
    ...facts(priceFacts()),
    ...costTables(results, cell).flatMap(tableLines),
  ];
}

/** How counted work grows. */
export function sweepText(results: Results): string[] {
  return [
    ...title('How the work grows', '-'),
    ...paragraph(SWEEP_INTRODUCTION),
    ...crossingSentences(results, LOOK_UP, NO_LOOK_UP).flatMap((sentence) => hanging(sentence)),
    ...sweepTables(results).flatMap(tableLines),
    ...crossoverMaps(results).flatMap((map) => tableLines(crossoverTable(results, map))),
    ...timedAxes(results).flatMap(({ table, crossings }) => [
      ...tableLines(table),
      ...crossings.flatMap((sentence) => hanging(sentence)),
    ]),
  ];
}

/** C beside V8. */
export function lanesText(results: Results, cells: readonly SurveyedCell[]): string[] {
  return [
    ...title('C beside V8', '-'),
    ...laneSentences(results, cells).flatMap((sentence) => paragraph(sentence)),
    '',
    ...paragraph(laneIntroduction(results, cells)),
    ...laneTables(results, cells).flatMap(tableLines),
  ];
}

function tableLines({ caption, head, rows }: NumberTable): string[] {
  return ['', ...hanging(`${caption}:`), ...numberTable(head, rows)];
}

/** The section on counted work. */
export function countedWorkText(results: Results, cells: readonly SurveyedCell[]): string[] {
  const columns = countColumnsOf(cells);
  return [
    ...title('Counted work: the same on every machine', '-'),
    ...paragraph(
      'What one operation does to memory, counted exactly, in the window of a workload. A row stands for all ' +
        'operations alike, or there is one each for the median (p50), the 99th percentile and the worst. Those of ' +
        'put are in report.html and results.json.',
    ),
    ...facts(columns.map(({ shortLabel, meaning }) => [shortLabel, meaning])),
    ...cells.flatMap((cell, index) =>
      countTablesOf(cell)
        .filter(({ verb, inWindow }) => isShown(verb, inWindow, index === 0))
        .flatMap((table) => ['', ...countLines(cell, table, columns)]),
    ),
    '',
    'Bytes of memory that one more of each takes, and of a host without any:',
    '',
    ...heldLines(results),
  ];
}

/** Verbs of the window but put; createVm, of which there is one kind, where it is met first. */
function isShown(verb: CountTable['verb'], inWindow: boolean, isFirstCell: boolean): boolean {
  return verb === 'createVm' ? isFirstCell : inWindow && verb !== 'put';
}

function countLines(
  { workload }: SurveyedCell,
  { verb, inWindow, operations, rows }: CountTable,
  columns: readonly CountColumn[],
): string[] {
  const where = inWindow ? 'in the window' : 'in setup and teardown';
  return [
    `${workload.id}: ${verb}, ${countText(operations)} ${where}`,
    ...numberTable(
      ['strategy', ...columns.map(({ shortLabel }) => shortLabel)],
      rows.flatMap(({ strategy, work }) =>
        quantilesOf(work).map((quantile) => [
          quantile === 'p50' ? strategy : `  ${quantile}`,
          ...columns.map(({ metric }) => String(work[metric][quantile])),
        ]),
      ),
    ),
  ];
}

function heldLines({ held }: Results): string[] {
  return numberTable(
    ['strategy', 'entry', 'vCPU', 'VM', 'fixed'],
    held.map(({ strategy, perEntry, perVcpu, perVm, fixed }) => [
      strategy,
      ...[perEntry, perVcpu, perVm].map((bytes) => countText(bytes)),
      bytesText(fixed),
    ]),
  );
}
