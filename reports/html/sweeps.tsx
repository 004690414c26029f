import { crossoverChartName } from '../charts/crossover-charts.js';
import { countedChartName, timedChartName } from '../charts/curve-charts.js';
import { LOOK_UP, NO_LOOK_UP } from '../figures/cost-answers.js';
import { crossoverMaps, crossoverTable, sourceText } from '../figures/crossover.js';
import { crossingSentences, SWEEP_INTRODUCTION, sweepTables } from '../figures/sweep-tables.js';
import { timedAxes } from '../figures/timed-sweeps.js';
import { languageText } from '../words/wording.js';
import { Article } from './article.js';
import type { Content } from './content.js';
import { Figure } from './figure.js';
import { NumberTables } from './number-tables.js';
import { Sentences } from './sentences.js';

/** The growth of work and times along the axes of the sweeps. */
export function Sweeps({ results, charts }: Content) {
  if (results.sweeps.length === 0) return <p>No host of a sweep was counted or timed in this run.</p>;
  return (
    <>
      <p>{SWEEP_INTRODUCTION}</p>
      <Sentences sentences={crossingSentences(results, LOOK_UP, NO_LOOK_UP)} />
      {sweepTables(results).map((table) => (
        <Article
          key={table.axis}
          id={`sweep-${table.axis}`}
          name={`the sweep of ${table.axis}`}
          heading={table.axis}
        >
          <Figure drawn={charts.get(countedChartName(table.axis))} />
          <NumberTables results={results} tables={[table]} />
        </Article>
      ))}
      {crossoverMaps(results).map((map) => (
        <Article
          key={map.source}
          id={crossoverChartName(map)}
          name={`the map of hosts, ${sourceText(map)}`}
          heading={`${NO_LOOK_UP} / ${LOOK_UP} by host, ${sourceText(map)}`}
        >
          <Figure drawn={charts.get(crossoverChartName(map))} />
          <NumberTables results={results} tables={[crossoverTable(results, map)]} />
        </Article>
      ))}
      {timedAxes(results).map(({ axis, lane, table, crossings }) => {
        const heading = `${axis}, timed in ${languageText(lane)}`;
        return (
          <Article
            key={heading}
            id={`sweep-${axis}-${lane}`}
            name={`the sweep of ${heading}`}
            heading={heading}
          >
            <Sentences sentences={crossings} />
            <Figure drawn={charts.get(timedChartName(axis, lane))} />
            <NumberTables results={results} tables={[table]} />
          </Article>
        );
      })}
    </>
  );
}
