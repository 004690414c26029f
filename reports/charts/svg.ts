// A chart as SVG for the page. Colours are classes of the style sheet, so they follow the colour scheme. The page's script draws
// with the same function, so this file imports only data.
import { type Chart, placeOn, type Scale, spreadOut } from './chart.js';

/** Width in units of a pixel on a phone; the browser scales it. */
const WIDTH = 460;
const LINES_HEIGHT = 187;
const ROW_HEIGHT = 17;
const TOP = 4;
const FONT = 11;
/** Room below for ticks and the name of the scale. */
const BELOW = 34;
/** Mean width of a letter, with which the room for labels is reserved. */
const LETTER = 6.7;

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => escapes[character] ?? '');
const round = (value: number): string => String(Number(value.toFixed(1)));

type Attributes = Readonly<Record<string, string | number>>;

function element(name: string, attributes: Attributes, content = ''): string {
  const written = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${typeof value === 'number' ? round(value) : escaped(value)}"`,
  );
  return `<${name}${written.join('')}>${content}</${name}>`;
}

const label = (x: number, y: number, text: string, attributes: Attributes = {}): string =>
  element('text', { x, y, ...attributes }, escaped(text));
const tip = (text: string): string => element('title', {}, escaped(text));
const widthOf = (texts: readonly string[]): number =>
  Math.max(0, ...texts.map(({ length }) => length)) * LETTER;

/** The free area of a chart. */
interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The horizontal scale with its grid. */
function xAxis(scale: Scale, { left, right, top, bottom }: Area): string {
  const ticks = scale.ticks.map(({ value, label: text }) => {
    const x = left + placeOn(scale, value) * (right - left);
    return (
      element('line', { class: 'grid', x1: x, x2: x, y1: top, y2: bottom }) +
      // A wide label at the right end would run into the names of the lines.
      label(x, bottom + 13, text, { 'text-anchor': right - x < 9 && text.length > 3 ? 'end' : 'middle' })
    );
  });
  return ticks.join('') + label(right, bottom + 28, scale.label, { 'text-anchor': 'end', class: 'name' });
}

/** A chart as the content of an SVG element with its description. */
export function svgOf(chart: Chart): string {
  const [height, content] = contentOf(chart);
  return element(
    'svg',
    {
      viewBox: `0 0 ${WIDTH} ${round(height)}`,
      role: 'img',
      'aria-label': `${chart.title}. ${chart.subtitle}`,
      'font-size': FONT,
    },
    content,
  );
}

function contentOf({ x, y, lines: all, marks = [], rows }: Chart): [number, string] {
  const height = rows === undefined ? LINES_HEIGHT : TOP + BELOW + ROW_HEIGHT * rows;
  const area: Area = {
    left: 8 + widthOf(y.ticks.map((tick) => tick.label)),
    right: WIDTH - 8 - widthOf(all.map((line) => line.label)),
    top: rows === undefined ? 27 : TOP,
    bottom: height - BELOW,
  };
  const { left, right, top, bottom } = area;
  const xOf = (value: number) => left + placeOn(x, value) * (right - left);
  const yOf = (value: number) => bottom - placeOn(y, value) * (bottom - top);
  const ticks = y.ticks.map(
    ({ value, label: text }) =>
      element('line', { class: 'grid', x1: left, x2: right, y1: yOf(value), y2: yOf(value) }) +
      label(left - 5, yOf(value) + 4, text, { 'text-anchor': 'end' }),
  );
  const marked = marks.map(
    ({ x: value, label: text }) =>
      element('line', { class: 'mark', x1: xOf(value), x2: xOf(value), y1: top, y2: bottom }) +
      label(xOf(value), top - 3, text, { class: 'name' }),
  );
  const ends = spreadOut(
    all.map(({ points }) => yOf(points.at(-1)?.y ?? y.min)),
    FONT + 2,
    top,
    bottom,
  );
  const drawn = all.map(({ label: text, position, points, isModelled, isHollow }, index) => {
    const path = points.map((point) => `${round(xOf(point.x))},${round(yOf(point.y))}`).join(' ');
    const dots = isModelled
      ? []
      : points.map((point) => {
          const at = { cx: xOf(point.x), cy: yOf(point.y) };
          const { low, high } = point;
          const has = low !== undefined && high !== undefined && Number.isFinite(high);
          const ends =
            rows === undefined
              ? { x1: at.cx, x2: at.cx, y1: yOf(low ?? 0), y2: yOf(high ?? 0) }
              : { x1: xOf(low ?? 0), x2: xOf(high ?? 0), y1: at.cy, y2: at.cy };
          const bar = has ? element('line', { class: `stroke-${position} bar`, ...ends }) : '';
          const name = isHollow ? `stroke-${position} hollow` : `fill-${position}`;
          return bar + element('circle', { ...at, r: 3.4, class: name }, tip(point.note));
        });
    const line = element(
      'polyline',
      { class: `stroke-${position} line${isModelled ? ' modelled' : ''}`, points: path },
      tip(points.map(({ note }) => note).join('\n')),
    );
    const name =
      text === ''
        ? ''
        : label(
            right + 6,
            (ends[index] as number) + 4,
            text,
            rows === undefined ? { class: `fill-${position}` } : {},
          );
    return line + dots.join('') + name;
  });
  return [
    height,
    label(0, 11, y.label, { class: 'name' }) +
      ticks.join('') +
      xAxis(x, area) +
      marked.join('') +
      drawn.join(''),
  ];
}
