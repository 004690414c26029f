// What the reader may set for the whole page: the strategies, the baseline and the unit of times. All of it is in the address.
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

/** Writes times in the unit and to the baseline that the address names. */
function writeTimes(data: TimesData, unit: string, baseline: string, usual: string): void {
  for (const cell of document.querySelectorAll<HTMLElement>('[data-time]')) {
    const place = cell.dataset.time ?? '';
    const inner = cell.querySelector('a') ?? cell;
    cell.dataset.written ??= inner.textContent ?? '';
    const isRatio = cell.closest('#front-table') === null;
    // The table of a workload has a column of ratios; the front table has ns.
    const isOwn = isRatio ? baseline === usual : unit === 'ns';
    const mark = cell.dataset.written.includes('✗') ? ' ✗' : '';
    const ratio = ratioTo(data, place, baseline);
    inner.textContent = isOwn ? cell.dataset.written : `${ratio ?? '-'}${isRatio ? '' : mark}`;
  }
  for (const head of document.querySelectorAll<HTMLElement>('th[scope="col"]')) {
    const text = head.querySelector('button') ?? head;
    if (/^time \/ /.test(text.textContent ?? '')) text.textContent = `time / ${baseline}`;
  }
}

function show(data: TimesData, form: HTMLFormElement): void {
  const said = choicesInAddress();
  const [baseline, unit] = ['baseline', 'unit'].map(
    (name) => form.elements.namedItem(name) as HTMLSelectElement,
  ) as [HTMLSelectElement, HTMLSelectElement];
  const usual = baseline.options[0]?.value ?? '';
  const named = said.get('baseline') ?? usual;
  baseline.value = [...baseline.options].some(({ value }) => value === named) ? named : usual;
  unit.value =
    said.get('unit') === 'ratio' || (baseline.value !== usual && said.get('unit') !== 'ns') ? 'ratio' : 'ns';
  const chosen = said.get('strategies')?.split(',') ?? null;
  for (const box of boxes()) box.checked = chosen === null || chosen.includes(box.value);
  const hidden = new Set(boxes().flatMap(({ checked, value }) => (checked ? [] : [value])));
  for (const row of document.querySelectorAll<HTMLElement>('tr[data-strategy]')) {
    row.hidden = hidden.has(row.dataset.strategy ?? '');
  }
  writeTimes(data, unit.value, baseline.value, usual);
  const summary = document.querySelector('.settings > summary');
  if (summary !== null) {
    const parts = [
      ...(hidden.size === 0 ? [] : [`${boxes().length - hidden.size} of ${boxes().length} strategies`]),
      ...(baseline.value === usual ? [] : [`baseline ${baseline.value}`]),
    ];
    summary.textContent = parts.length === 0 ? 'Show' : `Show: ${parts.join(', ')}`;
  }
}

/** Makes the settings work, and then shows them. */
export function setUpSettings(): void {
  const settings = document.querySelector<HTMLElement>('.settings');
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
      unit:
        fields.get('unit') === 'ratio'
          ? 'ratio'
          : baseline === form.querySelector('option')?.value
            ? ''
            : 'ns',
      strategies: checked.length === all.length || checked.length === 0 ? '' : checked.join(','),
    });
    show(data, form);
  });
  addEventListener('hashchange', () => show(data, form));
  settings.hidden = false;
  show(data, form);
}
