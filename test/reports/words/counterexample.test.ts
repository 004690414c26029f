import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Counterexample } from '../../../harness/results/results.js';
import { boundsOf, historiesWithin } from '../../../harness/verify/histories/history-generator.js';
import { HOST_PRESETS } from '../../../machine/host.js';
import { counterexampleLines } from '../../../reports/words/counterexample.js';
import { operationsOf } from '../../../workloads/stream/history.js';
import { parseHistory } from '../../../workloads/stream/history-text.js';
import { describeHost, stepsOf } from '../../../workloads/stream/operation-text.js';
import { openStream } from '../../../workloads/stream/stream.js';
import { syntheticResults } from '../synthetic-results.js';

/** A story as it stands in a report. */
function inReport(story: Counterexample, columns: number, indent: number): string {
  const lines = counterexampleLines(story, columns - indent).map((line) => ' '.repeat(indent) + line);
  for (const line of lines) assert.ok(line.length <= columns, `${line.length} columns: ${line}`);
  return lines.join('\n');
}

/** What a reader of histories makes of a text. */
function readBack(text: string): Omit<Counterexample, 'outcome'> {
  const { host, operations } = parseHistory(text, 'story');
  return { host: describeHost(host), steps: stepsOf(operations) };
}

const HOST = HOST_PRESETS['2016'];
const STORY: Counterexample = {
  host: describeHost(HOST),
  steps: ['create VM 1 with vCPU 0', 'allocate irq 0 of device 0'],
  outcome: 'nothing',
};

test('every story of a report reads back as the history that it tells', () => {
  const stories = syntheticResults()
    .cells.flatMap(({ checks }) => checks.flatMap(({ findings }) => findings))
    .flatMap(({ counterexample }) => (counterexample === null ? [] : [counterexample]));
  assert.equal(stories.length, 4);
  for (const story of stories) {
    for (const [columns, indent] of [
      [75, 0],
      [75, 4],
      [50, 0],
    ] as const) {
      const { outcome: _, ...told } = story;
      assert.deepEqual(readBack(inReport(story, columns, indent)), told);
    }
  }
});

test('so does a history of any kind', () => {
  const histories = historiesWithin(boundsOf([]), { count: 60, seed: 2016, fixed: {} });
  for (const { host, words } of histories) {
    const { windowStart, ...stream } = openStream(words);
    const told = {
      host: describeHost(host),
      steps: stepsOf(operationsOf({ windowStart, ...stream }, undefined, windowStart)),
    };
    assert.deepEqual(readBack(inReport({ ...told, outcome: 'nothing' }, 75, 2)), told);
  }
});

test('a host that fills more than a line is named on each', () => {
  assert.deepEqual(counterexampleLines(STORY, 40), [
    'host irqTableEntries=256',
    'host tableLock=global flush=per-entry',
    '  1 create VM 1 with vCPU 0',
    '  2 allocate irq 0 of device 0',
    '    -> nothing',
  ]);
});

test('the usual host is told in a line that readers of histories pass over', () => {
  const text = inReport({ ...STORY, host: '' }, 75, 0);
  assert.match(text, /^# host: preset v6\.8\n {2}1 create VM 1/);
  assert.deepEqual(parseHistory(text, 'story').host, HOST_PRESETS['v6.8']);
});

test('words without an end stay within the columns', () => {
  const word = 'w'.repeat(300);
  inReport({ host: word, steps: [word], outcome: word }, 75, 2);
});
