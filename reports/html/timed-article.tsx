import type { ComponentChildren } from 'preact';
import { type CellAnalysis, isTimed } from '../figures/cell-analysis.js';
import { NOT_TIMED } from '../figures/verdict-sentences.js';
import { Article } from './article.js';
import { RecordingLabel } from './labels.js';

/**
 * The article of a workload in a section about times. It says so where the workload was not timed.
 *
 * @param place - The id of the article without the workload.
 */
export function TimedArticle({
  place,
  what,
  cell,
  children,
}: {
  place: string;
  what: string;
  cell: CellAnalysis;
  children: ComponentChildren;
}) {
  const { id } = cell.workload;
  return (
    <Article id={`${place}-${id}`} name={`${what}, ${id}`} heading={id} data-workload={id}>
      <RecordingLabel workload={cell.workload} />
      {isTimed(cell) ? children : <p>{NOT_TIMED}</p>}
    </Article>
  );
}
