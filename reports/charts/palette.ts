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
 * dark. The strategies of the charts of lines have those with a contrast of 4.5, because their names are drawn in them.
 */
const COLOURS: readonly ThemedColour[] = [
  { light: '#00158e', dark: '#396be2' },
  { light: '#ad9045', dark: '#fee6aa' },
  { light: '#309bb3', dark: '#b1e8f7' },
  { light: '#4428c2', dark: '#888bf9' },
  { light: '#994407', dark: '#ef9260' },
  { light: '#643163', dark: '#b17aaf' },
  { light: '#341750', dark: '#795c9b' },
  { light: '#227ba2', dark: '#79ccf6' },
  { light: '#606060', dark: '#acacac' },
  { light: '#a76a3c', dark: '#fdb98a' },
  { light: '#7f2022', dark: '#d46d69' },
  { light: '#4f0c03', dark: '#9d5446' },
];

/** The positions of the results that are drawn differently. */
export const COLOUR_COUNT = 60;

/** The number of dashes has no factor in common with the number of colours: a pair repeats only after 60 strategies. */
const DASHES: readonly (readonly number[])[] = [[], [9, 3], [4, 2], [11, 3, 3, 3], [2, 2]];

/** How the strategy at a position of the results is drawn. */
export function strokeOf(position: number): Stroke {
  const colour = COLOURS[position % COLOURS.length] as ThemedColour;
  return { ...colour, dash: DASHES[position % DASHES.length] as readonly number[] };
}

/** The other colours of the PNGs; those of the page are in style.css. */
export const INK = { paper: '#ffffff', text: '#24292f', grid: '#e3e6ea', axis: '#8b949e' } as const;
