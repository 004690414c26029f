import { readFileSync } from 'node:fs';
import { COLOUR_COUNT, strokeOf } from '../charts/palette.js';

/** The page's style sheet, which `npm run build` minifies, with the colours of the charts. */
export function styleSheet(): string {
  const sheet = readFileSync(new URL('style.css', import.meta.url), 'utf8');
  const strokes = Array.from({ length: COLOUR_COUNT }, (_, position) => strokeOf(position));
  const rules = (theme: 'light' | 'dark') =>
    strokes
      .map((stroke, at) => `.stroke-${at}{stroke:${stroke[theme]}}.fill-${at}{fill:${stroke[theme]}}`)
      .join('');
  return `${sheet}${rules('light')}@media screen and (prefers-color-scheme:dark){${rules('dark')}}`;
}
