// Properties of the readers of files: they refuse or read whatever there is in a file, and read only what their own printer
// would print.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { readResults } from '../cli/read-results.js';
import { type Results, resultsSchema } from '../harness/results/results.js';
import { UsageError } from '../machine/usage-error.js';
import { renderCsv } from '../reports/csv.js';
import { renderHtml } from '../reports/html/render-html.js';
import { renderFullText } from '../reports/text/full-text.js';
import { renderMail } from '../reports/text/mail.js';
import { summarizeRecording } from '../workloads/recorded.js';
import type { History } from '../workloads/stream/history.js';
import { parseHistory } from '../workloads/stream/history-text.js';
import { describeHost, stepsOf } from '../workloads/stream/operation-text.js';
import { ROOT } from './project.js';
import { syntheticResults } from './reports/synthetic-results.js';

/** Equal runs try equal files. */
const SEED = 25;

/** The value that a reader gives; null if it refuses its file as it should. Any other error is thrown. */
function readOrRefused<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    assert.ok(error instanceof UsageError, `${(error as Error).stack}`);
    assert.doesNotMatch(error.message, /\n/);
    return null;
  }
}

const printed = ({ host, operations }: History): string =>
  [`host ${describeHost(host)}`, ...stepsOf(operations)].join('\n');

function readsHistory(text: string): void {
  const history = readOrRefused(() => parseHistory(text, 'f'));
  if (history === null) return;
  assert.deepEqual(parseHistory(printed(history), 'f'), history);
}

const number = fc.oneof(
  { weight: 20, arbitrary: fc.nat({ max: 4 }) },
  fc.constantFrom('', '-1', '255', '256', '65536', '4294967298', '99999999999999999999', '1e3', '0x10', '٣'),
);
const range = fc.oneof(
  number.map(String),
  fc.tuple(number, number).map(([one, other]) => `${one}-${other}`),
);
const vcpu = fc.tuple(number, number).map(([vm, id]) => `vm ${vm} vcpu ${id}`);
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(range, range).map(([vms, ids]) => `create VMs ${vms} with vCPUs ${ids} each`),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(range, number).map(([irqs, device]) => `allocate irqs ${irqs} of device ${device}`),
  },
  fc.tuple(range, vcpu).map(([irqs, to]) => `route irqs ${irqs} to ${to}, vector 0x31`),
  fc.tuple(vcpu, number).map(([of, cpu]) => `load ${of} on CPU ${cpu}`),
  fc.tuple(vcpu, fc.constantFrom('blocking', 'preempted', 'gone')).map(([of, why]) => `put ${of}, ${why}`),
  fc
    .tuple(fc.constantFrom('free irqs', 'unroute irqs', 'interrupt irqs', 'destroy VMs'), range)
    .map(([what, which]) => `${what} ${which}`),
  range.map((iommus) => `drain the GA logs of IOMMUs ${iommus}`),
  fc
    .tuple(fc.constantFrom('iommus', 'hashBits', 'flush', 'x'), number)
    .map(([key, value]) => `host ${key}=${value}`),
  fc.string(),
);
const line = fc
  .tuple(
    step,
    fc.constantFrom('', ', 3 times', ', 99999999 times'),
    fc.constantFrom('same', 'upper', 'lower'),
  )
  .map(([text, times, how]) => {
    const whole = `${text}${times}`;
    return how === 'same' ? whole : how === 'upper' ? whole.toUpperCase() : whole.toLowerCase();
  });

/** Any bytes, and lines that look like those of a history. */
function historiesAreReadOrRefused(numRuns: number): void {
  const begin = 'create VM 1 with vCPUs 0-1\nallocate irqs 0-1 of device 0\n';
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => readsHistory(Buffer.from(bytes).toString('utf8'))),
    { numRuns, seed: SEED },
  );
  fc.assert(
    fc.property(fc.boolean(), fc.array(line, { maxLength: 12 }), (begins, lines) =>
      readsHistory(`${begins ? begin : ''}${lines.join('\n')}`),
    ),
    { numRuns, seed: SEED },
  );
}

/** A place of a file, and what is there instead of its byte; nothing cuts the file. */
const spoiled = fc.tuple(fc.nat(), fc.option(fc.uint8Array({ maxLength: 3 })));

function spoil(bytes: Buffer, places: readonly (readonly [number, Uint8Array | null])[]): Buffer {
  let changed = bytes;
  for (const [place, instead] of places) {
    const at = place % (changed.length + 1);
    const rest = instead === null ? [] : [instead, changed.subarray(at + 1)];
    changed = Buffer.concat([changed.subarray(0, at), ...rest]);
  }
  return changed;
}

/** Files of which some bytes are others, or missing. */
async function spoiledFilesAreReadOrRefused(
  originals: readonly Buffer[],
  numRuns: number,
  read: (file: string) => Promise<unknown>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'gatag-bench-test-'));
  const file = join(folder, 'file');
  const places = fc.array(spoiled, { minLength: 1, maxLength: 4 });
  try {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...originals), places, async (original, given) => {
        writeFileSync(file, spoil(original, given));
        const error: unknown = await read(file).then(
          () => null,
          (reason) => reason,
        );
        assert.ok(error === null || error instanceof UsageError, `${(error as Error | null)?.stack}`);
      }),
      { numRuns, seed: SEED },
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The folder of small recordings, as seen from the compiled module. */
const SAMPLES = join(ROOT, 'test/workloads/trace/samples');

/** Recordings, packed and unpacked. */
function recordingsAreReadOrRefused(numRuns: number): Promise<void> {
  const packed = readdirSync(SAMPLES).map((name) => readFileSync(join(SAMPLES, name)));
  const originals = [...packed.slice(0, 1), ...packed.map((one) => gunzipSync(one))];
  return spoiledFilesAreReadOrRefused(originals, numRuns, summarizeRecording);
}

/** The JSON of results. */
function resultsFilesAreReadOrRefused(results: Results, numRuns: number): Promise<void> {
  return spoiledFilesAreReadOrRefused([Buffer.from(JSON.stringify(results))], numRuns, (file) =>
    readResults(file),
  );
}

/** Values that a field may have beside its own. */
const values = fc.constantFrom<unknown>(
  ...[
    null,
    0,
    1,
    -1,
    0.5,
    1e-300,
    1e300,
    2 ** 31,
    2 ** 53 - 1,
    '',
    'floor',
    '\u001b[31m\u202e',
    '<script>',
    [],
    {},
  ],
  'x'.repeat(5000),
);

/** A change at a place of a value, which is found by going down at random. */
interface Change {
  readonly way: readonly number[];
  readonly how: 'replace' | 'remove' | 'repeat' | 'swap' | 'scale';
  readonly value: unknown;
}

const change: fc.Arbitrary<Change> = fc.record({
  way: fc.array(fc.nat(), { minLength: 1, maxLength: 9 }),
  how: fc.constantFrom('replace', 'remove', 'repeat', 'swap', 'scale'),
  value: values,
});

function changed(whole: unknown, { way, how, value }: Change): void {
  let at = whole as Record<string, unknown> | unknown[];
  for (const [depth, step] of way.entries()) {
    const keys = Object.keys(at);
    if (keys.length === 0) return;
    const key = keys[step % keys.length] as never;
    const item = at[key] as unknown;
    if (depth < way.length - 1 && typeof item === 'object' && item !== null) {
      at = item as typeof at;
      continue;
    }
    const index = Number(key);
    if (how === 'remove' && Array.isArray(at)) at.splice(index, 1);
    else if (how === 'remove') delete at[key];
    else if (how === 'repeat' && Array.isArray(at)) at.splice(index, 0, structuredClone(item));
    else if (how === 'swap' && Array.isArray(at)) at.reverse();
    else if (how === 'scale' && typeof item === 'number') at[key] = (item * 1e6) as never;
    else at[key] = value as never;
    return;
  }
}

/** Results with changes are refused, or give a report. @param results - Results of a run. */
function resultsAreReadOrRefused(results: Results, numRuns: number): number {
  let accepted = 0;
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
      const copy: unknown = structuredClone(results);
      for (const one of changes) changed(copy, one);
      const parsed = resultsSchema.safeParse(JSON.parse(JSON.stringify(copy)));
      if (!parsed.success) return;
      accepted++;
      assert.deepEqual(resultsSchema.parse(JSON.parse(JSON.stringify(parsed.data))), parsed.data);
      for (const render of [renderHtml, renderMail, renderFullText, renderCsv]) {
        assert.doesNotMatch(render(parsed.data).replaceAll('\n', ''), /[\p{Cc}\p{Cf}]/u);
      }
    }),
    { numRuns, seed: SEED },
  );
  return accepted;
}

/** How many files of each kind are tried. */
interface Files {
  readonly histories: number;
  readonly results: number;
  readonly spoiledRecordings: number;
  readonly spoiledResults: number;
}

/** Tests the readers. */
export function testReaders({ histories, results, spoiledRecordings, spoiledResults }: Files): void {
  test('any file is read as a history or refused in one line, and what is read is printed so', () => {
    historiesAreReadOrRefused(histories);
  });

  test('results with a change are refused, or give a report', () => {
    assert.ok(resultsAreReadOrRefused(syntheticResults(), results) > 0);
  });

  test('a recording with other bytes is read, or refused in one line', () =>
    recordingsAreReadOrRefused(spoiledRecordings));

  test('a results file with other bytes is read, or refused in one line', () =>
    resultsFilesAreReadOrRefused(syntheticResults(), spoiledResults));
}
