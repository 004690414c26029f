// All charts of a report, in order.
import type { Results } from '../../harness/results/results.js';
import { analyseCells, isTimed } from '../figures/cell-analysis.js';
import type { Chart } from './chart.js';
import { contentionCharts } from './contention-charts.js';
import { countedLoadCharts } from './counted-load.js';
import { crossoverCharts } from './crossover-charts.js';
import { curveCharts } from './curve-charts.js';
import { heatmap } from './heatmap.js';
import { memorySpeedCharts } from './memory-speed-chart.js';
import { nanosecondsChart } from './nanoseconds-charts.js';
import { ratioChart } from './ratio-charts.js';
import { sampleCharts } from './sample-charts.js';
import { shareChart } from './share-chart.js';

/** All charts of a run. */
export function allCharts(results: Results): Chart[] {
  const cells = analyseCells(results);
  const timed = cells.filter(isTimed);
  return [
    ...countedLoadCharts(results, cells),
    ...shareChart(results),
    ...curveCharts(results),
    ...crossoverCharts(results),
    ...contentionCharts(results),
    ...timed.map((cell) => ratioChart(results, cell)),
    ...heatmap(results, timed),
    ...memorySpeedCharts(results, timed),
    ...timed.map((cell) => nanosecondsChart(results, cell)),
    ...timed.flatMap((cell) => sampleCharts(results, cell)),
  ];
}
