import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Address, Memory } from '../../machine/memory.js';
import { type HeapPlacement, kmallocIn, kmallocSize } from '../../machine/slab.js';

const BYTES = 1 << 26;

test('sizes are those of the kernel: 96 and 192 exist, powers of two above a page', () => {
  const sizes = [1, 8, 24, 72, 80, 96, 97, 129, 200, 257, 4097].map(kmallocSize);
  assert.deepEqual(sizes, [8, 8, 32, 96, 96, 96, 128, 192, 256, 512, 8192]);
});

for (const placement of ['packed', 'scattered'] as const) {
  test(`objects are zero, never overlap, and come back when freed (${placement})`, () => {
    const step = fc.record({
      free: fc.boolean(),
      bytes: fc.constantFrom(8, 24, 80, 96, 300),
      pick: fc.nat(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (sequence) => {
        const memory = new Memory(BYTES);
        const heap = kmallocIn(memory, placement, 7);
        const live: { address: Address; bytes: number }[] = [];
        for (const { free, bytes, pick } of sequence) {
          if (free && live.length > 0) {
            const [object] = live.splice(pick % live.length, 1) as [{ address: Address; bytes: number }];
            heap.cacheFor(object.bytes).free(object.address);
            continue;
          }
          const address = heap.cacheFor(bytes).alloc();
          for (let word = 0; word < kmallocSize(bytes) / 4; word++) {
            assert.equal(memory.load(address + word), 0);
            memory.store(address + word, -1);
          }
          for (const other of live) {
            const apart =
              address + kmallocSize(bytes) / 4 <= other.address ||
              other.address + kmallocSize(other.bytes) / 4 <= address;
            assert.ok(apart, 'two live objects overlap');
          }
          live.push({ address, bytes });
        }
        const counted = [...heap.live().values()].reduce((sum, count) => sum + count, 0);
        assert.equal(counted, live.length);
      }),
      { numRuns: 30 },
    );
  });
}

function addresses(placement: HeapPlacement, seed: number): Address[] {
  const heap = kmallocIn(new Memory(BYTES), placement, seed);
  return Array.from({ length: 100 }, () => heap.cacheFor(96).alloc());
}

test('a packed slab hands out neighbours; a scattered one does not', () => {
  const steps = (all: Address[]) => all.slice(1).map((address, index) => address - (all[index] as Address));
  const neighbours = (all: Address[]) => steps(all).filter((step) => step === 24).length;
  assert.ok(neighbours(addresses('packed', 1)) > 90);
  assert.ok(neighbours(addresses('scattered', 1)) < 5);
});

test('the seed decides where a scattered slab places objects', () => {
  assert.deepEqual(addresses('scattered', 5), addresses('scattered', 5));
  assert.notDeepEqual(addresses('scattered', 5), addresses('scattered', 6));
});
