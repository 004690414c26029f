// The counted work in the plain-text report.
import type { Results } from '../harness/results.js';
import {
  type CountColumn,
  type CountTable,
  countColumnsOf,
  countTablesOf,
  heldOf,
  quantilesOf,
} from './counted-work.js';
import { facts, numberTable, paragraph, title } from './plain-text.js';
import type { SurveyedCell } from './survey.js';
import { bytesText, countText } from './wording.js';

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
    ...heldLines(results, cells),
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

function heldLines({ strategies }: Results, cells: readonly SurveyedCell[]): string[] {
  return numberTable(
    ['strategy', 'entry', 'vCPU', 'VM', 'fixed'],
    strategies.flatMap(({ id }) => {
      const held = heldOf(cells, id);
      if (held === null) return [];
      const { perEntry, perVcpu, perVm, fixed } = held;
      return [[id, ...[perEntry, perVcpu, perVm].map((bytes) => countText(bytes)), bytesText(fixed)]];
    }),
  );
}
