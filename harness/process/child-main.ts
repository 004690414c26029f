// The start and the end of every child process, and its input and output. Children load no schema library and no charts.
import { readFileSync, readSync, writeSync } from 'node:fs';
import { OutOfMemoryError } from '../../machine/memory.js';
import type { Strategy } from '../../strategies/strategy.js';
import { type OperationStream, openStream } from '../../workloads/stream/stream.js';
import { SIGN_OF_LIFE_MS } from '../method.js';
import type { ChildJob } from './child-job.js';
import type { AgainReply, BusyReply, EndedReply, UnableReply } from './child-protocol.js';

const STDIN = 0;
const STDOUT = 1;

/** stdout belongs to the protocol, so a strategy's output goes to stderr. */
function keepStdoutForProtocol(): void {
  console.log = console.error;
  console.info = console.error;
  process.stdout.write = process.stderr.write.bind(process.stderr) as typeof process.stdout.write;
}

/** The harness cannot do its part. The strategy is not to blame. */
class UnableError extends Error {
  override readonly name = 'UnableError';
}

/** The strategy's module cannot be imported, although the trial import succeeded. */
class ImportError extends Error {
  override readonly name = 'ImportError';
}

/** Who is to blame for an uncaught error. Judging catches the strategy's errors itself; timing and counting do not. */
type Blamed = 'harness' | 'strategy';

/**
 * Begins a child process. If it ends before its work is done, the runner is told why: the strategy ended the process or
 * threw outside of any call, or the harness cannot do its part.
 *
 * @returns A function that ends the process after its work.
 */
export function begin(): () => never {
  keepStdoutForProtocol();
  let isDone = false;
  let thrown: unknown = null;
  process.on('uncaughtExceptionMonitor', (error) => {
    thrown = error;
  });
  process.on('exit', (status) => {
    if (isDone) return;
    if (thrown === null) reply({ ended: `it ended its process with status ${status}` } satisfies EndedReply);
    else reply(failureOf(thrown, 'strategy'));
  });
  return () => {
    isDone = true;
    // A strategy's timers and sockets must not keep the child alive.
    process.exit();
  };
}

/** Does the work of a child that judges or counts, then ends the process. */
export async function serve(blamed: Blamed, work: () => void | Promise<void>): Promise<never> {
  const leave = begin();
  try {
    await work();
  } catch (error) {
    reply(failureOf(error, blamed));
  }
  return leave();
}

/** Serves the job of a child that replays one strategy untimed. @param makeMemory - Makes the memory of its host. */
export function serveStrategy<J extends Pick<ChildJob, 'strategy'>, M>(
  makeMemory: () => M,
  work: (job: J, strategy: Strategy, memory: M) => void,
): Promise<never> {
  return serve('strategy', async () => {
    const job = readJob<J>();
    const memory = harnessMemory(makeMemory);
    work(job, await importStrategy(job.strategy), memory);
  });
}

/** The message for an uncaught error: an expected one in one line, a bug with the place that it comes from. */
function failureOf(error: unknown, blamed: Blamed): UnableReply | EndedReply {
  if (error instanceof UnableError || error instanceof OutOfMemoryError) return { unable: error.message };
  const line = firstLine(error);
  if (blamed === 'strategy' || error instanceof ImportError) return { ended: `it threw ${line}` };
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  return { unable: `an internal error: ${line}${stack.split('\n')[1]?.replace(/^\s*/, ', ') ?? ''}` };
}

const firstLine = (error: unknown): string => String(error).split('\n')[0] as string;

/** Makes a child's memory. That happens before the strategy is imported, so a lack of memory is not blamed on it. */
export function harnessMemory<M>(make: () => M): M {
  try {
    return make();
  } catch (error) {
    throw new UnableError(`the memory of the modelled host cannot be made: ${firstLine(error)}`);
  }
}

/** Asks for a second judgement by another process that works alone; see PATIENCE. @returns Its answer. */
export function judgedAgain<T>(place: unknown): T {
  reply({ again: place } satisfies AgainReply);
  const line = readLine();
  if (line === null) process.exit();
  return JSON.parse(line) as T;
}

/** Answers the runner. */
export function reply(message: object): void {
  writeSync(STDOUT, `${JSON.stringify(message)}\n`);
}

const input = Buffer.alloc(4096);
/** What was read and not yet returned. */
let pending = '';

/** Reads the runner's next line, blocking; null at the end of stdin. */
export function readLine(): string | null {
  for (;;) {
    const end = pending.indexOf('\n');
    if (end >= 0) {
      const line = pending.slice(0, end);
      pending = pending.slice(end + 1);
      return line;
    }
    const bytes = readSync(STDIN, input);
    if (bytes === 0) return null;
    pending += input.toString('utf8', 0, bytes);
  }
}

/** Reads the process's job. */
export function readJob<J>(): J {
  return JSON.parse(readFileSync(process.argv[2] as string, 'utf8')) as J;
}

/** Reads the job of a timed process. Its second argument is the seed of its heap. */
export function readTimedJob(): ChildJob {
  const job = readJob<ChildJob>();
  const heapSeed = process.argv[3];
  return heapSeed === undefined ? job : { ...job, host: { ...job.host, heapSeed: Number(heapSeed) } };
}

/** The place of a second judgement, from the second argument; undefined in a process that judges everything. */
export function placeToJudgeAgain<P>(): P | undefined {
  const place = process.argv[3];
  return place === undefined ? undefined : (JSON.parse(place) as P);
}

/** Reads a stream's file. */
export function readStream(path: string): OperationStream {
  const { buffer } = new Uint8Array(readFileSync(path));
  return openStream(new Int32Array(buffer));
}

let lastSign = performance.now();

/** Tells the runner from time to time that the answer is being worked on. */
export function signOfLife(): void {
  if (performance.now() - lastSign < SIGN_OF_LIFE_MS) return;
  lastSign = performance.now();
  reply({ busy: true } satisfies BusyReply);
}

/** Imports a strategy's module, which the trial has imported before. @throws ImportError or UnableError. */
export async function importStrategy(url: string): Promise<Strategy> {
  try {
    const module = (await import(url)) as { default: Strategy };
    return module.default;
  } catch (error) {
    // An error of a system call, such as EMFILE or EIO.
    if (error instanceof Error && 'syscall' in error) {
      throw new UnableError(`the strategy cannot be read: ${firstLine(error)}`);
    }
    throw new ImportError(`when it was imported: ${firstLine(error)}`, { cause: error });
  }
}

/** Imports a strategy's module twice. The two do not share the module's variables. */
export async function importInstances(url: string) {
  return { strategy: await importStrategy(url), second: await importStrategy(`${url}?second`) };
}

export type Instances = Awaited<ReturnType<typeof importInstances>>;
