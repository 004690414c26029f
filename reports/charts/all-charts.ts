// The charts that a mail or a slide would use, which are written as PNG.
import type { Results } from '../../harness/results/results.js';
import { analyseCells, timedLanguages, typicalCell } from '../figures/analysis.js';
import type { Chart } from './chart.js';
import { entriesChart, scalingChart, stepsChart, timesChart, whereChart, whyChart } from './run-charts.js';

export function allCharts(results: Results): Chart[] {
  const cells = analyseCells(results);
  const typical = typicalCell(cells);
  const lane = typical === null ? undefined : timedLanguages([typical])[0];
  return [
    typical === null || lane === undefined ? null : timesChart(results, typical, lane),
    stepsChart(results),
    whyChart(results),
    entriesChart(results),
    whereChart(results, cells),
    scalingChart(results),
  ].filter((chart) => chart !== null);
}
