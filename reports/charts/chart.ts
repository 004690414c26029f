// A chart as plain data: one Chart.js configuration without functions, for both the PNG and the page.
import type { ChartConfiguration, ChartDataset, ChartOptions } from 'chart.js';
import wrapAnsi from 'wrap-ansi';
import type { Lane, Results, WorkloadInfo } from '../../harness/results/results.js';
import type { ProcessInterval } from '../../harness/results/statistics.js';
import { verdictNotes } from '../figures/verdict-sentences.js';
import type { Annotation } from './chart-annotations.d.js';
import { INK, type Stroke, strokeOf } from './palette.js';

/** A point; a line breaks where `y` is null. */
interface ChartPoint {
  readonly x: number;
  readonly y: number | null;
  /** Its tooltip; by default the names of its dataset and scales with the figures. */
  readonly text?: string;
}

/** Points. Charts with thousands of points write them as pairs, to save bytes. */
type ChartPoints = (ChartPoint | [number, number | null])[];

type ScatterConfiguration = ChartConfiguration<'scatter', ChartPoints, string[]>;
export type ScatterDataset = ChartDataset<'scatter', ChartPoints>;

/** One scale of a chart. */
type Scale = NonNullable<NonNullable<ChartOptions<'scatter'>['scales']>[string]>;

/** A chart, ready to draw. */
export interface Chart {
  /** Name of its file without the extension. */
  readonly name: string;
  readonly title: string;
  /** Says how to read it. */
  readonly caption: string;
  readonly config: ScatterConfiguration;
  /** Size in CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** Device pixels of the image for each CSS pixel. */
  readonly pixelRatio: number;
}

/** Width of every chart, in CSS pixels. */
const WIDTH = 900;

/** Device pixels for each CSS pixel: sharper in print than 1, and half the bytes of 2. */
const PIXEL_RATIO = 1.5;

/** Height of a line of the title, in CSS pixels. */
export const TITLE_LINE_HEIGHT = 17;

/** Characters in a line of the title. A phone has room for no more. */
const TITLE_COLUMNS = 48;

/** The font of the PNG. The page has its own font instead. */
export const CHART_FONT = 'Report Sans';
const FAMILY = `'${CHART_FONT}', system-ui, sans-serif`;

/** Colours and sizes of the text of a scale. */
export const SCALE_TEXT = { color: INK.text.light, font: { size: 12 } } as const;

/** A title, wrapped for a narrow screen, and the notes below it. */
export function headingOf(title: string, ...notes: string[]): string[] {
  return [...wrapAnsi(title, TITLE_COLUMNS, { hard: true }).split('\n'), ...notes];
}

/**
 * The heading of a chart of times. An image may be shown without the report, so it says what was timed.
 *
 * @param processes - The fewest processes behind any of its figures.
 */
export function timedHeading(
  title: string,
  lane: Lane,
  workload: WorkloadInfo | null,
  processes: number,
): string[] {
  return headingOf(
    title,
    ...(lane === 'v8'
      ? ['V8 model, not the kernel;', 'locks are plain loads and stores']
      : ['C on the model, not the kernel']),
    ...(workload?.recording ? ['the schedule was recorded, the rest is assumed'] : []),
    ...verdictNotes(processes),
  );
}

/** The fewest processes behind any interval; infinite without intervals, since counts are exact. */
export function fewestProcesses(intervals: readonly (ProcessInterval | null)[]): number {
  return Math.min(...intervals.flatMap((interval) => interval?.n ?? []));
}

/** The position of a strategy in the results, which decides how it is drawn. */
export function positionOf({ strategies }: Results, strategy: string): number {
  return strategies.findIndex(({ id }) => id === strategy);
}

/** How a strategy is drawn. */
export function strokeFor(results: Results, strategy: string): Stroke {
  return strokeOf(positionOf(results, strategy));
}

/** The line of a strategy. */
export function lineOf(results: Results, strategy: string, width: number) {
  const { light, dash } = strokeFor(results, strategy);
  return {
    label: strategy,
    showLine: true,
    borderColor: light,
    borderWidth: width,
    borderDash: [...dash],
  } satisfies Omit<ScatterDataset, 'data'>;
}

/** The parts in which charts differ. */
interface ChartParts extends Pick<Chart, 'name' | 'title' | 'caption' | 'height'> {
  readonly pixelRatio?: number;
  readonly heading: string[];
  readonly datasets: ScatterDataset[];
  readonly x: Scale;
  readonly y: Scale;
  readonly annotations: Record<string, Annotation>;
  /** The symbols of the legend; without it there is no legend. */
  readonly legend?: keyof typeof LEGEND_BOXES;
}

/**
 * The boxes of the legend. A box without height is a line with the strategy's dash. Chart.js draws it forth and back, and
 * with 35 pixels every dash meets itself again.
 */
const LEGEND_BOXES = {
  lines: { boxWidth: 35, boxHeight: 0 },
  points: { usePointStyle: true, pointStyleWidth: 11, boxHeight: 8 },
  boxes: { boxWidth: 14, boxHeight: 12 },
} as const;

/** A chart of these parts. */
export function chartOf({
  name,
  title,
  caption,
  height,
  pixelRatio = PIXEL_RATIO,
  ...parts
}: ChartParts): Chart {
  return { name, title, caption, width: WIDTH, height, pixelRatio, config: configurationOf(parts) };
}

function configurationOf({
  heading,
  datasets,
  x,
  y,
  annotations,
  legend,
}: Omit<ChartParts, keyof Chart>): ScatterConfiguration {
  return {
    type: 'scatter',
    data: { datasets },
    options: {
      animation: false,
      maintainAspectRatio: false,
      // Parsing would round a place between two categories.
      parsing: false,
      locale: 'en-US',
      font: { family: FAMILY },
      layout: { padding: { left: 4, right: 18, top: 4, bottom: 4 } },
      scales: { x, y },
      plugins: {
        legend:
          legend === undefined
            ? { display: false }
            : {
                display: true,
                position: 'bottom',
                labels: {
                  ...LEGEND_BOXES[legend],
                  color: INK.text.light,
                  font: { family: FAMILY, size: 12 },
                },
              },
        title: {
          display: true,
          text: heading,
          color: INK.text.light,
          font: { family: FAMILY, size: 13, weight: 'normal' },
        },
        tooltip: { displayColors: false, bodyFont: { family: FAMILY, size: 12 } },
        annotation: { clip: false, annotations },
      },
    },
  };
}
