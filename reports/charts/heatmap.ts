// Strategies by workloads. The stronger the colour, the longer a strategy takes relative to the baseline.
import type { Results } from '../../harness/results/results.js';
import type { CellAnalysis } from '../figures/cell-analysis.js';
import {
  type RelativeTime,
  relativeTimeLines,
  relativeTimes,
  workloadLabel,
} from '../figures/relative-times.js';
import { nanosecondsText } from '../words/wording.js';
import {
  type Chart,
  chartOf,
  SCALE_TEXT,
  type ScatterDataset,
  TITLE_LINE_HEIGHT,
  timedHeading,
} from './chart.js';
import type { Annotation } from './chart-annotations.d.js';
import { cellBox } from './grid.js';
import { categoryScale, rowLabel } from './interval-rows.js';
import { HEAT, INK } from './palette.js';

/** Name of the chart. */
export const HEATMAP_NAME = 'heatmap';

/** The largest ratio of each colour but the last: about the noise first, doublings later. */
const STEPS = [1.05, 1.25, 2, 4, 8];

const ROW_HEIGHT = 36;
/** Room for the legend and the names of workloads, which are upright on a narrow screen. */
const BELOW = 210;

/** The map; none if nothing was timed. */
export function heatmap(results: Results, cells: readonly CellAnalysis[]): Chart[] {
  if (cells.length === 0) return [];
  const { baseline } = results.run;
  const title = `time per operation / ${baseline}`;
  const fewest = Math.min(...cells.map(({ cell }) => cell.timing.processes));
  const heading = timedHeading(title, 'v8', null, fewest);
  const columns = cells.map((cell) => relativeTimes(results, cell));
  return [
    chartOf({
      name: HEATMAP_NAME,
      title,
      caption:
        `Each number: ns per operation / ns of ${baseline}, without its interval. The stronger the colour, the longer it ` +
        'takes. wrong: the oracle shows wrong answers there; void: no time that counts.',
      height: BELOW + TITLE_LINE_HEIGHT * heading.length + ROW_HEIGHT * results.strategies.length,
      heading,
      datasets: stepDatasets(columns, baseline),
      x: {
        ...categoryScale(cells.map((cell) => [workloadLabel(cell)])),
        border: { display: false },
        ticks: { ...SCALE_TEXT, autoSkip: false, maxRotation: 90 },
      },
      y: categoryScale(results.strategies.map(({ id }) => rowLabel(id, null))),
      annotations: Object.fromEntries(
        columns.flatMap((times, column) =>
          times.map((time, row): [string, Annotation] => [
            `cell-${column}-${row}`,
            cellBox(column, row, colourOf(time), relativeTimeLines(time)),
          ]),
        ),
      ),
      legend: 'boxes',
    }),
  ];
}

/** The index of a ratio's colour. */
function stepOf(ratio: number): number {
  const step = STEPS.findIndex((most) => ratio <= most);
  return step === -1 ? STEPS.length : step;
}

function colourOf({ ratio }: RelativeTime): string {
  return ratio === null ? INK.band.light : (HEAT[stepOf(ratio)]?.light ?? INK.band.light);
}

/** A dataset for each colour of the legend. Its points are not drawn but have tooltips. */
function stepDatasets(columns: readonly (readonly RelativeTime[])[], unit: string): ScatterDataset[] {
  const points = columns.flatMap((times, x) => times.map((time, y) => ({ time, x, y })));
  return HEAT.map(({ light }, step) => ({
    label: step < STEPS.length ? `up to ${STEPS[step]}` : 'beyond',
    data: points.flatMap(({ time: { strategy, workload, nanoseconds, ratio, isWrong }, x, y }) => {
      if (ratio === null || nanoseconds === null || stepOf(ratio) !== step) return [];
      const text =
        `${strategy}, ${workload}: ${nanosecondsText(nanoseconds)} ns, ${ratio.toFixed(2)} of ${unit}` +
        (isWrong ? '; wrong answers' : '');
      return [{ x, y, text }];
    }),
    backgroundColor: light,
    borderColor: INK.axis.light,
    borderWidth: 1,
    pointRadius: 0,
    pointHitRadius: 14,
  }));
}
