import type { Check, Results } from '../../harness/results/results.js';
import type { SurveyedCell } from '../figures/survey.js';
import { bytesText, countText } from '../words/wording.js';
import { StrategyName } from './marks.js';
import { Table } from './table.js';

interface AccountingProps {
  readonly results: Results;
  readonly cells: readonly SurveyedCell[];
}

/** What is counted and never priced: commands to the IOMMU, and bytes held. */
export function Accounting({ results, cells }: AccountingProps) {
  return (
    <>
      <CountTable
        results={results}
        cells={cells}
        caption="INVALIDATE / COMPLETION_WAIT commands queued by one replay of the window"
        write={({ commandsPerWindow: { invalidate, completionWait } }) =>
          `${countText(invalidate)} / ${countText(completionWait)}`
        }
      />
      <CountTable
        results={results}
        cells={cells}
        caption="Modelled memory held after the setup, tables and heap objects"
        write={({ memoryBytes }) => bytesText(memoryBytes)}
      />
    </>
  );
}

function CountTable({
  results,
  cells,
  caption,
  write,
}: AccountingProps & { caption: string; write: (check: Check) => string }) {
  return (
    <Table
      caption={caption}
      columns={[
        { label: 'Strategy' },
        ...cells.map(({ workload }) => ({ label: workload.id, isNumber: true, workload: workload.id })),
      ]}
      rows={results.strategies.map(({ id }) => ({
        key: id,
        strategy: id,
        header: <StrategyName results={results} id={id} />,
        cells: cells.map(({ checks }) => {
          const check = checks.get(id);
          return check === undefined ? 'not checked' : write(check);
        }),
      }))}
    />
  );
}
