// What a run is asked for.
import type { HostParameters } from '../../machine/host.js';
import type { SweepPoint } from '../../workloads/sweep.js';
import type { Workload, WorkloadParameters } from '../../workloads/workload.js';
import type { SuiteName } from '../method.js';
import type { MemoryMode } from '../process/child-protocol.js';
import type { LoadedStrategy } from './strategy-module.js';

/** A workload with the parameters to run it with. */
export interface ChosenWorkload {
  readonly workload: Workload;
  readonly parameters: WorkloadParameters;
}

/** What is run. */
export interface RunPlan {
  readonly strategies: readonly LoadedStrategy[];
  readonly workloads: readonly ChosenWorkload[];
  readonly host: HostParameters;
  readonly seed: number;
  /** In which memory strategies are judged. */
  readonly memory: MemoryMode;
}

/** What is run and timed. */
export interface BenchPlan extends RunPlan {
  readonly suite: SuiteName;
  readonly processes: number;
  readonly rounds: number;
  /** Most threads that are run at once; null where none are. */
  readonly threads: number | null;
  /** Whether work is counted on the hosts of the sweeps. */
  readonly sweeps: boolean;
  /** Hosts of sweeps that are judged and timed as workloads are. */
  readonly points: readonly SweepPoint[];
}

/** Hears how far a run has come. */
export interface Progress {
  /** The run has this many steps in all. */
  start(steps: number): void;
  /** One more step is done; `label` is what is being worked on. */
  advance(label: string): void;
  /** Something that the user is told in a line. */
  readonly note: (line: string) => void;
}
