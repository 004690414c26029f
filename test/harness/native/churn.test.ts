import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { compileNative, nativeCompiler } from '../../../harness/native/compile.js';
import { hostWords } from '../../../harness/native/lane.js';
import { cleanUpAll } from '../../../harness/process/before-exit.js';
import { Child } from '../../../harness/process/child.js';
import type { ChildJob } from '../../../harness/process/child-job.js';
import type { DigestReply, ReferenceReply } from '../../../harness/process/timed-protocol.js';
import { BUILT_IN, builtInUrl } from '../../../strategies/index.js';
import { churn } from '../../../workloads/churn.js';
import { temporaryFolder } from '../../project.js';
import { smallHost, smallStream } from './streams.js';

after(cleanUpAll);

test('where VMs come and go, C ends with the memory and the wakeups of TypeScript, in batches and one by one', {
  skip: (await nativeCompiler()).reason ?? false,
}, async (t) => {
  const folder = temporaryFolder(t);
  // Ids wrap in the second window.
  const host = smallHost('v6.8', { ...churn.host, maxVmId: 2 ** 24 - 1 });
  const stream = join(folder, 'stream');
  writeFileSync(stream, (await smallStream('churn', { vms: 4, slots: 3, operations: 4096 }, host)).words);
  for (const id of BUILT_IN) {
    const job: ChildJob = { strategy: builtInUrl(id), stream, host, memory: 'checked' };
    const jobFile = join(folder, `${id}.json`);
    writeFileSync(jobFile, JSON.stringify(job));
    const program = (await compileNative(id, host.pointerBytes)) as string;
    const untimed = new Child('timing/reference-child', [jobFile]);
    const { digests } = await untimed.ask<ReferenceReply>('[9]');
    untimed.kill();
    for (const command of ['round 8', 'replay 9']) {
      const native = new Child({ program }, [...hostWords(host), stream]);
      await native.hear();
      await native.ask(command);
      assert.deepEqual([(await native.ask<DigestReply>('digest')).digest], digests, id);
      native.kill();
    }
  }
});
