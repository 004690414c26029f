// What a run is asked to do.
import type { HostParameters } from '../../machine/host.js';
import type { SweepPoint } from '../../workloads/sweep.js';
import type { Workload, WorkloadParameters } from '../../workloads/workload.js';
import type { SuiteName } from '../method.js';
import type { MemoryMode } from '../process/child-job.js';
import type { Lane } from '../results/results.js';
import type { LoadedStrategy } from './strategy-module.js';

/** A workload with its parameters. */
export interface ChosenWorkload {
  readonly workload: Workload;
  readonly parameters: WorkloadParameters;
  /** The parameters of the run's host that it changes. */
  readonly host: Partial<HostParameters>;
}

/** What is judged. */
export interface RunPlan {
  readonly strategies: readonly LoadedStrategy[];
  readonly workloads: readonly ChosenWorkload[];
  readonly host: HostParameters;
  readonly seed: number;
  /** The memory in which strategies are judged. */
  readonly memory: MemoryMode;
}

/** What is judged, counted and timed. */
export interface BenchPlan extends RunPlan {
  readonly suite: SuiteName;
  /** In C and V8 where both take part, and in V8 where it is alone. */
  readonly processes: ProcessCounts & { readonly alone: number };
  /** The workloads on which V8 takes part beside C; null for all. */
  readonly crossChecked: readonly string[] | null;
  readonly rounds: number;
  /** Most threads on one host; null for no run with threads. */
  readonly threads: number | null;
  /** Whether work is counted on the hosts of the sweeps. */
  readonly sweeps: boolean;
  /** Generated histories of hosts that cache ga_log_intr; see CACHED_HISTORIES. */
  readonly cachedHistories: number;
  /** Hosts of sweeps that are judged and timed like workloads. */
  readonly points: readonly SweepPoint[];
  /** The workload of the decomposition; null if it is not timed. */
  readonly decomposition: ChosenWorkload | null;
  /** Processes of each strategy in which updates are timed one by one; 0 if they are not. */
  readonly singleUpdates: number;
}

/** Processes of each strategy, by language. */
export type ProcessCounts = Readonly<Record<Lane, number>>;

/** Receives the progress of a run. */
export interface Progress {
  /** Announces the weight of all steps. */
  start(weight: number): void;
  /** One more step is done; `label` names it. @param weight - 1 by default. */
  advance(label: string, weight?: number): void;
  /** A line for the user. */
  readonly note: (line: string) => void;
}

/** Ignores progress. */
export const SILENT: Progress = { start: () => {}, advance: () => {}, note: () => {} };

/** A run: what it is asked to do, where its files go, and its progress. */
export interface RunContext<P extends RunPlan> {
  readonly plan: P;
  /** Folder for scratch files. */
  readonly directory: string;
  readonly progress: Progress;
}
