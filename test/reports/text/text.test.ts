import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHECKS, OPERATION_CHECKS } from '../../../harness/results/checks.js';
import type { Cell } from '../../../harness/results/results.js';
import { curveCharts } from '../../../reports/charts/curve-charts.js';
import { analyseCells } from '../../../reports/figures/cell-analysis.js';
import { strategyOutcomes } from '../../../reports/figures/strategy-outcomes.js';
import { timingSentences } from '../../../reports/figures/verdict-sentences.js';
import { renderText } from '../../../reports/text/text.js';
import { parseHistory } from '../../../workloads/stream/history-text.js';
import { hostileResults } from '../hostile-results.js';
import { syntheticResults } from '../synthetic-results.js';

function assertIsMail(text: string): void {
  for (const line of text.split('\n')) {
    assert.ok(line.length <= 75, `${line.length} columns: ${line}`);
    assert.match(line, /^[\x20-\x7e]*$/);
  }
}

test('a report has at most 75 columns of printable ASCII', () => {
  assertIsMail(renderText(syntheticResults()));
});

test('long words, other scripts and terminal escapes keep within 75 columns of ASCII', () => {
  const payload = `${'/a-path-without-spaces'.repeat(8)} \u001b[31mred\u001b[0m \u202ereversed 3 µs ± 1 Käse 日本 \ud800`;
  assertIsMail(renderText(hostileResults(syntheticResults(), payload)));
});

test('characters outside ASCII get a readable replacement', () => {
  const results = syntheticResults();
  results.environment.warnings = ['3 µs ± 1 at Zürich, “α”\u001b[2J'];
  const text = renderText(results);
  assert.match(text, /3 us \+- 1 at Zurich, "\\u\{3b1\}"\\u\{1b\}\[2J/);
});

test('ids of 64 characters and twenty workloads fit', () => {
  const results = syntheticResults();
  const id = 'x'.repeat(64);
  const cell = results.cells[0];
  const workload = results.workloads[0];
  assert.ok(cell && workload);
  results.cells = Array.from({ length: 20 }, (_, index) => ({
    ...cell,
    workload: `${index}-${'w'.repeat(61)}`,
  }));
  results.workloads = results.cells.map((copy) => ({ ...workload, id: copy.workload }));
  const renamed = JSON.parse(JSON.stringify(results).replaceAll('"wide-vm-id-hash"', `"${id}"`));
  assertIsMail(renderText(renamed));
});

test('extreme figures fit', () => {
  const results = syntheticResults();
  for (const series of results.cells[0]?.timing.series ?? []) {
    if (series.strategy === 'floor')
      series.samples = series.samples.map((_, round) => 10 ** (40 * (round % 7)));
    if (series.strategy === 'posted-v4') series.samples = series.samples.map(() => 1e-90);
  }
  assertIsMail(renderText(results));
});

test('the same results give the same text', () => {
  assert.equal(renderText(syntheticResults()), renderText(structuredClone(syntheticResults())));
});

test('a failure has its counterexample and the check that found it', () => {
  const text = renderText(syntheticResults());
  assert.ok(
    text.includes(
      [
        'posted-v4, beyond-255-vms: same-bucket 412 (within its declared limit',
        '  no-tag-compare), found by the check other-entries',
        '  host iommus=1',
        '    1 create VMs 1-3 with vCPU 0 each',
        '    2 create VM 4 with vCPUs 0-15',
        '    3 create VMs 5-116 with vCPU 0 each',
        '    4 allocate irqs 0-1 of device 0',
        '    5 route irq 0 to vm 4 vcpu 15, vector 0x30',
        '    6 route irq 1 to vm 116 vcpu 0, vector 0x30',
        '    7 load vm 4 vcpu 15 on CPU 2',
        '      -> the IRTE of irq 1, owned by vm 116 vcpu 0, was set running on CPU',
        '         2, root page 0x100082 became 0x100012',
        '',
      ].join('\n'),
    ),
    text,
  );
});

test('the lines of each counterexample can be replayed unchanged', () => {
  const texts = [...renderText(syntheticResults()).matchAll(/^ {2}(?:# )?host[: ].*?^ {6}-> /gms)];
  assert.equal(texts.length, 4);
  for (const [text] of texts) assert.ok(parseHistory(text, 'counterexample').operations.length > 4);
});

test('the text says once how to replay a counterexample, and only if there is one', () => {
  const results = syntheticResults();
  const command = 'gatag-bench verify --replay FILE';
  assert.equal(renderText(results).split(command).length, 2);
  for (const check of results.cells.flatMap(({ checks }) => checks)) check.findings = [];
  assert.equal(renderText(results).includes(command), false);
});

test('a failure without a counterexample shows its first occurrence', () => {
  const text = renderText(syntheticResults());
  assert.match(
    text,
    /^merged-4\.9, beyond-255-vms: threw 1 \(UNEXPECTED\), found by the check\n {2}exceptions\n {2}destroy VM 3: threw RangeError: no free vm_id$/m,
  );
});

test('the failures found, the limits declared and all checks are explained', () => {
  const lines = renderText(syntheticResults()).replace(/\n {2}/g, ' ');
  assert.match(lines, /^same-bucket: an update changed the entry of another vCPU, whose tag differs$/m);
  assert.doesNotMatch(lines, /^missed-update: /m);
  assert.match(lines, /^max-vms N: at most N VMs exist at a time/m);
  assert.match(lines, /^wakes-unlocked: a vCPU can be freed/m);
  assert.match(lines, /^max-vcpu-index N: /m);
  const judged = new RegExp(`judged in checked memory: .* judged by ${OPERATION_CHECKS.length} checks:`);
  assert.match(lines.replace(/\n/g, ' '), judged);
  for (const name of OPERATION_CHECKS) assert.ok(lines.includes(`\n${name}: ${CHECKS[name]}\n`), name);
  // A bench does not judge concurrent operations.
  assert.doesNotMatch(lines, /^schedules: /m);
});

test('rows of times have base, change, new, interval and verdict, and mark wrong answers', () => {
  const text = renderText(syntheticResults());
  assert.match(text, /^beyond-255-vms, V8 model, n = 10 processes$/m);
  assert.match(text, /^strategy +base +%change +new +interval, % +verdict$/m);
  assert.match(
    text,
    /^posted-v4 \* +4\d\.\d\d +\+5\d\d\.\d% +3\d\d\.\d +\[\+5\d\d\.\d, \+5\d\d\.\d\] +slower$/m,
  );
  assert.match(text, /^floor +4\d\.\d\d +-4\d\.\d% +2\d\.\d\d +\[-4\d\.\d, -4\d\.\d\] +faster$/m);
  assert.match(text, /^pinned, C on the model, n = 10 processes$/m);
  assert.match(text, /^pointer-as-tag: void, the child said nothing for 120 s$/m);
  assert.match(text, /^A\/A twin .* UNRELIABLE$/m);
});

test('strategies that were not steady after the warm-up are named below the times', () => {
  const results = syntheticResults();
  assert.doesNotMatch(renderText(results), /Not steady/);
  for (const series of results.cells[0]?.timing.series ?? []) {
    if (series.strategy !== 'floor') continue;
    series.samples = series.samples.map((ns, round) => (round < 5 ? 1.3 * ns : ns));
  }
  const text = renderText(results).replace(/\s+/g, ' ');
  assert.match(
    text,
    /Not steady after the warm-up [^:]*: floor 0\.\d+ \[0\.\d+, 0\.\d+\], floor \(in C\) 0\.\d+ \[0\.\d+, 0\.\d+\]\./,
  );
});

test('disturbed rounds are counted, below the times of their workload and of the whole run', () => {
  const results = syntheticResults();
  const text = renderText(results).replace(/\s+/g, ' ');
  const [inCell, inRun, ...more] = text.matchAll(/[^.]*? disturbed and taken again[^.]*\./g);
  assert.match(
    String(inCell),
    /2 of 100 rounds were disturbed and taken again; 1 was disturbed again and stands\.$/,
  );
  assert.match(
    String(inRun),
    /2 of 300 rounds were disturbed and taken again; 1 was disturbed again and stands\.$/,
  );
  assert.deepEqual(more, []);
  for (const series of results.cells[1]?.timing.series ?? [])
    Object.assign(series, { disturbed: [], standing: [] });
  assert.match(renderText(results).replace(/\s+/g, ' '), /and the second one counts\. None was disturbed\./);
});

test('a cell without times says so, and the report names everything that was not done', () => {
  const results = syntheticResults();
  Object.assign(results.cells[0]?.timing ?? {}, { processes: 0, series: [], references: [] });
  const reason = 'it was killed by SIGKILL';
  results.undone.push(
    { strategy: 'floor', where: 'pinned', what: 'judged', reason },
    { strategy: 'merged-4.9', where: 'pinned', what: 'judged', reason },
    { strategy: 'floor', where: 'many CPUs', what: 'simulated', reason: 'it gave no answer' },
  );
  const text = renderText(results);
  assert.match(text, /^pinned: Not timed: no strategy came to the end of its check\.$/m);
  const inOneLine = text.replace(/\s+/g, ' ');
  assert.match(inOneLine, /NOT DONE: floor, merged-4\.9 on pinned: not judged: it was killed by SIGKILL\./);
  assert.match(inOneLine, /NOT DONE: floor on many CPUs: not simulated: it gave no answer\./);
  assert.doesNotMatch(text, /Infinity|NaN|undefined/);
});

test('a recording is labelled with what was recorded and what was assumed', () => {
  const text = renderText(syntheticResults()).replace(/\s+/g, ' ');
  assert.match(
    text,
    /RECORDING of traces\/host-two-guests\.txt\. Recorded: The schedule .* Assumed: Devices/,
  );
});

test('a run of four processes says so and has no verdict, rank or winner; a run of five has verdicts', () => {
  const few = renderText(syntheticResults({ processes: 4 }));
  assert.match(few, /^\*\*\* 4 processes: no verdict\. \*\*\*$/m);
  assert.match(few, /^pinned, V8 model, n = 4 processes, no verdict$/m);
  assert.doesNotMatch(few, /faster|slower|equivalent|not separated|rank|best|DISAGREE|tells \d+ pairs/i);
  const enough = renderText(syntheticResults({ suite: 'quick', processes: 5 }));
  assert.doesNotMatch(enough, /no verdict/);
  assert.match(enough, /^pinned, V8 model, n = 5 processes$/m);
  assert.match(enough, /^floor .* faster$/m);
  assert.match(enough, /^Best for load and put: /m);
  assert.match(enough, /DISAGREE/);
});

test('with four processes in C and ten in V8, only V8 has verdicts', () => {
  const text = renderText(syntheticResults({ nativeProcesses: 4 }));
  const times = (heading: RegExp) => {
    const lines = text.split('\n');
    const start = lines.findIndex((line) => heading.test(line));
    return lines.slice(start, start + 11).join('\n');
  };
  assert.match(times(/^pinned, V8 model, n = 10 processes$/), /^opaque-tag-hash .* slower$/m);
  assert.match(times(/^pinned, C on the model, n = 4 processes, no verdict$/), /^opaque-tag-hash .* -$/m);
  assert.doesNotMatch(text, /DISAGREE|tells \d+ pairs/);
  const five = renderText(syntheticResults({ nativeProcesses: 5 }));
  assert.match(five, /^pinned, C on the model, n = 5 processes$/m);
  assert.match(five, /DISAGREE/);
});

test('a cell that was cut to four processes has no verdict beside cells that have one', () => {
  const results = syntheticResults();
  const [pinned] = results.cells;
  assert.ok(pinned);
  pinned.timing.processes = 4;
  pinned.timing.series = pinned.timing.series.filter(({ processNumber }) => processNumber < 4);
  const outcomes = strategyOutcomes(results, analyseCells(results));
  const sentences = outcomes.map((outcome) => timingSentences(results, outcome).join(' '));
  const floor = sentences[outcomes.findIndex(({ strategy }) => strategy.id === 'floor')];
  assert.match(
    floor ?? '',
    /^Ratio .* over 2 workloads\. Faster in beyond-255-vms; without a verdict in pinned\.$/,
  );
  assert.doesNotMatch(sentences.join(' '), /[Rr]ank[^.]*pinned/);
  assert.match(sentences.join(' '), /Rank 1 of those right there: beyond-255-vms/);
});

test('designs that cannot be told apart share a rank', () => {
  const results = syntheticResults();
  const outcomes = strategyOutcomes(results, analyseCells(results));
  const textOf = (id: string) => {
    const outcome = outcomes.find(({ strategy }) => strategy.id === id);
    assert.ok(outcome);
    return timingSentences(results, outcome).join(' ');
  };
  assert.match(
    textOf('ir-data-pointer'),
    /Rank 1 of those right there: pinned \(shared with pointer-as-tag and merged-6\.17\)/,
  );
  assert.match(textOf('pointer-as-tag'), /Rank 1 .*pinned \(shared with ir-data-pointer and merged-6\.17\)/);
  assert.match(
    textOf('opaque-tag-hash'),
    /Last rank of those right there: beyond-255-vms \(shared with wide-vm-id-hash\)\./,
  );
  // The unreliable control of `recorded` leaves it out.
  assert.doesNotMatch(outcomes.map(({ strategy }) => textOf(strategy.id)).join(), /[Rr]ank[^.]*recorded/);
});

test('a single process has a ratio without bounds', () => {
  const text = renderText(syntheticResults({ suite: 'quick', processes: 1, rounds: 3 }));
  assert.match(text, /^pinned, V8 model, n = 1 process, no verdict$/m);
  assert.match(text, /^floor +[\d.]+ +-\d+\.\d% +[\d.]+ +unbounded +-$/m);
  assert.doesNotMatch(text, /Infinity|NaN|undefined/);
});

/** A section of the report, in one line. */
function sectionOf(text: string, heading: string): string {
  const start = text.indexOf(`\n${heading}\n---`);
  assert.notEqual(start, -1, `there is no section "${heading}"`);
  const end = text.indexOf('\n\n', text.indexOf('\n---', start + heading.length + 4));
  const next = /\n[^\n]+\n-{4,}\n/.exec(text.slice(start + 2 * heading.length));
  const stop = next === null ? end : start + 2 * heading.length + next.index;
  return text.slice(start, stop).replace(/\s+/g, ' ');
}

test('a mail begins with the machine and the answers, and ends with its limits', () => {
  const text = renderText(syntheticResults());
  const places = [
    'Environment',
    'In short',
    'The review, question by question',
    'Time per operation: base, %change, new',
    'C beside V8',
    'Many CPUs at once',
    'Is the look-up slow enough? Counted work times unit costs',
    'Counted work: the same on every machine',
    'Its own code',
    'How it grows',
    'Right or wrong, and the counterexamples',
    'What took part',
    'Method',
    'What this cannot show',
  ].map((heading) => text.indexOf(`\n${heading}\n`));
  assert.ok(places.every((place) => place > 0));
  assert.deepEqual(
    places,
    [...places].sort((a, b) => a - b),
  );
});

test('a strategy is told with the places of the kernel that a patch touches, where it names them', () => {
  const section = sectionOf(renderText(syntheticResults()), 'What took part');
  assert.match(
    section,
    /ir-data-pointer: .*? A patch touches: - struct vcpu_svm: list head and lock pointer-as-tag: /,
  );
  assert.equal(section.match(/A patch touches/g)?.length, 2);
});

test('the questions are quoted as in a mail, each with its answer, its figures and its place in the page', () => {
  const section = renderText(syntheticResults());
  assert.match(
    section,
    /^> "\(And shouldn't there be only one match\?\)"\nNo: a tag names a vCPU, [^-]*\n- entries of a load on pinned: median 2, .*\n(.|\n)*? {2}\(report\.html#debate-one-match\)$/m,
  );
});

test('a strategy whose loads all have the same counts has one row; others have a row for each quantile', () => {
  const results = syntheticResults();
  const section = sectionOf(renderText(results), 'Counted work: the same on every machine');
  assert.match(
    section,
    /pinned: load, 8,254 in the window strategy ld st .* posted-v4 58 39 28 2 26 14 6 10 12 2 split/,
  );
  for (const { verbs } of results.cells[0]?.counted ?? []) {
    for (const { work } of verbs) work.loads = { ...work.loads, worst: 118 };
  }
  assert.match(
    sectionOf(renderText(results), 'Counted work: the same on every machine'),
    / posted-v4 58 39 .* p99 58 39 .* worst 118 39 /,
  );
});

test('every unit cost has a source or is swept', () => {
  const section = sectionOf(
    renderText(syntheticResults()),
    'Is the look-up slow enough? Counted work times unit costs',
  );
  assert.match(section, /a line from L3: 10 ns; EPYC 7742/);
  assert.match(section, /flush of one entry: 0\.3 us, 1 us, 3 us, 10 us; swept: no published time/);
  // 14 lines and 8 locks to find, 2 lines on the way, 12 lines, 2 locks and 2 cmpxchg16b to write: by hand.
  assert.match(section, /posted-v4 167 20 138 51 % /);
});

test('strategies that C and V8 rank differently come first, with the counts that explain it', () => {
  const section = sectionOf(renderText(syntheticResults()), 'C beside V8');
  assert.match(
    section,
    /^ C beside V8 -+ The lanes DISAGREE on the order of \d+ pairs\. In parentheses .* at a time\. pinned: /,
  );
  assert.match(
    section,
    /ir-data-pointer \/ floor is 1\.\d+ \[[^\]]+\] in V8 and 0\.4\d+ \[[^\]]+\] in C \(.*\)\./,
  );
  assert.match(section, /Kendall's tau 0\.\d+\./);
});

test('the report says why nothing was timed in C', () => {
  const results = syntheticResults();
  for (const { timing } of results.cells) timing.series = timing.series.filter(({ lane }) => lane === 'v8');
  results.run.noNative = 'there is no C compiler';
  assert.match(renderText(results).replace(/\s+/g, ' '), /Nothing was timed in C: there is no C compiler\./);
});

test('the report says when C and V8 rank all strategies alike', () => {
  const results = syntheticResults();
  for (const { timing } of results.cells) {
    timing.series = timing.series.filter(({ strategy }) => strategy !== 'floor');
  }
  results.strategies = results.strategies.filter(({ id }) => id !== 'floor');
  const section = sectionOf(renderText(results), 'C beside V8');
  assert.match(section, /^ C beside V8 -+ The lanes have no two designs in another order\./);
  assert.match(section, /Kendall's tau 1\.00\./);
});

test('a timed axis has the slope of each strategy, and the point where it takes as long as the baseline', () => {
  const results = syntheticResults();
  for (const point of results.sweeps) {
    if (point.axis !== 'entriesPerVcpu') continue;
    const value = Number(point.value);
    point.cell = structuredClone(results.cells[0] as Cell);
    for (const series of point.cell.timing.series) {
      // The hash begins with four times the baseline's time, and grows with the root: they meet at 16.
      const exponent = series.strategy === 'ir-data-pointer' ? 1 : 0.5;
      series.samples = series.samples.map((ns) => ns * value ** exponent);
    }
  }
  const section = sectionOf(renderText(results), 'How it grows');
  assert.match(
    section,
    /entriesPerVcpu: ns per operation, V8 model, with the slope .* strategy 1 8 64 slope interval/,
  );
  assert.match(section, / ir-data-pointer( [\d.]+){3} (0\.99|1\.00|1\.01) \[/);
  assert.match(section, / opaque-tag-hash( [\d.]+){3} 0\.(49|50|51) \[/);
  for (const where of ['V8', 'C']) {
    const crossing = new RegExp(
      `opaque-tag-hash and ir-data-pointer take the same time in ${where} at 1[56](\\.\\d)? \\[1\\d(\\.\\d)?, 1\\d(\\.\\d)?\\], in all 10 processes\\.`,
    );
    assert.match(section, crossing);
  }
  assert.deepEqual(
    curveCharts(results).map(({ name }) => name),
    ['sweep-entriesPerVcpu-lines', 'sweep-entriesPerVcpu-ns-v8', 'sweep-entriesPerVcpu-ns-c'],
  );
});
