import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { layoutsHeader } from '../../../src/harness/native/layouts-header.js';
import { ROOT } from '../../project.js';

test('native/layouts.h is what `npm run layouts-header` makes of the layouts', () => {
  assert.equal(readFileSync(join(ROOT, 'native/layouts.h'), 'utf8'), layoutsHeader());
});
