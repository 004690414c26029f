// The contract of a workload: a described host, its parameters, and a seeded generator of its operation stream.
import type { z } from 'zod';
import type { HostParameters } from '../machine/host.js';
import type { OperationStream } from './stream/stream.js';

/** The parts of a recorded workload that were recorded, and the parts that were assumed. */
export interface RecordingFacts {
  /** The file, as the user named it. */
  readonly file: string;
  /** What was recorded: one sentence. */
  readonly recorded: string;
  /** What was assumed: one sentence. */
  readonly assumed: string;
  /** Counts of the recording and of its replay, by name. */
  readonly counts: Readonly<Record<string, number>>;
  /** Sentences about malformed lines, repairs and cuts. */
  readonly warnings: readonly string[];
}

/** A generated stream, with the facts of its recording if it has one. */
export interface GeneratedStream {
  readonly stream: OperationStream;
  readonly recording?: RecordingFacts;
}

/** Parameters of a workload after parsing: each a number or a text. */
export type WorkloadParameters = Readonly<Record<string, number | string>>;

/** A workload. */
export interface Workload<P extends WorkloadParameters = WorkloadParameters> {
  readonly id: string;
  /** The kind of real host that it stands for. */
  readonly description: string;
  /** The designs that it favours, and why. */
  readonly favours: string;
  /** The designs that it penalises, and why. */
  readonly penalises: string;
  /** The host parameters that it sets, unless the user sets them. */
  readonly host?: Partial<HostParameters>;
  /** Parameters with their defaults, limits and descriptions. */
  readonly schema: z.ZodType<P>;
  /**
   * Makes the stream. The same parameters, seed and host give the same words.
   *
   * @throws UsageError if the parameters do not fit each other or the host.
   */
  generate(parameters: P, seed: number, host: HostParameters): GeneratedStream | Promise<GeneratedStream>;
}
