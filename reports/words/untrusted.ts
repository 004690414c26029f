// Strategy titles, file names, thread names of a recording and error messages come from outside. The code that writes
// HTML escapes it. This module writes out the characters that act on a terminal or reorder a line.

/**
 * Writes out, as `\u{1b}`, the control and format characters in every string of a value: ANSI escapes, bidirectional
 * overrides, zero-width characters, lone surrogates and line separators. Line ends and tabs become spaces.
 */
export function neutralised<T>(value: T): T {
  return mapStrings(value, visible) as T;
}

/** Like {@link neutralised}, and converts every string to ASCII. */
export function neutralisedInAscii<T>(value: T): T {
  return mapStrings(value, (text) => ascii(visible(text))) as T;
}

/** Copies data and replaces all its strings, names of properties included. */
function mapStrings(value: unknown, replace: (text: string) => string): unknown {
  if (typeof value === 'string') return replace(value);
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, replace));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [replace(key), mapStrings(item, replace)]),
  );
}

function visible(text: string): string {
  return text.replace(/[\t\r\n]+/g, ' ').replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, escaped);
}

const ASCII_FORMS: Readonly<Record<string, string>> = {
  '±': '+-',
  '×': 'x',
  '–': '-',
  '—': '-',
  '−': '-',
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '…': '...',
  '≤': '<=',
  '≥': '>=',
  '→': '->',
  '✗': 'X',
  µ: 'u',
  μ: 'u',
  '\u00a0': ' ',
};

/** Replaces usual characters, drops accents, and writes all other characters as `\u{3b1}`. */
export function ascii(text: string): string {
  return text
    .replace(/\P{ASCII}/gu, (character) => ASCII_FORMS[character] ?? character)
    .normalize('NFD')
    .replace(/(?<=[a-z])\p{Mn}+/giu, '')
    .replace(/\P{ASCII}/gu, escaped);
}

function escaped(character: string): string {
  return `\\u{${(character.codePointAt(0) as number).toString(16)}}`;
}
