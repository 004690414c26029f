// Charts as PNG. They are drawn without a browser.
import { fileURLToPath } from 'node:url';
import { GlobalFonts } from 'canvas';
import type { ChartConfiguration, Plugin } from 'chart.js';
import { ChartJSNodeCanvas } from 'chartjs-node-canvas';
import { CHART_FONT, type Chart } from './chart.js';
import { indexedPng } from './indexed-png.js';

/** Canvases by size. They are kept because each loads Chart.js again. */
const canvases = new Map<string, ChartJSNodeCanvas>();

function canvasOf(width: number, height: number): ChartJSNodeCanvas {
  const key = `${width} ${height}`;
  const known = canvases.get(key);
  if (known !== undefined) return known;
  const canvas = new ChartJSNodeCanvas({
    width,
    height,
    backgroundColour: 'white',
    plugins: { modern: ['chartjs-plugin-annotation'] },
  });
  canvases.set(key, canvas);
  return canvas;
}

/** Draws a chart on white. The font is a dependency, because a server may have none. */
export function renderPng({ config, width, height, pixelRatio }: Chart): Buffer {
  if (!GlobalFonts.has(CHART_FONT)) {
    GlobalFonts.registerFromPath(
      fileURLToPath(import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf')),
      CHART_FONT,
    );
  }
  const canvas = canvasOf(width, height);
  const copy = structuredClone(config);
  let image: ImageData | undefined;
  const keepPixels: Plugin<'scatter'> = {
    id: 'keep-pixels',
    afterRender({ ctx }) {
      image = ctx.getImageData(0, 0, ctx.canvas.width, ctx.canvas.height);
    },
  };
  const drawn = {
    ...copy,
    plugins: [keepPixels],
    options: { ...copy.options, devicePixelRatio: pixelRatio },
  };
  // The types do not allow null in a line, but Chart.js does.
  canvas.renderToBufferSync(drawn as ChartConfiguration);
  if (image === undefined) throw new Error('the chart was not drawn');
  const own = [...new Set(JSON.stringify(config).match(/#[0-9a-f]{6}/g))];
  return indexedPng(image.data, image.width, image.height, own);
}
