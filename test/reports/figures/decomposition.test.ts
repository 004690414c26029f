// The steps of an update, in the tables and sentences of the reports.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DECOMPOSITION } from '../../../harness/method.js';
import type { Results, Series } from '../../../harness/results/results.js';
import {
  LOOK_UP_STEPS,
  STEPS,
  stepCpuTables,
  stepSentences,
  stepTables,
  stepTimes,
  UNTAKEN_STEPS,
} from '../../../reports/figures/decomposition.js';
import { renderText } from '../../../reports/text/text.js';
import { pageOf } from '../browser.js';
import { hostileResults } from '../hostile-results.js';
import { decomposedResults, syntheticResults } from '../synthetic-results.js';

const results = decomposedResults();

/** The steps of the host with this number of IOMMUs. */
function stepsAt(iommus: number, lane: 'c' | 'v8', run: Results = results) {
  const host = run.decomposition.find((one) => one.iommus === iommus);
  assert.ok(host);
  return stepTimes(run, host, lane);
}

/** All series of a run's decomposition. */
const allSeries = (run: Results): Series[] => run.decomposition.flatMap(({ cell }) => cell.timing.series);

test('each step goes from one strategy to the next, and its sentence names both', () => {
  assert.deepEqual([STEPS[0]?.from, ...STEPS.map(({ to }) => to)], [...DECOMPOSITION.strategies]);
  for (const { from, to, decision } of STEPS) {
    assert.match(decision, new RegExp(`^${from} .*, ${to} `));
    assert.ok(decision.split(' ').length <= 25, decision);
  }
  assert.deepEqual([...LOOK_UP_STEPS, ...UNTAKEN_STEPS], STEPS.slice(0, -1));
  assert.equal(UNTAKEN_STEPS[0]?.from, results.run.baseline);
});

test('a step is the difference of neighbours with its interval, and the steps add up to the whole', () => {
  for (const [lane, factor, processes] of [
    ['c', 1, 12],
    ['v8', 2, 5],
  ] as const) {
    const times = stepsAt(8, lane);
    assert.ok(times);
    for (const [index, expected] of [56, 2, 18, -3, 5, 10, 5].entries()) {
      const { estimate, low, high, n } = times.steps[index] as (typeof times.steps)[number];
      assert.ok(Math.abs(estimate - factor * expected) < factor, `${lane} ${index}: ${estimate}`);
      assert.ok(low < estimate && estimate < high);
      assert.equal(n, processes);
    }
    const sum = times.steps.reduce((total, { estimate }) => total + estimate, 0);
    assert.ok(Math.abs(times.whole.estimate - sum) < 1e-9);
  }
});

test('a step is paired by round: a disturbance that all share changes no step', () => {
  const shaken = structuredClone(results);
  for (const series of allSeries(shaken)) {
    series.samples = series.samples.map((ns, round) => ns + (round % 2 === 0 ? 1000 : 0));
  }
  assert.equal(
    stepsAt(8, 'c', shaken)?.whole.estimate.toFixed(6),
    stepsAt(8, 'c')?.whole.estimate.toFixed(6),
  );
});

test('the table has a row for each step and host, with ns in C and V8, lines, locks and loads', () => {
  const [{ head, rows } = { head: [], rows: [] }] = stepTables(results);
  assert.deepEqual(head, ['step', 'C, ns', 'V8, ns', 'lines', 'locks', 'loads']);
  assert.deepEqual(
    rows.map(([name]) => name),
    [1, 2, 4, 8].flatMap((iommus) =>
      ['loop', 'lock', 'hash', 'node', 'way', 'objects', 'rest', 'all'].map((name) => `${iommus}: ${name}`),
    ),
  );
  const countsOf = (name: string) => rows.find(([own]) => own === name)?.slice(-3);
  assert.deepEqual(countsOf('1: loop'), ['0', '0', '0']);
  assert.deepEqual(countsOf('8: loop'), ['14', '7', '-1']);
  assert.deepEqual(countsOf('8: lock'), ['1', '0', '0']);
  assert.deepEqual(countsOf('8: node'), ['-1', '0', '-1']);
  assert.deepEqual(countsOf('8: way'), ['3', '0', '1']);
  assert.deepEqual(countsOf('8: all'), ['23', '8', '4']);
  assert.match(rows.find(([own]) => own === '8: loop')?.[1] ?? '', /^5[567]\.\d \[5\d\.\d, 5\d\.\d\]$/);
});

test('sentences say what all steps take in C with the most IOMMUs, the largest, and what Linux could still save', () => {
  const [first = '', second = '', third = '', ...others] = stepSentences(results);
  assert.match(
    first,
    /^C, 8 IOMMUs: opaque-tag-hash takes 9[234]\.\d \[.*\] ns more than floor for an update, 0\.018\d % of a CPU for each vCPU at 2,000 updates a second\.$/,
  );
  assert.match(second, /^The largest step is the loop over IOMMUs, 5\S+ \[.*\] ns\.$/);
  assert.match(
    third,
    /^Linux has kept the pointer since v4\.9\. It could still save 1[45]\.\d \[.*\] ns: the driver's way and the objects of the irqs\.$/,
  );
  const { whole, untaken, steps } = stepsAt(8, 'c') ?? {};
  assert.ok(whole && untaken && steps);
  const sumOf = (some: readonly { estimate: number }[]) =>
    some.reduce((sum, { estimate }) => sum + estimate, 0);
  assert.ok(Math.abs(untaken.estimate - sumOf(steps.slice(4, 6))) < 1e-9);
  assert.match(others.join(' '), /touches 0 lines more than shared-hash, and takes 0 locks more/);
});

test('a step whose interval includes 0 is told as inconclusive', () => {
  const flat = decomposedResults((strategy, iommus) =>
    strategy === 'opaque-tag-hash' ? 54 + 8 * iommus : 62,
  );
  const sentences = stepSentences(flat).join(' ');
  assert.match(sentences, /Inconclusive, because the interval includes 0: .*lock at 1.* in C/);
  assert.doesNotMatch(sentences, /loop at [^;]*8[^;]* in C/);
});

test('four processes can tell no step from nothing', () => {
  const few = structuredClone(results);
  for (const { cell } of few.decomposition) {
    cell.timing.series = cell.timing.series.filter(
      ({ lane, processNumber }) => lane === 'c' && processNumber < 4,
    );
    cell.timing.processes = 4;
  }
  const sentences = stepSentences(few).join(' ');
  assert.match(sentences, /4 processes: no step can be told from nothing/);
  // All steps, the largest, and what is left to Linux; and the first step with one IOMMU.
  assert.equal(sentences.split('(inconclusive)').length, 1 + 3 + 1);
});

test('with one IOMMU a step above the band is told as one that the counts do not explain', () => {
  const odd = decomposedResults((strategy) => (strategy === 'opaque-tag-hash' ? 70 : 62));
  assert.match(stepSentences(odd).join(' '), /\] ns in C, which the counted work does not explain\./);
  assert.doesNotMatch(stepSentences(results).join(' '), /does not explain/);
});

test('without C the steps in V8 lead, and a void strategy is named', () => {
  const inV8 = structuredClone(results);
  for (const { cell } of inV8.decomposition) {
    cell.timing.series = cell.timing.series.filter(({ lane }) => lane === 'v8');
  }
  assert.match(stepSentences(inV8)[0] ?? '', /^V8, 8 IOMMUs: /);
  assert.deepEqual(stepTables(inV8)[0]?.head, ['step', 'V8, ns', 'lines', 'locks', 'loads']);

  const spoilt = structuredClone(results);
  for (const series of spoilt.decomposition[3]?.cell.timing.series ?? []) {
    if (series.strategy === 'shared-hash' && series.lane === 'c') series.digestMatches = false;
  }
  assert.equal(stepsAt(8, 'c', spoilt), null);
  assert.match(stepSentences(spoilt)[0] ?? '', /^C, 4 IOMMUs: /);
  assert.match(
    stepSentences(spoilt).join(' '),
    /VOID with 8 IOMMUs in C: shared-hash, process 0 ended with memory/,
  );
});

test('many CPUs: two threads against one, and the CPUs at which the simulation saturates', () => {
  const [{ head, rows } = { head: [], rows: [] }] = stepCpuTables(results);
  assert.deepEqual(head, ['strategy', 'C', 'V8', 'saturates']);
  assert.deepEqual(
    rows.map(([name]) => name),
    DECOMPOSITION.strategies.filter((id) => id !== 'floor'),
  );
  assert.match(rows[0]?.[1] ?? '', /^0\.4\d+ \[/);
  assert.deepEqual(
    rows.map((row) => row.at(-1)),
    ['1', '1', ...Array(5).fill('not by 1,024')],
  );
  assert.deepEqual(stepCpuTables({ ...results, contention: null }), []);
});

test('a run without the decomposition says what it needs', () => {
  const without = syntheticResults();
  assert.deepEqual(stepTables(without), []);
  assert.match(stepSentences(without).join(), /not decomposed in this run: that needs opaque-tag-hash, /);
});

test('the mail has the steps in one block of at most 75 columns', () => {
  const text = renderText(results);
  for (const line of text.split('\n')) assert.ok(line.length <= 75, line);
  assert.match(text, /^step +C, ns +V8, ns +lines +locks +loads$/m);
  assert.match(text, /^8: loop +5\S+ \[\S+ \S+\] +1\S+ \[\S+ \S+\] +14 +7 +-1$/m);
  const hostile = renderText(hostileResults(results, `${'/long'.repeat(30)} \u202e`));
  for (const line of hostile.split('\n')) assert.ok(line.length <= 75, line);
});

test('the page has the section with its tables, and a link to each part', () => {
  const page = pageOf(results);
  for (const id of ['steps', 'steps-time', 'steps-cpus']) {
    assert.equal(page.split(` id="${id}"`).length, 2, id);
    assert.ok(page.includes(`<a class="link-to" href="#${id}"`), id);
  }
  const section = page.slice(page.indexOf('<section id="steps"'), page.indexOf('<section id="sweeps"'));
  assert.match(section, /<th scope="row">8: loop<\/th>/);
  assert.match(section, /<tr data-strategy="list-in-ir-data">/);
  assert.match(section, /takes 9\S+ \[.*?\] ns more than floor/);
  const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
  assert.equal(new Set(ids).size, ids.length);
});
