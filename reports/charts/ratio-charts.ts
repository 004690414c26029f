// The ratios to the baseline: a chart for each workload.
import type { ComparedStrategy } from '../../harness/results/comparison.js';
import type { Results } from '../../harness/results/results.js';
import { type CellAnalysis, isWrong } from '../figures/cell-analysis.js';
import { bandText, confidenceText, estimateText, numberOf, ratioText } from '../words/wording.js';
import { axisAround, gridLine, logarithmicScale, ticksOf, xTicks } from './axis.js';
import { type Chart, chartOf, type ScatterDataset, strokeFor, timedHeading } from './chart.js';
import type { Annotation } from './chart-annotations.d.js';
import {
  categoryScale,
  heightOf,
  intervalDataset,
  rowLabel,
  rowMark,
  singleProcessNote,
} from './interval-rows.js';
import { INK, type Stroke } from './palette.js';

/** Name of a workload's chart of ratios. */
export function ratioChartName(workload: string): string {
  return `${workload}-ratio`;
}

/** The ratio of each strategy to the baseline on a workload, with the A/A control first. */
export function ratioChart(results: Results, cell: CellAnalysis): Chart {
  const { workload, comparison } = cell;
  const { baseline, band } = results.run;
  const { processes } = cell.cell.timing;
  const others = results.strategies.map(({ id }) => id).filter((id) => id !== baseline);
  const control = comparison.control;
  const rows: { label: string[]; strategy: string; compared: ComparedStrategy | undefined }[] = [
    { label: rowLabel(baseline, controlMark(control)), strategy: baseline, compared: control ?? undefined },
    ...others.map((strategy) => {
      const compared = comparison.rows.find((row) => row.strategy === strategy);
      return { label: rowLabel(strategy, rowMark(cell, strategy, compared)), strategy, compared };
    }),
  ];
  const drawn = rows.flatMap(({ compared }) => (compared === undefined ? [] : [compared]));
  const axis = axisAround(
    drawn.map(({ ratio }) => ratio.estimate),
    drawn.flatMap(({ ratio, adjusted }) => [ratio, adjusted]),
    [1 - band, 1 + band],
  );
  const datasets = rows.flatMap(({ strategy, compared }, row) =>
    compared === undefined
      ? []
      : ratioDatasets(compared, row, strokeFor(results, strategy), isWrong(cell, strategy)),
  );
  const labels = rows.map(({ label }) => label);
  const title = `${workload.id}: ratio to ${baseline}`;
  const heading = timedHeading(title, 'v8', workload, processes);
  return chartOf({
    name: ratioChartName(workload.id),
    title,
    caption:
      `Point: geometric mean over ${numberOf(processes, 'process')} of time per operation / ${baseline}; thick line: ` +
      `${confidenceText(results)} interval; thin line: the same after Holm's adjustment (at the edge it goes on ` +
      `beyond). Shaded: equivalence band of +-${bandText(results)}. The first row is the baseline against itself. ` +
      `A hollow point gave wrong answers.${singleProcessNote(cell)}`,
    heading,
    datasets,
    x: logarithmicScale(axis, 'x', [`time per operation / ${baseline},`, 'V8 model; left is faster']),
    y: categoryScale(labels),
    annotations: { ...xTicks(ticksOf(axis), rows.length - 0.5), ...bandAnnotations(band) },
    height: heightOf(heading, labels),
  });
}

function controlMark(control: CellAnalysis['comparison']['control']): string {
  if (control === null) return '(A/A: void)';
  return control.unreliable ? '(A/A: unreliable)' : '(A/A twin)';
}

function ratioDatasets(
  { strategy, role, ratio, adjusted, logRatios }: ComparedStrategy,
  row: number,
  stroke: Stroke,
  isHollow: boolean,
): ScatterDataset[] {
  const name = role === 'twin' ? `${strategy} (A/A twin)` : strategy;
  const text = `${name}: ${estimateText(ratio, ratioText)}, n = ${logRatios.length}`;
  return [
    intervalDataset({ label: name, interval: ratio, y: row, text, stroke, width: 3, point: { isHollow } }),
    intervalDataset({ label: `${name}, adjusted`, interval: adjusted, y: row, text, stroke, width: 1 }),
  ];
}

/** The equivalence band, and a line at 1. */
function bandAnnotations(band: number): Record<string, Annotation> {
  return {
    band: {
      type: 'box',
      xScaleID: 'x',
      xMin: 1 - band,
      xMax: 1 + band,
      backgroundColor: INK.band.light,
      borderWidth: 0,
      drawTime: 'beforeDatasetsDraw',
      z: -1,
      adjustScaleRange: false,
    },
    one: { ...gridLine('x', 1), borderColor: INK.axis.light, borderWidth: 1.5 },
  };
}
