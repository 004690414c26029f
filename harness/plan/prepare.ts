// Generates a workload's stream once and writes it to a file, which all processes of a run read.
import type { HostParameters } from '../../machine/host.js';
import { countOperations, HEADER_WORDS, type OperationStream } from '../../workloads/stream/stream.js';
import type { GeneratedStream } from '../../workloads/workload.js';
import type { ChildJob } from '../process/child-job.js';
import { writeScratch, writeStream } from '../process/scratch.js';
import { digestOf } from '../replay/digest.js';
import type { WorkloadInfo } from '../results/results.js';
import type { ChosenWorkload, RunPlan } from './run-plan.js';

/** A workload with its stream and jobs in files. */
export interface Prepared {
  readonly info: WorkloadInfo;
  /** The host that the stream was made for. */
  readonly host: HostParameters;
  readonly stream: OperationStream;
  readonly streamFile: string;
  readonly jobFiles: readonly string[];
}

function describeWorkload(
  { workload, parameters, host }: ChosenWorkload,
  { stream, recording }: GeneratedStream,
): WorkloadInfo {
  const { words, windowStart, windowEnd, vms, vcpus, irqs, devices, cpus } = stream;
  const { id, description, favours, penalises } = workload;
  return {
    id,
    description,
    favours,
    penalises,
    parameters: { ...parameters },
    host: { ...host },
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
}

/** Generates a workload's stream and writes it and each strategy's job to files. */
export async function prepare(plan: RunPlan, chosen: ChosenWorkload, directory: string): Promise<Prepared> {
  const host = { ...plan.host, ...chosen.host };
  const generated = await chosen.workload.generate(chosen.parameters, plan.seed, host);
  // The same workload may run on hosts with both widths of pointers.
  const name = `${chosen.workload.id}.${host.pointerBytes}`;
  const streamFile = await writeStream(directory, name, generated.stream.words);
  const jobFiles = await Promise.all(
    plan.strategies.map(({ strategy, url }) => {
      const job: ChildJob = { strategy: url, stream: streamFile, host, memory: plan.memory };
      return writeScratch(directory, `${name}.${strategy.id}.json`, JSON.stringify(job));
    }),
  );
  const info = describeWorkload(chosen, generated);
  return { info, host, stream: generated.stream, streamFile, jobFiles };
}
