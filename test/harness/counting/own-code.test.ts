import assert from 'node:assert/strict';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { ownCode } from '../../../harness/counting/own-code.js';
import type { OwnCode } from '../../../harness/results/results.js';
import { BUILT_IN, builtInUrl } from '../../../strategies/index.js';
import { temporaryFolder } from '../../project.js';

/** Writes a module, and counts it. @param files - Others beside it, by name. */
function countModule(t: TestContext, source: string, files: Record<string, string> = {}): OwnCode {
  const folder = temporaryFolder(t);
  for (const [name, text] of Object.entries({ ...files, 'mine.mjs': source })) {
    writeFileSync(join(folder, name), text);
  }
  return ownCode('mine', pathToFileURL(join(folder, 'mine.mjs')).href);
}

test('a module by hand counts as it does by hand', (t) => {
  const counted = countModule(
    t,
    `import { twice } from './part.mjs';
    import { join } from 'node:path';
    const atTop = [1, 2].map((number) => number + 1);   // 2: with the arrow's
    export default {
      id: 'mine',
      create(machine) {
        const { memory } = machine;                     // 1 statement
        const isOdd = (number) => number % 2 === 1;     // 1, the arrow's own
        function never() { if (memory) return 1; return 2; }  // 3, a branch
        return {                                        // 1
          load(vcpu, cpu) {
            memory.lock(4096);                          // 1, a lock
            let sum = 0;                                // 1
            for (let step = 0; step < 4; step++) {      // 1, a branch
              if (step > 1 && isOdd(step)) continue;    // 2, two branches
              sum += step;                              // 1
            }
            memory.unlock(4096);                        // 1
            return sum;                                 // 1
          },
          put(vcpu, blocking) {
            return blocking ? twice(1) : null ?? 0;     // 1, two branches
          },
          unroute() {
            machine.memory.lock(4096);                  // 1, a lock
            machine.memory.unlock(4096);                // 1
          },
        };
      },
    };`,
    {
      'part.mjs': `
        export { thrice } from './deeper.mjs';
        export function twice(number) {
          const result = { value: number, get double() { return 2 * this.value; } };  // 2: with the getter's
          return result.double;                                                       // 1
        }`,
      'deeper.mjs': 'export function thrice(number) { return 3 * number; }', // 1
      'unrelated.mjs': 'throw 1;',
    },
  );
  assert.deepEqual(counted, {
    strategy: 'mine',
    modules: 3,
    statements: 2 + 1 + 1 + 3 + 1 + 8 + 1 + 2 + 3 + 1,
    branches: 1 + 3 + 2,
    locks: 2,
  });
});

test('a function costs the same in whichever way it gets its name', (t) => {
  const ways = [
    'function one() { return 1; }',
    'const one = () => 1;',
    'const one = function () { return 1; };',
    'class Some { one() { return 1; } }',
    'export default { one: () => 1 };',
  ];
  assert.deepEqual(
    ways.map((way) => countModule(t, way).statements),
    [1, 1, 1, 1, 1],
  );
});

test('each kind of branch and of statement counts as one', (t) => {
  const lines: readonly (readonly [line: string, statements: number, branches: number])[] = [
    ['if (machine) {} else {}', 1, 1],
    ['while (!machine) {}', 1, 1],
    ['do {} while (!machine);', 1, 1],
    ['for (const key in machine) {}', 1, 1],
    ['for (const item of [1, 2]) {}', 1, 1],
    ['for (;;) break;', 2, 1],
    ['switch (machine) { case 1: case 2: break; default: }', 2, 2],
    ['try { throw 1; } catch {}', 2, 0],
    ['let some; some ??= 1;', 2, 1],
    ['const one = 1, two = one || 2;', 1, 1],
    ['{ ; }', 0, 0],
    ['label: for (const item of []) {}', 1, 1],
  ];
  for (const [line, statements, branches] of lines) {
    for (const source of [line, `function create(machine) { ${line} }`]) {
      const counted = countModule(t, source);
      assert.deepEqual([counted.statements, counted.branches], [statements, branches], source);
    }
  }
});

test('a lock is counted where it is taken, and not in a function that only gives the call a name', (t) => {
  const { locks } = countModule(
    t,
    `const list = { lock: () => memory.lock(4096), unlock: () => memory.unlock(4096) };
    function lockAll() { memory.lock(4096); }
    export function load() { list.lock(); list.unlock(); }
    export function put() { list.lock(); list.unlock(); }`,
  );
  assert.equal(locks, 2);
});

test("a user's module is counted with the built-in modules that it imports", (t) => {
  const url = builtInUrl('ir-data-pointer');
  const { modules, statements, branches, locks } = ownCode('ir-data-pointer', url);
  assert.deepEqual(
    countModule(
      t,
      `import base from '${url.replace('file://', '')}';
      export default { ...base, id: 'mine', create: (machine) => base.create(machine) };`,
    ),
    { strategy: 'mine', modules: modules + 1, statements: statements + 1, branches, locks },
  );
});

test('the modelled host counts for nobody', (t) => {
  const hash = new URL('../../../machine/hash.js', import.meta.url).pathname;
  const counted = countModule(t, `import { hash32 } from '${hash}'; export const one = () => hash32(1);`);
  assert.deepEqual(counted, { strategy: 'mine', modules: 1, statements: 1, branches: 0, locks: 0 });
});

test('a module with a byte order mark is counted', (t) => {
  assert.equal(countModule(t, '\u{feff}export const one = () => 1;').statements, 1);
});

test('a module that is reached over a link is counted, once', (t) => {
  const folder = temporaryFolder(t);
  const link = join(folder, 'linked.mjs');
  writeFileSync(join(folder, 'mine.mjs'), "import './linked.mjs'; export const one = () => 1;");
  symlinkSync(join(folder, 'mine.mjs'), link);
  const { modules, statements } = ownCode('mine', pathToFileURL(link).href);
  assert.deepEqual([modules, statements], [1, 1]);
});

test('what is no ES module is refused', (t) => {
  assert.throws(() => countModule(t, 'return;'), SyntaxError);
});

test('every built-in strategy has code of its own, and all but floor take locks', () => {
  for (const id of BUILT_IN) {
    const { modules, statements, branches, locks } = ownCode(id, builtInUrl(id));
    assert.ok(modules > 1 && statements > 0 && branches > 0, id);
    assert.equal(locks > 0, id !== 'floor', id);
  }
});
