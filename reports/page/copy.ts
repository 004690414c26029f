// Copies a table as CSV, and the lines for a commit message.
import { button } from './button.js';

/** How long a button shows the outcome. */
const OUTCOME_MS = 2000;

const NUMBER_ALONE = /^[-+]?[\d,]+(\.\d+)?(e[-+]?\d+)?( ?%| [KMGT]?i?B)?$/;

/** What a spreadsheet takes for a formula, also with full-width signs. A sign alone is no formula. */
const FORMULA = /^[=+\-@\uff1d\uff0b\uff0d\uff20]./s;

function csvField(text: string): string {
  const harmless = FORMULA.test(text) && !NUMBER_ALONE.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** Rows as CSV. An apostrophe goes before a formula, because names come from outside. */
export function csvText(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(csvField).join(',')}\n`).join('');
}

/** The visible cells of a table, with its head. */
function shownRows(table: HTMLTableElement): string[][] {
  return [...table.rows]
    .filter(({ hidden }) => !hidden)
    .map(({ cells }) =>
      [...cells]
        .filter(({ hidden }) => !hidden)
        .map(({ innerText }) => innerText.replace(/\s+/g, ' ').trim()),
    );
}

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** A button that copies a text and shows the outcome, which a screen reader reads from `status`. */
function copyButton(label: string, name: string, status: HTMLElement, textOf: () => string): HTMLElement {
  let timer = 0;
  return button(label, name, async (pressed) => {
    clearTimeout(timer);
    // A screen reader reads the same status again only if it was empty in between.
    status.textContent = '';
    const outcome = (await copy(textOf())) ? 'Copied' : 'Not copied: the browser forbids it';
    pressed.textContent = outcome;
    status.textContent = outcome;
    timer = window.setTimeout(() => {
      pressed.textContent = label;
      status.textContent = '';
    }, OUTCOME_MS);
  });
}

function box(...children: Element[]): HTMLElement {
  const element = document.createElement('div');
  element.className = 'actions';
  element.append(...children);
  return element;
}

/** Adds a button below each table, and below the lines for a commit message. */
export function setUpCopying(): void {
  const status = document.createElement('div');
  status.className = 'unseen';
  status.setAttribute('role', 'status');
  document.querySelector('main')?.append(status);
  for (const table of document.querySelectorAll('table')) {
    const name = `Copy CSV of the table "${table.caption?.textContent ?? ''}"`;
    table.caption?.append(box(copyButton('Copy CSV', name, status, () => csvText(shownRows(table)))));
  }
  const trailer = document.querySelector('.trailer');
  trailer?.after(box(copyButton('Copy', 'Copy the six lines', status, () => trailer.textContent ?? '')));
}
