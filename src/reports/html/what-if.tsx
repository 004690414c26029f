import type { Results } from '../../harness/results.js';
import { WHAT_IF_INTRODUCTION, whatIfData } from '../what-if-data.js';
import { SHARE_CHART, usualWhatIf, WHAT_IF_COLUMNS, whatIfRow } from '../what-if-model.js';
import { type DrawnChart, Figure } from './figure.js';
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
      <script
        id="what-if-data"
        type="application/json"
        dangerouslySetInnerHTML={{ __html: scriptJson(data) }}
      />
    </>
  );
}
