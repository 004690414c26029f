import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { joinedModules } from '../../../reports/html/page-script.js';

const directory = await mkdtemp(join(tmpdir(), 'gatag-join-'));
after(() => rm(directory, { recursive: true }));

let folders = 0;

/** The modules joined, of which the first is the entry. */
async function joined(modules: Readonly<Record<string, string>>): Promise<string> {
  const folder = join(directory, String(folders++));
  for (const [name, text] of Object.entries(modules)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return joinedModules(pathToFileURL(join(folder, Object.keys(modules)[0] as string)));
}

test('each module stands once, after what it imports, also from another folder', async () => {
  const text = await joined({
    'page/main.js':
      "import { twice } from './twice.js';\nimport { one } from '../one.js';\nresult(twice(one));\n",
    'page/twice.js':
      "import { one } from '../one.js';\nexport function twice(value) { return value * 2 * one; }\n",
    'one.js': 'export const one = 1;\nexport {};\n',
  });
  assert.equal(text.match(/const one/g)?.length, 1);
  assert.doesNotMatch(text, /import|export/);
  const results: number[] = [];
  new Function('result', text)((value: number) => results.push(value));
  assert.deepEqual(results, [2]);
});

test('words in texts and comments are left alone', async () => {
  const main = "// import { a } from './a.js'\nconst text = 'export const b';\n";
  assert.equal(await joined({ 'main.js': main }), main);
});

test('what cannot be joined is refused', async () => {
  const refused: readonly (readonly [string, RegExp])[] = [
    ["import { a as b } from './a.js';", /an import from "\.\/a\.js" that is not by its name/],
    ["import * as a from './a.js';", /not by its name/],
    ["import a from './a.js';", /not by its name/],
    ["import { z } from 'zod';", /the import of "zod"/],
    ["const a = await import('./a.js');", /import\(\)/],
    ['const here = import.meta.url;', /import\.meta/],
    ['export default 1;', /export default/],
    ["export * from './a.js';", /export \*/],
    ["export { a } from './a.js';", /a list of exports/],
    ['const a = 1;\nexport { a };', /a list of exports/],
  ];
  for (const [main, message] of refused) {
    await assert.rejects(joined({ 'main.js': main, 'a.js': 'export const a = 1;' }), message);
  }
});

test('a name that two modules declare is refused, however it is declared', async () => {
  for (const declaration of [
    'const a = 2;',
    'let [b, { c: a = 3 }] = [];',
    'const { ...a } = {};',
    'function a() {}',
    'class a {}',
  ]) {
    const modules = {
      'main.js': `import { x } from './a.js';\n${declaration}`,
      'a.js': 'export const x = 1, a = 2;',
    };
    await assert.rejects(joined(modules), /"a" is declared in .*a\.js and in .*main\.js/);
  }
  await joined({
    'main.js': "import { x } from './a.js';\n{ const a = 1; }",
    'a.js': 'const a = 2; export const x = a;',
  });
});

test('modules that import each other are refused', async () => {
  const modules = {
    'main.js': "import { a } from './a.js';\nexport const m = 1;",
    'a.js': "import { m } from './main.js';\nexport const a = 1;",
  };
  await assert.rejects(joined(modules), /main\.js imports itself in a circle/);
});
