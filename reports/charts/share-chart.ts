// The chart of the what-if. The page's script draws it again, so this file imports only arithmetic.
import { shareCurve, usualWhatIf, type WhatIf, type WhatIfData } from '../figures/what-if-model.js';
import { type Chart, flushScale, type Line, linearScale, merged } from './chart.js';

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
    title: 'The dearer a flush, the less the search matters',
    subtitle: 'search for the entries, % of an update; modelled from counted work and unit costs',
    x: flushScale(),
    y: linearScale(
      '% of the update',
      Math.max(1, ...lines.flatMap(({ points }) => points.map(({ y }) => y))),
    ),
    lines: merged(lines),
    marks: [
      chosen.flushes * chosen.flush < 1
        ? { x: 1, label: 'v6.8 on: no flush' }
        : { x: chosen.flushes * chosen.flush, label: 'your flush' },
    ],
  };
}
