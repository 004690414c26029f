import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  describeChange,
  describeIrte,
  destinationOf,
  GA_LOG_INTR,
  GUEST_MODE,
  IS_RUN,
  remapWord0,
  VALID,
  withDestinationHi,
  withDestinationLo,
  withRootHi,
  withRootLo,
} from '../../machine/irte.js';

const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const apicId = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const pageFrame = fc.nat({ max: 2 ** 31 - 1 });

/** Bits `high` down to `low` of a 64-bit half of an entry. */
function field(lowWord: number, highWord: number, high: number, low: number): bigint {
  const half = (BigInt(highWord >>> 0) << 32n) | BigInt(lowWord >>> 0);
  return (half >> BigInt(low)) & ((1n << BigInt(high - low + 1)) - 1n);
}

test('flags are at the bits of the IOMMU specification', () => {
  assert.deepEqual([VALID, GA_LOG_INTR, IS_RUN, GUEST_MODE], [1 << 0, 1 << 2, 1 << 6, 1 << 7]);
});

test('a destination goes to lo 31:8 and hi 63:56, and comes back', () => {
  fc.assert(
    fc.property(word, word, apicId, (word0, word3, destination) => {
      const low = withDestinationLo(word0, destination);
      const high = withDestinationHi(word3, destination);
      assert.equal(field(low, 0, 31, 8), BigInt(destination) & 0xff_ffffn);
      assert.equal(field(0, high, 63, 56), BigInt(destination) >> 24n);
      assert.equal(field(low, 0, 7, 0), field(word0, 0, 7, 0));
      assert.equal(field(0, high, 55, 32), field(0, word3, 55, 32));
      assert.equal(destinationOf(low, high) >>> 0, destination);
    }),
  );
});

test('a root pointer goes to hi 51:12 and touches nothing else', () => {
  fc.assert(
    fc.property(word, word, pageFrame, (word2, word3, page) => {
      const low = withRootLo(word2, page);
      const high = withRootHi(word3, page);
      assert.equal(field(low, high, 51, 12), BigInt(page));
      assert.equal(field(low, high, 11, 0), field(word2, word3, 11, 0));
      assert.equal(field(low, high, 63, 52), field(word2, word3, 63, 52));
    }),
  );
});

test('a remap entry is valid, not in guest mode, and has bits where guest mode has is_run and ga_log_intr', () => {
  const word0 = remapWord0(4);
  assert.equal(word0 & (VALID | GUEST_MODE), VALID);
  assert.equal(word0 & (IS_RUN | GA_LOG_INTR), IS_RUN | GA_LOG_INTR);
  assert.equal(destinationOf(word0, 0), 4);
});

test('an entry is described by the fields of its mode', () => {
  assert.equal(
    describeIrte([remapWord0(4), 0, 0x31, 0]),
    'remapped to destination 4, int_type 1, dm 1, vector 0x31',
  );
  const guest = [withDestinationLo(VALID | GUEST_MODE | IS_RUN, 9), 0x80000001 | 0, withRootLo(0x41, 0x5), 0];
  assert.equal(
    describeIrte(guest),
    'is_run 1, destination 9, vector 0x41, root page 0x5, ga_log_intr 0, tag 0x80000001',
  );
  assert.match(describeIrte([GUEST_MODE, 0, 0, 0]), /^invalid, /);
});

test('a change is told by the fields of the mode that both entries have, and of another mode as a whole', () => {
  const remapped = [remapWord0(4), 0, 0x31, 0];
  const withoutDm = [(remapped[0] as number) & ~IS_RUN, 0, 0x31, 0];
  assert.equal(describeChange(remapped, withoutDm, 'was'), 'dm 1 became 0');
  assert.equal(describeChange(remapped, withoutDm, 'should be'), 'dm 0 should be 1');
  const guest = [withDestinationLo(VALID | GUEST_MODE, 0), 0x100, withRootLo(0x41, 0x5), 0];
  const running = [withDestinationLo(VALID | GUEST_MODE | IS_RUN, 9), 0x100, withRootLo(0x41, 0x6), 0];
  assert.equal(describeChange(guest, running, 'was'), 'was set running on CPU 9, root page 0x5 became 0x6');
  assert.match(describeChange(remapped, guest, 'was'), /^was changed from remapped to .* to is_run 0/);
  assert.match(describeChange(remapped, [0, 0, 0, 0], 'should be'), /^empty, and should be remapped to/);
});
