import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { compileNative, nativeCompiler } from '../../../harness/native/compile.js';
import { hostWords } from '../../../harness/native/lane.js';
import { cleanUpAll } from '../../../harness/process/before-exit.js';
import { Child } from '../../../harness/process/child.js';
import type { ChildJob } from '../../../harness/process/child-job.js';
import type {
  CalibrateReply,
  DigestReply,
  ReadyReply,
  ReferenceReply,
  ReplayReply,
  RoundReply,
  WarmReply,
} from '../../../harness/process/timed-protocol.js';
import type { HostParameters } from '../../../machine/host.js';
import { builtInUrl } from '../../../strategies/index.js';
import { OP, type OperationStream } from '../../../workloads/stream/stream.js';
import { smallHost, smallStream } from './streams.js';

describe('the designs in C', { skip: (await nativeCompiler()).reason ?? false }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatag-bench-test-'));
  // A test that fails half-way leaves its children alive, and the file would not end.
  after(cleanUpAll);
  after(() => rmSync(folder, { recursive: true, force: true }));

  function writeStream(stream: OperationStream): string {
    const path = join(folder, 'stream');
    writeFileSync(path, stream.words);
    return path;
  }

  /** The digests of a strategy in TypeScript after numbers of replays. */
  async function digestsInV8(
    id: string,
    stream: string,
    host: HostParameters,
    replays: readonly number[],
  ): Promise<readonly string[]> {
    const jobFile = join(folder, `${id}.json`);
    const job: ChildJob = { strategy: builtInUrl(id), stream, host, memory: 'checked' };
    writeFileSync(jobFile, JSON.stringify(job));
    const child = new Child('timing/reference-child', [jobFile]);
    const { digests } = await child.ask<ReferenceReply>(JSON.stringify(replays));
    child.kill();
    return digests;
  }

  async function programOf(id: string, host: HostParameters): Promise<string> {
    return (await compileNative(id, host.pointerBytes)) as string;
  }

  async function startNative(id: string, stream: string, host: HostParameters): Promise<Child> {
    const child = new Child({ program: await programOf(id, host) }, [...hostWords(host), stream]);
    await child.hear<ReadyReply>();
    return child;
  }

  test('speak the protocol, and count each replay', async () => {
    const host = smallHost('v6.8');
    const stream = writeStream(await smallStream('halt-wake', { vms: 4, operations: 200 }, host));
    const native = await startNative('ir-data-pointer', stream, host);
    const { windowNs } = await native.ask<WarmReply>('warm 2');
    assert.equal(windowNs.length, 2);
    assert.ok(windowNs.every((ns) => ns > 0));
    for (const windows of [1, 3]) {
      const { batchNs, roundNs, cpuNs, collections } = await native.ask<RoundReply>(`round ${windows}`);
      assert.ok(batchNs > 0 && roundNs > batchNs && cpuNs > 0);
      assert.equal(collections, 0);
    }
    assert.deepEqual(await native.ask<ReplayReply>('replay 1'), { replayed: 1 });
    const nine = await native.ask<DigestReply>('digest');
    assert.ok(nine.peakBytes > 1 << 20);
    // A digest does not end it.
    await native.ask<ReplayReply>('replay 3');
    const twelve = await native.ask<DigestReply>('digest');
    assert.notEqual(twelve.digest, nine.digest);
    native.kill();
    const inV8 = await digestsInV8('ir-data-pointer', stream, host, [9, 12]);
    assert.deepEqual([nine.digest, twelve.digest], inV8);

    const calibrated = await startNative('ir-data-pointer', stream, host);
    const { windows } = await calibrated.ask<CalibrateReply>('calibrate 0.5');
    assert.ok(windows > 1);
    const { windowNs: warm } = await calibrated.ask<WarmReply>('warm 1');
    assert.ok((warm[0] as number) * windows > 0.1e6, `${windows} windows of ${warm} ns are no 0.5 ms`);
    calibrated.kill();
  });

  test('refuse a line that is no command, in one line', async () => {
    const host = smallHost('v6.8');
    const stream = writeStream(await smallStream('pinned', { vms: 4, operations: 200 }, host));
    for (const input of [
      '',
      'what',
      'warm',
      'warm x',
      'round -1',
      'digest 1',
      'run 1',
      'run 2 5',
      'hot 1 2',
    ]) {
      const asked = { encoding: 'utf8', input: `${input}\ndigest\n` } as const;
      const { status, stdout, stderr } = spawnSync(
        await programOf('floor', host),
        [...hostWords(host), stream],
        asked,
      );
      assert.equal(status, 2, input);
      assert.equal(stdout, '{"ready":true}\n');
      assert.match(stderr, /^floor: .+\n$/);
    }
  });

  test('refuse what they cannot replay in one line', async () => {
    const host = smallHost('v6.8');
    const { words, windowStart, windowEnd } = await smallStream('pinned', { vms: 4, operations: 200 }, host);
    const stream = join(folder, 'stream');
    writeFileSync(stream, words);
    const program = await programOf('floor', host);

    function refusal(paths: readonly string[], ofHost: readonly string[] = hostWords(host)): string {
      const asked = { encoding: 'utf8', input: 'digest\n' } as const;
      const { status, stdout, stderr } = spawnSync(program, [...ofHost, ...paths], asked);
      assert.equal(stdout, '');
      assert.equal(status, 2);
      assert.match(stderr, /^floor: .+\n$/);
      return stderr;
    }
    const write = (name: string, content: Uint8Array | Int32Array): string => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };

    const operations: [name: string, word: number][] = [
      ['vcpu', (64 << 4) | OP.load],
      ['irq', (64 << 4) | OP.interrupt],
      ['iommu', (3 << 4) | OP.drainGaLog],
      ['vm', (4 << 4) | OP.destroyVm],
      ['code', 15],
    ];
    for (const [name, word] of operations) {
      assert.match(refusal([write(name, words.with(windowStart, word))]), /an unknown operation/);
    }
    assert.match(refusal([write('cut', words.slice(0, windowEnd - 1))]), /cut short/);
    assert.match(
      refusal([write('text', Buffer.from('no stream'))]),
      /not a stream, or a stream of another version/,
    );
    assert.match(refusal([join(folder, 'nothing')]), /nothing: cannot be opened/);
    assert.match(refusal([stream], ['iommus=4']), /another number of IOMMUs than the host has/);
    for (const word of ['iommus=0', 'iommus=3x', 'flush=always', 'irqTableEntries=300', 'hashBits=']) {
      assert.match(
        refusal([stream], [word]),
        new RegExp(`^floor: ${word}: not a value of this parameter; allowed: `),
      );
    }
    assert.match(refusal([stream], ['iommus=3', 'pointerBytes=4']), /compiled for another width/);
    assert.match(refusal([stream], [...hostWords(host), 'lines=nothing']), /nothing: cannot be opened/);
    const lines = `lines=${write('lines', Int32Array.of(1, 2, 0, 3, 4))}`;
    assert.match(refusal([stream], [...hostWords(host), lines]), /it has no lines for some vCPUs/);
    assert.match(refusal([]), /usage: /);
    assert.match(refusal([stream], ['colour=red']), /colour=red: neither a parameter of the host nor a file/);
  });
});
