import { HEATMAP_NAME } from '../charts/heatmap.js';
import { MEMORY_SPEED_NAME } from '../charts/memory-speed-chart.js';
import { isTimed } from '../figures/cell-analysis.js';
import { memoryAndSpeed, memorySpeedTable } from '../figures/memory-speed.js';
import { relativeTimeTable } from '../figures/relative-times.js';
import { NOT_TIMED } from '../figures/verdict-sentences.js';
import { Article } from './article.js';
import type { Content } from './content.js';
import { Figure } from './figure.js';
import { NumberTables } from './number-tables.js';

/** The times of all strategies in all workloads, and the memory that strategies hold against their times. */
export function Overview({ results, cells, charts }: Content) {
  const timed = cells.filter(isTimed);
  const [first] = timed;
  if (first === undefined) return <p>{NOT_TIMED}</p>;
  return (
    <>
      <Article id="heatmap" name="the heat map" heading={`Time relative to ${results.run.baseline}`}>
        <Figure drawn={charts.get(HEATMAP_NAME)} />
        <NumberTables results={results} tables={[relativeTimeTable(results, timed)]} />
      </Article>
      <Article id="memory-speed" name="memory against speed" heading="Memory against speed">
        <Figure drawn={charts.get(MEMORY_SPEED_NAME)} />
        <NumberTables
          results={results}
          tables={[memorySpeedTable(results, first, memoryAndSpeed(results, first))]}
        />
      </Article>
    </>
  );
}
