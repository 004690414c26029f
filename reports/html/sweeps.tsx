import type { Results } from '../../harness/results/results.js';
import { crossoverChartName } from '../charts/crossover-charts.js';
import { countedChartName, timedChartName } from '../charts/curve-charts.js';
import { LOOK_UP, NO_LOOK_UP } from '../figures/cost-answers.js';
import { crossoverMaps, crossoverTable, sourceText } from '../figures/crossover.js';
import { crossingSentences, SWEEP_INTRODUCTION, sweepTables, timedAxes } from '../figures/sweep-tables.js';
import { type DrawnChart, Figure } from './figure.js';
import { LinkedHeading } from './headings.js';
import { NumberTables } from './number-tables.js';

interface SweepsProps {
  readonly results: Results;
  readonly charts: ReadonlyMap<string, DrawnChart>;
}

/** How work and times grow along the axes of the sweeps. */
export function Sweeps({ results, charts }: SweepsProps) {
  if (results.sweeps.length === 0) return <p>No host of a sweep was counted or timed in this run.</p>;
  return (
    <>
      <p>{SWEEP_INTRODUCTION}</p>
      {crossingSentences(results, LOOK_UP, NO_LOOK_UP).map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {sweepTables(results).map((table) => (
        <article key={table.axis} id={`sweep-${table.axis}`}>
          <LinkedHeading id={`sweep-${table.axis}`} name={`the sweep of ${table.axis}`}>
            {table.axis}
          </LinkedHeading>
          <Figure drawn={charts.get(countedChartName(table.axis))} />
          <NumberTables results={results} tables={[table]} />
        </article>
      ))}
      {crossoverMaps(results).map((map) => (
        <article key={map.source} id={crossoverChartName(map)}>
          <LinkedHeading id={crossoverChartName(map)} name={`the map of hosts, ${sourceText(map)}`}>
            {NO_LOOK_UP} / {LOOK_UP} by host, {sourceText(map)}
          </LinkedHeading>
          <Figure drawn={charts.get(crossoverChartName(map))} />
          <NumberTables results={results} tables={[crossoverTable(results, map)]} />
        </article>
      ))}
      {timedAxes(results).map(({ axis, lane, table, crossings }) => (
        <article key={`${axis} ${lane}`} id={`sweep-${axis}-${lane}`}>
          <LinkedHeading
            id={`sweep-${axis}-${lane}`}
            name={`the sweep of ${axis}, timed ${lane === 'v8' ? 'in V8' : 'in C'}`}
          >
            {axis}, timed {lane === 'v8' ? 'in V8' : 'in C'}
          </LinkedHeading>
          {crossings.map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
          <Figure drawn={charts.get(timedChartName(axis, lane))} />
          <NumberTables results={results} tables={[table]} />
        </article>
      ))}
    </>
  );
}
