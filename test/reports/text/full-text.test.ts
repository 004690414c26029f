import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderHtml } from '../../../reports/html/render-html.js';
import { renderFullText } from '../../../reports/text/full-text.js';
import { parseHistory } from '../../../workloads/stream/history-text.js';
import { fullResults } from '../full-results.js';
import { hostileResults } from '../hostile-results.js';
import { onOtherHost, syntheticResults } from '../synthetic-results.js';

const results = syntheticResults();
const text = renderFullText(results);
const flat = text.replace(/\s+/g, ' ');

test('the full text has at most 75 columns of printable ASCII', () => {
  for (const one of [results, fullResults(), hostileResults(results, 'κέρνελ \u001b[31m '.repeat(20))]) {
    for (const line of renderFullText(one).split('\n')) assert.match(line, /^[ -~]{0,75}$/);
  }
});

test('the full text says the sentences of the page', () => {
  const page = renderHtml(results)
    .replace(/<(script|style)\b.*?<\/\1>/gs, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&quot;/g, '"')
    .replace(/\s+/g, ' ');
  for (const sentence of [
    'There is none. It is needed from VM creation 116 on, if a VM has a vCPU 15.',
    'One value is enough, and costs the same.',
    'in code that both need. No kernel had the hash.',
  ]) {
    assert.ok(page.includes(sentence), sentence);
    assert.ok(flat.includes(sentence), sentence);
  }
});

test('the lines of each counterexample can be replayed unchanged', () => {
  const lines = text.split('\n');
  const starts = lines.flatMap((line, index) =>
    /^(host |# host)/.test(line) && !/^host /.test(lines[index - 1] ?? '') ? [index] : [],
  );
  assert.equal(starts.length, 5);
  for (const start of starts) {
    const end = lines.findIndex((line, index) => index > start && /^ +-> /.test(line));
    assert.ok(parseHistory(lines.slice(start, end + 1).join('\n'), 'full text').operations.length > 4);
  }
});

test('what was void, unreliable, disturbed or on another host is told', () => {
  assert.match(flat, /pointer-as-tag is void: the child said nothing for 120 s\./);
  assert.match(flat, /Disturbed rounds that were taken again: 2 of 300; disturbed again and kept: 1\./);
  assert.match(
    renderFullText(onOtherHost(results, 'pointer-as-tag')).replace(/\s+/g, ' '),
    /With pointerBytes=4: pointer-as-tag beside ir-data-pointer on that host/,
  );
});
