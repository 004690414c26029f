import type { Results } from '../../harness/results/results.js';
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
import { type DrawnChart, Figure } from './figure.js';
import { LinkedHeading } from './headings.js';
import { StrategyName } from './marks.js';
import { scriptJson } from './script-json.js';
import { Table } from './table.js';

/** The cost model with the reader's own prices; without scripts, with the report's. */
export function WhatIf({ results, charts }: { results: Results; charts: ReadonlyMap<string, DrawnChart> }) {
  const data = whatIfData(results);
  if (data === null) return <p>The hosts that it is computed from were not counted in this run.</p>;
  const usual = usualWhatIf(data);
  return (
    <>
      <p>{WHAT_IF_INTRODUCTION}</p>
      <form class="what-if" aria-label="Prices and host" hidden>
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
      <article id={LOAD_TABLE}>
        <LinkedHeading id={LOAD_TABLE} name="a load, priced">
          A load
        </LinkedHeading>
        <Table
          caption="A load, priced: the report's own prices where you set none"
          columns={[{ label: 'Strategy' }, ...WHAT_IF_COLUMNS.map((label) => ({ label, isNumber: true }))]}
          rows={data.designs.map((design) => ({
            key: design.strategy,
            strategy: design.strategy,
            header: <StrategyName results={results} id={design.strategy} />,
            cells: whatIfRow(design, usual, data),
          }))}
        />
      </article>
      {data.ceiling === null ? null : <Ceiling results={results} ceiling={data.ceiling} usual={usual} />}
      <script
        id="what-if-data"
        type="application/json"
        dangerouslySetInnerHTML={{ __html: scriptJson(data) }}
      />
    </>
  );
}

/** How many updates a host can make at the most, and how many of them it makes. */
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
    <article id={CEILING_TABLE}>
      <LinkedHeading id={CEILING_TABLE} name="the ceiling by the busiest lock">
        The ceiling of a host
      </LinkedHeading>
      <p>{CEILING_INTRODUCTION}</p>
      <Table
        caption="Updates per second at which the busiest lock is always held: the report's own prices where you set none"
        columns={[
          { label: 'Strategy' },
          ...CEILING_COLUMNS.map((label, index) => ({ label, isNumber: index > 1 })),
        ]}
        rows={ceiling.locks.map(({ strategy, lock }) => ({
          key: strategy,
          strategy,
          header: <StrategyName results={results} id={strategy} />,
          cells: ceilingRow(lock, usual, ceiling),
        }))}
      />
    </article>
  );
}
