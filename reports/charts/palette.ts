// How strategies are drawn. The position in the results decides, so a strategy looks the same in every chart.

/** A colour on white paper, and its counterpart on a dark screen. */
interface ThemedColour {
  readonly light: string;
  readonly dark: string;
}

/** How a strategy is drawn. */
export interface Stroke extends ThemedColour {
  /** Lengths of dashes and gaps in pixels; empty for a solid line. */
  readonly dash: readonly number[];
}

/**
 * Found by search: 12 colours with a contrast of at least 3 to their background. The search maximised the smallest
 * distance of two colours in OKLab, for normal sight, simulated protanopia, deuteranopia and tritanopia, in light and
 * dark. Strategies that are neighbours in the debate have very different colours.
 */
const COLOURS: readonly ThemedColour[] = [
  { light: '#994407', dark: '#ef9260' },
  { light: '#ad9045', dark: '#fee6aa' },
  { light: '#309bb3', dark: '#b1e8f7' },
  { light: '#4428c2', dark: '#888bf9' },
  { light: '#00158e', dark: '#396be2' },
  { light: '#643163', dark: '#b17aaf' },
  { light: '#7f2022', dark: '#d46d69' },
  { light: '#227ba2', dark: '#79ccf6' },
  { light: '#606060', dark: '#acacac' },
  { light: '#a76a3c', dark: '#fdb98a' },
  { light: '#341750', dark: '#795c9b' },
  { light: '#4f0c03', dark: '#9d5446' },
];

/** The number of dashes has no factor in common with the number of colours: a pair repeats only after 60 strategies. */
const DASHES: readonly (readonly number[])[] = [[], [9, 3], [4, 2], [11, 3, 3, 3], [2, 2]];

/** How the strategy at a position of the results is drawn. */
export function strokeOf(position: number): Stroke {
  const colour = COLOURS[position % COLOURS.length] as ThemedColour;
  return { ...colour, dash: DASHES[position % DASHES.length] as readonly number[] };
}

/** Equal figures overlap, so the points differ in shape too. */
const SHAPES = [
  { style: 'circle', rotation: 0 },
  { style: 'rect', rotation: 0 },
  { style: 'triangle', rotation: 0 },
  { style: 'rectRot', rotation: 0 },
  { style: 'triangle', rotation: 180 },
] as const;

/** The point of the strategy at a position of the results. */
export function shapeOf(position: number): (typeof SHAPES)[number] {
  return SHAPES[position % SHAPES.length] as (typeof SHAPES)[number];
}

/**
 * The part of a strategy's colour in its tints. Two adjacent areas also differ in depth, so their colours do not matter.
 * The text of {@link INK} is legible on all of them.
 */
const TINTS = {
  pale: { light: 0.18, dark: 0.18 },
  deep: { light: 0.4, dark: 0.34 },
} as const;

/** The tint of an area that belongs to the strategy at a position of the results. */
export function tintOf(position: number, depth: keyof typeof TINTS): ThemedColour {
  const colour = COLOURS[position % COLOURS.length] as ThemedColour;
  const part = TINTS[depth];
  return {
    light: mixed(colour.light, INK.paper.light, part.light),
    dark: mixed(colour.dark, INK.paper.dark, part.dark),
  };
}

/** A mixture of two colours. @param part - The part of the first. */
function mixed(one: string, other: string, part: number): string {
  const channels = [1, 3, 5].map((start) => {
    const [a, b] = [one, other].map((colour) => Number.parseInt(colour.slice(start, start + 2), 16));
    return Math.round(part * (a as number) + (1 - part) * (b as number));
  });
  return `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

/** A scale from little to much in one hue. The text of {@link INK} is legible on all of them. */
export const HEAT: readonly ThemedColour[] = [
  { light: '#f1f6fb', dark: '#1a2330' },
  { light: '#d9e8f5', dark: '#1d2f45' },
  { light: '#bcd7ee', dark: '#213b5b' },
  { light: '#9dc4e5', dark: '#254872' },
  { light: '#7fb0db', dark: '#285388' },
  { light: '#629bcf', dark: '#2a5e9b' },
];

/** The other colours of charts. */
export const INK = {
  paper: { light: '#ffffff', dark: '#15181d' },
  text: { light: '#24292f', dark: '#d5dae1' },
  grid: { light: '#e3e6ea', dark: '#2c323b' },
  axis: { light: '#8b949e', dark: '#7d8793' },
  band: { light: '#eef1f5', dark: '#20262e' },
} as const satisfies Record<string, ThemedColour>;

/** The dark counterpart of every colour of the charts. */
export const DARK_COLOURS: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ...COLOURS,
    ...COLOURS.flatMap((_, position) => [tintOf(position, 'pale'), tintOf(position, 'deep')]),
    ...HEAT,
    ...Object.values(INK),
  ].map(({ light, dark }) => [light, dark]),
);
