// Turns the options of the command line into plans: strategies, workloads with parameters, a host.
import { availableParallelism } from 'node:os';
import { z } from 'zod';
import {
  BASELINE,
  CACHED_HISTORIES,
  DECOMPOSITION,
  HISTORIES_BEYOND,
  MOST_THREADS_BY_DEFAULT,
  SINGLE_UPDATES,
  SUITES,
  type SuiteName,
  VERDICT_PROCESSES,
} from '../harness/method.js';
import type { BenchPlan, ChosenWorkload, RunPlan } from '../harness/plan/run-plan.js';
import { loadStrategies } from '../harness/plan/strategy-module.js';
import type { MemoryMode } from '../harness/process/child-job.js';
import { MOST_REPEATS } from '../harness/results/results.js';
import type { HistoryPlan } from '../harness/verify/histories/histories.js';
import {
  COSTS_OF_2016,
  HOST_PRESET_NAMES,
  HOST_PRESETS,
  type HostParameters,
  type HostPreset,
  hostSchema,
} from '../machine/host.js';
import { UsageError } from '../machine/usage-error.js';
import { BUILT_IN } from '../strategies/index.js';
import { WORKLOADS } from '../workloads/index.js';
import { historyStream } from '../workloads/stream/history.js';
import { parseHistory } from '../workloads/stream/history-text.js';
import { hasRoom, SWEEP_POINTS, type SweepPoint } from '../workloads/sweep.js';
import { SWEEP_AXIS_NAMES } from '../workloads/sweep-axes.js';
import type { Workload } from '../workloads/workload.js';
import { readUserFile } from './json-file.js';

/** The user's choices, all optional. Options that choose nothing of a plan are left out. */
const choiceSchema = z.object({
  suite: z.enum(['quick', 'default', 'full']).optional(),
  strategy: z.array(z.string()).min(1).optional(),
  workload: z.array(z.string()).min(1).optional(),
  sweep: z.array(z.string()).min(1).optional(),
  set: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  trace: z.string().min(1).optional(),
  processes: z.int().min(1).max(MOST_REPEATS).optional(),
  rounds: z.int().min(1).max(MOST_REPEATS).optional(),
  threads: z.int().min(1).max(1024).optional(),
  seed: z.int().min(0).max(0x7fff_ffff).optional(),
  out: z.string().min(1).optional(),
});

export type Choice = z.infer<typeof choiceSchema>;

/** The name that stands for all built-in strategies. */
const ALL_BUILT_IN = 'built-in';

/** The seed if none is given. */
export const DEFAULT_SEED = 1;

/** What the options choose of a plan. @throws UsageError if a value is out of its range. */
export function choiceOf({ set = [], ...words }: { readonly set?: readonly string[] }): Choice {
  const parsed = choiceSchema.safeParse({ ...words, set: parseAssignments(set) });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UsageError(`--${issue?.path.join('.')}: ${issue?.message}`);
}

/** Reads KEY=VALUE arguments. @throws UsageError for any other form. */
function parseAssignments(words: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    words.map((word) => {
      const match = /^([A-Za-z]\w*)=(.*)$/s.exec(word);
      if (match === null) throw new UsageError(`--set ${word}: expected KEY=VALUE, such as hashBits=8`);
      return [match[1], match[2]];
    }),
  );
}

/** Turns a value into a number if it is one. */
function typed(value: string | number): string | number {
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
}

/** Checks values against a schema. Messages name the key as the user wrote it. */
function parseParameters<S extends z.ZodType>(schema: S, values: object): z.output<S> {
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const key = String(issue?.path[0]);
  const value = (values as Record<string, unknown>)[key];
  throw new UsageError(`--set ${key}=${value}: ${issue?.message}`);
}

const keysOf = (schema: z.ZodType): string[] =>
  Object.keys(z.toJSONSchema(schema, { io: 'input' }).properties ?? {});
const HOST_KEYS = keysOf(hostSchema);

/** The assignments to certain keys. */
function only(set: NonNullable<Choice['set']>, keys: readonly string[]): Record<string, string | number> {
  const entries = Object.entries(set).filter(([key]) => keys.includes(key));
  return Object.fromEntries(entries.map(([key, value]) => [key, typed(value)]));
}

function workloadOf(id: string): Workload {
  const workload = WORKLOADS.find((candidate) => candidate.id === id);
  if (workload !== undefined) return workload;
  const known = WORKLOADS.map((candidate) => candidate.id).join(', ');
  throw new UsageError(`there is no workload "${id}"; there are ${known}`);
}

/** The name that stands for no workload. */
const NO_WORKLOAD = 'none';

/** Refuses keys that neither the host nor a chosen workload has. */
function refuseUnknownKeys(set: NonNullable<Choice['set']>, workloads: readonly Workload[]): void {
  const known = ['preset', ...HOST_KEYS, ...workloads.flatMap(({ schema }) => keysOf(schema))];
  const unknown = Object.keys(set).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  const owner = WORKLOADS.find(({ schema }) => keysOf(schema).includes(unknown));
  throw new UsageError(
    owner === undefined
      ? `--set ${unknown}: there is no such parameter; there are ${[...new Set(known)].join(', ')}`
      : `--set ${unknown}: a parameter of the workload ${owner.id}, which is not run`,
  );
}

function parametersOf(workload: Workload, choice: Choice): ChosenWorkload {
  const { set = {}, trace } = choice;
  const keys = keysOf(workload.schema);
  const given = only(set, keys);
  if (trace !== undefined && keys.includes('trace')) given.trace = trace;
  const host = Object.fromEntries(Object.entries(workload.host ?? {}).filter(([key]) => !(key in set)));
  return { workload, parameters: parseParameters(workload.schema, given), host };
}

/** The name that stands for all axes of --sweep. */
const ALL_AXES = 'all';

/** The name of the decomposition among the axes of --sweep: its hosts differ in their IOMMUs. */
const DECOMPOSITION_AXIS = 'decomposition';

/** The points of the chosen axes. @throws UsageError if there is no such axis. */
function chosenPoints(axes: readonly string[]): SweepPoint[] {
  const known = [...SWEEP_AXIS_NAMES, DECOMPOSITION_AXIS, ALL_AXES];
  const unknown = axes.find((axis) => !known.includes(axis));
  if (unknown !== undefined) {
    throw new UsageError(`--sweep ${unknown}: there is no such axis; there are ${known.join(', ')}`);
  }
  return SWEEP_POINTS.filter(({ axis }) => axes.includes(ALL_AXES) || axes.includes(axis));
}

/** The chosen host presets: one or all. */
export function chosenPresets({ set = {} }: Choice): readonly HostPreset[] {
  if (set.preset === undefined) return HOST_PRESET_NAMES;
  const preset = HOST_PRESET_NAMES.find((candidate) => candidate === String(set.preset));
  if (preset === undefined) {
    throw new UsageError(`--set preset=${set.preset}: expected one of ${HOST_PRESET_NAMES.join(', ')}`);
  }
  return [preset];
}

/** A preset, changed by the chosen host parameters. */
function hostOf(preset: HostPreset, { set = {} }: Choice): HostParameters {
  return parseParameters(hostSchema, { ...HOST_PRESETS[preset], ...only(set, HOST_KEYS) });
}

/** The chosen strategies: those named, else those of the suite, if it leaves some out. */
function strategyNames({ strategy, suite }: Choice): string[] {
  const names: readonly string[] = strategy ?? (suite && SUITES[suite].strategies) ?? [ALL_BUILT_IN];
  return [...new Set(names.flatMap((name) => (name === ALL_BUILT_IN ? BUILT_IN : [name])))];
}

/** A plan before its strategies are loaded. */
type Unloaded<P> = Omit<P, 'strategies'>;

/**
 * Loads the chosen strategies.
 *
 * @param note - Called with a line if a second try succeeded.
 * @param always - Take part even if they are not named.
 */
export function chosenStrategies(choice: Choice, note: (line: string) => void, always: string[] = []) {
  const named = strategyNames(choice);
  return loadStrategies([...always.filter((id) => !named.includes(id)), ...named], note);
}

/** A plan without strategies and timing. @param others - Workloads besides these that have parameters. */
function planOf(
  choice: Choice,
  host: HostParameters,
  workloadIds: readonly string[],
  others: readonly ChosenWorkload[] = [],
): Unloaded<RunPlan> {
  const ids = choice.workload ?? workloadIds;
  const workloads = ids.join() === NO_WORKLOAD ? [] : [...new Set(ids)].map(workloadOf);
  refuseUnknownKeys(choice.set ?? {}, [...workloads, ...others.map(({ workload }) => workload)]);
  if (choice.trace !== undefined && !workloads.some(({ id }) => id === 'recorded')) {
    throw new UsageError('--trace goes with the workload recorded, which is not run');
  }
  return {
    workloads: workloads.map((workload) => parametersOf(workload, choice)),
    host,
    seed: choice.seed ?? DEFAULT_SEED,
    memory: 'checked',
  };
}

/** The processes of a suite, or as many as were asked for; V8 then has no more than a verdict needs beside C. */
function processesOf(suite: SuiteName, { processes }: Choice): BenchPlan['processes'] {
  if (processes === undefined) return SUITES[suite].processes;
  return { c: processes, v8: Math.min(processes, VERDICT_PROCESSES), alone: processes };
}

/** A host for timed processes, which deliver from live entries. @throws UsageError for other caches than the default's. */
function timedHostOf(choice: Choice): HostParameters {
  const preset = chosenPresets(choice)[0] as HostPreset;
  const host = hostOf(preset, choice);
  if (host.cachedFields !== HOST_PRESETS[preset].cachedFields) {
    throw new UsageError(`--set cachedFields=${host.cachedFields}: only verify models what an IOMMU caches`);
  }
  return host;
}

/** The plan of `bench`. @throws UsageError for choices that do not fit together. */
export function benchPlan(choice: Choice): Unloaded<BenchPlan> {
  const suite: SuiteName = choice.suite ?? 'default';
  const { workloads, crossChecked, rounds, ...parts } = SUITES[suite];
  const host = timedHostOf(choice);
  const axes = choice.sweep ?? [];
  const points = chosenPoints(axes).filter((point) => hasRoom(point, host));
  const isDecompositionNamed = axes.includes(DECOMPOSITION_AXIS);
  const named = [BASELINE, ...strategyNames(choice)];
  const missing = DECOMPOSITION.strategies.filter((id) => !named.includes(id));
  if (isDecompositionNamed && missing.length > 0) {
    throw new UsageError(`--sweep ${DECOMPOSITION_AXIS}: it needs the strategies ${missing.join(', ')} too`);
  }
  // --sweep alone runs the sweep only.
  const isSweepOnly = (points.length > 0 || isDecompositionNamed) && choice.suite === undefined;
  const wanted = isSweepOnly ? [NO_WORKLOAD] : workloads;
  // Named workloads run without threads and sweeps.
  const isWhole = choice.workload === undefined && !isSweepOnly;
  // One thread for each CPU. More would measure threads that are preempted while they hold a lock.
  const byDefault = Math.min(availableParallelism(), MOST_THREADS_BY_DEFAULT);
  const threads = choice.threads ?? (isWhole && parts.threads ? byDefault : null);
  const isDecomposed =
    missing.length === 0 &&
    (isDecompositionNamed || axes.includes(ALL_AXES) || (isWhole && parts.decomposed));
  const decomposition = isDecomposed ? parametersOf(workloadOf(DECOMPOSITION.workload), choice) : null;
  const plan = planOf(choice, host, wanted, decomposition === null ? [] : [decomposition]);
  if (plan.workloads.length + points.length === 0 && threads === null && decomposition === null) {
    throw new UsageError('there is nothing to judge: name a workload, a sweep, or threads');
  }
  return {
    ...plan,
    points,
    decomposition,
    singleUpdates: isWhole ? Math.min(choice.processes ?? Infinity, SINGLE_UPDATES.processes[suite]) : 0,
    suite,
    processes: processesOf(suite, choice),
    crossChecked,
    rounds: choice.rounds ?? rounds,
    sweeps: choice.workload === undefined,
    cachedHistories: isWhole ? CACHED_HISTORIES : 0,
    threads,
  };
}

/** The plan of `native`. @throws UsageError for choices that do not fit together. */
export function nativePlan(choice: Choice): Unloaded<RunPlan> {
  return planOf(choice, timedHostOf(choice), ['pinned']);
}

/** The plan of `verify` on one preset. @throws UsageError for choices that do not fit together. */
export function verifyPlan(choice: Choice, preset: HostPreset, memory: MemoryMode): Unloaded<RunPlan> {
  const all = WORKLOADS.map(({ id }) => id);
  return { ...planOf(choice, hostOf(preset, choice), all), memory };
}

/** The plan of judging on generated histories. @throws UsageError for choices that do not fit together. */
export function historyPlan(choice: Choice, count: number): Unloaded<HistoryPlan> {
  const { set = {} } = choice;
  const [preset] = chosenPresets(choice) as [HostPreset];
  const host: Record<string, unknown> = hostOf(preset, choice);
  const fixed = HOST_KEYS.filter((key) => key in set || (set.preset !== undefined && key in COSTS_OF_2016));
  return {
    histories: {
      count,
      countBeyond: HISTORIES_BEYOND,
      seed: choice.seed ?? DEFAULT_SEED,
      fixed: Object.fromEntries(fixed.map((key) => [key, host[key]])),
    },
  };
}

/** The plan of judging on a history in a file. @throws UsageError if it cannot be read. */
export async function replayPlan(file: string): Promise<Unloaded<HistoryPlan>> {
  const history = parseHistory(await readUserFile(file), file);
  const { words } = historyStream(history);
  return { histories: [{ host: history.host, words }] };
}
