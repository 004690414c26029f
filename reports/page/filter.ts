// Hides the strategies and workloads that are not chosen, and says so, because nobody must take a part for the whole.
import { drawChartsWithout } from './charts.js';

/** A kind of choice. `name` is the name of its checkboxes and of the data attribute of the elements that it hides. */
interface Choice {
  readonly name: string;
  readonly plural: string;
}

const STRATEGIES: Choice = { name: 'strategy', plural: 'strategies' };
const WORKLOADS: Choice = { name: 'workload', plural: 'workloads' };
const CHOICES = [STRATEGIES, WORKLOADS];

function boxesOf({ name }: Choice): HTMLInputElement[] {
  return [...document.querySelectorAll<HTMLInputElement>(`.filter input[name="${name}"]`)];
}

function uncheckedOf(choice: Choice): Set<string> {
  return new Set(
    boxesOf(choice)
      .filter(({ checked }) => !checked)
      .map(({ value }) => value),
  );
}

/** Whether an element belongs to a hidden strategy or workload. It may belong to several, separated by spaces. */
function isHidden(element: HTMLElement, name: Choice['name'], hidden: ReadonlySet<string>): boolean {
  return (element.dataset[name] ?? '').split(' ').some((id) => hidden.has(id));
}

function say(selector: string, text: string): void {
  const element = document.querySelector(selector);
  if (element !== null) element.textContent = text;
}

function apply(): void {
  const choices = CHOICES.map((choice) => ({
    ...choice,
    hidden: uncheckedOf(choice),
    count: boxesOf(choice).length,
  }));
  for (const element of document.querySelectorAll<HTMLElement>('[data-strategy], [data-workload]')) {
    element.hidden = choices.some(({ name, hidden }) => isHidden(element, name, hidden));
  }
  const shown = choices.map(({ plural, hidden, count }) =>
    hidden.size === 0 ? `all ${plural}` : `${count - hidden.size} of ${count} ${plural}`,
  );
  say('.filter .chosen', shown.join(', '));
  const partial = choices.filter(({ hidden }) => hidden.size > 0);
  const parts = partial.map(({ plural, hidden, count }) => `${hidden.size} of ${count} ${plural}`);
  const verb = partial.length === 1 && partial[0]?.hidden.size === 1 ? 'is' : 'are';
  const note = `${parts.join(' and ')} ${verb} hidden. Sentences still speak of all.`;
  say('.filter-note', parts.length === 0 ? '' : note);
}

function applyWithCharts(): void {
  apply();
  drawChartsWithout(uncheckedOf(STRATEGIES));
}

/** Shows all strategies and all workloads again. */
export function showAll(): void {
  for (const box of CHOICES.flatMap(boxesOf)) box.checked = true;
  applyWithCharts();
}

/** Makes the checkboxes work, and then shows them. */
export function setUpFilter(): void {
  const bar = document.querySelector<HTMLElement>('.filter-bar');
  if (bar === null) return;
  for (const box of boxesOf(STRATEGIES)) box.addEventListener('change', applyWithCharts);
  // A chart belongs to one workload and is hidden with the article of the workload.
  for (const box of boxesOf(WORKLOADS)) box.addEventListener('change', apply);
  bar.querySelector('button')?.addEventListener('click', showAll);
  bar.hidden = false;
  // The bar stays in sight and its height varies; the target of a link must not be under it.
  new ResizeObserver(() => {
    document.documentElement.style.scrollPaddingTop = `${bar.offsetHeight}px`;
  }).observe(bar);
}
