import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SINGLE_UPDATES } from '../../../harness/method.js';
import { singleUpdateStream } from '../../../harness/single-updates/stream.js';
import { HOST_PRESET_NAMES, HOST_PRESETS } from '../../../machine/host.js';
import { HEADER_WORDS, operationAt, operationWords } from '../../../workloads/stream/stream.js';

for (const preset of HOST_PRESET_NAMES) {
  test(`the parts are the window: pairs of a load and a put of vCPUs with equal entries (${preset})`, () => {
    const { stream, parts } = singleUpdateStream(HOST_PRESETS[preset], 1);
    const { words, windowStart, windowEnd } = stream;
    const entries = new Array<number>(stream.vcpus).fill(0);
    for (let offset = HEADER_WORDS; offset < windowStart; ) {
      const { name, argument } = operationAt(words, offset);
      if (name === 'route') entries[argument >>> 8] = (entries[argument >>> 8] as number) + 1;
      offset += operationWords((words[offset] as number) & 15);
    }
    assert.deepEqual(
      parts.map((part) => part.entries),
      SINGLE_UPDATES.points.map((point) => point.entries),
    );
    let end = windowStart;
    for (const part of parts) {
      assert.equal(part.start, end);
      for (let pair = 0; pair < part.operations / 2; pair++) {
        const [load, put] = [0, 2].map((word) => operationAt(words, part.start + 4 * pair + word));
        assert.deepEqual([load?.name, put?.name, put?.operand], ['load', 'put', load?.operand]);
        assert.equal(entries[load?.operand ?? -1], part.entries);
      }
      end += 2 * part.operations;
    }
    assert.equal(end, windowEnd);
  });
}
