// The counted work of a load, by design.
import type { Results } from '../../harness/results/results.js';
import { type CellAnalysis, loadWork } from '../figures/cell-analysis.js';
import { firstCountedCell } from '../figures/cost-answers.js';
import { MEAN_COUNTS } from '../figures/counted-work.js';
import { meanText } from '../words/wording.js';
import { labelAt } from './axis.js';
import { type Chart, chartOf, headingOf, lineOf, TITLE_LINE_HEIGHT } from './chart.js';
import type { Annotation } from './chart-annotations.d.js';
import { categoryScale } from './interval-rows.js';

/** Name of the chart. */
export const COUNTED_LOAD_NAME = 'counted-load';

/** The metrics of the chart, in its order. */
const METRICS = Object.entries(MEAN_COUNTS).map(([label, count]) => ({ label, count }));

const BAR_HEIGHT = 16;
const BAR_WIDTH = 5;
/** The gap between two groups, in bars. */
const GAP = 1.5;
/** Room for the legend below the chart. */
const BELOW = 90;
/** The longest bar ends here, which leaves room for its number. */
const LONGEST = 0.88;

/** The chart of the first workload whose loads were counted. */
export function countedLoadCharts(results: Results, cells: readonly CellAnalysis[]): Chart[] {
  const cell = firstCountedCell(cells);
  if (cell === null) return [];
  const works = results.strategies.flatMap(({ id }) => {
    const work = loadWork(cell, id);
    return work === null ? [] : [{ strategy: id, work }];
  });
  const title = `${cell.workload.id}: counted work of a load`;
  const heading = headingOf(title, 'counted, the same on every machine');
  const groups = METRICS.map(({ label, count }) => ({
    label,
    bars: barsOf(works.map(({ work }) => count(work))),
  }));
  const rowOf = (group: number, bar: number) => group + (bar - (works.length - 1) / 2) / (works.length + GAP);
  return [
    chartOf({
      name: COUNTED_LOAD_NAME,
      title,
      caption:
        'What a mean load does, by design in the order of the legend: distinct cache lines touched; the longest chain of ' +
        'reads each of which needs the one before it; locks taken; locked instructions; 32-bit words read and written. ' +
        'Lengths compare within a metric, whose greatest has the longest line; the numbers are the counts.',
      height: BELOW + TITLE_LINE_HEIGHT * heading.length + BAR_HEIGHT * METRICS.length * (works.length + GAP),
      heading,
      datasets: works.map(({ strategy }, bar) => ({
        ...lineOf(results, strategy, BAR_WIDTH),
        data: groups.flatMap(({ label, bars }, group) => {
          const { length, text } = bars[bar] as Bar;
          const y = rowOf(group, bar);
          const tooltip = `${strategy}: ${text} ${label}`;
          return [
            { x: 0, y, text: tooltip },
            { x: length, y, text: tooltip },
            { x: 0, y: null },
          ];
        }),
        pointRadius: 0,
        pointHitRadius: 6,
      })),
      x: {
        type: 'linear',
        min: 0,
        max: 1,
        border: { display: false },
        grid: { display: false },
        ticks: { display: false },
      },
      y: categoryScale(METRICS.map(({ label }) => [label])),
      annotations: Object.fromEntries(
        groups.flatMap(({ bars }, group) =>
          bars.map(({ length, text }, bar): [string, Annotation] => [
            `count-${group}-${bar}`,
            labelAt(length, rowOf(group, bar), { x: 'start', y: 'center' }, text),
          ]),
        ),
      ),
      legend: 'lines',
    }),
  ];
}

/** A bar. Its length is relative to the largest count of the metric. */
interface Bar {
  readonly length: number;
  readonly text: string;
}

function barsOf(counts: readonly number[]): Bar[] {
  const greatest = Math.max(...counts, 1);
  return counts.map((count) => ({
    length: (LONGEST * count) / greatest,
    text: meanText(count),
  }));
}
