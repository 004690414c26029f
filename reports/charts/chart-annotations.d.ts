// The options of chartjs-plugin-annotation that charts use. The plugin's own types import each other without extensions,
// which Node's resolution of ES modules rejects.
import type { ChartType } from 'chart.js';

interface OnScale {
  adjustScaleRange: false;
  drawTime?: 'beforeDatasetsDraw';
  z?: number;
}

/** A line across the chart. */
export interface LineAnnotation extends OnScale {
  type: 'line';
  scaleID: 'x' | 'y';
  value: number;
  borderColor: string;
  borderWidth: number;
  borderDash?: number[];
}

interface ArrowHead {
  display: true;
  length: number;
  width: number;
  borderColor: string;
  borderWidth: number;
}

/** A line from one place to another. */
interface SegmentAnnotation extends OnScale {
  type: 'line';
  xScaleID?: 'x';
  yScaleID?: 'y';
  xMin: number;
  xMax: number;
  yMin: number;
  yMax: number;
  borderColor: string;
  borderWidth: number;
  arrowHeads?: { start?: ArrowHead; end?: ArrowHead };
}

interface BoxAnnotation extends OnScale {
  type: 'box';
  xScaleID: 'x';
  xMin: number;
  xMax: number;
  yScaleID?: 'y';
  yMin?: number;
  yMax?: number;
  backgroundColor: string;
  borderColor?: string;
  borderWidth: number;
  label?: {
    display: true;
    content: string[];
    color: string;
    font: { size: number; weight: 'normal' };
    textAlign: 'center';
    padding: number;
    z: number;
  };
}

interface LabelAnnotation extends OnScale {
  type: 'label';
  xScaleID: 'x';
  yScaleID: 'y';
  xValue: number;
  yValue: number;
  position: { x: 'start' | 'center' | 'end'; y: 'start' | 'center' };
  content: string;
  color: string;
  font: { size: number };
  padding: number;
}

/** A mark on a chart. */
export type Annotation = LineAnnotation | SegmentAnnotation | BoxAnnotation | LabelAnnotation;

declare module 'chart.js' {
  // The parameter must be named as in the declaration that this one merges with.
  interface PluginOptionsByType<TType extends ChartType> {
    annotation: { clip: boolean; annotations: Record<string, Annotation> };
  }
}
