// The readers on more files than the tests have time for.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  historiesAreReadOrRefused,
  recordingsAreReadOrRefused,
  resultsAreReadOrRefused,
  resultsFilesAreReadOrRefused,
} from '../readers.js';
import { syntheticResults } from '../reports/synthetic-results.js';

test('any file is read as a history or refused in one line, and what is read is printed so', () => {
  historiesAreReadOrRefused(10_000);
});

test('results with a change are refused, or give a report', () => {
  assert.ok(resultsAreReadOrRefused(syntheticResults(), 120) > 0);
});

test('a recording with other bytes is read, or refused in one line', () => recordingsAreReadOrRefused(1000));

test('a results file with other bytes is read, or refused in one line', () =>
  resultsFilesAreReadOrRefused(syntheticResults(), 500));
