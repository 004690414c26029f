import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { compileNative, nativeCompiler } from '../../../harness/native/compile.js';
import { Child, killChildren } from '../../../harness/process/child.js';
import type { ChildJob } from '../../../harness/process/child-job.js';
import type {
  CalibrateReply,
  DigestReply,
  ImageReply,
  NativeDigestReply,
  ReadyReply,
  ReplayReply,
  RoundReply,
  WarmReply,
} from '../../../harness/process/timed-protocol.js';
import { concurrently } from '../../../harness/process/workshop.js';
import type { HostParameters } from '../../../machine/host.js';
import { BUILT_IN, builtInUrl } from '../../../strategies/index.js';
import { OP, type OperationStream } from '../../../workloads/stream/stream.js';
import { leftOpen, oddStream, smallHost, smallStream } from './streams.js';

const REPLAYS = 3;

describe('the designs in C', { skip: nativeCompiler().reason ?? false }, () => {
  let folder: string;
  const cacheBefore = process.env.XDG_CACHE_HOME;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'gatag-bench-test-'));
    process.env.XDG_CACHE_HOME = folder;
  });
  // A test that fails half-way leaves its children alive, and the file would not end.
  after(killChildren);
  after(() => {
    if (cacheBefore === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = cacheBefore;
    rmSync(folder, { recursive: true, force: true });
  });

  function writeStream(stream: OperationStream): string {
    const path = join(folder, 'stream');
    writeFileSync(path, stream.words);
    return path;
  }

  /** Starts a strategy in TypeScript, and writes its image. */
  async function startTimed(id: string, stream: string, host: HostParameters): Promise<[Child, string]> {
    const jobFile = join(folder, `${id}.json`);
    const job: ChildJob = { strategy: builtInUrl(id), stream, host, memory: 'checked' };
    writeFileSync(jobFile, JSON.stringify(job));
    const child = new Child('timing/timed-child', [jobFile]);
    await child.hear<ReadyReply>();
    const { image } = await child.ask<ImageReply>(`image ${join(folder, `${id} image`)}`);
    return [child, image];
  }

  function programOf(id: string, host: HostParameters): string {
    return compileNative(id, host.pointerBytes) as string;
  }

  async function startNative(
    id: string,
    image: string,
    stream: string,
    host: HostParameters,
  ): Promise<Child> {
    const child = new Child({ program: programOf(id, host) }, [image, stream]);
    await child.hear<ReadyReply>();
    return child;
  }

  /** The digests of all strategies after some replays, in TypeScript and in C. */
  async function digests(stream: OperationStream, host: HostParameters) {
    const path = writeStream(stream);
    const both = await concurrently(BUILT_IN, 2, async (id) => {
      const [timed, image] = await startTimed(id, path, host);
      const native = await startNative(id, image, path, host);
      const ends: string[] = [];
      for (const child of [timed, native]) {
        await child.ask<ReplayReply>(`replay ${REPLAYS}`);
        const { memoryDigest } = await child.ask<NativeDigestReply>('digest');
        ends.push(`${id} ${memoryDigest}`);
        child.kill();
      }
      return ends;
    });
    return { typescript: both.map(([end]) => end), c: both.map(([, end]) => end) };
  }

  async function assertSame(stream: OperationStream, host: HostParameters): Promise<void> {
    const { typescript, c } = await digests(leftOpen(stream), host);
    assert.deepEqual(c, typescript);
  }

  test('end with the memory of TypeScript: pinned, on a host of today', async () => {
    const host = smallHost('v6.8', { heap: 'scattered' });
    await assertSame(await smallStream('pinned', { vms: 12, operations: 600 }, host), host);
  });

  test('end with the memory of TypeScript: many-queues, on a host of 2016', async () => {
    const host = smallHost('2016', { hashMultiplier: 'v4.6' });
    const parameters = { vms: 4, irqsPerVcpu: 16, cpus: 12, operations: 600 };
    await assertSame(await smallStream('many-queues', parameters, host), host);
  });

  test('end with the memory of TypeScript: halt-wake, where devices are flushed', async () => {
    const host = smallHost('v6.8', { flush: 'per-device' });
    await assertSame(await smallStream('halt-wake', { vms: 12, operations: 600 }, host), host);
  });

  test('end with the memory of TypeScript: beyond-255-vms, with pointers of 4 bytes', async () => {
    const host = smallHost('v6.8', { pointerBytes: 4 });
    await assertSame(await smallStream('beyond-255-vms', { operations: 2000 }, host), host);
  });

  test('end with the memory of TypeScript where a host is odd', async () => {
    const host = smallHost('v6.8');
    await assertSame(oddStream(host), host);
  });

  test('speak the protocol, and count each replay', async () => {
    const host = smallHost('v6.8');
    const stream = writeStream(await smallStream('halt-wake', { vms: 4, operations: 200 }, host));
    const [timed, image] = await startTimed('ir-data-pointer', stream, host);
    const native = await startNative('ir-data-pointer', image, stream, host);
    const { windowNs } = await native.ask<WarmReply>('warm 2');
    assert.equal(windowNs.length, 2);
    assert.ok(windowNs.every((ns) => ns > 0));
    for (const windows of [1, 3]) {
      const { batchNs, roundNs, cpuNs, collections } = await native.ask<RoundReply>(`round ${windows}`);
      assert.ok(batchNs > 0 && roundNs > batchNs && cpuNs > 0);
      assert.equal(collections, 0);
    }
    assert.deepEqual(await native.ask<ReplayReply>('replay 1'), { replayed: 1 });
    const nine = await native.ask<NativeDigestReply>('digest');
    assert.ok(nine.peakBytes > readFileSync(image).length);
    await timed.ask<ReplayReply>('replay 9');
    assert.equal(nine.memoryDigest, (await timed.ask<DigestReply>('digest')).memoryDigest);
    // A digest ends neither of them.
    assert.ok((await timed.ask<RoundReply>('round 2')).roundNs > 0);
    await native.ask<ReplayReply>('replay 3');
    const twelve = await native.ask<NativeDigestReply>('digest');
    assert.notEqual(twelve.memoryDigest, nine.memoryDigest);
    assert.equal(twelve.memoryDigest, (await timed.ask<DigestReply>('digest')).memoryDigest);
    timed.kill();
    native.kill();

    const calibrated = await startNative('ir-data-pointer', image, stream, host);
    const { windows } = await calibrated.ask<CalibrateReply>('calibrate 0.5');
    assert.ok(windows > 1);
    const { windowNs: warm } = await calibrated.ask<WarmReply>('warm 1');
    assert.ok((warm[0] as number) * windows > 0.1e6, `${windows} windows of ${warm} ns are no 0.5 ms`);
    calibrated.kill();
  });

  test('refuse what they cannot replay in one line', async () => {
    const host = smallHost('v6.8');
    const { words, windowStart, windowEnd } = await smallStream('pinned', { vms: 4, operations: 200 }, host);
    const stream = join(folder, 'stream');
    writeFileSync(stream, words);
    const [timed, image] = await startTimed('floor', stream, host);
    timed.kill();
    const program = programOf('floor', host);

    function refusal(...paths: string[]): string {
      const { status, stdout, stderr } = spawnSync(program, paths, { encoding: 'utf8', input: 'digest\n' });
      assert.equal(stdout, '');
      assert.equal(status, 2);
      assert.match(stderr, /^.+\n$/);
      return stderr;
    }
    const write = (name: string, content: Uint8Array | Int32Array): string => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };

    const routing = await smallStream('rebalance', { vms: 4, operations: 200 }, host);
    assert.match(
      refusal(image, write('route', words.with(windowStart, OP.route))),
      /verbs other than load, put, interrupt and drainGaLog/,
    );
    assert.match(
      refusal(image, write('vcpu', words.with(windowStart, (64 << 4) | OP.load))),
      /not in the image/,
    );
    assert.match(refusal(image, write('rebalance', routing.words)), /another stream's/);
    assert.match(refusal(image, write('cut', words.slice(0, windowEnd - 1))), /cut short/);
    assert.match(refusal(image, image), /no stream of this version/);
    assert.match(refusal(image, join(folder, 'nothing')), /cannot be opened/);

    const bytes = readFileSync(image);
    assert.match(refusal(write('short', bytes.subarray(0, -4)), stream), /cut short/);
    assert.match(refusal(write('long', Buffer.concat([bytes, bytes])), stream), /too long/);
    assert.match(refusal(stream, stream), /no image of this version/);
    const [other, otherImage] = await startTimed('merged-4.9', stream, host);
    other.kill();
    assert.match(refusal(otherImage, stream), /another design's/);
    const [narrow, narrowImage] = await startTimed('floor', stream, { ...host, pointerBytes: 4 });
    narrow.kill();
    assert.match(refusal(narrowImage, stream), /another width/);
  });
});
