// Replaces the image of each chart by a canvas with the same data, the colours of the screen, and a tooltip for each
// point. In print the images stand again; where strategies are hidden, a canvas without them stands for each image.
import {
  CategoryScale,
  Chart,
  type ChartConfiguration,
  Legend,
  LinearScale,
  LineElement,
  LogarithmicScale,
  PointElement,
  ScatterController,
  Title,
  Tooltip,
  type TooltipItem,
} from 'chart.js';
import annotations from 'chartjs-plugin-annotation';

Chart.register(
  ScatterController,
  PointElement,
  LineElement,
  CategoryScale,
  LinearScale,
  LogarithmicScale,
  Legend,
  Title,
  Tooltip,
  annotations,
);
// The browser's console and the tests find the chart of a canvas by `Chart.getChart`.
Object.assign(window, { Chart });

type Configuration = ChartConfiguration<'scatter'>;

interface ChartData {
  readonly configurations: Readonly<Record<string, Configuration>>;
  readonly darkColours: Readonly<Record<string, string>>;
  /** Sizes of the images in CSS pixels. */
  readonly widths: Readonly<Record<string, number>>;
  readonly heights: Readonly<Record<string, number>>;
}

/** The pixel ratio of a printed canvas, which is the pixel ratio of the images. */
const PAPER_PIXEL_RATIO = 1.5;

const data: ChartData = JSON.parse(document.getElementById('chart-data')?.textContent ?? '');
const darkScheme = matchMedia('(prefers-color-scheme: dark)');
const drawn = new Map<string, Chart<'scatter'>>();
let onPaper: Chart<'scatter'>[] = [];
let hiddenStrategies: ReadonlySet<string> = new Set();
const changes = new Map<string, (configuration: Configuration) => void>();

function figures(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('figure[data-chart]')];
}

function nameOf(figure: HTMLElement): string {
  return figure.dataset.chart ?? '';
}

/** A label of a row or line begins with the id of its strategy. A character that no id has may follow. */
function isHidden(label: string): boolean {
  return hiddenStrategies.has(/^[a-z0-9.-]*/.exec(label)?.[0] ?? '');
}

function pointText({ raw, parsed, dataset }: TooltipItem<'scatter'>): string {
  const { text } = raw as { text?: string };
  return text ?? `${dataset.label}: ${parsed.y} at ${parsed.x}`;
}

/** The configuration of a chart. The row of a hidden strategy says that it is hidden. */
function configurationOf(name: string, isDark: boolean): Configuration {
  const text = JSON.stringify(data.configurations[name]);
  const configuration: Configuration = JSON.parse(
    isDark ? text.replace(/#[0-9a-f]{6}/g, (colour) => data.darkColours[colour] ?? colour) : text,
  );
  const tooltip = configuration.options?.plugins?.tooltip;
  if (tooltip) {
    tooltip.callbacks = { label: pointText };
  }
  changes.get(name)?.(configuration);
  for (const dataset of configuration.data.datasets) dataset.hidden = isHidden(dataset.label ?? '');
  const rows = configuration.options?.scales?.y as { labels?: string[][] } | undefined;
  // The label of a row is an array of lines: a broken id, and a note in parentheses.
  if (rows?.labels) rows.labels = rows.labels.map((row) => (isHidden(row.join('')) ? ['(hidden)'] : row));
  return configuration;
}

function canvasIn(figure: HTMLElement): HTMLCanvasElement {
  const present = figure.querySelector<HTMLCanvasElement>('.canvas-box canvas');
  if (present !== null) return present;
  const box = document.createElement('div');
  box.className = 'canvas-box';
  box.style.height = `${data.heights[nameOf(figure)]}px`;
  const canvas = document.createElement('canvas');
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', figure.querySelector('img')?.alt ?? '');
  box.append(canvas);
  figure.prepend(box);
  return canvas;
}

function draw(): void {
  for (const chart of drawn.values()) chart.destroy();
  drawn.clear();
  drawWithin(document);
}

/** Draws the charts that are not drawn yet, except those in a closed element, where a canvas has no size. */
function drawWithin(part: ParentNode): void {
  for (const figure of part.querySelectorAll<HTMLElement>('figure[data-chart]')) {
    const name = nameOf(figure);
    if (drawn.has(name) || figure.closest('details:not([open])') !== null) continue;
    const chart = new Chart(canvasIn(figure), configurationOf(name, darkScheme.matches));
    figure.classList.add('interactive');
    drawn.set(name, chart);
  }
}

/** Replaces the images, which show all strategies, where some strategies are hidden. */
function drawOnPaper(): void {
  if (hiddenStrategies.size === 0) return;
  onPaper = figures().map((figure) => {
    const name = nameOf(figure);
    const canvas = document.createElement('canvas');
    canvas.width = data.widths[name] ?? 0;
    canvas.height = data.heights[name] ?? 0;
    figure.querySelector('.image-box')?.append(canvas);
    figure.classList.add('redrawn');
    const configuration = configurationOf(name, false);
    configuration.options = {
      ...configuration.options,
      responsive: false,
      devicePixelRatio: PAPER_PIXEL_RATIO,
    };
    return new Chart(canvas, configuration);
  });
}

function clearPaper(): void {
  for (const chart of onPaper) {
    const { canvas } = chart;
    chart.destroy();
    canvas.closest('figure')?.classList.remove('redrawn');
    canvas.remove();
  }
  onPaper = [];
}

/** Changes the configuration of a chart now and each time that it is drawn again. */
export function changeChart(name: string, change: (configuration: Configuration) => void): void {
  changes.set(name, change);
  drawn.get(name)?.destroy();
  drawn.delete(name);
  drawWithin(document);
}

/** Draws all charts without some strategies. */
export function drawChartsWithout(strategies: ReadonlySet<string>): void {
  hiddenStrategies = strategies;
  draw();
}

/** Draws the charts, and draws them again when the colour scheme or the medium changes. */
export function setUpCharts(): void {
  draw();
  darkScheme.addEventListener('change', draw);
  // This event does not bubble, so only a capturing listener gets it.
  document.addEventListener(
    'toggle',
    ({ target }) => {
      if (target instanceof HTMLDetailsElement) drawWithin(target);
    },
    { capture: true },
  );
  addEventListener('beforeprint', drawOnPaper);
  addEventListener('afterprint', clearPaper);
}
