// Updates the table, the result and the chart of the what-if from the reader's numbers, which are in the page's address.
import { shareChart } from '../charts/share-chart.js';
import { svgOf } from '../charts/svg.js';
import {
  usualWhatIf,
  type WhatIf,
  type WhatIfData,
  whatIfFrom,
  whatIfResult,
  whatIfRow,
} from '../figures/what-if-model.js';
import { choicesInAddress, choose } from './address.js';

const fieldOf = (form: HTMLFormElement, name: string) => form.elements.namedItem(name) as HTMLInputElement;

function show(chosen: WhatIf, data: WhatIfData): void {
  for (const row of document.querySelectorAll<HTMLElement>('#what-if-table tbody tr')) {
    const design = data.designs.find(({ strategy }) => strategy === row.dataset.strategy);
    if (design === undefined) continue;
    const texts = whatIfRow(design, chosen, data);
    row.querySelectorAll('td').forEach((cell, index) => {
      // The last column is measured.
      cell.textContent = texts[index] ?? cell.textContent;
    });
  }
  const result = document.querySelector('#what-if-section .columns p');
  if (result !== null) result.textContent = whatIfResult(chosen, data);
  const drawing = document.querySelector('figure[data-chart="what-if"] .drawing');
  if (drawing !== null) drawing.innerHTML = svgOf(shareChart(data, chosen));
}

/** Makes the fields work, and then shows them. */
export function setUpWhatIf(): void {
  const form = document.querySelector<HTMLFormElement>('#what-if-form');
  const text = document.getElementById('what-if-data')?.textContent;
  const output = form?.querySelector('output');
  if (!form || !text || !output) return;
  const data: WhatIfData = JSON.parse(text);
  const usual = usualWhatIf(data);
  const fill = (chosen: WhatIf): void => {
    for (const { name } of data.inputs) fieldOf(form, name).value = String(chosen[name]);
  };
  const apply = (): void => {
    const isValid = form.checkValidity();
    output.textContent = isValid ? '' : 'A number is missing or out of bounds: nothing was changed.';
    if (!isValid) return;
    const values = data.inputs.map(({ name }) => [name, fieldOf(form, name).valueAsNumber] as const);
    show(Object.fromEntries(values) as unknown as WhatIf, data);
    choose(
      Object.fromEntries(values.map(([name, value]) => [name, value === usual[name] ? '' : String(value)])),
    );
  };
  const follow = (): void => {
    const chosen = whatIfFrom(choicesInAddress(), data);
    fill(chosen);
    show(chosen, data);
  };
  form.addEventListener('input', apply);
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('reset', (event) => {
    event.preventDefault();
    fill(usual);
    apply();
  });
  addEventListener('hashchange', follow);
  form.hidden = false;
  follow();
}
