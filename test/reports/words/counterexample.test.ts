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

/** The lines of a counterexample in a report. */
function inReport(counterexample: Counterexample, columns: number, indent: number): string {
  const lines = counterexampleLines(counterexample, columns - indent).map(
    (line) => ' '.repeat(indent) + line,
  );
  for (const line of lines) assert.ok(line.length <= columns, `${line.length} columns: ${line}`);
  return lines.join('\n');
}

/** The host and the steps that are parsed from a text. */
function readBack(text: string): Omit<Counterexample, 'outcome'> {
  const { host, operations } = parseHistory(text, 'counterexample');
  return { host: describeHost(host), steps: stepsOf(operations) };
}

const HOST = HOST_PRESETS['2016'];
const COUNTEREXAMPLE: Counterexample = {
  host: describeHost(HOST),
  steps: ['create VM 1 with vCPU 0', 'allocate irq 0 of device 0'],
  outcome: 'nothing',
};

test('every counterexample of a report parses back to its host and steps', () => {
  const counterexamples = syntheticResults()
    .cells.flatMap(({ checks }) => checks.flatMap(({ findings }) => findings))
    .flatMap(({ counterexample }) => (counterexample === null ? [] : [counterexample]));
  assert.equal(counterexamples.length, 4);
  for (const one of counterexamples) {
    for (const [columns, indent] of [
      [75, 0],
      [75, 4],
      [50, 0],
    ] as const) {
      const { outcome: _, ...expected } = one;
      assert.deepEqual(readBack(inReport(one, columns, indent)), expected);
    }
  }
});

test('every generated history parses back too', () => {
  const histories = historiesWithin(boundsOf([]), { count: 60, seed: 2016, fixed: {} });
  for (const { host, words } of histories) {
    const { windowStart, ...stream } = openStream(words);
    const expected = {
      host: describeHost(host),
      steps: stepsOf(operationsOf({ windowStart, ...stream }, undefined, windowStart)),
    };
    assert.deepEqual(readBack(inReport({ ...expected, outcome: 'nothing' }, 75, 2)), expected);
  }
});

test('each line of a long host begins with the word host', () => {
  // Only the last two parameters fit into one line.
  assert.deepEqual(counterexampleLines(COUNTEREXAMPLE, 44), [
    'host irqTableEntries=256',
    'host tableLookup=global-lock',
    'host commandLock=per-command flush=per-entry',
    '  1 create VM 1 with vCPU 0',
    '  2 allocate irq 0 of device 0',
    '    -> nothing',
  ]);
});

test('the line of the usual host is a comment', () => {
  const text = inReport({ ...COUNTEREXAMPLE, host: '' }, 75, 0);
  assert.match(text, /^# host: preset v6\.8\n {2}1 create VM 1/);
  assert.deepEqual(parseHistory(text, 'counterexample').host, HOST_PRESETS['v6.8']);
});

test('endless words stay within the columns', () => {
  const word = 'w'.repeat(300);
  inReport({ host: word, steps: [word], outcome: word }, 75, 2);
});
