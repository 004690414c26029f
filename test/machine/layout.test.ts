import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_LISTENER } from '../../machine/ga-log.js';
import { HOST_PRESETS } from '../../machine/host.js';
import { layoutOf } from '../../machine/layout.js';
import { createHost } from '../../machine/machine.js';
import { Memory } from '../../machine/memory.js';
import { IR_DATA, IR_DATA_WITH_ENTRY, irDataIn } from '../../strategies/parts/ir-data.js';

function irDataOffsets(pointerBytes: 4 | 8, front = {}) {
  const host = createHost(new Memory(1 << 22), { ...HOST_PRESETS['v6.8'], pointerBytes }, 1, NO_LISTENER);
  const { at } = irDataIn(host, front) as { at: Record<string, number> };
  return Object.fromEntries(Object.entries(at).map(([field, words]) => [field, words * 4]));
}

test('amd_ir_data has the offsets of v6.17 on x86-64, and fills one cache line', () => {
  assert.deepEqual(irDataOffsets(8), {
    iommu: 0,
    irq2Irte: 8,
    msiEntry: 12,
    entry: 24,
    cfg: 32,
    gaVector: 40,
    gaRootPtr: 48,
    gaTag: 56,
  });
  assert.equal(layoutOf('amd_ir_data', IR_DATA, 8).bytes, 64);
});

test('amd_ir_data keeps its size with the pointers to the table and to the live entry', () => {
  assert.equal(layoutOf('amd_ir_data', IR_DATA_WITH_ENTRY, 8).bytes, 64);
});

test('a hash node in front moves every field by two pointers', () => {
  const plain = irDataOffsets(8);
  const hashed = irDataOffsets(8, { hnode: 'hlist_node' });
  for (const [field, offset] of Object.entries(plain)) assert.equal(hashed[field], offset + 16, field);
});

test('with 4-byte pointers nothing is padded to 8 bytes', () => {
  // In front of the tag: the IOMMU, two ids, the message, two pointers, the vector and the root pointer.
  assert.equal(irDataOffsets(4).gaTag, 4 + 4 + 12 + 2 * 4 + 4 + 8);
});

test('the list node of v4.9 has 24 bytes, 12 with 4-byte pointers', () => {
  const fields = { node: 'list_head', data: 'pointer' } as const;
  assert.equal(layoutOf('amd_svm_iommu_ir', fields, 8).bytes, 24);
  assert.equal(layoutOf('amd_svm_iommu_ir', fields, 4).bytes, 12);
});

test('an array of pointers is aligned like a pointer', () => {
  const fields = { word: 'u32', slots: 'pointer[64]', end: 'u32' } as const;
  assert.deepEqual(layoutOf('node', fields, 8).at, { word: 0, slots: 2, end: 130 });
  assert.deepEqual(layoutOf('node', fields, 4).at, { word: 0, slots: 1, end: 65 });
});

test('a struct is padded to its widest field', () => {
  assert.equal(layoutOf('padded', { pointer: 'pointer', word: 'u32' }, 8).bytes, 16);
});

test('a struct without fields is refused', () => {
  assert.throws(() => layoutOf('empty', {}, 8), TypeError);
});
