// What a workload is: a named host, its parameters, and a seeded generator of its operation stream.
import type { z } from 'zod';
import type { HostParameters } from '../machine/host.js';
import type { OperationStream } from './stream/stream.js';

/** What a recorded workload took from its recording and what it made up. */
export interface RecordingFacts {
  /** The file that was read, as the user named it. */
  readonly file: string;
  /** What was recorded: one sentence. */
  readonly recorded: string;
  /** What was assumed: one sentence. */
  readonly assumed: string;
  /** What was found in the recording and what was done about it, by name. */
  readonly counts: Readonly<Record<string, number>>;
  /** What a reader must know of the recording: malformed lines, repairs, truncation. */
  readonly warnings: readonly string[];
}

/** A generated stream with what is to be told of it. */
export interface GeneratedStream {
  readonly stream: OperationStream;
  readonly recording?: RecordingFacts;
}

/** Parameters of a workload after parsing: each a number or a text. */
export type WorkloadParameters = Readonly<Record<string, number | string>>;

/** A workload. */
export interface Workload<P extends WorkloadParameters = WorkloadParameters> {
  readonly id: string;
  /** Which real host this is. */
  readonly description: string;
  /** Which designs it is kind to, and why. */
  readonly favours: string;
  /** Which designs it is unkind to, and why. */
  readonly penalises: string;
  /** Parameters with their defaults, limits and descriptions. */
  readonly schema: z.ZodType<P>;
  /**
   * Makes the stream. The same parameters, seed and host give the same words.
   *
   * @throws UsageError if the parameters do not fit each other or the host.
   */
  generate(parameters: P, seed: number, host: HostParameters): GeneratedStream | Promise<GeneratedStream>;
}
