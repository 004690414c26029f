import { BUGS, BUGS_PLACE, bugsText } from '../debate/bugs.js';
import { Article } from './article.js';
import { Facts } from './facts.js';
import { Table } from './table.js';

/** The bugs of the kernel's history, by kind of strategy. */
export function KernelBugs() {
  return (
    <Article id={BUGS_PLACE} name="the bugs of the kernel's history" heading="Bugs of the kernel's history">
      <p>{bugsText()}</p>
      <Facts facts={BUGS.map(({ kind, where }) => [kind, `the fault lay ${where}`])} />
      <Table
        caption="Bugs by the kind of strategy whose code was at fault; the source is the fixing commit or a bug report"
        columns={[{ label: 'Bug' }, { label: 'Kind' }, { label: 'Source' }]}
        rows={BUGS.flatMap(({ kind, bugs }) =>
          bugs.map(([what, source]) => ({ key: what, header: what, cells: [kind, source] })),
        )}
      />
    </Article>
  );
}
