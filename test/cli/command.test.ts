import assert from 'node:assert/strict';
import { test } from 'node:test';
import { escapedJson } from '../../cli/command.js';

test('JSON keeps its value, and has no character that acts on a terminal', () => {
  const value = { 'a\u001b[0m': ['\u009b31m', '\u202e', '\u2028', '\ud800', '\u{e0001}', 'line\nend', 'ä'] };
  const json = escapedJson(JSON.stringify(value, null, 1));
  assert.deepEqual(JSON.parse(json), value);
  assert.doesNotMatch(json.replaceAll('\n', ''), /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
});
