import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Results } from '../../../harness/results/results.js';
import { MOST_LINES, renderMail } from '../../../reports/text/mail.js';
import { fullResults } from '../full-results.js';
import { hostileResults } from '../hostile-results.js';
import { decomposedResults, onOtherHost, syntheticResults } from '../synthetic-results.js';

function linesOf(results: Results): string[] {
  return renderMail(results).trimEnd().split('\n');
}

/** Asserts that a mail is one: at most 90 lines of at most 75 columns of printable ASCII, with a trailer of six lines. */
function assertMail(results: Results): void {
  const lines = linesOf(results);
  assert.ok(lines.length <= MOST_LINES, `${lines.length} lines`);
  for (const line of lines) assert.match(line, /^[ -~]{0,75}$/);
  assert.match(lines[0] ?? '', /^Subject: \[gatag-bench\] \S/);
  const trailer = lines.slice(lines.lastIndexOf('') + 1);
  assert.deepEqual(
    trailer.map((line) => line.split(':')[0]),
    ['IRTE-update', 'Fastest-hash', 'CPU-share', 'Samples', 'Machine', 'Command'],
  );
}

test('a mail has at most 90 lines of at most 75 columns, a subject, and a trailer of six lines', () => {
  for (const results of [
    fullResults(),
    syntheticResults(),
    decomposedResults(),
    onOtherHost(syntheticResults(), 'pointer-as-tag'),
    syntheticResults({ suite: 'quick', processes: 1, rounds: 2 }),
    { ...syntheticResults(), cells: [], workloads: [], sweeps: [], contention: null },
  ]) {
    assertMail(results);
  }
});

test('long words, other scripts and terminal escapes keep within the mail', () => {
  for (const payload of [
    'x'.repeat(300),
    'κέρνελ ядро カーネル '.repeat(9),
    '\u001b[31m\r\nBcc: all\u202e',
  ]) {
    assertMail(hostileResults(syntheticResults(), payload));
  }
});

test('the mail answers first: the finding in the subject, three sentences, then the table', () => {
  const mail = renderMail(fullResults());
  assert.match(
    mail,
    /^Subject: \[gatag-bench\] IRTE update: list 41\.\d ns, hash 91\.\d; hardly matters\n\nChoose by locking and lifetime, not time: /,
  );
  const text = mail.replace(/\s+/g, ' ');
  assert.match(
    text,
    /Keep Linux's list \(merged-7\.3, 0\.999x; 0\.999x with 64 IRTEs\): its kept-pointer bugs are fixed, and the fastest hash \(bucket-lock-hash, 1\.21x\) is not faster\. Of the others, vcpu-entries \(0\.600x; .* and bucket-lock-hash \(1\.21x; .* have neither a global lock nor pointers in KVM\./,
  );
  assert.match(
    mail,
    /^pinned +91\.\d \+-\d+\.\d% +50\.\d \+-\d+\.\d% +41\.\d \+-\d+\.\d% +25\.\d \+-\d+\.\d%$/m,
  );
  assert.match(mail, /^ +time +2 threads +locks +kept by +bugs$/m);
  assert.match(mail, /^opaque-tag-hash +2\.20 +2\.\d+ \[2\S+ 2\S+\] +8 +driver +2, corrected$/m);
  assert.match(mail, /^ir-data-pointer +1 +13\.\d \[\S+ \S+\] +none +KVM +6, fixed$/m);
  assert.match(mail, /^geomean +2\.20 +1\.21 +1 +0\.600$/m);
  assert.match(text, /No tag compare\. From VM creation 116 with a vCPU 15 \(112 with a vCPU 244\)/);
  assert.match(mail, /^IRTE-update: list 41\.\d ns, hash 91\.\d ns; hash \/ list 2\.20x \[\S+ \S+\]$/m);
});

test('the answer names the entries of many-queues that the run counted', () => {
  const results = fullResults();
  const cell = results.cells.find(({ workload }) => workload === 'many-queues');
  for (const { work } of cell?.counted.flatMap(({ verbs }) => verbs) ?? [])
    work.entries = { ...work.entries, worst: 8 };
  const mail = renderMail(results).replace(/\s+/g, ' ');
  assert.match(mail, /\dx with 8 IRTEs/);
  assert.doesNotMatch(mail, /\dx with 64 IRTEs/);
});

test('a mail of fewer than five processes names no winner', () => {
  for (const processes of [1, 4]) {
    const mail = renderMail(syntheticResults({ suite: 'quick', processes, rounds: 3 })).replace(/\s+/g, ' ');
    assert.match(mail, /This run names no winner/);
    assert.match(mail, /IRTE-update: no verdict/);
    assert.match(mail, /Fastest-hash: no verdict/);
    assert.doesNotMatch(mail, /fastest hash on|faster|slower|saves|NaN|Infinity|undefined/);
  }
});

test('a mail says what was not done', () => {
  const results = syntheticResults();
  results.undone = ['pinned', 'recorded', 'churn', 'x'].map((where) => ({
    strategy: 'floor',
    where,
    what: 'timed' as const,
    reason: `killed on ${where}`,
  }));
  assert.match(renderMail(results), /^Not done: floor on pinned: not timed: killed on pinned$/m);
  assert.match(renderMail(results), /^\.\.\. and 2 more in report-full\.txt$/m);
  assertMail(results);
});
