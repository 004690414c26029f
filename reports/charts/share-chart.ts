// The share of a load that is the look-up, by the cost of the commands. The page draws it again with the reader's costs.
import type { Results } from '../../harness/results/results.js';
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

/** The look-up is half of a load, or a tenth, in per cent. */
const BREAK_EVENS = [50, 10];

/** The chart; none if the sweeps were not counted. */
export function shareChart(results: Results): Chart[] {
  const data = whatIfData(results);
  if (data === null) return [];
  const usual = usualWhatIf(data);
  const title = 'Part of a load that is finding the entries';
  return [
    chartOf({
      name: SHARE_CHART,
      title,
      caption:
        "Along the horizontal scale: what INVALIDATE and COMPLETION_WAIT of one entry take. The image has the report's " +
        'prices and host; where scripts run, those of the form. At the dashed lines finding is half and a tenth of a ' +
        'load: where a curve crosses one is its break-even. Curves that lie on each other are of designs that find ' +
        'alike.',
      height: HEIGHT,
      heading: headingOf(title, 'counted work times prices, the same on every machine'),
      datasets: data.designs.map((design) => ({
        ...lineOf(results, design.strategy, 2),
        data: shareCurve(design, usual, data),
        pointRadius: 0,
        pointHitRadius: 6,
      })),
      x: logarithmicScale(AXIS, 'x', 'commands for one entry'),
      y: linearScale('y', 'finding, per cent of a load', { min: 0, max: 100 }),
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
