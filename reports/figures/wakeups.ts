// What the policies for ga_log_intr cost: GA log entries and wakeups, as a table and a sentence.
import type { Results, Wakeups } from '../../harness/results/results.js';
import type { Table } from '../document.js';
import { countText, namesText } from '../words/wording.js';
import type { CellAnalysis } from './analysis.js';

const POLICIES = ['always', 'blocking'] as const;

const COUNTS = ['gaLogEntries', 'wakes', 'spurious'] as const;

/** A count for each 1,000 interrupts. */
const perThousand = (count: number, { interrupts }: Pick<Wakeups, 'interrupts'>): string =>
  countText(Math.round((1000 * count) / interrupts));

/** Strategies with equal wakeups. */
interface Group {
  readonly strategies: string[];
  readonly wakeups: Wakeups;
}

/** The strategies of a policy on a workload with interrupts, by their wakeups; the largest group is first. */
function groupsOf({ strategies }: Results, { checks }: CellAnalysis, policy: string): Group[] {
  const groups = new Map<string, Group>();
  for (const { id } of strategies.filter(({ gaLog }) => gaLog === policy)) {
    const wakeups = checks.get(id)?.wakeupsPerWindow;
    if (wakeups === undefined || wakeups.interrupts === 0) continue;
    const key = JSON.stringify(wakeups);
    const group = groups.get(key) ?? { strategies: [], wakeups };
    groups.set(key, group);
    group.strategies.push(id);
  }
  return [...groups.values()].sort((one, other) => other.strategies.length - one.strategies.length);
}

/** GA log entries and wakeups of each policy on each workload. Strategies that differ from their policy have rows of their own. */
export function wakeupTable(results: Results, cells: readonly CellAnalysis[]): Table {
  const blocking = results.strategies.filter(({ gaLog }) => gaLog === 'blocking').map(({ id }) => id);
  return {
    id: 'wakeups-table',
    caption: `Per 1,000 interrupts. Entries log only while the vCPU blocks in ${namesText(blocking)}, and always in all others. A wakeup is spurious if its vCPU does not block or has nothing pending.`,
    head: ['workload', 'policy', 'GA log entries', 'wakeups', 'spurious wakeups'],
    texts: [1],
    source: '/cells',
    rows: cells.flatMap((cell) =>
      POLICIES.flatMap((policy) =>
        groupsOf(results, cell, policy).map(({ strategies, wakeups }, place) => ({
          name: cell.workload.id,
          cells: [
            place === 0 ? policy : strategies.join(', '),
            ...COUNTS.map((name) => perThousand(wakeups[name], wakeups)),
          ],
        })),
      ),
    ),
  };
}

/** Compares the two policies on the workload with the most spurious wakeups; empty if the run has only one of them. */
export function wakeupSentence(results: Results, cells: readonly CellAnalysis[]): string {
  const pairs = cells.flatMap((cell) => {
    const [always, blocking] = POLICIES.map((policy) => groupsOf(results, cell, policy)[0]?.wakeups);
    return always && blocking ? [{ workload: cell.workload.id, always, blocking }] : [];
  });
  const rateOf = ({ always: { spurious, interrupts } }: (typeof pairs)[number]) => spurious / interrupts;
  const [most] = pairs.toSorted((one, other) => rateOf(other) - rateOf(one));
  if (most === undefined) return '';
  const [always, blocking] = POLICIES.map((policy) =>
    COUNTS.map((name) => perThousand(most[policy][name], most[policy])),
  ) as [string[], string[]];
  return (
    `Per 1,000 interrupts of ${most.workload}, up to v6.16: ${always[0]} GA log entries, ${always[1]} wakes, ${always[2]} spurious. ` +
    `Since v6.17, which logs only for a blocked vCPU: ${blocking[0]}, ${blocking[1]} and ${blocking[2]}.`
  );
}
