// Finds the strategies of a run: built-in ones by id, users' own by the path of an ES module. A user's module is imported
// in children only, because an import can loop or end its process.
import { existsSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { UsageError } from '../../machine/usage-error.js';
import { BUILT_IN, builtInUrl } from '../../strategies/index.js';
import { isSound } from '../../strategies/limits.js';
import type { Strategy } from '../../strategies/strategy.js';
import { type FatalFailure, LOOPS } from '../oracle/oracle.js';
import { Child, ChildError, withChild } from '../process/child.js';
import { withScratch, writeScratch } from '../process/scratch.js';
import { inTurn, tryTwice } from '../process/workshop.js';
import { idSchema, limitSchema, type StrategyInfo } from '../results/results.js';
import type { ProbeJob, ProbeReply } from './strategy-child.js';

/** A strategy without its code. */
export type StrategyDescription = Omit<Strategy, 'create'>;

/** A strategy and where it comes from. */
export interface LoadedStrategy {
  readonly strategy: StrategyDescription;
  /** URL that children import. */
  readonly url: string;
  /** Path as given; null for a built-in strategy. */
  readonly file: string | null;
  /** Why it is judged no further; null if it is. */
  failure: FatalFailure | null;
}

const moduleSchema = z.object({
  id: idSchema,
  title: z.string().min(1),
  summary: z.string().min(1),
  source: z.string().min(1),
  gaLog: z.enum(['always', 'blocking']),
  limits: z.array(limitSchema),
  needs: z.strictObject({ pointerBytes: z.union([z.literal(4), z.literal(8)]).optional() }).optional(),
  notes: z.array(z.string()),
  touches: z.array(z.string()).optional(),
  create: z.literal('function', 'expected a function'),
});

const isFile = (name: string): boolean => /[/\\]|\.m?js$/.test(name);

/**
 * Loads strategies.
 *
 * @param names - Ids of built-in strategies, or paths of modules: names with a slash, a backslash or the ending .js or .mjs.
 * @param note - Called with a line if a second try succeeded.
 * @throws UsageError if one is missing, does not fit the interface, or has the id of another one; ChildError if no module
 * could be tried out on this machine.
 */
export async function loadStrategies(names: readonly string[], note: (line: string) => void = () => {}) {
  const files = names.filter(isFile);
  for (const file of files) if (!existsSync(file)) throw new UsageError(`${file}: there is no such file`);
  const modules = files.length === 0 ? [] : await withScratch((folder) => tryOutAll(files, folder, note));
  const loaded: LoadedStrategy[] = [];
  for (const name of names) {
    const candidate = isFile(name)
      ? (modules[files.indexOf(name)] as LoadedStrategy)
      : await loadBuiltIn(name);
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
  return { strategy: module.default, url, file: null, failure: null };
}

const urlOf = (file: string): string => pathToFileURL(resolve(file)).href;

/** Tries modules out one after the other, as a rule in one process. */
async function tryOutAll(files: readonly string[], folder: string, note: (line: string) => void) {
  let child: Child | undefined;

  async function childFor(urls: readonly string[], patience: ProbeJob['patience']): Promise<Child> {
    const job: ProbeJob = { urls, patience };
    const jobFile = await writeScratch(folder, `${patience}.probe.json`, JSON.stringify(job));
    return new Child('plan/strategy-child', [jobFile]);
  }

  /** @param from - Index of the file. */
  async function tryOut(from: number): Promise<ProbeReply> {
    const file = files[from] as string;
    const reply = await tryTwice(file, note, async () => {
      child ??= await childFor(files.slice(from).map(urlOf), 'first');
      return child.ask<ProbeReply>('next').catch((error) => {
        child = undefined;
        throw error;
      });
    });
    if (reply.end !== 'endless') return reply;
    return tryTwice(file, note, async () =>
      withChild(await childFor([urlOf(file)], 'second'), (alone) => alone.ask<ProbeReply>('next')),
    );
  }

  try {
    return await inTurn(files, async (file, index) => {
      const reply = await tryOut(index).catch((error) => {
        if (error instanceof ChildError) throw new ChildError(error.blames, `${file}: ${error.message}`);
        throw error;
      });
      return strategyOf(file, reply);
    });
  } finally {
    child?.kill();
  }
}

/** The strategy of a module that was tried out. @throws UsageError if it is no strategy. */
function strategyOf(file: string, { told, end }: ProbeReply): LoadedStrategy {
  const url = urlOf(file);
  const { importError, exported, createError, missing } = told;
  if (importError !== undefined) throw new UsageError(`${file}: cannot be imported: ${importError}`);
  if (createError !== undefined) throw new UsageError(`${file}: create() throws: ${createError}`);
  if (exported === undefined) {
    return { strategy: unknownStrategy(file), url, file, failure: failureOf('its import', end) };
  }
  const parsed = moduleSchema.safeParse(exported);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue?.path.length ? `.${issue.path.join('.')}` : '';
    throw new UsageError(`${file}: the default export is no strategy: default${where}: ${issue?.message}`);
  }
  const { create: _, ...description } = parsed.data;
  const strategy = description as StrategyDescription;
  if (missing === undefined) return { strategy, url, file, failure: failureOf('create()', end) };
  if (missing.length > 0) {
    const names = missing.map((verb) => `${verb}()`).join(', ');
    throw new UsageError(`${file}: create() gives no ${names}`);
  }
  return { strategy, url, file, failure: null };
}

/** Node's exit status of a thread whose top-level await never settles. */
const UNSETTLED = 13;

/** Why the trial of a module did not finish. */
function failureOf(what: string, end: ProbeReply['end']): FatalFailure {
  if (end === 'endless') return { kind: 'endless', what, found: LOOPS };
  if ('threw' in end) return { kind: 'threw', what, found: `it threw ${end.threw}` };
  if (end.status === UNSETTLED) return { kind: 'endless', what, found: 'its top-level await never settles' };
  return { kind: 'threw', what, found: `it ended its process with status ${end.status}` };
}

/** Stands for a strategy whose module could not be imported. */
function unknownStrategy(file: string): StrategyDescription {
  const name = basename(file, extname(file)).toLowerCase();
  const id = name.replace(/[^a-z0-9.-]/g, '-').replace(/^[^a-z0-9]+/, '');
  return {
    id: id.slice(0, ID_LENGTH) || 'module',
    title: `the module ${basename(file)}`,
    summary: 'A module that could not be imported.',
    source: 'A module of the user.',
    gaLog: 'always',
    limits: [],
    notes: [],
  };
}

/** Most characters of an id. */
const ID_LENGTH = 64;

/** A strategy's description in the results. */
export function describeStrategy({ strategy, file }: LoadedStrategy): StrategyInfo {
  const { id, title, summary, source, gaLog, limits, notes, touches = [] } = strategy;
  return {
    id,
    title,
    summary,
    source,
    gaLog,
    limits: limits.map((limit) => ({ ...limit })),
    notes: [...notes],
    touches: [...touches],
    sound: isSound(strategy),
    file,
  };
}
