// ns per operation, a chart for each workload.
import type { NanosecondsPerOperation } from '../../harness/results/comparison.js';
import type { Results } from '../../harness/results/results.js';
import { type CellAnalysis, isWrong } from '../figures/cell-analysis.js';
import { confidenceText, intervalText, nanosecondsText } from '../words/wording.js';
import { axisAround, isWide, linearScale, logarithmicScale, ticksOf, xTicks } from './axis.js';
import {
  type Chart,
  configuration,
  PIXEL_RATIO,
  type ScatterDataset,
  strokeFor,
  timedHeading,
  WIDTH,
} from './chart.js';
import { heightOf, lineDataset, rowLabel, rowMark, rowScale, singleProcessNote } from './interval-rows.js';
import { INK, type Stroke } from './palette.js';

/** Name of a workload's chart of ns per operation. */
export function nanosecondsChartName(workload: string): string {
  return `${workload}-ns`;
}

/** ns per operation of each strategy in a workload, with the processes behind it. */
export function nanosecondsChart(results: Results, analysis: CellAnalysis): Chart {
  const { workload, nanoseconds } = analysis;
  const ids = results.strategies.map(({ id }) => id);
  const labels = ids.map((id) => rowLabel(id, rowMark(analysis, id, nanoseconds.get(id))));
  const datasets = ids.flatMap((id, row) => {
    const figures = nanoseconds.get(id);
    return figures === undefined
      ? []
      : nanosecondsDatasets(figures, row, strokeFor(results, id), isWrong(analysis, id));
  });
  const values = [...nanoseconds.values()].flatMap(({ processes }) => processes);
  const axis = isWide(values)
    ? axisAround(
        values,
        [...nanoseconds.values()].map(({ over }) => over),
        [],
      )
    : null;
  const axisText = [
    'ns per operation, V8 model;',
    axis === null ? 'left is faster' : 'logarithmic; left is faster',
  ];
  const title = `${workload.id}: ns per operation`;
  const heading = timedHeading(title, 'v8', workload, analysis.cell.timing.processes);
  return {
    name: nanosecondsChartName(workload.id),
    title,
    caption:
      'Small dots: one for each process, its median over rounds. Large point: their geometric mean with its ' +
      `${confidenceText(results)} interval. Processes differ in where their pages lie and in what else the machine ` +
      `did: compare designs by the ratios, not by these.${singleProcessNote(analysis)}`,
    config: configuration({
      heading,
      datasets,
      x: axis === null ? linearScale('x', axisText) : logarithmicScale(axis, 'x', axisText),
      y: rowScale(labels),
      annotations: axis === null ? {} : xTicks(ticksOf(axis), ids.length - 0.5),
    }),
    width: WIDTH,
    pixelRatio: PIXEL_RATIO,
    height: heightOf(heading, labels),
  };
}

function nanosecondsDatasets(
  { strategy, processes, over }: NanosecondsPerOperation,
  row: number,
  stroke: Stroke,
  isHollow: boolean,
): ScatterDataset[] {
  const text = `${strategy}: ${nanosecondsText(over.estimate)} ns ${intervalText(over, nanosecondsText)}`;
  return [
    lineDataset(strategy, over, row - 0.12, text, stroke, { width: 3, isHollow, hasPoint: true }),
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
