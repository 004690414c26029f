import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NO_LISTENER } from '../../../machine/ga-log.js';
import { HOST_PRESETS } from '../../../machine/host.js';
import { layoutOf, type PointerBytes } from '../../../machine/layout.js';
import { createHost } from '../../../machine/machine.js';
import { Memory } from '../../../machine/memory.js';
import { kmallocSize } from '../../../machine/slab.js';
import { XA_NODE, XARRAY, xarrayIn } from '../../../strategies/parts/xarray.js';

const memory = new Memory(1 << 24);

/** An xarray on a host of its own. */
function xarrayWith(lastIndex: number, pointerBytes: PointerBytes = 8) {
  memory.clear();
  const preset = { ...HOST_PRESETS['v6.8'], iommus: 1, heap: 'packed' as const, pointerBytes };
  const host = createHost(memory, preset, 0, NO_LISTENER);
  const xarray = xarrayIn(host, lastIndex);
  const next = (host.symbols().get('svm_vcpus') as number) + layoutOf('xarray', XARRAY, pointerBytes).at.next;
  const nodeSize = kmallocSize(layoutOf('xa_node', XA_NODE, pointerBytes).bytes);
  return {
    ...xarray,
    /** As if the indices before this one had been given out and freed. */
    goTo: (index: number) => memory.store(next, index),
    nodes: () => host.liveObjects().get(nodeSize) as number,
  };
}

/** The nodes of a tree with just the levels that its highest index needs. */
function nodesFor(indices: readonly number[]): number {
  let nodes = 0;
  let level = [...indices];
  while (level.length > 0) {
    level = [...new Set(level.map((index) => index >>> 6))];
    nodes += level.length;
    if (level.every((prefix) => prefix === 0)) break;
  }
  return nodes;
}

const steps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ name: fc.constant('alloc' as const), number: fc.constant(0) }) },
    { weight: 4, arbitrary: fc.record({ name: fc.constant('erase' as const), number: fc.nat() }) },
    { weight: 1, arbitrary: fc.record({ name: fc.constant('goTo' as const), number: fc.nat() }) },
    { weight: 1, arbitrary: fc.record({ name: fc.constant('fill' as const), number: fc.nat({ max: 200 }) }) },
  ),
  { maxLength: 60, size: 'max' },
);

test('it gives out, finds and frees indices like a map, with no node more than they need', () => {
  const lastIndices = fc.constantFrom(1, 5, 63, 64, 130, 4095, 4096, 270_000, 2 ** 24 - 1);
  fc.assert(
    fc.property(lastIndices, fc.constantFrom(4 as const, 8 as const), steps, (lastIndex, bytes, taken) => {
      const xarray = xarrayWith(lastIndex, bytes);
      const entries = new Map<number, number>();
      let next = 1;
      let entry = 1000;

      const freeFrom = (first: number): number => {
        let index = first;
        while (entries.has(index)) index++;
        return index;
      };
      const alloc = (): void => {
        entry++;
        let index = freeFrom(next);
        if (index > lastIndex) index = freeFrom(1);
        if (index > lastIndex) {
          assert.throws(() => xarray.allocCyclic(entry), RangeError);
          return;
        }
        assert.equal(xarray.allocCyclic(entry), index);
        entries.set(index, entry);
        next = index + 1;
      };

      for (const { name, number } of taken) {
        const indices = [...entries.keys()];
        if (name === 'alloc') alloc();
        else if (name === 'fill') for (let count = 0; count < number; count++) alloc();
        else if (name === 'goTo') {
          next = 1 + (number % lastIndex);
          xarray.goTo(next);
        } else if (indices.length > 0) {
          const index = indices[number % indices.length] as number;
          xarray.erase(index);
          entries.delete(index);
        }
        for (const index of [0, 1, next, next - 1, lastIndex, -1, ...entries.keys()])
          assert.equal(xarray.find(index), entries.get(index) ?? 0, `find(${index})`);
        assert.equal(xarray.nodes(), nodesFor([...entries.keys()]));
      }
    }),
    { numRuns: 300, seed: 20_160_713 },
  );
});

test('an index is given out again only after all others', () => {
  const xarray = xarrayWith(3);
  assert.equal(xarray.allocCyclic(100), 1);
  xarray.erase(1);
  assert.deepEqual([100, 101, 102].map(xarray.allocCyclic), [2, 3, 1]);
});

test('it refuses an entry when all indices are in use, and its lock is free again', () => {
  const xarray = xarrayWith(70);
  for (let entry = 1; entry <= 70; entry++) xarray.allocCyclic(entry);
  assert.throws(() => xarray.allocCyclic(71), new RangeError('all 70 indices are in use'));
  xarray.erase(64);
  assert.equal(xarray.allocCyclic(71), 64);
});

test('levels come and go with the highest index', () => {
  const xarray = xarrayWith(2 ** 24 - 1);
  xarray.allocCyclic(100);
  assert.equal(xarray.nodes(), 1);
  xarray.goTo(64 ** 3);
  const high = xarray.allocCyclic(101);
  assert.equal(xarray.nodes(), 1 + 3 + 3);
  assert.deepEqual([xarray.find(1), xarray.find(high)], [100, 101]);
  xarray.erase(high);
  assert.equal(xarray.nodes(), 1);
  xarray.erase(1);
  assert.equal(xarray.nodes(), 0);
});
