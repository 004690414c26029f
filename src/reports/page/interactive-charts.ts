// Runs in the report's page, where scripts run: draws each chart anew from the data that its image was drawn
// from, in the colours of the screen, and says what is under the pointer. Printing shows the images again.
import type { Chart as ChartClass, ChartConfiguration, TooltipItem } from 'chart.js';

declare const Chart: typeof ChartClass;

interface ChartData {
  readonly configurations: Readonly<Record<string, ChartConfiguration<'scatter'>>>;
  readonly darkColours: Readonly<Record<string, string>>;
  readonly heights: Readonly<Record<string, number>>;
}

const data: ChartData = JSON.parse(document.getElementById('chart-data')?.textContent ?? '');
const darkScheme = matchMedia('(prefers-color-scheme: dark)');
let drawn: ChartClass[] = [];

function inDarkColours(text: string): string {
  return text.replace(/#[0-9a-f]{6}/g, (colour) => data.darkColours[colour] ?? colour);
}

function configurationOf(name: string): ChartConfiguration<'scatter'> {
  const text = JSON.stringify(data.configurations[name]);
  const configuration: ChartConfiguration<'scatter'> = JSON.parse(
    darkScheme.matches ? inDarkColours(text) : text,
  );
  const tooltip = configuration.options?.plugins?.tooltip;
  if (tooltip) {
    tooltip.callbacks = { label: pointText };
  }
  return configuration;
}

function pointText({ raw, parsed, dataset }: TooltipItem<'scatter'>): string {
  const { text } = raw as { text?: string };
  return text ?? `${dataset.label}: ${parsed.y} at ${parsed.x}`;
}

function canvasIn(figure: HTMLElement, name: string): HTMLCanvasElement {
  const present = figure.querySelector('canvas');
  if (present !== null) return present;
  const box = document.createElement('div');
  box.className = 'canvas-box';
  box.style.height = `${data.heights[name]}px`;
  const canvas = document.createElement('canvas');
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', figure.querySelector('img')?.alt ?? '');
  box.append(canvas);
  figure.prepend(box);
  return canvas;
}

function draw(): void {
  for (const chart of drawn) chart.destroy();
  drawn = [];
  drawWithin(document);
}

/** Draws what can be seen: in a closed details element a canvas has no size. */
function drawWithin(part: ParentNode): void {
  for (const figure of part.querySelectorAll<HTMLElement>('figure[data-chart]')) {
    if (figure.closest('details:not([open])') !== null) continue;
    const name = figure.dataset.chart ?? '';
    const canvas = canvasIn(figure, name);
    if (drawn.some((chart) => chart.canvas === canvas)) continue;
    figure.classList.add('interactive');
    drawn.push(new Chart(canvas, configurationOf(name)) as unknown as ChartClass);
  }
}

draw();
// It does not bubble.
document.addEventListener(
  'toggle',
  ({ target }) => {
    if (target instanceof HTMLDetailsElement) drawWithin(target);
  },
  { capture: true },
);
darkScheme.addEventListener('change', draw);
addEventListener('beforeprint', () => {
  for (const details of document.querySelectorAll('details')) details.open = true;
});
