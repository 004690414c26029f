// Cells of a map: a box with a text in it, between the places of two scales of categories.
import type { Annotation } from './chart-annotations.d.js';
import { INK } from './palette.js';

/** Small enough for four digits in a cell of a screen as narrow as a telephone. */
const CELL_TEXT = { size: 11, weight: 'normal' } as const;

/** Above the hatching. */
const TEXT_LAYER = 2;
const HATCHING_LAYER = 1;

/** Diagonals of a hatched cell, by how far above its own they lie in parts of its height. */
const DIAGONALS = [-0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75];

/** A cell at the place of a column and a row. */
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

/** Lines across a cell, in the colour of the paper, so that a text on them can be read. */
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
