// Charts with a row for each strategy: labels, heights, and intervals as lines.
import wrapAnsi from 'wrap-ansi';
import type { Interval } from '../../harness/results/statistics.js';
import { type CellAnalysis, isWrong } from '../figures/cell-analysis.js';
import { isBounded } from '../words/wording.js';
import { SCALE_TEXT, type ScatterDataset, TITLE_LINE_HEIGHT } from './chart.js';
import { INK, type Stroke } from './palette.js';

// Heights in CSS pixels: a row, a line of its label, and the axis below the rows.
const LEAST_ROW_HEIGHT = 38;
const LABEL_LINE_HEIGHT = 17;
const AXIS_HEIGHT = 84;

/** Characters in a line of a row's label. */
const LABEL_COLUMNS = 22;

/** Small enough that an interval of a few per cent is wider than the point. */
const POINT_RADIUS = 3.5;

/** A scale of categories, each label in lines. As the vertical scale it begins at the top. */
export function categoryScale(labels: string[][]) {
  return {
    type: 'category',
    labels,
    offset: true,
    border: { color: INK.axis.light },
    grid: { display: false },
    ticks: { ...SCALE_TEXT, autoSkip: false },
  } as const;
}

/** The height of a chart with these rows. */
export function heightOf(heading: readonly string[], labels: readonly string[][]): number {
  const lines = Math.max(...labels.map(({ length }) => length));
  const row = Math.max(LEAST_ROW_HEIGHT, LABEL_LINE_HEIGHT * lines);
  return AXIS_HEIGHT + TITLE_LINE_HEIGHT * heading.length + row * labels.length;
}

/** The label of a row, in lines. */
export function rowLabel(id: string, mark: string | null): string[] {
  const lines = wrapAnsi(id, LABEL_COLUMNS, { hard: true }).split('\n');
  return mark === null ? lines : [...lines, mark];
}

/** The mark of a row: void without figures, wrong answers, or none. */
export function rowMark(cell: CellAnalysis, strategy: string, figures: object | undefined): string | null {
  if (figures === undefined) return '(void)';
  return isWrong(cell, strategy) ? '(wrong answers)' : null;
}

/** The sentence of a caption if there is no interval. */
export function singleProcessNote({ cell }: CellAnalysis): string {
  return cell.timing.processes === 1 ? ' A single process has no interval: the point stands alone.' : '';
}

/** An interval of a row. */
interface RowInterval {
  readonly label: string;
  readonly interval: Interval;
  readonly y: number;
  /** The tooltip. */
  readonly text: string;
  readonly stroke: Stroke;
  readonly width: number;
  /** The point at the estimate; without it there is none. */
  readonly point?: { readonly isHollow: boolean; readonly shape?: 'circle' | 'rectRot' };
}

/** An interval as a horizontal line through its estimate; the estimate alone if it has no bounds. */
export function intervalDataset({
  label,
  interval,
  y,
  text,
  stroke,
  width,
  point,
}: RowInterval): ScatterDataset {
  const { low, estimate, high } = interval;
  const isLine = isBounded(interval);
  const radius = point === undefined ? 0 : POINT_RADIUS;
  const shape = point?.shape ?? 'circle';
  const end = width + 2;
  return {
    label,
    data: (isLine ? [low, estimate, high] : [estimate]).map((x) => ({ x, y, text })),
    showLine: isLine,
    borderColor: stroke.light,
    borderWidth: width,
    borderDash: [...stroke.dash],
    // Upright strokes mark the ends, where a dash may leave a gap.
    pointStyle: isLine ? ['line', shape, 'line'] : shape,
    pointRotation: isLine ? [90, 0, 90] : 0,
    pointRadius: isLine ? [end, radius, end] : radius,
    pointHitRadius: point === undefined ? 0 : 6,
    pointBorderWidth: point === undefined ? 1 : 2,
    pointBorderColor: stroke.light,
    pointBackgroundColor: point?.isHollow ? INK.paper.light : stroke.light,
  };
}
