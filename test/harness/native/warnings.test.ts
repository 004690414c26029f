// The C compiles without a warning, with GCC and with Clang.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { FLAGS, PROGRAM, SOURCES } from '../../../harness/native/compile.js';
import { BUILT_IN } from '../../../strategies/index.js';

/** GCC finds some warnings only while it optimises; Clang finds all of them before. */
const COMPILERS = {
  cc: ['-O1', '-S', '-o', '/dev/null'],
  clang: ['-fsyntax-only', '-Wno-unused-command-line-argument'],
};

/** The test of equality compiles every strategy for both widths of pointers with cc, and any warning ends it. */
const WIDTHS = { cc: [8], clang: [8, 4] };

for (const compiler of ['cc', 'clang'] as const) {
  const flags = COMPILERS[compiler];
  const isThere = spawnSync(compiler, ['--version']).status === 0;
  describe(`${compiler} has no warning`, { skip: isThere ? false : `${compiler} is not on PATH` }, () => {
    for (const id of BUILT_IN) {
      test(`about ${id}`, () => {
        for (const width of WIDTHS[compiler]) {
          const strategy = join(SOURCES, 'strategies', `${id}.c`);
          const defines = [`-DPOINTER_BYTES=${width}`, `-DSTRATEGY="${strategy}"`];
          const words = [...FLAGS, ...flags, '-Wall', '-Wextra', '-Werror', ...defines, PROGRAM];
          const { status, stderr } = spawnSync(compiler, words, { encoding: 'utf8' });
          assert.equal(stderr, '');
          assert.equal(status, 0);
        }
      });
    }
  });
}
