// Charts as PNG, drawn by Chart.js without a browser: the charts that a mail or a slide would use.
import { fileURLToPath } from 'node:url';
import { GlobalFonts } from 'canvas';
import type { ChartConfiguration, Plugin } from 'chart.js';
import { ChartJSNodeCanvas } from 'chartjs-node-canvas';
import { type Chart, type Scale, spreadOut } from './chart.js';
import { INK, strokeOf } from './palette.js';

const WIDTH = 900;
const LINES_HEIGHT = 480;
const ROW_HEIGHT = 26;
/** Room for the title above and the scale below. */
const FRAME = 130;

/** Device pixels for each CSS pixel: sharper in print than 1, and half the bytes of 2. */
const PIXEL_RATIO = 1.5;

/** The font is a dependency, because a server may have none. */
const FONT = 'Report Sans';

/** The radius of a mark, and the smallest distance of two labels. */
const RADIUS = 5;
const LABEL_GAP = 16;

type Configuration = ChartConfiguration<'scatter', { x: number; y: number }[]>;

/** Canvases by height. They are kept because each loads Chart.js again. */
const canvases = new Map<number, ChartJSNodeCanvas>();

function canvasOf(height: number): ChartJSNodeCanvas {
  const known = canvases.get(height);
  if (known !== undefined) return known;
  if (!GlobalFonts.has(FONT)) {
    GlobalFonts.registerFromPath(
      fileURLToPath(import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf')),
      FONT,
    );
  }
  const canvas = new ChartJSNodeCanvas({ width: WIDTH, height, backgroundColour: 'white' });
  canvases.set(height, canvas);
  return canvas;
}

/** Draws a chart on white. */
export function renderPng(chart: Chart): Buffer {
  const height = chart.rows === undefined ? LINES_HEIGHT : FRAME + ROW_HEIGHT * chart.rows;
  return canvasOf(height).renderToBufferSync(configurationOf(chart) as ChartConfiguration);
}

function scaleOf({ label, isLogarithmic, min, max, ticks }: Scale) {
  return {
    type: isLogarithmic ? ('logarithmic' as const) : ('linear' as const),
    min,
    max,
    grid: { color: INK.grid },
    border: { color: INK.axis },
    title: { display: true, text: label, color: INK.text, font: { size: 13 } },
    afterBuildTicks: (axis: { ticks: { value: number }[] }) => {
      axis.ticks = ticks.map(({ value }) => ({ value }));
    },
    ticks: {
      color: INK.text,
      autoSkip: false,
      callback: (value: number | string) => ticks.find((tick) => tick.value === value)?.label ?? '',
    },
  };
}

/** The end labels, the intervals and the marked places. */
function drawingOf({ lines, marks = [], rows }: Chart): Plugin<'scatter'> {
  return {
    id: 'drawing',
    afterDraw({ ctx, chartArea, scales }) {
      const [x, y] = [scales.x, scales.y].map(
        (scale) => (value: number) => scale?.getPixelForValue(value) ?? 0,
      ) as [(value: number) => number, (value: number) => number];
      const stroke = (colour: string, from: readonly [number, number], to: readonly [number, number]) => {
        ctx.strokeStyle = colour;
        ctx.lineWidth = 2;
        ctx.beginPath();
        ctx.moveTo(...from);
        ctx.lineTo(...to);
        ctx.stroke();
      };
      ctx.font = `13px '${FONT}'`;
      ctx.textBaseline = 'middle';
      const named = lines.filter(({ label }) => label !== '');
      const heights = named.map(({ points }) => y(points.at(-1)?.y ?? 0));
      const ends = spreadOut(heights, LABEL_GAP, chartArea.top, chartArea.bottom);
      for (const line of lines) {
        const { light } = strokeOf(line.position);
        for (const { x: at, y: height, low, high } of line.points) {
          if (low === undefined || high === undefined || !Number.isFinite(high)) continue;
          if (rows === undefined) stroke(light, [x(at), y(low)], [x(at), y(high)]);
          else
            stroke(
              light,
              [Math.max(chartArea.left, x(low)), y(height)],
              [Math.min(chartArea.right, x(high)), y(height)],
            );
        }
        ctx.fillStyle = rows === undefined ? light : INK.text;
        ctx.fillText(line.label, chartArea.right + 10, ends[named.indexOf(line)] ?? 0);
      }
      ctx.fillStyle = INK.text;
      for (const { x: value, label } of marks) {
        stroke(INK.axis, [x(value), chartArea.top], [x(value), chartArea.bottom]);
        ctx.fillText(label, x(value), chartArea.top - 9);
      }
    },
  };
}

function configurationOf(chart: Chart): Configuration {
  const { title, subtitle, x, y, lines } = chart;
  const right = 16 + 8 * Math.max(0, ...lines.map(({ label }) => label.length));
  return {
    type: 'scatter',
    data: {
      datasets: lines.map(({ position, points, isModelled, isHollow }) => {
        const { light, dash } = strokeOf(position);
        return {
          data: points.map((point) => ({ x: point.x, y: point.y })),
          showLine: true,
          borderColor: light,
          backgroundColor: isHollow ? INK.paper : light,
          borderWidth: 2.5,
          borderDash: isModelled ? [3, 4] : [...dash],
          pointRadius: isModelled ? 0 : RADIUS,
          clip: false as const,
        };
      }),
    },
    plugins: [drawingOf(chart)],
    options: {
      animation: false,
      maintainAspectRatio: false,
      devicePixelRatio: PIXEL_RATIO,
      font: { family: FONT, size: 13 },
      layout: { padding: { left: 8, right, top: 6, bottom: 6 } },
      scales: { x: scaleOf(x), y: scaleOf(y) },
      plugins: {
        legend: { display: false },
        title: {
          display: true,
          text: title,
          align: 'start',
          color: INK.text,
          font: { family: FONT, size: 16, weight: 'bold' },
          padding: { top: 4, bottom: 2 },
        },
        subtitle: {
          display: true,
          text: subtitle,
          align: 'start',
          color: INK.text,
          font: { family: FONT, size: 12 },
          padding: { bottom: 20 },
        },
      },
    },
  };
}
