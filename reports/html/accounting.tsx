import type { Check } from '../../harness/results/results.js';
import { bytesText, countText } from '../words/wording.js';
import type { Content } from './content.js';
import { strategyRow, Table } from './table.js';

/** Counts without a time: commands to the IOMMU, and bytes held. */
export function Accounting(content: Content) {
  return (
    <>
      <CountTable
        content={content}
        caption="INVALIDATE / COMPLETION_WAIT commands queued by one replay of the window"
        write={({ commandsPerWindow: { invalidate, completionWait } }) =>
          `${countText(invalidate)} / ${countText(completionWait)}`
        }
      />
      <CountTable
        content={content}
        caption="Modelled memory held after the setup, tables and heap objects"
        write={({ memoryBytes }) => bytesText(memoryBytes)}
      />
    </>
  );
}

function CountTable({
  content: { results, cells },
  caption,
  write,
}: {
  content: Content;
  caption: string;
  write: (check: Check) => string;
}) {
  return (
    <Table
      caption={caption}
      columns={[
        { label: 'Strategy' },
        ...cells.map(({ workload }) => ({ label: workload.id, isNumber: true, workload: workload.id })),
      ]}
      rows={results.strategies.map(({ id }) =>
        strategyRow(
          results,
          id,
          cells.map(({ checks }) => {
            const check = checks.get(id);
            return check === undefined ? 'not checked' : write(check);
          }),
        ),
      )}
    />
  );
}
