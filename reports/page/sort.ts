// Sorts a table by the column whose head is clicked: ascending, descending, then in the original order.
import { button } from './button.js';

/** Factors of units. A unit that a whole column shares needs no factor. */
const UNITS: Readonly<Record<string, number>> = {
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
  '%': 0.01,
};

const NUMBER = /(?<![\w.])([-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e[-+]?\d+)?)(?: ?([KMGT]iB|%))?/;

/** The first number in a text, times the factor of its unit; null if there is no number. */
export function firstNumber(text: string): number | null {
  const [found, digits = '', unit = ''] = NUMBER.exec(text) ?? [];
  return found === undefined ? null : Number(digits.replaceAll(',', '')) * (UNITS[unit] ?? 1);
}

/**
 * The positions of a column's texts in sorted order. The sort is stable.
 *
 * @param isNumber - Whether to sort by the first number of each text. Texts without a number come last.
 * @param direction - 1 for ascending, -1 for descending.
 */
export function orderOf(texts: readonly string[], isNumber: boolean, direction: 1 | -1): number[] {
  // Null comes last in both directions.
  const keys = texts.map((text) => (isNumber ? firstNumber(text) : text.trim() || null));
  return [...keys.keys()].sort((one, other) => {
    const [a = null, b = null] = [keys[one], keys[other]];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    const difference =
      typeof a === 'number' ? a - Number(b) : a.localeCompare(String(b), 'en', { numeric: true });
    return direction * difference;
  });
}

/** The order of a column after a click. */
const NEXT = { none: 'ascending', ascending: 'descending', descending: 'none' } as const;

function press(
  head: HTMLTableCellElement,
  body: HTMLTableSectionElement,
  original: readonly Element[],
): void {
  const order = NEXT[(head.getAttribute('aria-sort') ?? 'none') as keyof typeof NEXT];
  for (const other of head.parentElement?.children ?? []) other.removeAttribute('aria-sort');
  if (order === 'none') {
    body.append(...original);
    return;
  }
  head.setAttribute('aria-sort', order);
  const texts = original.map((row) => row.children[head.cellIndex]?.textContent ?? '');
  const isNumber = head.cellIndex > 0 && !head.classList.contains('text');
  const positions = orderOf(texts, isNumber, order === 'ascending' ? 1 : -1);
  body.append(...positions.map((position) => original[position] as Element));
}

/** Makes the head of each column a button. */
export function setUpSorting(): void {
  for (const table of document.querySelectorAll('table')) {
    const [body] = table.tBodies;
    if (body === undefined) continue;
    const original = [...body.rows];
    for (const head of table.tHead?.rows[0]?.cells ?? []) {
      const text = head.textContent ?? '';
      head.replaceChildren(button(text, text, () => press(head, body, original)));
    }
  }
}
