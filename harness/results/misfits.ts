// What does not belong together in results, although each field is right by itself.
import type { Results } from './results.js';

/** A field that does not fit the others. */
export interface Misfit {
  readonly path: (string | number)[];
  readonly message: string;
}

type Row = Readonly<Record<string, unknown>>;

/** The fields that tell the rows of a list apart. */
const KEYS = ['strategy', 'role', 'lane', 'processNumber', 'waitNs'];

/** Lists in which a strategy may have several equal rows. */
const LISTS_OF_EVENTS = ['undone'];

/** The first row in a value with an unknown strategy, or with the same keys as another row of its list. */
function misfitOfRows(value: unknown, path: Misfit['path'], known: ReadonlySet<unknown>): Misfit | null {
  if (typeof value !== 'object' || value === null) return null;
  const seen = new Set<string>();
  for (const [name, item] of Object.entries(value)) {
    // Lists of numbers are long, and all alike.
    if (typeof item === 'number' && Array.isArray(value)) return null;
    const at = [...path, Array.isArray(value) ? Number(name) : name];
    const below = misfitOfRows(item, at, known);
    if (below !== null) return below;
    if ((name === 'strategy' || name === 'as') && !known.has(item)) {
      return { path: at, message: `expected one of the strategies, not "${item}"` };
    }
    if (!Array.isArray(value) || !isRow(item) || LISTS_OF_EVENTS.includes(String(path.at(-1)))) continue;
    const key = JSON.stringify(KEYS.map((field) => item[field]));
    if (seen.has(key)) return { path: at, message: 'expected each strategy once' };
    seen.add(key);
  }
  return null;
}

const isRow = (item: unknown): item is Row => typeof item === 'object' && item !== null && 'strategy' in item;

/** The strategies, workloads and cells of a host. */
type OnHost = Pick<Results, 'strategies' | 'workloads' | 'cells'>;

function misfitOfHost({ strategies, workloads, cells }: OnHost, baseline: string): Misfit | null {
  const ids = strategies.map(({ id }) => id);
  const repeated = ids.findIndex((id, index) => ids.indexOf(id) !== index);
  if (repeated >= 0) return { path: ['strategies', repeated, 'id'], message: 'expected each strategy once' };
  if (!ids.includes(baseline)) {
    return { path: ['strategies'], message: `expected the baseline ${baseline} among them` };
  }
  const names = workloads.map(({ id }) => id);
  if (new Set(names).size !== names.length) {
    return { path: ['workloads'], message: 'expected ids that differ' };
  }
  if (cells.map(({ workload }) => workload).join() === names.join()) return null;
  return { path: ['cells'], message: 'expected one cell for each workload, in the order of the workloads' };
}

/** The first field that does not fit the others; null if all do. */
export function misfitOf(results: Results): Misfit | null {
  // Of strategies on any host: their code, and what was not done.
  const { otherHosts, run, code, undone, ...own } = results;
  const ofOwn = misfitOfHost(own, run.baseline) ?? misfitOfRows(own, [], idsOf(own));
  if (ofOwn !== null) return ofOwn;
  for (const [index, other] of otherHosts.entries()) {
    const misfit = misfitOfHost(other, run.baseline) ?? misfitOfRows(other, [], idsOf(other));
    if (misfit !== null) return { ...misfit, path: ['otherHosts', index, ...misfit.path] };
  }
  const all = new Set([own, ...otherHosts].flatMap((host) => [...idsOf(host)]));
  return misfitOfRows({ code }, [], all) ?? misfitOfRows({ undone }, [], all);
}

const idsOf = ({ strategies }: OnHost): Set<unknown> => new Set(strategies.map(({ id }) => id));
