import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { hash32With } from '../../../machine/hash.js';
import { tagEncoding } from '../../../strategies/parts/tag-encoding.js';
import { ROOT } from '../../project.js';

interface EncodedTag {
  readonly tag: number;
  readonly vm: number;
  readonly vcpu: number;
  readonly lossless: boolean;
  readonly bucket_b8: number;
  readonly bucket_b16: number;
}

type Row = { vm: number; vcpu: number } & Record<'t16_8_8' | 't24_8' | 't23_9', EncodedTag>;

const { gatag } = JSON.parse(readFileSync(join(ROOT, 'test/machine/hash-vectors.json'), 'utf8')) as {
  gatag: Row[];
};
const hash = hash32With('v4.7');

for (const [name, vmBits, vcpuBits] of [
  ['t16_8_8', 8, 8],
  ['t24_8', 24, 8],
  ['t23_9', 23, 9],
] as const) {
  test(`tags of ${vmBits} and ${vcpuBits} bits are those of the vectors, and so are their buckets`, () => {
    const encoding = tagEncoding(vmBits, vcpuBits);
    for (const row of gatag) {
      const { vm, vcpu } = row;
      const expected = row[name];
      const tag = encoding.encode(vm, vcpu);
      assert.equal(tag, expected.tag | 0, `vm ${vm} vcpu ${vcpu}`);
      assert.equal(encoding.vmIdOf(tag), expected.vm);
      assert.equal(encoding.vcpuIdOf(tag), expected.vcpu);
      assert.equal(hash(tag, 8), expected.bucket_b8);
      assert.equal(hash(tag, 16), expected.bucket_b16);
      const isLossless = encoding.vmIdOf(tag) === vm && encoding.vcpuIdOf(tag) === vcpu;
      assert.equal(isLossless, expected.lossless);
    }
  });
}

test('the largest ids are those that the bits have room for', () => {
  const { maxVmId, maxVcpuId } = tagEncoding(24, 8);
  assert.deepEqual([maxVmId, maxVcpuId], [2 ** 24 - 1, 255]);
});
