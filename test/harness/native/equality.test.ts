// A strategy in C must have the memory of its TypeScript, word for word, after every operation.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { nativeCompiler } from '../../../harness/native/compile.js';
import { concurrently } from '../../../harness/process/workshop.js';
import { BUILT_IN, builtInUrl } from '../../../strategies/index.js';
import type { Strategy } from '../../../strategies/strategy.js';
import { fullBitmapCase, fullTableCase, historyCases, smallCases } from './cases.js';
import { compileChanges, runChanges, sanitizersIn } from './changes-program.js';
import { differenceOf } from './difference.js';
import { type Case, FINISHED, recordsOf } from './records.js';

const HISTORIES = 200;

/** While one strategy runs in C, another runs in TypeScript. */
const SIDE_BY_SIDE = { concurrency: 2 };

const WIDTHS = [8, 4] as const;

/** The strategies whose vm_ids come from a bitmap. */
const WITH_BITMAP = ['wide-vm-id-hash', 'opaque-tag-hash', 'ir-data-pointer', 'merged-4.9'];

async function strategyOf(id: string): Promise<Strategy> {
  return ((await import(builtInUrl(id))) as { default: Strategy }).default;
}

describe('the memory of C', { skip: (await nativeCompiler()).reason ?? false }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatag-bench-test-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const programOf = (id: string, pointerBytes: number): string => join(folder, `${id}-${pointerBytes}`);

  before(async () => {
    const sanitizers = sanitizersIn(folder);
    if (sanitizers.length === 0)
      console.log('# cc has no sanitizers here, so the equality test runs without');
    const programs = BUILT_IN.flatMap((id) => WIDTHS.map((width) => ({ id, width })));
    await concurrently(programs, 2, ({ id, width }) =>
      compileChanges(programOf(id, width), id, width, sanitizers),
    );
  });

  /** Runs the cases in C, and compares their records with those of TypeScript. */
  async function assertSame(id: string, cases: readonly Case[]): Promise<void> {
    const strategy = await strategyOf(id);
    for (const width of WIDTHS) {
      const ofWidth = cases.filter(({ host }) => host.pointerBytes === width);
      const records = join(folder, `${id}-${width}-records`);
      mkdirSync(records, { recursive: true });
      const written = await runChanges(programOf(id, width), records, ofWidth);
      assert.equal(differenceOf(strategy, ofWidth, written), null);
    }
  }

  test(
    'is that of TypeScript after each operation of every workload, for every strategy',
    SIDE_BY_SIDE,
    async (context) => {
      const cases = await smallCases();
      await Promise.all(BUILT_IN.map((id) => context.test(id, () => assertSame(id, cases))));
    },
  );

  test(
    `is that of TypeScript after each operation of ${HISTORIES} histories, for every strategy`,
    SIDE_BY_SIDE,
    async (context) => {
      const cases = historyCases(HISTORIES);
      await Promise.all(BUILT_IN.map((id) => context.test(id, () => assertSame(id, cases))));
    },
  );

  test('is that of TypeScript up to an operation that both refuse', async () => {
    const isRefused = (strategy: Strategy, tried: Case): boolean =>
      recordsOf(strategy, tried).at(-1) !== FINISHED;
    for (const id of BUILT_IN) {
      assert.ok(isRefused(await strategyOf(id), fullTableCase()));
      await assertSame(id, [fullTableCase()]);
    }
    for (const id of WITH_BITMAP) {
      assert.ok(isRefused(await strategyOf(id), fullBitmapCase()));
      await assertSame(id, [fullBitmapCase()]);
    }
  });
});
