// What v6.17 changed in one step: the tag, the list node and the policy for ga_log_intr. Each row is a number that one of these
// changes moves, and the others do not.
import { sum } from 'simple-statistics';
import type { Results, Wakeups } from '../../harness/results/results.js';
import type { Row, Table } from '../document.js';
import { countText, NONE } from '../words/wording.js';

const MERGED = ['merged-4.9', 'merged-6.17'] as const;

type Strategy = (typeof MERGED)[number];

/** The changes told apart; null if one of the two strategies was not judged and counted. */
export function mergedStepsTable(results: Results): Table | null {
  const isComplete = MERGED.every((id) => verbsOf(results, id).length > 0);
  if (!isComplete) return null;
  const row = (name: string, figure: (id: Strategy) => string): Row => ({ name, cells: MERGED.map(figure) });
  return {
    id: 'merged-steps',
    caption:
      'v6.17 changed three things in one step. Each row shows a number that only the named change affects, over all workloads.',
    head: ['change', ...MERGED],
    rows: [
      row('tag: vCPUs of a VM', (id) => limitText(results, id, ['max-vcpu-id', 'max-vcpu-index'], 1)),
      row('tag: VMs', (id) => limitText(results, id, ['max-vms'])),
      row('list node: cache lines of the worst unroute', (id) => worstUnroute(results, id)),
      row('policy: GA log entries per 1,000 interrupts', (id) => wakeupsText(results, id, 'gaLogEntries')),
      row('policy: spurious wakeups per 1,000 interrupts', (id) => wakeupsText(results, id, 'spurious')),
    ],
  };
}

const verbsOf = ({ cells }: Results, id: Strategy) =>
  cells.flatMap(({ counted }) =>
    counted.filter(({ strategy }) => strategy === id).flatMap(({ verbs }) => verbs),
  );

/** A declared limit. @param more - Added to it: ids count from 0. */
function limitText({ strategies }: Results, id: Strategy, kinds: readonly string[], more = 0): string {
  const limits = strategies.find((strategy) => strategy.id === id)?.limits ?? [];
  const value = limits.find(({ kind }) => kinds.includes(kind))?.value;
  return value === undefined ? 'no limit' : countText(value + more);
}

function worstUnroute(results: Results, id: Strategy): string {
  const unroutes = verbsOf(results, id).filter(({ verb }) => verb === 'unroute');
  return unroutes.length === 0 ? NONE : countText(Math.max(...unroutes.map(({ work }) => work.lines.worst)));
}

/** Over all workloads. */
function wakeupsText({ cells }: Results, id: Strategy, name: keyof Wakeups): string {
  const all = cells.flatMap(({ checks }) => checks.filter(({ strategy }) => strategy === id));
  const total = (of: keyof Wakeups): number => sum(all.map(({ wakeupsPerWindow }) => wakeupsPerWindow[of]));
  return total('interrupts') === 0 ? NONE : countText(Math.round((1000 * total(name)) / total('interrupts')));
}
