import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHECKS, OPERATION_CHECKS } from '../../../harness/results/checks.js';
import { type Results, resultsSchema } from '../../../harness/results/results.js';
import { allCharts } from '../../../reports/charts/all-charts.js';
import { renderText } from '../../../reports/text/text.js';
import { parseHistory } from '../../../workloads/stream/history-text.js';
import { pageOf } from '../browser.js';
import { hostileResults } from '../hostile-results.js';
import { syntheticResults } from '../synthetic-results.js';

/** The elements that the reader sees, without scripts, styles and images. */
function body(html: string): string {
  return html.replace(/<(script|style)\b.*?<\/\1>/gs, '').replace(/src="data:[^"]*"/g, '');
}

function textOf(html: string): string {
  return body(html)
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
}

const results = syntheticResults();
const html = pageOf(results);

test('the same results give the same bytes', () => {
  assert.equal(pageOf(structuredClone(results)), html);
});

test('every link and image of the page is inside it', () => {
  const targets = [...html.matchAll(/\s(?:src|href|action|data|poster|srcset)="([^"]*)"/g)].map(
    ([, to]) => to ?? '',
  );
  assert.ok(targets.length > 6);
  for (const target of targets) assert.match(target, /^(#[a-z]|data:)/);
  assert.doesNotMatch(html, /url\(|@import|sourceMappingURL/);
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
  const hostile = pageOf(hostileResults(results, payload));
  assert.ok(hostile.includes('&lt;img src=x onerror=alert(1)'));
  assert.equal(hostile.includes('<img src=x'), false);
  assert.equal(hostile.includes('<script>alert'), false);
  assert.equal(hostile.split('<script').length, html.split('<script').length);
  assert.equal(hostile.split('<!--').length, html.split('<!--').length);
});

test('characters that act on a terminal or reverse a line are written out', () => {
  const hostile = pageOf(hostileResults(results, 'red \u001b[31m turned \u202e hidden \u200b end'));
  assert.match(hostile, /red \\u\{1b\}\[31m turned \\u\{202e\} hidden \\u\{200b\} end/);
  for (const character of '\u001b\u202e\u200b') assert.equal(hostile.includes(character), false);
});

test('each strategy has a verdict with its failures, and says which are unexpected', () => {
  const text = textOf(html);
  assert.match(
    text,
    /posted-v4 wrong answers .*same-bucket 412 \(within its declared limit no-tag-compare\)/,
  );
  assert.match(text, /merged-4\.9 wrong answers +unexpected .*stale-pointer 2 \(UNEXPECTED\)/);
  assert.match(text, /opaque-tag-hash sound .*Slower in pinned/);
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

test('a failure unfolds to its counterexample and names the check that found it', () => {
  const [details] = /<details class="finding">.*?<\/details>/s.exec(body(html)) ?? [''];
  assert.match(
    textOf(details),
    /posted-v4 +in +beyond-255-vms : +same-bucket 412 +within its declared limit no-tag-compare/,
  );
  assert.match(
    details,
    /<p class="host">host iommus=1<\/p><ol><li>create VMs 1-3 with vCPU 0 each<\/li><li>create VM 4 with vCPUs 0-15<\/li>/,
  );
  assert.match(
    details,
    /<li>load vm 4 vcpu 15 on CPU 2<\/li><\/ol><p class="outcome">-> the IRTE of irq 1, owned by/,
  );
  assert.match(textOf(details), /other-entries: an operation changes no entry but those that it concerns/);
});

test('each counterexample can be replayed from its copied text', () => {
  const texts = counterexamplesOf(html);
  assert.equal(texts.length, 5);
  for (const text of texts) assert.ok(parseHistory(text, 'counterexample').operations.length > 4);
  assert.match(textOf(html), /To replay a story, .* gatag-bench verify --replay FILE/);
});

test('a failure without a counterexample shows its first occurrence, and unexpected failures are unfolded', () => {
  assert.match(
    body(html),
    /<details class="finding" open><summary>(?:(?!<\/details>).)*threw 1.*?<p class="outcome">destroy VM 3: threw RangeError: no free vm_id<\/p>/s,
  );
  assert.equal(body(html).match(/<details class="finding" open>/g)?.length, 2);
});

test('every failure in the matrix links to its details', () => {
  const links = [...html.matchAll(/<div class="found"><a href="#(finding[^"]*)"/g)].map(([, id]) => id ?? '');
  assert.equal(links.length, 5);
  assert.equal(new Set(links).size, 5);
  for (const id of links) assert.ok(html.includes(`<div id="${id}">`), id);
});

test('every id is unique, also if a workload has the name of a part of the page', () => {
  const named = structuredClone(results);
  for (const [index, name] of ['heading', 'text', 'main'].entries()) {
    for (const place of [named.workloads[index], named.cells[index]]) {
      assert.ok(place);
      Object.assign(place, 'id' in place ? { id: name } : { workload: name });
    }
  }
  for (const markup of [html, pageOf(resultsSchema.parse(named))]) {
    const ids = [...body(markup).matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    assert.ok(ids.length > 40);
    assert.deepEqual(
      ids.filter((id, index) => ids.indexOf(id) !== index),
      [],
    );
  }
});

test('every section, article and failure has a link to itself, with a name', () => {
  const markup = body(html);
  const ids = [...markup.matchAll(/<(?:section|article|div) id="([^"]*)"/g)].map(([, id]) => id);
  const parts = markup.match(/<article|<section id|<details class="finding"/g);
  assert.equal(ids.length, parts?.length);
  for (const id of ids) {
    assert.match(
      markup,
      new RegExp(`<a class="link-to" href="#${id}" aria-label="Link to [^"]{3,}">#</a>`),
      id,
    );
  }
});

test('the page contains the text report', () => {
  const [, text = ''] = /<pre>(.*?)<\/pre>/s.exec(html) ?? [];
  const escaped = renderText(results).replace(
    /[&<"]/g,
    (character) => `&${{ '&': 'amp', '<': 'lt', '"': 'quot' }[character]};`,
  );
  assert.equal(text, escaped);
});

test('markup in a counterexample is text', () => {
  const markup = '</li></ol><img src=x onerror=alert(1)>"&';
  const hostile = hostileResults(results, markup);
  const [counterexample] = hostile.cells.flatMap(({ checks }) =>
    checks.flatMap(({ findings }) => findings.map((finding) => finding.counterexample)),
  );
  assert.deepEqual(counterexample, { host: markup, steps: Array(7).fill(markup), outcome: markup });
  const [text] = counterexamplesOf(pageOf(hostile));
  assert.equal(text, [`host ${markup}`, ...Array(7).fill(markup), `-> ${markup}`, ''].join('\n'));
});

test('each strategy lists the places of the kernel that a patch touches, a line for each', () => {
  assert.match(
    body(html),
    /id="strategy-opaque-tag-hash".*?<dt>A patch touches<\/dt><dd><ul class="lines"><li>struct amd_iommu: hash table and lock<\/li><li>amd_iommu_update_ga\(\): walks a bucket<\/li><\/ul>/s,
  );
});

test('the failures found, the limits declared and all checks are explained', () => {
  assert.match(body(html), /<dt>same-bucket<\/dt><dd>an update changed the entry of another vCPU/);
  assert.match(body(html), /<dt>max-vms N<\/dt><dd>at most N VMs exist at a time/);
  for (const name of OPERATION_CHECKS) {
    assert.ok(body(html).includes(`<dt>${name}</dt><dd>${CHECKS[name]}</dd>`), name);
  }
});

test('an unreliable control, wrong answers and void timings are stamped on their rows', () => {
  const row = (section: string, strategy: string) =>
    new RegExp(
      `id="${section}".*?<th scope="row">[^/]*</svg><code>${strategy}</code></span></th>(.*?)</tr>`,
      's',
    ).exec(body(html).replace(/<line[^>]*>(<\/line>)?/g, ''))?.[1] ?? '';
  assert.match(row('ratio-recorded', 'merged-6.17'), /A\/A unreliable/);
  assert.match(row('ratio-recorded', 'pointer-as-tag'), /void: the child said nothing for 120 s/);
  assert.match(row('ratio-beyond-255-vms', 'posted-v4'), /wrong answers/);
  assert.doesNotMatch(row('ratio-pinned', 'posted-v4'), /wrong answers|unreliable/);
});

test('a run of four processes has a banner and no verdict, rank or winner; a run of five has verdicts', () => {
  const verdicts = /faster|slower|equivalent(?!ce)|not separated|rank 1|last rank|the best (of|design)/gi;
  const few = textOf(pageOf(syntheticResults({ processes: 4 })));
  assert.match(few, /4 processes: no verdict\. Ratios and intervals are shown/);
  // Axes say which way is which.
  assert.deepEqual(few.match(verdicts), null);
  assert.match(few, /Time relative to ir-data-pointer/);
  const enough = textOf(pageOf(syntheticResults({ suite: 'quick', processes: 5 })));
  assert.doesNotMatch(enough, /no verdict/);
  for (const word of ['faster', 'slower', 'Rank 1 of those right there']) {
    assert.ok(enough.includes(word), word);
  }
});

test('with four processes in C and ten in V8, only the tables of V8 have verdicts', () => {
  const html4 = pageOf(syntheticResults({ nativeProcesses: 4 }));
  const section = (id: string) =>
    textOf(new RegExp(`<section id="${id}".*?</section>`, 's').exec(html4)?.[0] ?? '');
  assert.match(
    section('c-and-v8'),
    /C tells no order of the designs: 4 processes of each, where a verdict takes 5\./,
  );
  assert.doesNotMatch(section('c-and-v8'), /faster|slower|equivalent|DISAGREE|told apart|tau/);
  assert.match(section('ratios'), /slower/);
  assert.doesNotMatch(textOf(html4), /processes: no verdict/);
});

test('a single process gives a page without infinities', () => {
  const single = textOf(pageOf(syntheticResults({ suite: 'quick', processes: 1, rounds: 3 })));
  assert.match(single, /unbounded/);
  assert.doesNotMatch(single, /Infinity|NaN|undefined/);
});

test('every table has a caption and scoped headers, and every image has a text', () => {
  const tables = [...body(html).matchAll(/<table>(.*?)<\/table>/gs)].map(([, table]) => table ?? '');
  assert.ok(tables.length >= 11);
  for (const table of tables) {
    assert.match(table, /^<caption>/);
    assert.doesNotMatch(table, /<th(?=[ >])(?! [^>]*scope=)/);
  }
  const images = [...html.matchAll(/<img [^>]*>/g)];
  assert.equal(images.length, allCharts(results).length);
  for (const [image] of images) assert.match(image, / alt="Chart [^"]+"/);
});

test('the recording is labelled wherever its figures stand', () => {
  const labels = textOf(html).match(/recording Recorded: The schedule .*? Assumed: Devices/g) ?? [];
  assert.equal(labels.length, 3);
});

test('the limits name everything that a reader may miss', () => {
  const limits = textOf(html.slice(html.indexOf('id="limits"')));
  for (const subject of [
    'Absolute kernel nanoseconds',
    'Interrupts-off latency',
    'Invalidation cost',
    'Coherence traffic',
    'Cost of atomics',
    'Single-threaded',
    'not the kernel',
    'Recording',
    'Garbage collection',
    'Peak memory',
  ]) {
    assert.ok(limits.includes(subject), subject);
  }
});

test('a page of the default suite with ten strategies is smaller than 3 MB', () => {
  const [cell, workload] = [results.cells[1], results.workloads[1]];
  assert.ok(cell && workload);
  const cells = Array.from({ length: 7 }, (_, index) => ({ ...cell, workload: `${cell.workload}-${index}` }));
  const workloads = cells.map((copy) => ({ ...workload, id: copy.workload }));
  const bytes = Buffer.byteLength(pageOf(withTenth({ ...results, cells, workloads })));
  assert.ok(bytes < 3e6, `${bytes} bytes`);
});

/** The results with a tenth strategy, a copy of the floor. */
function withTenth(nine: Results): Results {
  const doubled = <Entry extends object>(entries: readonly Entry[], key: keyof Entry): Entry[] =>
    entries.flatMap((entry) => (entry[key] === 'floor' ? [entry, { ...entry, [key]: 'tenth' }] : [entry]));
  return {
    ...nine,
    strategies: doubled(nine.strategies, 'id'),
    cells: nine.cells.map(({ checks, counted, timing, ...rest }) => ({
      ...rest,
      checks: doubled(checks, 'strategy'),
      counted: doubled(counted, 'strategy'),
      timing: {
        ...timing,
        references: doubled(timing.references, 'strategy'),
        series: doubled(timing.series, 'strategy'),
      },
    })),
    held: doubled(nine.held, 'strategy'),
    sweeps: nine.sweeps.map((point) => ({ ...point, counted: doubled(point.counted, 'strategy') })),
  };
}
