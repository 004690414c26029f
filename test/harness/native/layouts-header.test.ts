import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { generatedHeaders } from '../../../harness/native/layouts-header.js';
import { ROOT } from '../../project.js';

for (const [path, text] of Object.entries(generatedHeaders())) {
  test(`${path} is what \`npm run layouts-header\` makes of the layouts`, () => {
    assert.equal(readFileSync(join(ROOT, path), 'utf8'), text);
  });
}
