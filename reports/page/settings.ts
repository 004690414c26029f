// What the reader may set for the whole page: the strategies, and the baseline of the ratios in the tab Cost. Both are in the address.
import type { TimesData } from '../figures/times-data.js';
import { figureText, timesText } from '../words/wording-basics.js';
import { choicesInAddress, choose } from './address.js';

const boxes = (): HTMLInputElement[] => [
  ...document.querySelectorAll<HTMLInputElement>('.settings input[name="strategy"]'),
];

function ratioTo(data: TimesData, place: string, baseline: string): string | null {
  const [lane = '', workload = '', strategy = ''] = place.split(' ');
  if (strategy === baseline) return '1';
  const found = data[lane]?.[workload]?.[strategy]?.[baseline];
  if (found === undefined) return null;
  const [estimate, low, high] = found;
  return `${timesText(estimate)}${low < 0 || high < 0 ? '' : ` [${figureText(low)}, ${figureText(high)}]`}`;
}

/** Writes a text into a cell; null restores its own. */
function write(cell: HTMLElement, text: string | null): void {
  cell.dataset.written ??= cell.textContent ?? '';
  cell.textContent = text ?? cell.dataset.written;
}

/** Writes ratios to the baseline that the address names. */
function writeRatios(data: TimesData, baseline: string, usual: string): void {
  for (const cell of document.querySelectorAll<HTMLTableCellElement>('[data-time]')) {
    const isOwn = baseline === usual;
    write(cell, isOwn ? null : (ratioTo(data, cell.dataset.time ?? '', baseline) ?? '-'));
    // The verdict, the detectable difference and p are known for the baseline of the run only.
    const others = [...(cell.closest('tr')?.cells ?? [])].slice(cell.cellIndex + 1, -1);
    for (const other of others) write(other, isOwn ? null : '-');
  }
  for (const text of document.querySelectorAll('[id^="times-"] :is(th button, caption > span)')) {
    const said = text.textContent ?? '';
    text.textContent = said.replace(/(time \/ (?:time of )?)[\w.-]*\w/, `$1${baseline}`);
  }
}

function show(data: TimesData, form: HTMLFormElement): void {
  const said = choicesInAddress();
  const baseline = form.elements.namedItem('baseline') as HTMLSelectElement;
  const usual = baseline.options[0]?.value ?? '';
  const named = said.get('baseline') ?? usual;
  baseline.value = [...baseline.options].some(({ value }) => value === named) ? named : usual;
  const wanted = said.get('strategies')?.split(',') ?? [];
  const isAll = !boxes().some(({ value }) => wanted.includes(value));
  for (const box of boxes()) box.checked = isAll || wanted.includes(box.value);
  const last = boxes().filter(({ checked }) => checked);
  for (const box of boxes()) box.disabled = last.length === 1 && box.checked;
  const hidden = new Set(boxes().flatMap(({ checked, value }) => (checked ? [] : [value])));
  for (const row of document.querySelectorAll<HTMLElement>('tr[data-strategy]')) {
    row.hidden = (row.dataset.strategy ?? '').split(' ').every((id) => hidden.has(id));
  }
  writeRatios(data, baseline.value, usual);
  const summary = document.querySelector('.settings > summary');
  if (summary !== null) {
    const parts = [
      ...(hidden.size === 0 ? [] : [`${boxes().length - hidden.size} of ${boxes().length} strategies`]),
      ...(baseline.value === usual ? [] : [`baseline ${baseline.value}`]),
    ];
    summary.textContent = parts.length === 0 ? 'Options' : `Options: ${parts.join(', ')}`;
  }
}

/** Makes the settings work, and then shows them. */
export function setUpSettings(): void {
  const settings = document.querySelector<HTMLDetailsElement>('.settings');
  const form = settings?.querySelector('form');
  const text = document.getElementById('times-data')?.textContent;
  if (!settings || !form || !text) return;
  const data: TimesData = JSON.parse(text);
  form.addEventListener('change', () => {
    const fields = new FormData(form);
    const all = boxes();
    const checked = all.filter((box) => box.checked).map(({ value }) => value);
    const baseline = String(fields.get('baseline'));
    choose({
      baseline: baseline === form.querySelector('option')?.value ? '' : baseline,
      strategies: checked.length === all.length ? '' : checked.join(','),
    });
    show(data, form);
  });
  addEventListener('hashchange', () => show(data, form));
  const close = () => {
    settings.open = false;
  };
  settings.addEventListener('keydown', ({ key }) => key === 'Escape' && close());
  addEventListener('click', ({ target }) => settings.contains(target as Node) || close());
  settings.hidden = false;
  show(data, form);
}
