// The fields of a map with two scales of categories: boxes with a text.
import type { Annotation } from './chart-annotations.d.js';
import { INK } from './palette.js';

/** Small enough for four digits in a field on a phone. */
const CELL_TEXT = { size: 11, weight: 'normal' } as const;

/** The text is above the hatching. */
const TEXT_LAYER = 2;
const HATCHING_LAYER = 1;

/** The diagonals of a hatched field: their offsets from the main diagonal, in heights of the field. */
const DIAGONALS = [-0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75];

/** The box of a field. */
export function cellBox(column: number, row: number, colour: string, content: string[]): Annotation {
  return {
    type: 'box',
    xScaleID: 'x',
    yScaleID: 'y',
    xMin: column - 0.5,
    xMax: column + 0.5,
    yMin: row - 0.5,
    yMax: row + 0.5,
    backgroundColor: colour,
    borderColor: INK.paper.light,
    borderWidth: 1,
    adjustScaleRange: false,
    label: {
      display: true,
      content,
      color: INK.text.light,
      font: CELL_TEXT,
      textAlign: 'center',
      padding: 0,
      z: TEXT_LAYER,
    },
  };
}

/** The hatching of a field. It has the colour of the paper, so the text above it stays legible. */
export function hatching(column: number, row: number): Annotation[] {
  return DIAGONALS.map((above) => ({
    type: 'line',
    xScaleID: 'x',
    yScaleID: 'y',
    xMin: column - 0.5 + Math.max(0, -above),
    xMax: column + 0.5 - Math.max(0, above),
    yMin: row + 0.5 - Math.max(0, above),
    yMax: row - 0.5 + Math.max(0, -above),
    borderColor: INK.paper.light,
    borderWidth: 2,
    adjustScaleRange: false,
    z: HATCHING_LAYER,
  }));
}
