// Updates the tables and the chart of the what-if from the reader's unit costs, and keeps them in the page's address.
import {
  CEILING_TABLE,
  ceilingRow,
  LOAD_TABLE,
  SHARE_CHART,
  shareCurve,
  usualWhatIf,
  type WhatIf,
  type WhatIfData,
  type WhatIfInput,
  whatIfFrom,
  whatIfQuery,
  whatIfRow,
} from '../figures/what-if-model.js';
import { changeChart } from './charts.js';

const PLACE = 'what-if';

/** The choices in the address; null if the address leads elsewhere. */
function queryInAddress(): string | null {
  const [place, query] = location.hash.slice(1).split('?');
  return place === PLACE ? (query ?? '') : null;
}

function fieldOf(form: HTMLFormElement, { name }: WhatIfInput): HTMLInputElement {
  return form.elements.namedItem(name) as HTMLInputElement;
}

function fill(form: HTMLFormElement, chosen: WhatIf, { inputs }: WhatIfData): void {
  for (const input of inputs) fieldOf(form, input).value = String(chosen[input.name]);
}

/** The values of the fields; null while one of them is invalid. */
function read(form: HTMLFormElement, { inputs }: WhatIfData): WhatIf | null {
  if (!form.checkValidity()) return null;
  const entries = inputs.map((input) => [input.name, fieldOf(form, input).valueAsNumber]);
  return Object.fromEntries(entries) as unknown as WhatIf;
}

/** Replaces the cells of each row of a table by the cells of its strategy. */
function fillRows(table: string, cellsOf: (strategy: string | undefined) => readonly string[]): void {
  for (const row of document.querySelectorAll<HTMLElement>(`#${table} tbody tr`)) {
    const cells = row.querySelectorAll('td');
    cellsOf(row.dataset.strategy).forEach((text, index) => {
      const cell = cells[index];
      if (cell !== undefined) cell.textContent = text;
    });
  }
}

function show(chosen: WhatIf, data: WhatIfData): void {
  const { designs, ceiling } = data;
  fillRows(LOAD_TABLE, (id) => {
    const design = designs.find(({ strategy }) => strategy === id);
    return design === undefined ? [] : whatIfRow(design, chosen, data);
  });
  fillRows(CEILING_TABLE, (id) => {
    const found = ceiling?.locks.find(({ strategy }) => strategy === id);
    return ceiling === null || found === undefined ? [] : ceilingRow(found.lock, chosen, ceiling);
  });
  changeChart(SHARE_CHART, ({ data: { datasets } }) => {
    for (const dataset of datasets) {
      const design = data.designs.find(({ strategy }) => strategy === dataset.label);
      if (design !== undefined) dataset.data = shareCurve(design, chosen, data);
    }
  });
}

/** Makes the fields work, and then shows them. */
export function setUpWhatIf(): void {
  const form = document.querySelector<HTMLFormElement>(`#${PLACE} form`);
  const text = document.getElementById('what-if-data')?.textContent;
  if (form === null || !text) return;
  const data: WhatIfData = JSON.parse(text);
  const message = form.querySelector('output');

  const apply = (): void => {
    const chosen = read(form, data);
    if (message !== null) {
      message.textContent =
        chosen === null ? 'A number is missing or out of bounds: nothing was changed.' : '';
    }
    if (chosen === null) return;
    show(chosen, data);
    const query = whatIfQuery(chosen, data);
    history.replaceState(null, '', `#${PLACE}${query === '' ? '' : `?${query}`}`);
  };

  const follow = (): void => {
    const query = queryInAddress();
    if (query === null) return;
    const chosen = whatIfFrom(query, data);
    fill(form, chosen, data);
    show(chosen, data);
  };

  form.addEventListener('input', apply);
  form.addEventListener('submit', (event) => event.preventDefault());
  form.querySelector('button')?.addEventListener('click', () => {
    fill(form, usualWhatIf(data), data);
    apply();
  });
  addEventListener('hashchange', follow);
  form.hidden = false;
  follow();
}
