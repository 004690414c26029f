// Copies a table as CSV, or the report as text.
import { button } from './button.js';

/** How long a button says what came of it. */
const SAID_FOR_MS = 2000;

const NUMBER_ALONE = /^[-+]?[\d,]+(\.\d+)?(e[-+]?\d+)?( ?%| [KMGT]?i?B)?$/;

/** What a spreadsheet would take for a formula, full-width signs included; a sign alone is none. */
const FORMULA = /^[=+\-@\uff1d\uff0b\uff0d\uff20]./s;

function csvField(text: string): string {
  const harmless = FORMULA.test(text) && !NUMBER_ALONE.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** Rows as CSV; an apostrophe before what would be a formula, for names come from outside. */
export function csvText(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(csvField).join(',')}\n`).join('');
}

/** What a table shows, its heads first. */
function shownRows(table: HTMLTableElement): string[][] {
  return [...table.rows]
    .filter(({ hidden }) => !hidden)
    .map(({ cells }) =>
      [...cells]
        .filter(({ hidden }) => !hidden)
        .map(({ innerText }) => innerText.replace(/\s+/g, ' ').trim()),
    );
}

/** The older way, for a page opened from disk where the browser has no clipboard to give. */
function copyBySelection(text: string): boolean {
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'unseen';
  document.body.append(area);
  const focused = document.activeElement;
  area.select();
  const isCopied = document.execCommand('copy');
  area.remove();
  if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  return isCopied;
}

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** A button that copies a text and says, also to those who do not see it, whether it did. */
function copyButton(label: string, name: string, status: HTMLElement, textOf: () => string): HTMLElement {
  let timer = 0;
  return button(label, name, async (pressed) => {
    clearTimeout(timer);
    // Emptied first: what is said twice would else not be heard twice.
    status.textContent = '';
    const said = (await copy(textOf())) ? 'Copied' : 'Not copied: the browser forbids it';
    pressed.textContent = said;
    status.textContent = said;
    timer = window.setTimeout(() => {
      pressed.textContent = label;
      status.textContent = '';
    }, SAID_FOR_MS);
  });
}

function box(...children: Element[]): HTMLElement {
  const element = document.createElement('div');
  element.className = 'actions';
  element.append(...children);
  return element;
}

/** Puts a button below each table, and one above the report's text. */
export function setUpCopying(): void {
  const status = document.createElement('div');
  status.className = 'unseen';
  status.setAttribute('role', 'status');
  document.querySelector('main')?.append(status);
  for (const table of document.querySelectorAll('table')) {
    const name = `Copy CSV of the table "${table.caption?.textContent ?? ''}"`;
    table
      .closest('.table')
      ?.append(box(copyButton('Copy CSV', name, status, () => csvText(shownRows(table)))));
  }
  const text = document.querySelector('.text-twin pre');
  text
    ?.closest('details')
    ?.before(box(copyButton('Copy text', 'Copy text', status, () => text.textContent ?? '')));
}
