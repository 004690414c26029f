// The share of finding the entries in a load that flushes each, by the cost of a flush. The page draws it again with the reader's
// costs.
import type { Results } from '../../harness/results/results.js';
import { SHARE_OF_CPU, SHARE_OF_UPDATE } from '../figures/cost-answers.js';
import { whatIfData } from '../figures/what-if-data.js';
import { SHARE_CHART, shareCurve, usualWhatIf } from '../figures/what-if-model.js';
import { gridLine, linearScale, logarithmicScale, xTicks } from './axis.js';
import { type Chart, chartOf, headingOf, lineOf } from './chart.js';
import { INK } from './palette.js';

const HEIGHT = 460;

/** The ends of the horizontal scale, in ns. */
const AXIS = { min: 10, max: 150_000 };
const TICKS = [
  { value: 10, label: '10 ns' },
  { value: 100, label: '100 ns' },
  { value: 1000, label: '1 us' },
  { value: 10_000, label: '10 us' },
  { value: 100_000, label: '100 us' },
];

/** Finding is half of a load, or a tenth, in per cent. */
const BREAK_EVENS = [50, 10];

/** The chart; none if the sweeps were not counted. */
export function shareChart(results: Results): Chart[] {
  const data = whatIfData(results);
  if (data === null) return [];
  const usual = usualWhatIf(data);
  const title = 'Before v6.8 the flush of each entry hid the cost of finding it';
  return [
    chartOf({
      name: SHARE_CHART,
      title,
      caption:
        'The share of finding the entries in a load that flushes each of them, by the cost of a flush. At the dashed lines ' +
        `finding is half and a tenth of the load. ${SHARE_OF_UPDATE} ${SHARE_OF_CPU}`,
      height: HEIGHT,
      heading: headingOf(title, 'counted work times unit costs, the same on every machine'),
      datasets: data.designs.map((design) => ({
        ...lineOf(results, design.strategy, 2),
        data: shareCurve(design, usual, data),
        pointRadius: 0,
        pointHitRadius: 6,
      })),
      x: logarithmicScale(AXIS, 'x', 'flush of one entry'),
      y: linearScale('y', 'finding, per cent of the IRTE update', { min: 0, max: 100 }),
      annotations: {
        ...xTicks(TICKS, 0),
        ...Object.fromEntries(
          BREAK_EVENS.map((percent) => [
            `break-even-${percent}`,
            { ...gridLine('y', percent), borderColor: INK.axis.light, borderDash: [6, 4] },
          ]),
        ),
      },
      legend: 'lines',
    }),
  ];
}
