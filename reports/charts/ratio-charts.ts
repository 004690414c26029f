// Ratios to the baseline, a chart for each workload.
import type { ComparedStrategy } from '../../harness/results/comparison.js';
import type { Results } from '../../harness/results/results.js';
import { type CellAnalysis, isWrong } from '../figures/cell-analysis.js';
import { bandText, confidenceText, estimateText, numberOf, ratioText } from '../words/wording.js';
import { axisAround, logarithmicScale, ticksOf, xTicks } from './axis.js';
import {
  type Chart,
  configuration,
  PIXEL_RATIO,
  type ScatterDataset,
  strokeFor,
  timedHeading,
  WIDTH,
} from './chart.js';
import type { Annotation } from './chart-annotations.d.js';
import { heightOf, lineDataset, rowLabel, rowMark, rowScale, singleProcessNote } from './interval-rows.js';
import { INK, type Stroke } from './palette.js';

/** Name of a workload's chart of ratios. */
export function ratioChartName(workload: string): string {
  return `${workload}-ratio`;
}

/** Each strategy's ratio to the baseline in a workload, the baseline's A/A twin first. */
export function ratioChart(results: Results, analysis: CellAnalysis): Chart {
  const { workload, comparison } = analysis;
  const { baseline, band } = results.run;
  const { processes } = analysis.cell.timing;
  const others = results.strategies.map(({ id }) => id).filter((id) => id !== baseline);
  const control = comparison.control;
  const rows: { label: string[]; strategy: string; compared: ComparedStrategy | undefined }[] = [
    { label: rowLabel(baseline, controlMark(control)), strategy: baseline, compared: control ?? undefined },
    ...others.map((strategy) => {
      const compared = comparison.rows.find((row) => row.strategy === strategy);
      return { label: rowLabel(strategy, rowMark(analysis, strategy, compared)), strategy, compared };
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
      : ratioDatasets(compared, row, strokeFor(results, strategy), isWrong(analysis, strategy)),
  );
  const labels = rows.map(({ label }) => label);
  const title = `${workload.id}: ratio to ${baseline}`;
  const heading = timedHeading(title, 'v8', workload, processes);
  return {
    name: ratioChartName(workload.id),
    title,
    caption:
      `Point: geometric mean over ${numberOf(processes, 'process')} of time per operation / ${baseline}; thick line: ` +
      `${confidenceText(results)} interval; thin line: the same after Holm's adjustment (at the edge it goes on ` +
      `beyond). Shaded: equivalence band of +-${bandText(results)}. The first row is the baseline against itself. ` +
      `A hollow point gave wrong answers.${singleProcessNote(analysis)}`,
    config: configuration({
      heading,
      datasets,
      x: logarithmicScale(axis, 'x', [`time per operation / ${baseline},`, 'V8 model; left is faster']),
      y: rowScale(labels),
      annotations: { ...xTicks(ticksOf(axis), rows.length - 0.5), ...bandAnnotations(band) },
    }),
    width: WIDTH,
    pixelRatio: PIXEL_RATIO,
    height: heightOf(heading, labels),
  };
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
    lineDataset(name, ratio, row, text, stroke, { width: 3, isHollow, hasPoint: true }),
    lineDataset(`${name}, adjusted`, adjusted, row, text, stroke, {
      width: 1,
      isHollow: false,
      hasPoint: false,
    }),
  ];
}

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
    one: {
      type: 'line',
      scaleID: 'x',
      value: 1,
      borderColor: INK.axis.light,
      borderWidth: 1.5,
      drawTime: 'beforeDatasetsDraw',
      adjustScaleRange: false,
    },
  };
}
