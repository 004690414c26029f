import { countOperations, HEADER_WORDS } from '../../workloads/stream/stream.js';
import type { ChildJob } from '../process/child-job.js';
import { writeScratch, writeStream } from '../process/scratch.js';
import { digestOf } from '../replay/digest.js';
import type { WorkloadInfo } from '../results/results.js';
import type { ChosenWorkload, RunPlan } from './run-plan.js';

/** A workload with its stream and jobs in files. */
export type Prepared = Awaited<ReturnType<typeof prepare>>;

/** Generates a workload's stream and writes it and each strategy's job to files. */
export async function prepare(plan: RunPlan, chosen: ChosenWorkload, directory: string) {
  const { workload, parameters } = chosen;
  const host = { ...plan.host, ...chosen.host };
  const { stream, recording } = await workload.generate(parameters, plan.seed, host);
  const { id, description, favours, penalises } = workload;
  const { words, windowStart, windowEnd, vms, vcpus, irqs, devices, cpus } = stream;
  // The same workload may run on hosts with both widths of pointers.
  const name = `${id}.${host.pointerBytes}`;
  const streamFile = await writeStream(directory, name, words);
  const jobFiles = await Promise.all(
    plan.strategies.map(({ strategy, url }) => {
      const job: ChildJob = { strategy: url, stream: streamFile, host, memory: plan.memory };
      return writeScratch(directory, `${name}.${strategy.id}.json`, JSON.stringify(job));
    }),
  );
  const info: WorkloadInfo = {
    id,
    description,
    favours,
    penalises,
    parameters: { ...parameters },
    host: { ...chosen.host },
    stream: digestOf(words),
    vms,
    vcpus,
    irqs,
    devices,
    cpus,
    setup: countOperations(words, HEADER_WORDS, windowStart),
    window: countOperations(words, windowStart, windowEnd),
    teardown: countOperations(words, windowEnd, words.length),
    recording: recording
      ? { ...recording, counts: { ...recording.counts }, warnings: [...recording.warnings] }
      : null,
  };
  return { info, host, stream, streamFile, jobFiles };
}
