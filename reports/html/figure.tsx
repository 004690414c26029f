import type { ComponentChildren } from 'preact';
import type { Chart } from '../charts/chart.js';
import { ScrollBox } from './scroll-box.js';

/** A chart with its image. */
export interface DrawnChart {
  readonly chart: Chart;
  readonly png: Uint8Array;
}

/** A chart and how to read it; nothing where the chart was not drawn. */
export function Figure({ drawn }: { drawn: DrawnChart | undefined }): ComponentChildren {
  if (drawn === undefined) return null;
  const { chart, png } = drawn;
  return (
    <figure data-chart={chart.name}>
      <ScrollBox class="image-box" label={`Image of the chart "${chart.title}"`}>
        <img
          src={`data:image/png;base64,${Buffer.from(png).toString('base64')}`}
          alt={`Chart "${chart.title}". The table below has its figures.`}
          width={chart.width}
          height={chart.height}
        />
      </ScrollBox>
      <figcaption>How to read this: {chart.caption}</figcaption>
    </figure>
  );
}
