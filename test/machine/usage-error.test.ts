import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { UsageError, writingFailed } from '../../machine/usage-error.js';

test('an error of the file system becomes one line that names the path', () => {
  try {
    writeFileSync('/no/such/folder/file', '');
    assert.fail('it was written');
  } catch (error) {
    const thrown = writingFailed('out', error, ' (a hint)');
    assert.ok(thrown instanceof UsageError);
    assert.equal(thrown.message, 'out: cannot be written: ENOENT (a hint)');
  }
});

test('any other error is a bug and stays what it is', () => {
  const bug = new TypeError('undefined is not a function');
  assert.equal(writingFailed('out', bug), bug);
});
