import type { Contention as ContentionResults, Results } from '../../harness/results/results.js';
import { CONTENTION_CHART, THREADS_CHART } from '../charts/contention-charts.js';
import { waitSentences, waitTables } from '../figures/completion-waits.js';
import {
  agreementSentences,
  CONTENTION_INTRODUCTION,
  ceilingSentences,
  contentionFacts,
  contentionGaps,
  lossSentences,
  NO_CONTENTION,
  priceSentence,
} from '../figures/contention-sentences.js';
import { agreements } from '../figures/contention-simulation.js';
import {
  agreementTables,
  busiestTables,
  ceilingTables,
  priceTables,
  sharingTable,
  simulatedTables,
  throughputTable,
} from '../figures/contention-tables.js';
import { threadedLanes } from '../figures/contention-throughput.js';
import type { NumberTable } from '../words/number-table.js';
import { Article } from './article.js';
import type { Content } from './content.js';
import { Facts } from './facts.js';
import { Figure } from './figure.js';
import { NumberTables } from './number-tables.js';
import { Sentences } from './sentences.js';

/** Many CPUs at once: measured with threads, and simulated beyond. */
export function Contention({ results, charts }: Content) {
  const { contention } = results;
  if (contention === null) return <p>{NO_CONTENTION}</p>;
  return <Figures results={results} charts={charts} contention={contention} />;
}

function Figures({
  results,
  charts,
  contention,
}: Pick<Content, 'results' | 'charts'> & { contention: ContentionResults }) {
  const lanes = threadedLanes(results);
  const simulatedLanes = [...new Set(contention.simulated.map(({ lane }) => lane))];
  return (
    <>
      <p>{CONTENTION_INTRODUCTION}</p>
      <Sentences sentences={lossSentences(results, contention, lanes)} />
      <Sentences sentences={contentionGaps(results, contention, lanes)} />
      <Facts facts={contentionFacts(results, contention)} />
      <Article id="contention-measured" name="throughput with threads" heading="Measured with threads">
        <Figure drawn={charts.get(THREADS_CHART)} />
        <Tables
          results={results}
          tables={lanes.flatMap((lane) => [throughputTable(results, lane), sharingTable(results, lane)])}
        />
      </Article>
      <Article id="contention-simulated" name="throughput beyond this machine" heading="Beyond this machine">
        <Sentences sentences={ceilingSentences(contention)} />
        <Sentences sentences={agreementSentences(agreements(results, lanes))} />
        <Figure drawn={charts.get(CONTENTION_CHART)} />
        <Tables
          results={results}
          tables={[
            ...simulatedLanes.flatMap((lane) => [
              ...simulatedTables(results, contention, lane),
              ...ceilingTables(results, contention, lane),
            ]),
            ...agreementTables(results, lanes),
          ]}
        />
      </Article>
      {contention.waits === null ? null : (
        <Article
          id="contention-waits"
          name="hosts that wait for each flush"
          heading="Hosts that wait for each flush, as before v6.8"
        >
          <Sentences sentences={waitSentences(results, contention)} />
          <NumberTables results={results} tables={waitTables(results, contention)} />
        </Article>
      )}
      <Article
        id="contention-prices"
        name="unit costs and locks of the simulation"
        heading="Unit costs and locks"
      >
        <p>{priceSentence(lanes)}</p>
        <Tables
          results={results}
          tables={[...priceTables(contention), ...busiestTables(results, contention)]}
        />
      </Article>
    </>
  );
}

/** Tables, or a sentence if there are none. */
function Tables({ results, tables }: { results: Results; tables: readonly NumberTable[] }) {
  return tables.length === 0 ? (
    <p>There is no valid figure.</p>
  ) : (
    <NumberTables results={results} tables={tables} />
  );
}
