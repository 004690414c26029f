// A chart as plain data: one Chart.js configuration for the PNG and for the page alike, without functions; and what all
// charts have in common.
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
  /** What a pointer over it is told; by default the names of its dataset and scales with the figures. */
  readonly text?: string;
}

/** Points; those of which a page has thousands are no more than x and y. */
type ChartPoints = (ChartPoint | [number, number | null])[];

type ScatterConfiguration = ChartConfiguration<'scatter', ChartPoints, string[]>;
export type ScatterDataset = ChartDataset<'scatter', ChartPoints>;

/** One scale of a chart. */
type Scale = NonNullable<NonNullable<ChartOptions<'scatter'>['scales']>[string]>;

/** A chart, ready to draw. */
export interface Chart {
  /** Name of its file without ending; made of ids only. */
  readonly name: string;
  readonly title: string;
  /** How to read it. */
  readonly caption: string;
  readonly config: ScatterConfiguration;
  /** In CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** Device pixels of its image for each CSS pixel. */
  readonly pixelRatio: number;
}

/** In CSS pixels. */
export const WIDTH = 900;

/** Device pixels for each CSS pixel: sharper in print than 1, and half of the bytes of 2. */
export const PIXEL_RATIO = 1.5;

/** Each line of the title above a chart. */
export const TITLE_LINE_HEIGHT = 17;

/** Characters in one line of the title, on a screen as narrow as a telephone. */
const TITLE_COLUMNS = 48;

/** What the page replaces by its own font; registered with the PNG's canvas under this name. */
export const CHART_FONT = 'Report Sans';
const FAMILY = `'${CHART_FONT}', system-ui, sans-serif`;

/** Colours and sizes of the text of a scale. */
export const SCALE_TEXT = { color: INK.text.light, font: { size: 12 } } as const;

/** A title in lines that a narrow screen has room for, and what stands below it. */
export function headingOf(title: string, ...notes: string[]): string[] {
  return [...wrapAnsi(title, TITLE_COLUMNS, { hard: true }).split('\n'), ...notes];
}

/** What an image of times that travels alone must say of itself. @param processes - Of the figure that has the fewest. */
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

/** Processes of that interval which has the fewest; no end of them where there is none: what is counted is exact. */
export function fewestProcesses(intervals: readonly (ProcessInterval | null)[]): number {
  return Math.min(...intervals.flatMap((interval) => interval?.n ?? []));
}

/** How a strategy of the results is drawn. */
export function strokeFor({ strategies }: Results, strategy: string): Stroke {
  return strokeOf(strategies.findIndex(({ id }) => id === strategy));
}

/** What differs from chart to chart. */
interface ChartParts {
  readonly heading: string[];
  readonly datasets: ScatterDataset[];
  readonly x: Scale;
  readonly y: Scale;
  readonly annotations: Record<string, Annotation>;
  /** What is drawn in the legend below; without it there is none. */
  readonly legend?: 'lines' | 'points' | 'boxes';
}

/**
 * The boxes of the legend. One without height is a line, with the strategy's dash; it is drawn to and fro, and 35 pixels
 * are the length at which every dash comes back onto itself.
 */
const LEGEND_BOXES = {
  lines: { boxWidth: 35, boxHeight: 0 },
  points: { usePointStyle: true, pointStyleWidth: 11, boxHeight: 8 },
  boxes: { boxWidth: 14, boxHeight: 12 },
} as const;

/** The configuration of a chart. */
export function configuration({
  heading,
  datasets,
  x,
  y,
  annotations,
  legend,
}: ChartParts): ScatterConfiguration {
  return {
    type: 'scatter',
    data: { datasets },
    options: {
      animation: false,
      maintainAspectRatio: false,
      // A place between two categories is a number that must be left as it is.
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
