// Charts as PNG, drawn without a browser.
import { fileURLToPath } from 'node:url';
import { GlobalFonts } from 'canvas';
import { ChartJSNodeCanvas } from 'chartjs-node-canvas';
import { CHART_FONT, type Chart } from './charts.js';

/** Device pixels for each CSS pixel: sharper in print than 1, and half of the bytes of 2. */
const PIXEL_RATIO = 1.5;

/** Draws a chart on white. Its font comes with the project: a server may have none. */
export function renderPng({ config, width, height }: Chart): Buffer {
  if (!GlobalFonts.has(CHART_FONT)) {
    GlobalFonts.registerFromPath(
      fileURLToPath(import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf')),
      CHART_FONT,
    );
  }
  const canvas = new ChartJSNodeCanvas({
    width,
    height,
    backgroundColour: 'white',
    plugins: { modern: ['chartjs-plugin-annotation'] },
  });
  const copy = structuredClone(config);
  return canvas.renderToBufferSync(
    { ...copy, options: { ...copy.options, devicePixelRatio: PIXEL_RATIO } },
    'image/png',
  );
}
