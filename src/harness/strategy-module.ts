// Finding the strategies of a run: built-in ones by id, users' own by the path of an ES module.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { HOST_PRESETS } from '../machine/host.js';
import { createHost } from '../machine/machine.js';
import { Memory } from '../machine/memory.js';
import { BUILT_IN, builtInUrl } from '../strategies/index.js';
import { type Hypervisor, isSound, type Strategy } from '../strategies/strategy.js';
import { UsageError } from '../usage-error.js';
import { SLICE_TIMEOUT_MS } from './method.js';
import { idSchema, limitSchema, type StrategyInfo } from './results.js';
import { endsWithin } from './watchdog.js';

/** A strategy with where it came from. */
export interface LoadedStrategy {
  readonly strategy: Strategy;
  /** URL that a child process imports. */
  readonly url: string;
  /** Path as the user gave it; null for a built-in one. */
  readonly file: string | null;
}

const moduleSchema = z.object({
  id: idSchema,
  title: z.string().min(1),
  summary: z.string().min(1),
  source: z.string().min(1),
  gaLog: z.enum(['always', 'blocking']),
  limits: z.array(limitSchema),
  notes: z.array(z.string()),
  create: z.custom<Strategy['create']>((value) => typeof value === 'function', 'expected a function'),
});

const VERBS: readonly (keyof Hypervisor)[] = [
  'createVm',
  'vcpuAt',
  'destroyVm',
  'allocIrq',
  'freeIrq',
  'route',
  'unroute',
  'load',
  'put',
  'wake',
];

/** A host to try create() on; small, but with room for the tables that the built-in designs reserve. */
const TRIAL_HOST = { ...HOST_PRESETS['v6.8'], iommus: 1, hashBits: 4, heap: 'packed' as const };
const TRIAL_BYTES = 1 << 25;

/**
 * Loads strategies.
 *
 * @param names - Ids of built-in strategies, or paths of modules: whatever has a slash, a backslash or ends in
 * .js or .mjs.
 * @throws UsageError if one is not there, does not fit the interface, or has an id that another one has.
 */
export async function loadStrategies(names: readonly string[]): Promise<LoadedStrategy[]> {
  const loaded: LoadedStrategy[] = [];
  for (const name of names) {
    const candidate = /[/\\]|\.m?js$/.test(name) ? await loadModule(name) : await loadBuiltIn(name);
    const { id } = candidate.strategy;
    const other = loaded.find(({ strategy }) => strategy.id === id);
    const isBuiltIn = candidate.file !== null && BUILT_IN.some((builtIn) => builtIn === id);
    if (other !== undefined || isBuiltIn) {
      const owner = isBuiltIn ? 'a built-in strategy' : (other?.file ?? 'an earlier --strategy');
      throw new UsageError(`${name}: id "${id}" is taken by ${owner}; give each strategy its own`);
    }
    loaded.push(candidate);
  }
  return loaded;
}

async function loadBuiltIn(id: string): Promise<LoadedStrategy> {
  if (!BUILT_IN.some((builtIn) => builtIn === id)) {
    throw new UsageError(
      `there is no strategy "${id}"; the built-in ones are ${BUILT_IN.join(', ')}; a file needs a path, such as ./${id}.js`,
    );
  }
  const url = builtInUrl(id);
  const module = (await import(url)) as { default: Strategy };
  return { strategy: module.default, url, file: null };
}

async function loadModule(file: string): Promise<LoadedStrategy> {
  const path = resolve(file);
  if (!existsSync(path)) throw new UsageError(`${file}: there is no such file`);
  const url = pathToFileURL(path).href;
  let module: { default?: unknown };
  try {
    module = (await import(url)) as { default?: unknown };
  } catch (error) {
    throw new UsageError(`${file}: cannot be imported: ${String(error).split('\n')[0]}`);
  }
  const parsed = moduleSchema.safeParse(module.default);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue?.path.length ? `.${issue.path.join('.')}` : '';
    throw new UsageError(`${file}: the default export is no strategy: default${where}: ${issue?.message}`);
  }
  tryOut(file, parsed.data as Strategy);
  return { strategy: parsed.data as Strategy, url, file };
}

/** Makes the strategy's code once, so that a missing verb is found before anything runs. */
function tryOut(file: string, strategy: Strategy): void {
  let hypervisor: Partial<Hypervisor> = {};
  let hasEnded: boolean;
  try {
    hasEnded = endsWithin(SLICE_TIMEOUT_MS, () => {
      hypervisor = strategy.create(createHost(new Memory(TRIAL_BYTES), TRIAL_HOST, 1, () => {}));
    });
  } catch (error) {
    throw new UsageError(`${file}: create() throws: ${String(error).split('\n')[0]}`);
  }
  if (!hasEnded) throw new UsageError(`${file}: create() does not end within ${SLICE_TIMEOUT_MS / 1000} s`);
  const missing = VERBS.filter((verb) => typeof hypervisor?.[verb] !== 'function');
  if (missing.length > 0) {
    throw new UsageError(`${file}: create() gives no ${missing.map((verb) => `${verb}()`).join(', ')}`);
  }
}

/** A strategy as the results describe it. */
export function describeStrategy({ strategy, file }: LoadedStrategy): StrategyInfo {
  const { id, title, summary, source, gaLog, limits, notes } = strategy;
  return {
    id,
    title,
    summary,
    source,
    gaLog,
    limits: limits.map((limit) => ({ ...limit })),
    notes: [...notes],
    sound: isSound(strategy),
    file,
  };
}
