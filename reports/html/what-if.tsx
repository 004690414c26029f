import type { Results } from '../../harness/results/results.js';
import { FLOOR } from '../figures/cell-analysis.js';
import { CEILING_INTRODUCTION, WHAT_IF_INTRODUCTION, whatIfData } from '../figures/what-if-data.js';
import {
  CEILING_COLUMNS,
  CEILING_TABLE,
  type CeilingData,
  ceilingRow,
  LOAD_TABLE,
  SHARE_CHART,
  usualWhatIf,
  WHAT_IF_COLUMNS,
  type WhatIf as WhatIfChoice,
  whatIfRow,
} from '../figures/what-if-model.js';
import { Article } from './article.js';
import type { Content } from './content.js';
import { Figure } from './figure.js';
import { scriptJson } from './script-json.js';
import { strategyRow, Table } from './table.js';

/** The cost model with the reader's own unit costs; without scripts, with the report's. */
export function WhatIf({ results, charts }: Content) {
  const data = whatIfData(results);
  if (data === null) return <p>It needs the counted sweeps and {FLOOR}, which this run does not have.</p>;
  const usual = usualWhatIf(data);
  return (
    <>
      <p>{WHAT_IF_INTRODUCTION}</p>
      <form class="what-if" aria-label="Unit costs and host" hidden>
        {data.inputs.map(({ name, label, unit, least, most, usual: value }) => (
          <label key={name}>
            <span>
              {label}
              {unit === '' ? '' : `, ${unit}`}
            </span>
            <input type="number" name={name} min={least} max={most} step="any" value={value} required />
          </label>
        ))}
        <button type="reset">As in the report</button>
        <output aria-live="polite" />
      </form>
      <Figure drawn={charts.get(SHARE_CHART)} />
      <Article id={LOAD_TABLE} name="a load and a route" heading="A load and a route">
        <Table
          caption="A load and a route: the report's unit costs where you set none"
          columns={[{ label: 'Strategy' }, ...WHAT_IF_COLUMNS.map((label) => ({ label, isNumber: true }))]}
          rows={data.designs.map((design) =>
            strategyRow(results, design.strategy, whatIfRow(design, usual, data)),
          )}
        />
      </Article>
      {data.ceiling === null ? null : <Ceiling results={results} ceiling={data.ceiling} usual={usual} />}
      <script
        id="what-if-data"
        type="application/json"
        dangerouslySetInnerHTML={{ __html: scriptJson(data) }}
      />
    </>
  );
}

/** The number of updates at which the busiest lock of a host saturates, and the number that the host needs. */
function Ceiling({
  results,
  ceiling,
  usual,
}: {
  results: Results;
  ceiling: CeilingData;
  usual: WhatIfChoice;
}) {
  return (
    <Article id={CEILING_TABLE} name="the ceiling by the busiest lock" heading="The ceiling of a host">
      <p>{CEILING_INTRODUCTION}</p>
      <Table
        caption="Updates per second at which the busiest lock is always held: the report's own prices where you set none"
        columns={[
          { label: 'Strategy' },
          ...CEILING_COLUMNS.map((label, index) => ({ label, isNumber: index > 1 })),
        ]}
        rows={ceiling.locks.map(({ strategy, lock }) =>
          strategyRow(results, strategy, ceilingRow(lock, usual, ceiling)),
        )}
      />
    </Article>
  );
}
