// The results of a calibration of the harness.
import type { Environment, Lane, Results, Series, WorkloadInfo } from './results.js';
import type { Comparison, Interval } from './statistics.js';

/** Percentages of injected work; the others are compared with 0. */
export const INJECTED = [0, 3, 5, 10] as const;

/** The percentage that the other tools are tried on, besides 0. */
export const TOOLS_PERCENT = 5;

/** Other harnesses. mitata is a development dependency, so that it may be missing. */
export const TOOLS = ['tinybench', 'mitata'] as const;
export type Tool = (typeof TOOLS)[number];

/** What stands in for the comparison with a harness that is missing. */
export function leftOutText(tool: Tool): string {
  return `${tool} is not installed, so the comparison with it is left out`;
}

/** One strategy against another, through another harness. */
export interface ToolComparison {
  readonly ratio: number;
  /** Whether it says that the two differ, the second being the slower where there is a second. */
  readonly separated: boolean;
}

/** The A/A control and the slowed strategy against the baseline, through another harness. */
export type ToolComparisons = Readonly<Record<'twin' | 'slowed', ToolComparison>>;

/** The A/A control and the slowed strategies against the baseline, in one language. */
export interface LaneTrial {
  readonly twin: Comparison;
  /** By percentage; 0 is the baseline itself and is left out. */
  readonly slowed: readonly (Comparison & { readonly percent: number })[];
}

/** One trial: everything once. */
export interface Trial {
  readonly seed: number;
  /** Duration of the trial in the harness, all strategies together. */
  readonly seconds: number;
  /** The raw samples. */
  readonly series: readonly Series[];
  /** In C only if there is a compiler. */
  readonly lanes: Readonly<Partial<Record<Lane, LaneTrial>>>;
  /** By each tool that is installed. */
  readonly tools: Readonly<Partial<Record<Tool, ToolComparisons>>>;
}

/** ns per operation in the harness / in the hand-written loop. */
export interface Overhead {
  readonly strategy: string;
  readonly workload: string;
  readonly ratio: Interval;
  /** ns per operation in the loop, geometric mean over processes. */
  readonly loopNs: number;
}

/** A whole calibration. */
export interface Calibration {
  readonly schema: 'gatag-bench calibration';
  readonly startedAt: string;
  readonly seconds: number;
  readonly tool: Results['tool'];
  readonly environment: Environment;
  /** Processes of each strategy in a trial; none in C without a compiler. */
  readonly processes: Readonly<Record<Lane, number>>;
  /** Rounds in each of these processes. */
  readonly rounds: number;
  /** The workload of the trials. */
  readonly workload: Pick<WorkloadInfo, 'id' | 'parameters'>;
  /** Comparisons in a family of the default suite. */
  readonly family: number;
  /** Memory accesses of one replay of the window, and the percentage above the baseline. */
  readonly injected: readonly {
    readonly percent: number;
    readonly accesses: number;
    readonly counted: number;
  }[];
  /** The other harnesses that are installed. */
  readonly tools: readonly Tool[];
  readonly trials: readonly Trial[];
  /** Processes of each strategy that is compared with the hand-written loop. */
  readonly overheadProcesses: number;
  readonly overheads: readonly Overhead[];
}
