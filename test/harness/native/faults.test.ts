// Faults that are put into the C: the comparison finds each, and names the operation and the word.
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { FOLDERS, nativeCompiler, SOURCES } from '../../../harness/native/compile.js';
import { builtInUrl } from '../../../strategies/index.js';
import type { Strategy } from '../../../strategies/strategy.js';
import { temporaryFolder } from '../../project.js';
import { compileChanges, runChanges } from './changes-program.js';
import { differenceOf } from './difference.js';
import { smallHost, smallStream } from './streams.js';

function copySources(folder: string): void {
  const files = [...FOLDERS, 'test/harness/native'].flatMap((name) =>
    readdirSync(join(SOURCES, name)).map((file) => join(name, file)),
  );
  for (const file of files.filter((name) => /\.[ch]$/.test(name))) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    copyFileSync(join(SOURCES, file), join(folder, file));
  }
}

/** How a strategy differs from its TypeScript once `text`, which a file of C has once, is replaced. */
async function differenceWith(
  context: TestContext,
  strategyId: string,
  file: string,
  text: string,
  replacement: string,
): Promise<string> {
  const folder = temporaryFolder(context);
  copySources(folder);
  const parts = readFileSync(join(folder, file), 'utf8').split(text);
  assert.equal(parts.length, 2, `${file} has the text once`);
  writeFileSync(join(folder, file), parts.join(replacement));
  const program = join(folder, 'program');
  await compileChanges(program, strategyId, 8, [], folder);

  const host = smallHost('v6.8');
  const stream = await smallStream('halt-wake', { vms: 3, operations: 300 }, host);
  const cases = [{ name: 'halt-wake', host, stream }];
  const { default: strategy } = (await import(builtInUrl(strategyId))) as { default: Strategy };
  return differenceOf(strategy, cases, await runChanges(program, folder, cases)) ?? 'no difference';
}

describe('the comparison with C finds', { skip: (await nativeCompiler()).reason ?? false }, () => {
  test('a store that is left out', async (context) => {
    const text = 'ir_data->ga_vector = vector;';
    assert.match(
      await differenceWith(context, 'ir-data-pointer', 'strategies/parts/ir-data.h', text, '(void)vector;'),
      /^ir-data-pointer, halt-wake, .*: after operation 3, "route irq 0 to vm 1 vcpu 0, vector 0x20", amd_ir_data\.ga_vector of irq 0 is 0x0 in C and 0x20 in TypeScript \(address \d+\)$/,
    );
  });

  test('a lock that is not released', async (context) => {
    const text = 'cpu_of(vcpu), true);\n\tunlock(ADDRESS_OF(&vcpu->ir_list_lock));';
    assert.match(
      await differenceWith(context, 'merged-4.9', 'strategies/merged-4.9.c', text, 'cpu_of(vcpu), true);'),
      /: after operation 3, "route irq 0 to .*", vcpu_svm_tagged_listed\.ir_list_lock of vm 1 vcpu 0 is 0x1 in C and 0x0 in/,
    );
  });

  test('a heap that hands its objects out in another order', async (context) => {
    const text = 'for (uint32_t index = count; index-- > 0;) {';
    const replacement = 'for (uint32_t index = 0; index < count; index++) {';
    assert.match(
      await differenceWith(context, 'posted-v4', 'machine/slab.h', text, replacement),
      /: after create\(\), word 0 of the irq_lookup_table is .* words that differ\)$/,
    );
  });

  test('a wakeup of another vCPU, which leaves no trace in memory', async (context) => {
    const text = 'tag_vcpu_id(tag))';
    assert.match(
      await differenceWith(context, 'split-id-hash', 'strategies/parts/wake-by-ids.h', text, '0)'),
      /: after operation \d+, "drain the GA log of IOMMU \d", GA log entry 0 of those read woke vm (\d) vcpu 0 in C and vm \1 vcpu 1 in TypeScript$/,
    );
  });

  test('an operation at which only C ends', async (context) => {
    const text = 'irq->vcpu = ADDRESS_OF(vcpu);';
    assert.match(
      await differenceWith(context, 'merged-6.17', 'strategies/parts/ir-list.h', text, '__builtin_trap();'),
      /: C refuses operation 3, "route irq 0 to .*", or crashes, and TypeScript does not\n.*it crashed or was endless\n$/,
    );
  });
});
