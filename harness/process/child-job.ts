import type { HostParameters } from '../../machine/host.js';

/** The memory in which a strategy is judged: checked memory sees every access, journaled memory is for large hosts. */
export type MemoryMode = 'checked' | 'journaled';

/** The job of a child that judges or times a strategy on a stream, as a JSON file. */
export interface ChildJob {
  /** URL of the strategy's module. */
  readonly strategy: string;
  /** Path of the stream's file. */
  readonly stream: string;
  readonly host: HostParameters;
  /** The memory for a check. */
  readonly memory: MemoryMode;
}
