// Maps of the hosts on which the list or the hash takes less time.
import type { Results } from '../../harness/results/results.js';
import { carriesVerdict } from '../../harness/results/statistics.js';
import { LOOK_UP, NO_LOOK_UP } from '../figures/cost-answers.js';
import {
  type CrossoverCell,
  type CrossoverMap,
  crossoverMaps,
  crossoverSides,
  hostRatioText,
  sourceText,
} from '../figures/crossover.js';
import { bandText, confidenceText, countText, ratioText } from '../words/wording.js';
import {
  type Chart,
  chartOf,
  fewestProcesses,
  headingOf,
  positionOf,
  SCALE_TEXT,
  timedHeading,
} from './chart.js';
import type { Annotation } from './chart-annotations.d.js';
import { cellBox, hatching } from './grid.js';
import { categoryScale } from './interval-rows.js';
import { INK, tintOf } from './palette.js';

const HEIGHT = 420;

/** Name of the chart of a map. */
export function crossoverChartName({ source }: CrossoverMap): string {
  return `crossover-${source}`;
}

/** A chart for each map of a run. */
export function crossoverCharts(results: Results): Chart[] {
  return crossoverMaps(results).map((map) => crossoverChart(results, map));
}

function crossoverChart(results: Results, map: CrossoverMap): Chart {
  const { source, cells } = map;
  const { entries, entriesPerVcpu } = crossoverSides(results);
  const rows = entries.toReversed();
  const placed = cells.map((cell) => ({
    cell,
    column: entriesPerVcpu.indexOf(cell.entriesPerVcpu),
    row: rows.indexOf(cell.entries),
  }));
  const title = `${NO_LOOK_UP} / ${LOOK_UP}, by host`;
  const fewest = fewestProcesses(cells.map(({ interval }) => interval));
  const takesLess = carriesVerdict(fewest) ? 'takes less' : 'came out at less';
  return chartOf({
    name: crossoverChartName(map),
    title: `${title}, ${sourceText(map)}`,
    caption:
      `Each cell is a host; its number is what ${NO_LOOK_UP} takes / what ${LOOK_UP} takes (${sourceText(map)}), its ` +
      `colour the design that ${takesLess}. Hatched: ${
        source === 'counted'
          ? `they differ by less than the band of +-${bandText(results)}`
          : `the ${confidenceText(results)} interval of the ratio has 1 in it, or is of too few processes`
      }. Blank: no such host, or one that is too large for every run.`,
    height: HEIGHT,
    heading:
      source === 'counted'
        ? headingOf(title, `${sourceText(map)},`, 'no commands')
        : timedHeading(title, source, null, fewest),
    datasets: [LOOK_UP, NO_LOOK_UP].map((winner) => ({
      label: `${winner} ${takesLess}`,
      data: placed
        .filter(({ cell }) => winnerOf(cell) === winner)
        .map(({ cell, column, row }) => ({ x: column, y: row, text: pointerText(cell) })),
      backgroundColor: tintFor(results, winner),
      borderColor: INK.axis.light,
      borderWidth: 1,
      pointRadius: 0,
      pointHitRadius: 20,
    })),
    x: {
      ...categoryScale(entriesPerVcpu.map((count) => [countText(count)])),
      border: { display: false },
      title: { display: true, text: 'entries of a vCPU', ...SCALE_TEXT },
    },
    y: {
      ...categoryScale(rows.map((count) => [countText(count)])),
      title: { display: true, text: 'entries of the host', ...SCALE_TEXT },
    },
    annotations: Object.fromEntries(
      placed.flatMap(({ cell, column, row }): [string, Annotation][] => [
        [
          `cell-${column}-${row}`,
          cellBox(column, row, tintFor(results, winnerOf(cell)), [ratioText(cell.ratio)]),
        ],
        ...(cell.isSeparated ? [] : hatching(column, row)).map((line, index): [string, Annotation] => [
          `hatching-${column}-${row}-${index}`,
          line,
        ]),
      ]),
    ),
    legend: 'boxes',
  });
}

function winnerOf({ ratio }: CrossoverCell): string {
  return ratio < 1 ? NO_LOOK_UP : LOOK_UP;
}

function tintFor(results: Results, strategy: string): string {
  return tintOf(positionOf(results, strategy), strategy === NO_LOOK_UP ? 'deep' : 'pale').light;
}

function pointerText(cell: CrossoverCell): string {
  const { entries, entriesPerVcpu } = cell;
  return `${countText(entries)} entries, ${countText(entriesPerVcpu)} of each vCPU: ${hostRatioText(cell)}`;
}
