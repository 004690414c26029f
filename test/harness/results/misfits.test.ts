import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Results, resultsSchema } from '../../../harness/results/results.js';
import { fullResults } from '../../reports/full-results.js';

/** Where a change of results that are right makes them wrong, and what is said. */
function refused(change: (results: Results) => void): string {
  const results = structuredClone(fullResults());
  change(results);
  const parsed = resultsSchema.safeParse(results);
  const [issue] = parsed.error?.issues ?? [];
  return parsed.success ? 'accepted' : `${issue?.path.join('.')}: ${issue?.message}`;
}

const repeat = <T>(list: T[]): void => {
  list.push(structuredClone(list[0] as T));
};

test('results that a run writes belong together', () => {
  assert.equal(
    refused(() => {}),
    'accepted',
  );
});

const WRONG: Record<string, [(results: Results) => void, RegExp]> = {
  'a strategy that is listed twice': [
    ({ strategies }) => repeat(strategies),
    /^strategies\.\d+\.id: expected each strategy once$/,
  ],
  'no baseline among the strategies': [
    (results) => {
      results.run.baseline = 'none-such';
    },
    /^strategies: expected the baseline none-such among them$/,
  ],
  'a series of a strategy that is not listed': [
    ({ cells }) => {
      Object.assign(cells[0]?.timing.series[0] ?? {}, { strategy: 'none-such' });
    },
    /^cells\.0\.timing\.series\.0\.strategy: expected one of the strategies, not "none-such"$/,
  ],
  'a check of a strategy that is not listed': [
    ({ cells }) => {
      Object.assign(cells[1]?.checks[0] ?? {}, { strategy: 'none-such' });
    },
    /^cells\.1\.checks\.0\.strategy: expected one of/,
  ],
  'two series of one process': [
    ({ cells }) => repeat(cells[0]?.timing.series ?? []),
    /^cells\.0\.timing\.series\.\d+: expected each strategy once$/,
  ],
  'a strategy on another host that is not listed there': [
    ({ otherHosts }) => {
      Object.assign(otherHosts[0]?.cells[0]?.checks[0] ?? {}, { strategy: 'floor' });
    },
    /^otherHosts\.0\.cells\.0\.checks\.0\.strategy: expected one of/,
  ],
  'code of a strategy that is on no host': [
    ({ code }) => {
      Object.assign(code[0] ?? {}, { strategy: 'none-such' });
    },
    /^code\.0\.strategy: expected one of/,
  ],
  'what a strategy could not do that is on no host': [
    ({ undone }) => {
      undone.push({ strategy: 'none-such', where: 'x', what: 'timed', reason: 'x' });
    },
    /^undone\.0\.strategy: expected one of/,
  ],
  'two workloads with one id': [
    (results) => {
      repeat(results.workloads);
      repeat(results.cells);
    },
    /^workloads: expected ids that differ$/,
  ],
  'cells in another order than the workloads': [
    ({ cells }) => {
      cells.reverse();
    },
    /^cells: expected one cell for each workload/,
  ],
  'more processes than a run can have': [
    ({ run }) => {
      run.processes = 1e15;
    },
    /^run\.processes: /,
  ],
};

for (const [what, [change, message]] of Object.entries(WRONG)) {
  test(`${what} is refused, and the field is named`, () => {
    assert.match(refused(change), message);
  });
}

test('what strategies on different hosts could not do is accepted, also twice', () => {
  const undone = { strategy: 'pointer-as-tag', where: 'x', what: 'timed', reason: 'x' } as const;
  assert.equal(
    refused((results) => {
      results.undone.push(undone, undone);
    }),
    'accepted',
  );
});
