import { caveatsOf } from '../figures/caveats.js';
import {
  checkFacts,
  environmentFacts,
  hostFacts,
  methodFacts,
  oracleText,
  runFacts,
} from '../figures/provenance.js';
import type { Content } from './content.js';
import { Facts } from './facts.js';
import { Table } from './table.js';

/** The machine, the seeds, the modelled host and the method. */
export function Provenance({ results }: Content) {
  const { warnings } = results.environment;
  return (
    <>
      {warnings.length === 0 ? null : (
        <ul class="warnings">
          {warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      )}
      <Facts facts={environmentFacts(results)} />
      <h3>Run</h3>
      <Facts facts={runFacts(results)} />
      <h3>How answers were judged</h3>
      <p>{oracleText(results)}</p>
      <Facts facts={checkFacts()} />
      <h3>How times were compared</h3>
      <Facts facts={methodFacts(results)} />
      <h3>Modelled host</h3>
      <Table
        caption="Parameters of the modelled host, the same for every strategy"
        columns={[{ label: 'Parameter' }, { label: 'Value' }, { label: 'Meaning' }]}
        rows={hostFacts(results).map(({ name, value, meaning }) => ({
          key: name,
          header: <code>{name}</code>,
          cells: [value, <span class="prose">{meaning}</span>],
        }))}
      />
    </>
  );
}

/** The limits of the results. */
export function Limits({ results }: Content) {
  return <Facts facts={caveatsOf(results).map(({ subject, text }) => [subject, text])} />;
}
