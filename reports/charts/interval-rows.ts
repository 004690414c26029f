// What charts with a row for each strategy have in common: labels, heights, and intervals as lines.
import wrapAnsi from 'wrap-ansi';
import type { Interval } from '../../harness/results/statistics.js';
import { type CellAnalysis, isWrong } from '../figures/cell-analysis.js';
import { isBounded } from '../words/wording.js';
import { SCALE_TEXT, type ScatterDataset, TITLE_LINE_HEIGHT } from './chart.js';
import { INK, type Stroke } from './palette.js';

/** In CSS pixels. */
const LEAST_ROW_HEIGHT = 38;
const LABEL_LINE_HEIGHT = 17;
/** Room for the axis below the rows. */
const AXIS_HEIGHT = 84;

/** Characters of an id in one line of a row's label. */
const LABEL_COLUMNS = 22;

/** Small enough that an interval of a few per cent shows at its sides. */
const POINT_RADIUS = 3.5;

/** The scale of rows with these labels, from 0 at the top. */
export function rowScale(labels: string[][]) {
  return {
    type: 'category',
    labels,
    offset: true,
    border: { color: INK.axis.light },
    grid: { display: false },
    ticks: { ...SCALE_TEXT, autoSkip: false },
  } as const;
}

export function heightOf(heading: readonly string[], labels: readonly string[][]): number {
  const lines = Math.max(...labels.map(({ length }) => length));
  const row = Math.max(LEAST_ROW_HEIGHT, LABEL_LINE_HEIGHT * lines);
  return AXIS_HEIGHT + TITLE_LINE_HEIGHT * heading.length + row * labels.length;
}

export function rowLabel(id: string, mark: string | null): string[] {
  const lines = wrapAnsi(id, LABEL_COLUMNS, { hard: true }).split('\n');
  return mark === null ? lines : [...lines, mark];
}

export function rowMark(
  analysis: CellAnalysis,
  strategy: string,
  figures: object | undefined,
): string | null {
  if (figures === undefined) return '(void)';
  return isWrong(analysis, strategy) ? '(wrong answers)' : null;
}

export function singleProcessNote({ cell }: CellAnalysis): string {
  return cell.timing.processes === 1 ? ' A single process has no interval: the point stands alone.' : '';
}

/** An interval as a horizontal line around its estimate; only the estimate where it has no bounds. */
export function lineDataset(
  label: string,
  interval: Interval,
  y: number,
  text: string,
  stroke: Stroke,
  {
    width,
    isHollow,
    hasPoint,
    shape = 'circle',
  }: { width: number; isHollow: boolean; hasPoint: boolean; shape?: 'circle' | 'rectRot' },
): ScatterDataset {
  const { low, estimate, high } = interval;
  const isLine = isBounded(interval);
  const radius = hasPoint ? POINT_RADIUS : 0;
  const end = width + 2;
  return {
    label,
    data: (isLine ? [low, estimate, high] : [estimate]).map((x) => ({ x, y, text })),
    showLine: isLine,
    borderColor: stroke.light,
    borderWidth: width,
    borderDash: [...stroke.dash],
    // Upright strokes close the ends, which a dash may leave open.
    pointStyle: isLine ? ['line', shape, 'line'] : shape,
    pointRotation: isLine ? [90, 0, 90] : 0,
    pointRadius: isLine ? [end, radius, end] : radius,
    pointHitRadius: hasPoint ? 6 : 0,
    pointBorderWidth: hasPoint ? 2 : 1,
    pointBorderColor: stroke.light,
    pointBackgroundColor: isHollow ? INK.paper.light : stroke.light,
  };
}
