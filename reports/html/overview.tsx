import type { Results } from '../../harness/results/results.js';
import { HEATMAP_NAME } from '../charts/heatmap.js';
import { MEMORY_SPEED_NAME } from '../charts/memory-speed-chart.js';
import { memoryAndSpeed, memorySpeedTable } from '../figures/memory-speed.js';
import { normalisedTable, yardstickOf } from '../figures/normalised.js';
import { isTimed, type SurveyedCell } from '../figures/survey.js';
import { NOT_TIMED } from '../figures/verdict-sentences.js';
import { type DrawnChart, Figure } from './figure.js';
import { LinkedHeading } from './headings.js';
import { NumberTables } from './number-tables.js';

interface OverviewProps {
  readonly results: Results;
  readonly cells: readonly SurveyedCell[];
  readonly charts: ReadonlyMap<string, DrawnChart>;
}

/** Every design in every workload beside one of them, and what it holds beside what it takes. */
export function Overview({ results, cells, charts }: OverviewProps) {
  const timed = cells.filter(isTimed);
  const [first] = timed;
  if (first === undefined) return <p>{NOT_TIMED}</p>;
  return (
    <>
      <article id="heatmap">
        <LinkedHeading id="heatmap" name="the heat map">
          {`Beside ${yardstickOf(results, timed) ?? 'the best of each workload'}`}
        </LinkedHeading>
        <Figure drawn={charts.get(HEATMAP_NAME)} />
        <NumberTables results={results} tables={[normalisedTable(results, timed)]} />
      </article>
      <article id="memory-speed">
        <LinkedHeading id="memory-speed" name="memory against speed">
          Memory against speed
        </LinkedHeading>
        <Figure drawn={charts.get(MEMORY_SPEED_NAME)} />
        <NumberTables
          results={results}
          tables={[memorySpeedTable(results, first, memoryAndSpeed(results, first))]}
        />
      </article>
    </>
  );
}
