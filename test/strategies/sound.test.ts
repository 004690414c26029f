import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { check } from '../../src/harness/oracle.js';
import { BUILT_IN, builtInUrl } from '../../src/strategies/index.js';
import { isSound, type Strategy } from '../../src/strategies/strategy.js';
import { histories, smallHosts, smallStream } from './small-host.js';

const strategies = await Promise.all(
  BUILT_IN.map(async (id) => ((await import(builtInUrl(id))) as { default: Strategy }).default),
);
const sound = strategies.filter(isSound);

test('every strategy is in the file of its name', () => {
  assert.deepEqual(
    strategies.map(({ id }) => id),
    [...BUILT_IN],
  );
});

test('all strategies but posted-v4 have no limits but id ranges', () => {
  assert.deepEqual(
    strategies.filter((strategy) => !isSound(strategy)).map(({ id }) => id),
    ['posted-v4'],
  );
});

test('on small hosts no history shows a fault of a sound strategy, and all leave the same IRTEs', () => {
  fc.assert(
    fc.property(smallHosts, histories, (host, steps) => {
      const stream = smallStream(steps, host);
      const checks = sound.map((strategy) => check(stream, strategy, host));
      for (const { strategy, findings, matchesOracle } of checks) {
        assert.deepEqual(findings, [], strategy);
        assert.ok(matchesOracle, strategy);
      }
      assert.equal(new Set(checks.map(({ maskedDigest }) => maskedDigest)).size, 1);
    }),
    { numRuns: 300 },
  );
});

test('on small hosts posted-v4 has no fault but those that it declares', () => {
  const posted = strategies.find(({ id }) => id === 'posted-v4') as Strategy;
  const declared = new Set<string>();
  fc.assert(
    fc.property(smallHosts, histories, (host, steps) => {
      for (const finding of check(smallStream(steps, host), posted, host).findings) {
        assert.notEqual(finding.declaredBy, null, finding.first.text);
        declared.add(finding.kind);
      }
    }),
    { numRuns: 300, seed: 1 },
  );
  assert.ok(declared.has('same-bucket'), 'no history met two tags in one bucket');
});
