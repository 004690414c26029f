// All charts of a report, in their order.
import type { Results } from '../../harness/results.js';
import { isTimed, surveyCells } from '../survey.js';
import type { Chart } from './chart.js';
import { curveCharts } from './curve-charts.js';
import { nanosecondsChart } from './nanoseconds-charts.js';
import { ratioChart } from './ratio-charts.js';
import { shareChart } from './share-chart.js';

/** All charts of a run. */
export function allCharts(results: Results): Chart[] {
  const cells = surveyCells(results).filter(isTimed);
  return [
    ...cells.flatMap((cell) => [ratioChart(results, cell), nanosecondsChart(results, cell)]),
    ...shareChart(results),
    ...curveCharts(results),
  ];
}
