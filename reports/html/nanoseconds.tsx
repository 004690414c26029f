import type { Results } from '../../harness/results/results.js';
import { nanosecondsChartName } from '../charts/nanoseconds-charts.js';
import { distributionChartName, seriesChartName } from '../charts/sample-charts.js';
import type { CellAnalysis } from '../figures/cell-analysis.js';
import { batchTimes, distributionTable, processTable } from '../figures/distributions.js';
import { sampleFacts } from '../figures/samples.js';
import {
  bytesText,
  confidenceText,
  countText,
  intervalText,
  nanosecondsText,
  numberOf,
} from '../words/wording.js';
import type { Content } from './content.js';
import { Figure } from './figure.js';
import { WrongAnswers } from './labels.js';
import { NumberTables } from './number-tables.js';
import { type Row, strategyRow, Table } from './table.js';
import { TimedArticle } from './timed-article.js';

/** The time per operation in each workload, and the samples behind it. */
export function Nanoseconds({ results, cells, charts }: Content) {
  return (
    <>
      {cells.map((cell) => (
        <TimedArticle key={cell.workload.id} place="ns" what="ns per operation" cell={cell}>
          <Figure drawn={charts.get(nanosecondsChartName(cell.workload.id))} />
          <Table
            caption={`${cell.workload.id}: ns per operation, V8 model, and the samples behind it`}
            columns={[
              { label: 'Strategy' },
              { label: 'ns per operation', isNumber: true },
              { label: `${confidenceText(results)} interval`, isNumber: true },
              { label: 'Samples', isNumber: true },
              { label: 'GC in samples', isNumber: true },
              { label: 'Outliers, mild / severe', isNumber: true },
              { label: 'Warm-up, first / last ns', isNumber: true },
              { label: 'Peak resident', isNumber: true },
              { label: 'Read with' },
            ]}
            rows={sampleRows(results, cell)}
          />
          <p class="note">{batchSentence(results, cell)}</p>
          <Samples results={results} cell={cell} charts={charts} />
        </TimedArticle>
      ))}
    </>
  );
}

function sampleRows(results: Results, cell: CellAnalysis): Row[] {
  return sampleFacts(results, cell.cell).map((facts) => {
    const { strategy, role, samples, collections, outliers, warmUp, peakBytes } = facts;
    const isControl = role === 'twin';
    const time = isControl ? undefined : cell.nanoseconds.get(strategy)?.over;
    const cells = [
      time === undefined ? '' : nanosecondsText(time.estimate),
      time === undefined ? '' : intervalText(time, nanosecondsText),
      countText(samples),
      countText(collections),
      `${outliers.mild} / ${outliers.severe}`,
      warmUp === null ? '' : `${nanosecondsText(warmUp.first)} / ${nanosecondsText(warmUp.last)}`,
      bytesText(peakBytes),
      <>
        <WrongAnswers cell={cell} strategy={strategy} />
        {time === undefined && !isControl ? 'void' : null}
      </>,
    ];
    const row = strategyRow(results, strategy, cells, isControl ? 'A/A twin' : undefined);
    return { ...row, key: `${strategy} ${role}` };
  });
}

/** All batches of a workload, folded away. */
function Samples({ results, cell, charts }: Pick<Content, 'results' | 'charts'> & { cell: CellAnalysis }) {
  const { id } = cell.workload;
  const times = batchTimes(results, cell);
  if (times.length === 0) return null;
  return (
    <details id={`samples-${id}`}>
      <summary>Samples: distribution and order</summary>
      <Figure drawn={charts.get(distributionChartName(id))} />
      <NumberTables results={results} tables={[distributionTable(cell, times)]} />
      <Figure drawn={charts.get(seriesChartName(id))} />
      <NumberTables results={results} tables={[processTable(cell)]} />
    </details>
  );
}

function batchSentence({ run }: Results, { cell, workload }: CellAnalysis): string {
  const { processes, windowsPerBatch } = cell.timing;
  const window = Object.values(workload.window).reduce((sum, count) => sum + count, 0);
  return (
    `A sample is one batch of ${numberOf(windowsPerBatch, 'window')} of ${countText(window)} operations; ` +
    `${numberOf(processes, 'process')} of ${numberOf(run.rounds, 'round')}.`
  );
}
