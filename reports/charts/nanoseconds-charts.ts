// ns per operation: a chart for each workload.
import type { NanosecondsPerOperation } from '../../harness/results/comparison.js';
import type { Results } from '../../harness/results/results.js';
import { type CellAnalysis, isWrong } from '../figures/cell-analysis.js';
import { confidenceText, intervalText, nanosecondsText } from '../words/wording.js';
import { valueAxis } from './axis.js';
import { type Chart, chartOf, type ScatterDataset, strokeFor, timedHeading } from './chart.js';
import {
  categoryScale,
  heightOf,
  intervalDataset,
  rowLabel,
  rowMark,
  singleProcessNote,
} from './interval-rows.js';
import { INK, type Stroke } from './palette.js';

/** Name of a workload's chart of ns per operation. */
export function nanosecondsChartName(workload: string): string {
  return `${workload}-ns`;
}

/** ns per operation of each strategy on a workload, with its processes. */
export function nanosecondsChart(results: Results, cell: CellAnalysis): Chart {
  const { workload, nanoseconds } = cell;
  const ids = results.strategies.map(({ id }) => id);
  const labels = ids.map((id) => rowLabel(id, rowMark(cell, id, nanoseconds.get(id))));
  const datasets = ids.flatMap((id, row) => {
    const figures = nanoseconds.get(id);
    return figures === undefined
      ? []
      : nanosecondsDatasets(figures, row, strokeFor(results, id), isWrong(cell, id));
  });
  const all = [...nanoseconds.values()];
  const title = `${workload.id}: ns per operation`;
  const heading = timedHeading(title, 'v8', workload, cell.cell.timing.processes);
  return chartOf({
    name: nanosecondsChartName(workload.id),
    title,
    caption:
      'Small dots: one for each process, its median over rounds. Large point: their geometric mean with its ' +
      `${confidenceText(results)} interval. Processes differ in where their pages lie and in what else the machine ` +
      `did: compare designs by the ratios, not by these.${singleProcessNote(cell)}`,
    heading,
    datasets,
    y: categoryScale(labels),
    ...valueAxis({
      values: all.flatMap(({ processes }) => processes),
      intervals: all.map(({ over }) => over),
      unit: 'ns per operation, V8 model;',
      better: 'left is faster',
      bottom: ids.length - 0.5,
    }),
    height: heightOf(heading, labels),
  });
}

function nanosecondsDatasets(
  { strategy, processes, over }: NanosecondsPerOperation,
  row: number,
  stroke: Stroke,
  isHollow: boolean,
): ScatterDataset[] {
  const text = `${strategy}: ${nanosecondsText(over.estimate)} ns ${intervalText(over, nanosecondsText)}`;
  return [
    intervalDataset({
      label: strategy,
      interval: over,
      y: row - 0.12,
      text,
      stroke,
      width: 3,
      point: { isHollow },
    }),
    {
      label: `${strategy}, processes`,
      data: processes.map((x, processNumber) => ({
        x,
        y: row + 0.24,
        text: `${strategy}, process ${processNumber}: ${nanosecondsText(x)} ns`,
      })),
      showLine: false,
      pointRadius: 2.5,
      pointBorderWidth: 1,
      pointBorderColor: stroke.light,
      pointBackgroundColor: INK.paper.light,
    },
  ];
}
