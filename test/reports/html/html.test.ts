import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHECKS, OPERATION_CHECKS } from '../../../harness/results/checks.js';
import { type Results, resultsSchema } from '../../../harness/results/results.js';
import { renderHtml } from '../../../reports/html/render-html.js';
import { parseHistory } from '../../../workloads/stream/history-text.js';
import { fullResults } from '../full-results.js';
import { hostileResults } from '../hostile-results.js';
import { decomposedResults, onOtherHost, syntheticResults } from '../synthetic-results.js';

/** The elements that the reader sees, without scripts and styles. */
function body(html: string): string {
  return html.replace(/<(script|style)\b.*?<\/\1>/gs, '');
}

function textOf(html: string): string {
  return body(html)
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
}

const results = syntheticResults();
const html = renderHtml(results);
const full = fullResults();
const whole = renderHtml(full);
const RUNS = [
  html,
  whole,
  renderHtml(decomposedResults()),
  renderHtml(onOtherHost(results, 'pointer-as-tag')),
];

test('every link of the page is inside it', () => {
  const targets = [...html.matchAll(/\s(?:src|href|action|data|poster|srcset)="([^"]*)"/g)].map(
    ([, to]) => to ?? '',
  );
  assert.ok(targets.length > 20);
  for (const target of targets) assert.match(target, /^(#[a-z]|data:,)/);
  assert.doesNotMatch(html, /url\(|@import|sourceMappingURL/);
});

test('every link leads to an element, and each figure of evidence to a cell with its number', () => {
  for (const page of RUNS) {
    const markup = body(page);
    const ids = new Set([...markup.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id));
    for (const [, to] of markup.matchAll(/href="#([^"]*)"/g)) assert.ok(ids.has(to), to);
  }
  const evidence = [...body(whole).matchAll(/<li><a href="#([^"]*)">([^<]*)<\/a><\/li>/g)].filter(
    ([, , text]) => /:/.test(text ?? ''),
  );
  assert.ok(evidence.length > 40);
  for (const [, to = '', text = ''] of evidence) {
    const [, cell] =
      new RegExp(`<td id="${to.replaceAll('.', '\\.')}"[^>]*>(.*?)</td>`).exec(body(whole)) ?? [];
    if (cell === undefined) continue;
    const figure = (cell.replace(/<[^>]*>/g, '').match(/[\d,.]+/) ?? [''])[0];
    assert.ok(text.includes(figure) || /right on|the lock|of one thread|ns$/.test(text), `${text}: ${cell}`);
  }
});

test('every JSON pointer leads to a row of results.json', () => {
  const rows = [...body(whole).matchAll(/<code>((?:\/[^< ]+ ?)+)<\/code>/g)].flatMap(([, all]) =>
    (all ?? '').split(' '),
  );
  assert.ok(rows.length > 60);
  for (const pointer of rows) {
    let value: unknown = full;
    for (const key of pointer.split('/').slice(1))
      value = (value as Record<string, unknown> | undefined)?.[key];
    assert.notEqual(value, undefined, pointer);
  }
});

test('the policy allows only the style and the script of the page', () => {
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '';
  assert.match(
    policy,
    /^default-src 'none'; img-src data:; style-src 'sha256-[^']+'; script-src 'sha256-[^']+';/,
  );
  assert.doesNotMatch(policy, /unsafe|http|\*/);
  assert.doesNotMatch(body(html), /\sstyle=|\son[a-z]+=/);
});

test('nothing untrusted is ever markup', () => {
  const payload = `"'><img src=x onerror=alert(1)></script></style><script>alert(2)</script><!--`;
  const hostile = renderHtml(hostileResults(results, payload));
  assert.ok(hostile.includes('&lt;img src=x onerror=alert(1)'));
  assert.equal(hostile.includes('<img src=x'), false);
  assert.equal(hostile.includes('<script>alert'), false);
  assert.equal(hostile.split('<script').length, html.split('<script').length);
  assert.equal(hostile.split('<!--').length, html.split('<!--').length);
});

test('characters that act on a terminal or reverse a line are written out', () => {
  const hostile = renderHtml(hostileResults(results, 'red \u001b[31m turned \u202e hidden \u200b end'));
  assert.match(hostile, /red \\u\{1b\}\[31m turned \\u\{202e\} hidden \\u\{200b\} end/);
  for (const character of '\u001b\u202e\u200b') assert.equal(hostile.includes(character), false);
});

test('every id is unique, also if a workload has the name of a part of the page', () => {
  const named = structuredClone(results);
  for (const [index, name] of ['summary', 'cost', 'main'].entries()) {
    for (const place of [named.workloads[index], named.cells[index]]) {
      assert.ok(place);
      Object.assign(place, 'id' in place ? { id: name } : { workload: name });
    }
  }
  for (const page of [...RUNS, renderHtml(resultsSchema.parse(named))]) {
    const ids = [...body(page).matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    assert.ok(ids.length > 40);
    assert.deepEqual(
      ids.filter((id, index) => ids.indexOf(id) !== index),
      [],
    );
  }
});

/** The counterexamples of a page as a reader would copy them. */
function counterexamplesOf(markup: string): string[] {
  const entities: Readonly<Record<string, string>> = {
    '&lt;': '<',
    '&gt;': '>',
    '&quot;': '"',
    '&amp;': '&',
  };
  return [...body(markup).matchAll(/<div class="history">(.*?)<\/div>/gs)].map(([, text = '']) =>
    text
      .replace(/<\/(?:p|li)>/g, '\n')
      .replace(/<[^>]*>/g, '')
      .replace(/&\w+;/g, (entity) => entities[entity] ?? entity),
  );
}

test('each counterexample can be replayed from its copied text, and the shortest history of the first failure is open', () => {
  const texts = counterexamplesOf(html);
  assert.equal(texts.length, 5);
  for (const text of texts) assert.ok(parseHistory(text, 'counterexample').operations.length > 4);
  assert.match(textOf(html), /To replay a history, .* npm run verify -- --replay FILE/);
  // Unexpected failures come first.
  const [open, ...others] = [
    ...body(html).matchAll(/<details id="finding_[^>]* open>(.*?)<\/summary>/gs),
  ].map(([, summary]) => textOf(summary ?? ''));
  assert.match(open ?? '', /merged-4\.9 on beyond-255-vms: stale-pointer, 2 times, UNEXPECTED/);
  assert.deepEqual(others, []);
});

test('markup in a counterexample is text', () => {
  const markup = '</li></ol><img src=x onerror=alert(1)>"&';
  const [text] = counterexamplesOf(renderHtml(hostileResults(results, markup)));
  assert.equal(text, [`host ${markup}`, ...Array(8).fill(markup), `-> ${markup}`, ''].join('\n'));
});

test('a failure without a counterexample shows its first occurrence', () => {
  assert.match(
    textOf(html),
    /merged-4\.9 on beyond-255-vms: threw, 1 times, UNEXPECTED .*? destroy VM 3: threw RangeError: no free vm_id/,
  );
});

test('every failure of the matrix links to its history', () => {
  const links = [...html.matchAll(/<td id="ok_[^>]*><a href="#(finding_[^"]*)"/g)].map(([, id]) => id ?? '');
  assert.equal(links.length, 3);
  for (const id of links) assert.ok(html.includes(`<details id="${id}"`), id);
});

test('the failures found, the limits declared, all checks and the places that a patch touches are explained', () => {
  assert.match(
    textOf(html),
    /An update changed another vCPU('|&#39;)s entry, whose tag differs\. Check other-entries: /,
  );
  assert.match(body(html), /<dt>max-vms N<\/dt><dd>at most N VMs exist at a time/);
  for (const name of OPERATION_CHECKS)
    assert.ok(body(html).includes(`<dt>${name}</dt><dd>${CHECKS[name]}</dd>`), name);
  assert.match(
    body(html),
    /id="strategy-opaque-tag-hash".*?<ul><li>struct amd_iommu: hash table and lock<\/li>/s,
  );
});

test('an unreliable control, wrong answers and void timings are told beside the times', () => {
  const text = textOf(html);
  assert.match(text, /The A\/A control fails here \(1\.09x/);
  assert.match(text, /pointer-as-tag is void: the child said nothing for 120 s\./);
  assert.match(body(html), /href="#t_c_beyond-255-vms_posted-v4">[^<]* ✗/);
  assert.match(text, /A\/A ok: 4 of 5/);
});

test('fewer than five processes name no winner anywhere, and five do', () => {
  const verdicts =
    /\b(faster|slower|equivalent|inconclusive|fastest hash|instead of 4\d|costs the same|= \d+ equal)\b(?!,? otherwise)/gi;
  for (const processes of [1, 4]) {
    const few = textOf(renderHtml(syntheticResults({ suite: 'quick', processes, rounds: 3 })));
    const outside = few.replace(
      /How times were compared .*?What this cannot show|&quot;~&quot;: inconclusive/g,
      '',
    );
    assert.match(few, /This run names no winner: strategies ran in \d process(es)?, and a verdict needs 5\./);
    assert.deepEqual(outside.match(verdicts), null, `${processes}`);
    assert.doesNotMatch(few, /Infinity|NaN|undefined/);
  }
  const enough = textOf(renderHtml(syntheticResults({ suite: 'quick', processes: 5 })));
  assert.doesNotMatch(enough, /names no winner/);
  for (const word of ['slower', 'the fastest hash']) assert.ok(enough.includes(word), word);
});

test('with four processes in C and ten in V8, the front page names no winner, and the tables of V8 have verdicts', () => {
  const text = textOf(renderHtml(syntheticResults({ nativeProcesses: 4 })));
  assert.match(text, /This run names no winner/);
  assert.match(text, /slower/);
});

test('strategies that are equal share a row, ties share a rank, and wrong strategies have none', () => {
  const [, table = ''] = /id="front-table".*?<tbody>(.*?)<\/tbody>/s.exec(body(whole)) ?? [];
  const rows = [...table.matchAll(/<tr.*?<\/tr>/gs)].map(([row]) => textOf(row));
  assert.ok(rows.length <= 10, `${rows.length} rows`);
  const rowOf = (id: string) => rows.find((row) => row.trim().startsWith(id)) ?? '';
  assert.match(
    rowOf('ir-data-pointer'),
    /\+ 4 equal pointer-array, indexed-tag, merged-6\.17, merged-7\.3|\+ 4 equal .*merged-7\.3/,
  );
  assert.match(rowOf('ir-data-pointer'), / 1 1,054 ±\d+ 16,867 ±\d+ 4= yes/);
  assert.match(rowOf('vcpu-entries'), /0\.600x ±\S+ \S+ ±\d+ \S+ ±\d+ 1 yes/);
  assert.match(rowOf('posted-v4'), / - NO/);
  assert.match(rowOf('floor'), / - a bound/);
});

test('every table has a caption and scoped headers, and every chart a text', () => {
  const tables = [...body(html).matchAll(/<table>(.*?)<\/table>/gs)].map(([, table]) => table ?? '');
  assert.ok(tables.length >= 11);
  for (const table of tables) {
    assert.match(table, /^<caption>/);
    assert.doesNotMatch(table, /<th(?=[ >])(?! [^>]*scope=)/);
  }
  for (const [svg] of body(html).matchAll(/<svg [^>]*>/g))
    assert.match(svg, /role="img" aria-label="[^"]{20,}"/);
});

test('the recording is labelled beside its times, in its workload and in the limits', () => {
  const text = textOf(html);
  assert.ok((text.match(/Recorded:? The schedule .*? Assumed:? Devices/g) ?? []).length >= 2);
  assert.match(text, /the devices and interrupts of recorded/);
});

test('the limits name everything that a reader may miss', () => {
  const limits = textOf(html.slice(html.indexOf('id="not-measured"'), html.indexOf('id="try-it"')));
  for (const subject of [
    'kernel time',
    'the rest of vcpu_load()',
    'the cost of a flush',
    'more than 2 CPUs',
    'correctness beyond these operations',
    'uncontended locks in V8',
    'other machines',
  ]) {
    assert.ok(limits.includes(subject), subject);
  }
});

test('no sentence of the summary is longer than 30 words, and no figure is of thousands of millions', () => {
  const summary = textOf(whole.slice(whole.indexOf('id="summary"'), whole.indexOf('id="cost"')));
  assert.doesNotMatch(summary, /\d,\d{3} M\/s/);
  const lead = textOf(/<p class="lead">.*?<\/p>/s.exec(whole)?.[0] ?? '');
  const sentences = lead.split(/(?<=\.)\s+(?=[A-Z])/).filter((sentence) => sentence.trim() !== '');
  assert.equal(sentences.length, 3);
  const wordsOf = (sentence: string) => sentence.split(/\s+/).filter((word) => /\w/.test(word));
  for (const sentence of sentences) assert.ok(wordsOf(sentence).length <= 30, sentence);
});

test('without C the times of V8 lead, and the page says so', () => {
  const inV8: Results = structuredClone(results);
  inV8.run.noNative = 'there is no cc';
  for (const { timing } of inV8.cells) timing.series = timing.series.filter(({ lane }) => lane === 'v8');
  const text = textOf(renderHtml(inV8));
  assert.match(text, /Time of one operation, ns in V8/);
  assert.match(text, /Nothing was timed in C: there is no cc\./);
});

test('a page of the size of a default run is smaller than 2 MB', () => {
  assert.ok(Buffer.byteLength(whole) < 2e6, `${Buffer.byteLength(whole)} bytes`);
});
