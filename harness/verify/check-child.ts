// A process that judges a strategy on a stream, so that exhausting its heap affects nothing else. On request it then
// counts the work of the strategy.

import { countWork } from '../counting/counted-work.js';
import { CountingMemory } from '../counting/counting-memory.js';
import { PATIENCE } from '../method.js';
import { CheckedMemory } from '../oracle/memory/checked-memory.js';
import { JournaledMemory } from '../oracle/memory/journaled-memory.js';
import { ObservedMemory } from '../oracle/memory/observed-memory.js';
import { check } from '../oracle/oracle.js';
import type { ChildJob } from '../process/child-job.js';
import {
  harnessMemory,
  importInstances,
  judgedAgain,
  placeToJudgeAgain,
  readJob,
  readLine,
  readStream,
  reply,
  serve,
  signOfLife,
} from '../process/child-main.js';
import type { Check, CountedWork } from '../results/results.js';
import { withCounterexample } from './histories/counterexample.js';

/** The only place of this child: it judges one stream. */
const WHOLE_STREAM = 'stream';

await serve('harness', async () => {
  const job = readJob<ChildJob>();
  const memory = harnessMemory(() =>
    job.memory === 'checked' ? new CheckedMemory(new ObservedMemory()) : new JournaledMemory(),
  );
  const instances = await importInstances(job.strategy);
  const stream = readStream(job.stream);
  const isSecondTime = placeToJudgeAgain() !== undefined;
  const patience = isSecondTime ? PATIENCE.second : PATIENCE.first;
  const request = { stream, ...instances, host: job.host, memory, patience, onProgress: signOfLife };

  function judge(): Check {
    const judged = check(request);
    if (!isSecondTime && judged.findings.some(({ kind }) => kind === 'endless')) {
      return judgedAgain<Check>(WHOLE_STREAM);
    }
    return { ...judged, findings: judged.findings.map((failure) => withCounterexample(failure, request)) };
  }

  reply(judge());
  if (readLine() !== 'count') return;
  const { strategy } = instances;
  const counting = harnessMemory(() => new CountingMemory());
  const verbs = countWork({ stream, strategy, host: job.host, memory: counting, onOperation: signOfLife });
  reply({ strategy: strategy.id, verbs } satisfies CountedWork);
});
