import type { ComponentChildren } from 'preact';
import type { Chart } from '../charts/chart.js';

/** A chart with the image that stands for it. */
export interface DrawnChart {
  readonly chart: Chart;
  readonly png: Uint8Array;
}

/** A chart with how to read it; nothing if there is none. */
export function Figure({ drawn }: { drawn: DrawnChart | undefined }): ComponentChildren {
  if (drawn === undefined) return null;
  const { chart, png } = drawn;
  return (
    <figure data-chart={chart.name}>
      {/* biome-ignore lint/a11y/useSemanticElements: no set of fields */}
      <div
        class="image-box"
        role="group"
        aria-label={`Image of the chart "${chart.title}"`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
        tabIndex={0}
      >
        <img
          src={`data:image/png;base64,${Buffer.from(png).toString('base64')}`}
          alt={`Chart "${chart.title}". The table below has its figures.`}
          width={chart.width}
          height={chart.height}
        />
      </div>
      <figcaption>How to read this: {chart.caption}</figcaption>
    </figure>
  );
}
