// The chart of the what-if. The page's script draws it again, so this file imports only arithmetic.
import { shareCurve, usualWhatIf, type WhatIf, type WhatIfData } from '../figures/what-if-model.js';
import { type Chart, type Line, linearScale, logarithmicScale, merged } from './chart.js';

/** The chart of the what-if. */
export function shareChart(data: WhatIfData, chosen: WhatIf = usualWhatIf(data)): Chart {
  const lines = data.shown.flatMap((id): Line[] => {
    const design = data.designs.find(({ strategy }) => strategy === id);
    if (design === undefined) return [];
    return [
      {
        label: id,
        position: data.positions[id] ?? 0,
        isModelled: true,
        points: shareCurve(design, chosen, data).map(({ x, y }) => ({
          x,
          y,
          note: `${id}: ${y.toFixed(1)}%`,
        })),
      },
    ];
  });
  return {
    name: 'what-if',
    title: 'The dearer a flush, the less the look-up matters',
    subtitle: 'look-up, % of an update; modelled from counted work and the unit costs above',
    x: logarithmicScale('ns to flush an entry (left edge: none)', [1, 10_000]),
    y: linearScale(
      '% of the update',
      Math.max(1, ...lines.flatMap(({ points }) => points.map(({ y }) => y))),
    ),
    lines: merged(lines),
    marks: [{ x: 1, label: 'v6.8 on: no flush' }],
  };
}
