// One process of the oracle: a strategy that exhausts its heap takes nothing else with it. Having judged, it counts, if
// it is asked to.

import { countWork } from '../counting/counted-work.js';
import { CountingMemory } from '../counting/counting-memory.js';
import { PATIENCE } from '../method.js';
import { CheckedMemory } from '../oracle/memory/checked-memory.js';
import { JournaledMemory } from '../oracle/memory/journaled-memory.js';
import { ObservedMemory } from '../oracle/memory/observed-memory.js';
import { check } from '../oracle/oracle.js';
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
import { type ChildJob, WHOLE_STREAM } from '../process/child-protocol.js';
import type { Check, CountedWork } from '../results/results.js';
import { withCounterexample } from './histories/counterexample.js';

await serve('harness', async () => {
  const job = readJob<ChildJob>();
  const memory = harnessMemory(() =>
    job.memory === 'checked' ? new CheckedMemory(new ObservedMemory()) : new JournaledMemory(),
  );
  const instances = await importInstances(job.strategy);
  const { strategy, second } = instances;
  const stream = readStream(job.stream);
  const isSecondTime = placeToJudgeAgain() !== undefined;

  function judge(): Check {
    const patience = isSecondTime ? PATIENCE.second : PATIENCE.first;
    const judged = check(stream, strategy, job.host, { memory, second, patience, onSlice: signOfLife });
    if (!isSecondTime && judged.findings.some(({ kind }) => kind === 'endless')) {
      return judgedAgain<Check>(WHOLE_STREAM);
    }
    const findings = judged.findings.map((finding) =>
      withCounterexample(finding, stream, instances, job.host, memory, signOfLife),
    );
    return { ...judged, findings };
  }

  reply(judge());
  if (readLine() !== 'count') return;
  const counting = harnessMemory(() => new CountingMemory());
  const verbs = countWork({ stream, strategy, host: job.host, memory: counting, onOperation: signOfLife });
  reply({ strategy: strategy.id, verbs } satisfies CountedWork);
});
