// Selectors for the blocks of which the reader sees those of one choice. Selectors of one name agree, on all tabs.
import { choicesInAddress, choose } from './address.js';

const NAMES_IN_ADDRESS = ['workload', 'language', 'operation', 'axis', 'IOMMUs', 'IRTEs'];

const optionsOf = (choice: Element): HTMLDetailsElement[] =>
  [...choice.children].filter((child) => child.classList.contains('option')) as HTMLDetailsElement[];
const valuesOf = (option: HTMLElement): string[] => (option.dataset.values ?? '').split('|');

/** Shows an option of its choice, and no other. */
export function showOption(option: HTMLDetailsElement): void {
  const choice = option.parentElement;
  if (choice === null) return;
  for (const other of optionsOf(choice)) {
    other.hidden = other !== option;
    other.open = other === option;
  }
  choice.querySelectorAll<HTMLSelectElement>(':scope > .selectors select').forEach((select, index) => {
    select.value = valuesOf(option)[index] ?? '';
    // What does not exist beside the selectors to the left cannot be chosen.
    const start = valuesOf(option).slice(0, index).join('|');
    for (const one of select.options) {
      const wanted = [start, one.value].filter((part) => part !== '').join('|');
      one.disabled = !optionsOf(choice).some((other) => `${other.dataset.values}|`.startsWith(`${wanted}|`));
    }
  });
}

/** The option that has most of the wanted values; the last wanted one counts most, because it was just chosen. */
function nearest(
  options: readonly HTMLDetailsElement[],
  wanted: readonly string[],
  changed: number,
): HTMLDetailsElement | undefined {
  const score = (option: HTMLElement): number =>
    valuesOf(option).reduce(
      (sum, value, index) => sum + (value === wanted[index] ? (index === changed ? 100 : 1) : 0),
      0,
    );
  return options.toSorted((one, other) => score(other) - score(one))[0];
}

function selector(name: string, values: readonly string[]): HTMLLabelElement {
  const label = document.createElement('label');
  const select = document.createElement('select');
  select.name = name;
  select.autocomplete = 'off';
  for (const value of values) {
    const option = document.createElement('option');
    option.value = value;
    option.textContent = value;
    select.append(option);
  }
  label.append(`${name} `, select);
  return label;
}

/** Replaces the folds of each choice by selectors. */
export function setUpChoices(): void {
  for (const choice of document.querySelectorAll<HTMLElement>('.choice')) {
    const options = optionsOf(choice);
    const names = (choice.dataset.names ?? '').split('|');
    const bar = document.createElement('div');
    bar.className = 'selectors';
    const labels = names.map((name, index) =>
      selector(name, [...new Set(options.map((option) => valuesOf(option)[index] ?? ''))]),
    );
    bar.append(...labels);
    choice.prepend(bar);
    const selects = labels.map((label) => label.querySelector('select') as HTMLSelectElement);
    const wanted = () => selects.map(({ value }) => value);
    for (const option of options) (option.querySelector('summary') as HTMLElement).hidden = true;
    selects.forEach((select, index) => {
      select.addEventListener('change', () => {
        const option = nearest(options, wanted(), index);
        if (option !== undefined) showOption(option);
        const name = names[index] as string;
        if (!NAMES_IN_ADDRESS.includes(name)) return;
        choose({ [name]: select.value });
        followAddress();
      });
    });
    if (options[0] !== undefined) showOption(options[0]);
  }
  addEventListener('hashchange', followAddress);
  followAddress();
}

/** Shows what the address names. */
function followAddress(): void {
  const said = choicesInAddress();
  for (const choice of document.querySelectorAll<HTMLElement>('.choice')) {
    const names = (choice.dataset.names ?? '').split('|');
    if (!names.some((name) => said.has(name))) continue;
    const current = [...choice.querySelectorAll<HTMLSelectElement>(':scope > .selectors select')].map(
      ({ value }) => value,
    );
    const option = nearest(
      optionsOf(choice),
      names.map((name, index) => said.get(name) ?? current[index] ?? ''),
      0,
    );
    if (option !== undefined) showOption(option);
  }
}
