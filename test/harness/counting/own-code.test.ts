import assert from 'node:assert/strict';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { heldBy } from '../../../harness/counting/counted-work.js';
import { ownCode } from '../../../harness/counting/own-code.js';
import type { OwnCode } from '../../../harness/results/results.js';
import { HOST_PRESETS, type HostParameters } from '../../../machine/host.js';
import { BUILT_IN, builtInUrl } from '../../../strategies/index.js';
import type { Strategy } from '../../../strategies/strategy.js';
import { temporaryFolder } from '../../project.js';

const HOST = HOST_PRESETS['v6.8'];

const load = async (url: string): Promise<Strategy> => ((await import(url)) as { default: Strategy }).default;

async function count(url: string, host: HostParameters = HOST): Promise<OwnCode> {
  return ownCode(await load(url), url, host);
}

/** Of every built-in design, counted once. */
const builtIn = await Promise.all(BUILT_IN.map((id) => count(builtInUrl(id))));

const builtInCode = (id: (typeof BUILT_IN)[number]): OwnCode =>
  builtIn.find(({ strategy }) => strategy === id) as OwnCode;

/** Verbs that do nothing: a statement for each that gives something. */
const IDLE = `
  vcpuAt: (vm, index) => vm + index,
  createVm: () => 1,
  destroyVm() {},
  allocIrq: () => 1,
  freeIrq() {},
  route() {},
  unroute() {},
  load() {},
  put() {},
  wake: () => 0,
`;

/** Of IDLE: all but wake, which nobody calls where no entry asks for the GA log. */
const IDLE_STATEMENTS = 3;

/** Writes a strategy's module, and counts it. @param files - Others beside it, by name. */
function countModule(t: TestContext, source: string, files: Record<string, string> = {}): Promise<OwnCode> {
  const folder = temporaryFolder(t);
  for (const [name, text] of Object.entries({ ...files, 'mine.mjs': source })) {
    writeFileSync(join(folder, name), text);
  }
  return count(pathToFileURL(join(folder, 'mine.mjs')).href);
}

/** A module whose create() is these lines, and its verbs the idle ones but for these. */
const moduleOf = (create: string, verbs: string): string =>
  `export default { id: 'mine', create(machine) { ${create} return { ${IDLE} ${verbs} }; } };`;

/** The statements of a module beside its idle verbs and the return of create(). */
const statementsOf = ({ all }: OwnCode): number => all.statements - IDLE_STATEMENTS - 1;

test('a module by hand counts as it does by hand', async (t) => {
  const { modules, all, update } = await countModule(
    t,
    `import { twice } from './part.mjs';
    const atTop = [1, 2].map((number) => number + 1);
    export default {
      id: 'mine',
      notes: [atTop.length > 1 && 'a description is no code'],
      create(machine) {
        const { memory } = machine;                     // 1 statement
        const isOdd = (number) => number % 2 === 1;     // 1, the arrow's own
        function never() { if (memory) return 1; return 2; }
        return {                                        // 1
          ${IDLE}
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
        export function twice(number) {
          const result = { value: number, get double() { return 2 * this.value; } };  // 2: with the getter's
          return result.double;                                                       // 1
        }
        export function thrice(number) { return 3 * number; }`,
    },
  );
  assert.equal(modules, 2);
  assert.deepEqual(update, { statements: 8 + 1 + 1 + 3, branches: 3 + 2, locks: 1 });
  assert.deepEqual(all, {
    statements: IDLE_STATEMENTS + 2 + update.statements + 2,
    branches: update.branches,
    locks: 2,
  });
});

test('what a function holds is not counted for the function around it', async (t) => {
  const chained = await countModule(t, moduleOf('', 'load: (vcpu) => (cpu) => vcpu || cpu,'));
  assert.deepEqual(chained.update, { statements: 1, branches: 0, locks: 0 });
  const called = await countModule(t, moduleOf('', 'load: (vcpu) => ((cpu) => vcpu || cpu)(1),'));
  assert.deepEqual(called.update, { statements: 2, branches: 1, locks: 0 });
});

test('a function costs the same in whichever way it gets its name', async (t) => {
  const ways = [
    'function one() { return 1; }',
    'const one = () => 1;',
    'const one = function () { return 1; };',
    'const { one } = new (class { one() { return 1; } })();',
    'class Some { static one() { return 1; } } const { one } = Some;',
  ];
  const counts = await Promise.all(ways.map((way) => countModule(t, moduleOf(`${way} one();`, ''))));
  // The last two take it out of an object, which is a statement.
  assert.deepEqual(counts.map(statementsOf), [2, 2, 2, 3, 3]);
});

test('each kind of branch and of statement counts as one', async (t) => {
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
    const counted = await countModule(t, moduleOf(line, ''));
    assert.deepEqual([statementsOf(counted), counted.all.branches], [statements, branches], line);
  }
});

test('a lock is counted where it is taken, and not in what only gives that a name', async (t) => {
  const wrapped = moduleOf(
    'const { memory } = machine; const list = { lock: () => memory.lock(4096), unlock: () => memory.unlock(4096) };',
    'load() { list.lock(); list.unlock(); }, put() { list.lock(); list.unlock(); },',
  );
  assert.equal((await countModule(t, wrapped)).update.locks, 2);
});

test("a user's module is counted through the built-in parts that it imports", async (t) => {
  const own = builtInCode('ir-data-pointer');
  const derived = await countModule(
    t,
    `import base from '${builtInUrl('ir-data-pointer').replace('file://', '')}';
    export default { ...base, id: 'mine', create: (machine) => base.create(machine) };`,
  );
  assert.equal(derived.modules, own.modules + 1);
  assert.deepEqual(derived.all, { ...own.all, statements: own.all.statements + 1 });
  assert.deepEqual(derived.update, own.update);
});

test('a module with a byte order mark is counted', async (t) => {
  assert.equal((await countModule(t, `\u{feff}${moduleOf('', 'load: () => 1,')}`)).update.statements, 1);
});

test('a module that is reached over a link is counted', async (t) => {
  const folder = temporaryFolder(t);
  const link = join(folder, 'linked.mjs');
  writeFileSync(join(folder, 'mine.mjs'), moduleOf('', 'load: () => 1,'));
  symlinkSync(join(folder, 'mine.mjs'), link);
  assert.equal((await count(pathToFileURL(link).href)).update.statements, 1);
});

test('floor takes no lock of its own, and every other design does', () => {
  for (const { strategy, all, update } of builtIn) {
    assert.equal(all.locks > 0 && update.locks > 0, strategy !== 'floor', strategy);
  }
  assert.equal(builtInCode('floor').all.locks, 0);
});

test('an update is a part of all verbs', () => {
  for (const { strategy, all, update } of builtIn) {
    for (const name of ['statements', 'branches'] as const) {
      assert.ok(update[name] > 0 && update[name] < all[name], `${name} of ${strategy}`);
    }
  }
});

test('the allocators of vm_ids that a design does not use are not counted for it', () => {
  // The two differ in nothing else; a counter takes a lock in alloc, a bitmap in free too.
  const [counter, bitmap] = [builtInCode('split-id-hash'), builtInCode('wide-vm-id-hash')];
  assert.equal(bitmap.all.locks - counter.all.locks, 1);
  assert.deepEqual(bitmap.update, counter.update);
});

test('a count is the same in two runs, on other hosts, and after V8 has optimised the code', async () => {
  for (const id of ['opaque-tag-hash', 'ir-data-pointer', 'merged-4.9', 'floor'] as const) {
    const url = builtInUrl(id);
    const first = builtInCode(id);
    assert.deepEqual(await count(url), first);
    for (let times = 0; times < 10; times++) heldBy(await load(url), HOST);
    const other = { ...HOST_PRESETS['2016'], iommus: 1, pointerBytes: 4 as const, hashBits: 4 };
    assert.deepEqual(await count(url, other), first);
  }
});
