// The program that is timed must end with the memory of TypeScript, on every workload.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { compileNative, nativeCompiler } from '../../../harness/native/compile.js';
import { hostWords } from '../../../harness/native/lane.js';
import { concurrently } from '../../../harness/process/workshop.js';
import { FNV_PRIME, memoryDigest } from '../../../harness/replay/digest.js';
import { createReplay, plainHost } from '../../../harness/replay/replay.js';
import type { HostParameters } from '../../../machine/host.js';
import { Memory } from '../../../machine/memory.js';
import { BUILT_IN, builtInUrl } from '../../../strategies/index.js';
import type { Strategy } from '../../../strategies/strategy.js';
import { WORKLOADS } from '../../../workloads/index.js';
import type { OperationStream } from '../../../workloads/stream/stream.js';
import { REPLAYS } from './records.js';
import { leftOpen, smallStream } from './streams.js';

const memory = new Memory();

/** The digests of the memory after the setup and after some replays of the window. */
function digestsInTypescript(
  strategy: Strategy,
  host: HostParameters,
  stream: OperationStream,
  replays: number,
): string[] {
  memory.clear();
  const checksums = new Int32Array(2);
  const fold = (checksum: number, event: number): void => {
    checksums[checksum] = Math.imul((checksums[checksum] as number) ^ event, FNV_PRIME);
  };
  const numbers = new Map<number, number>();
  const replay = createReplay(stream, strategy, plainHost(memory, host), {
    interrupted: (_irq, delivery) => fold(0, delivery),
    created: (vcpu, address) => numbers.set(address, vcpu),
    woke: (_iommu, _tag, vcpu) => fold(1, numbers.get(vcpu) ?? -1),
  });
  const digest = (): string => memoryDigest([memory.words.subarray(0, memory.top), checksums]);
  replay.setUp();
  const afterSetup = digest();
  for (let count = 0; count < replays; count++) replay.runWindow();
  return [afterSetup, digest()];
}

/** Runs the program as the runner does. */
async function digestsInC(program: string, words: readonly string[], replays: number): Promise<string[]> {
  const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(`memory\nreplay ${replays}\nmemory\n`);
  let output = '';
  for await (const part of child.stdout) output += part;
  return [...output.matchAll(/"memoryDigest":"(\w+)"/g)].map(([, digest]) => digest as string);
}

/** Why there is nothing to test; false if there is something. */
const skip = (await nativeCompiler()).reason ?? false;

/**
 * Tests every strategy on every workload.
 *
 * @param parametersOf - Of a workload.
 */
export function testTimedPrograms(
  host: HostParameters,
  parametersOf: (workload: string) => Readonly<Record<string, number>>,
): void {
  describe('the memory of the timed program', { skip }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'gatag-bench-test-'));
    after(() => rmSync(folder, { recursive: true, force: true }));

    async function assertSame(own: HostParameters, stream: OperationStream, replays: number): Promise<void> {
      const path = join(folder, 'stream');
      writeFileSync(path, stream.words);
      await concurrently(BUILT_IN, 2, async (id) => {
        const { default: strategy } = (await import(builtInUrl(id))) as { default: Strategy };
        const program = (await compileNative(id, own.pointerBytes)) as string;
        const inC = digestsInC(program, [...hostWords(own), path], replays);
        const inTypescript = digestsInTypescript(strategy, own, stream, replays);
        assert.deepEqual(await inC, inTypescript, id);
      });
    }

    for (const { id, host: changed } of WORKLOADS) {
      test(`is that of TypeScript after the setup and after ${REPLAYS} replays: ${id}`, async () => {
        const own = { ...host, ...changed };
        const stream = await smallStream(id, parametersOf(id), own);
        await assertSame(own, stream, REPLAYS);
        // A closed window leaves the memory as it was, but for the logs and the vCPUs.
        await assertSame(own, leftOpen(stream), 1);
      });
    }
  });
}
