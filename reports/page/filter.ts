// Hides what is of a strategy or a workload that is not chosen, and says that it is hidden: nobody shall read a part as
// the whole.
import { drawChartsWithout } from './charts.js';

/** What can be chosen, by the name of its boxes and of the data attribute that marks what is of it. */
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

/** Whether an element is marked as being of one of them; a mark may have several, with spaces between. */
function isOf(element: HTMLElement, { name }: Choice, hidden: ReadonlySet<string>): boolean {
  return (element.dataset[name] ?? '').split(' ').some((id) => hidden.has(id));
}

function say(selector: string, text: string): void {
  const element = document.querySelector(selector);
  if (element !== null) element.textContent = text;
}

function apply(): void {
  const chosen = CHOICES.map((choice) => ({
    choice,
    hidden: uncheckedOf(choice),
    count: boxesOf(choice).length,
  }));
  for (const element of document.querySelectorAll<HTMLElement>('[data-strategy], [data-workload]')) {
    element.hidden = chosen.some(({ choice, hidden }) => isOf(element, choice, hidden));
  }
  const shown = chosen.map(({ choice: { plural }, hidden, count }) =>
    hidden.size === 0 ? `all ${plural}` : `${count - hidden.size} of ${count} ${plural}`,
  );
  say('.filter .chosen', shown.join(', '));
  const parts = chosen.flatMap(({ choice: { plural }, hidden, count }) =>
    hidden.size === 0 ? [] : [{ size: hidden.size, text: `${hidden.size} of ${count} ${plural}` }],
  );
  const verb = parts.length === 1 && parts[0]?.size === 1 ? 'is' : 'are';
  say(
    '.filter-note',
    parts.length === 0
      ? ''
      : `${parts.map(({ text }) => text).join(' and ')} ${verb} hidden. Sentences still speak of all.`,
  );
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

/** Makes the boxes work, and only then visible. */
export function setUpFilter(): void {
  const bar = document.querySelector<HTMLElement>('.filter-bar');
  if (bar === null) return;
  for (const box of boxesOf(STRATEGIES)) box.addEventListener('change', applyWithCharts);
  // Charts are of one workload each, and hide as a part of its article.
  for (const box of boxesOf(WORKLOADS)) box.addEventListener('change', apply);
  bar.querySelector('button')?.addEventListener('click', showAll);
  bar.hidden = false;
  // What a link leads to must not end under the bar, which stays in sight and is as high as what it says.
  new ResizeObserver(() => {
    document.documentElement.style.scrollPaddingTop = `${bar.offsetHeight}px`;
  }).observe(bar);
}
