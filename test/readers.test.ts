import assert from 'node:assert/strict';
import { test } from 'node:test';
import { historiesAreReadOrRefused, resultsAreReadOrRefused } from './readers.js';
import { syntheticResults } from './reports/synthetic-results.js';

test('any file is read as a history or refused in one line, and what is read is printed so', () => {
  historiesAreReadOrRefused(2000);
});

test('results with a change are refused, or give a report', () => {
  assert.ok(resultsAreReadOrRefused(syntheticResults(), 60) > 0);
});
