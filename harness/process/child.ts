// A child process as the runner sees it: it starts, answers line by line, and ends.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import {
  SILENT_CPU_SECONDS,
  SILENT_SECONDS,
  STUCK_CPU_SECONDS,
  TIMED_NODE_FLAGS,
  UNKNOWN_SECONDS,
} from '../method.js';
import { pinToTimedCpu } from './affinity.js';
import { beforeExit } from './before-exit.js';
import type { BusyReply, EndedReply, UnableReply } from './child-protocol.js';
import { cpuUseOf } from './cpu-use.js';

/** Characters of a child's stderr kept for an error message. */
const STDERR_TAIL = 2000;

/** Modules that measure time. */
const TIMED_MODULES = [
  'timing/timed-child',
  'contention/threaded-child',
  'calibration/tools-child',
  'calibration/loop-child',
] as const;
type TimedModule = (typeof TIMED_MODULES)[number];

/** Modules that judge or count. */
export type CheckingModule =
  | 'timing/reference-child'
  | 'verify/check-child'
  | 'counting/sweep-child'
  | 'verify/histories/history-child'
  | 'plan/strategy-child'
  | 'verify/schedules/schedule-child'
  | 'contention/simulation-child'
  | 'single-updates/reference-child';

/** A compiled program. */
interface NativeProgram {
  readonly program: string;
}

/**
 * Why a child gave no answer. If the machine is to blame (a signal, no memory, no process), a second try may succeed and
 * says nothing about the strategy. If the strategy is to blame, it ended its process or hung it.
 */
export class ChildError extends Error {
  override readonly name = 'ChildError';
  readonly blames: 'machine' | 'strategy';

  constructor(blames: ChildError['blames'], message: string) {
    super(message);
    this.blames = blames;
  }
}

/** The command that runs a module, without the module's own arguments. */
function nodeOn(module: string): [program: string, front: string[]] {
  const script = fileURLToPath(new URL(`../${module}.js`, import.meta.url));
  const flags = TIMED_MODULES.some((timed) => timed === module) ? TIMED_NODE_FLAGS : [];
  return [process.execPath, [...flags, script]];
}

/** The output of a child without streams. */
const NO_LINES: AsyncIterator<string> = { next: async () => ({ done: true, value: undefined }) };

/** Starts a process. @returns The error if Node knows at once that it cannot start. */
function spawned(program: string, words: readonly string[], padding: number): ChildProcess | Error {
  const env = { ...process.env, GATAG_BENCH_PADDING: 'x'.repeat(padding) };
  try {
    return spawn(program, words, { stdio: ['pipe', 'pipe', 'pipe'], env });
  } catch (error) {
    return error as Error;
  }
}

const notStarted = ({ message }: Error): string => `it could not be started: ${message}`;

/** A child process that answers line by line; see child-protocol. */
export class Child {
  /** Null if it could not be started. */
  readonly #process: ChildProcess | null;
  readonly #lines: AsyncIterator<string>;
  /** Resolves to a description of how it ended. */
  readonly #end: Promise<string>;
  #stderr = '';

  /**
   * @param what - A module by its path in harness/, or a program that speaks the protocol.
   * @param words - Its arguments; for a module the path of its job comes first.
   * @param padding - Bytes that are added to its environment.
   */
  constructor(what: TimedModule | CheckingModule | NativeProgram, words: readonly string[], padding = 0) {
    const [program, front] = typeof what === 'string' ? nodeOn(what) : [what.program, []];
    const child = spawned(program, [...front, ...words], padding);
    if (child instanceof Error) {
      this.#process = null;
      this.#lines = NO_LINES;
      this.#end = Promise.resolve(notStarted(child));
      return;
    }
    this.#process = child;
    const forget = beforeExit(() => child.kill('SIGKILL'));
    child.once('exit', forget);
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString('utf8')).slice(-STDERR_TAIL);
    });
    // A dead child is noticed when its answer does not come.
    child.stdin?.on('error', () => {});
    this.#end = new Promise((resolve) => {
      // For example a program in a folder mounted noexec, or a machine without a free process.
      child.once('error', (error) => {
        forget();
        resolve(notStarted(error));
      });
      // `close` comes after the last line on stderr.
      child.once('close', (status, signal) => resolve(this.#describeEnd(status, signal)));
    });
    // Without a free descriptor it has no streams, and an error follows.
    this.#lines = child.stdout ? createInterface({ input: child.stdout })[Symbol.asyncIterator]() : NO_LINES;
  }

  /** Sends a line. */
  say(line: string): void {
    this.#process?.stdin?.write(`${line}\n`);
  }

  /**
   * Waits for an answer for as long as the child works on it; see SILENT_SECONDS.
   *
   * @throws ChildError if none comes.
   */
  async hear<T extends object>(): Promise<T> {
    for (;;) {
      const message = await this.#hearOnce<T | BusyReply | UnableReply | EndedReply>();
      if ('unable' in message) throw new ChildError('machine', message.unable);
      if ('ended' in message) throw new ChildError('strategy', message.ended);
      if (!('busy' in message)) return message;
    }
  }

  async #hearOnce<T>(): Promise<T> {
    const silence = this.#watchSilence();
    try {
      const line = await Promise.race([this.#lines.next(), silence.isTooLong]);
      if (!line.done) return parsed<T>(line.value);
      throw new ChildError('machine', await Promise.race([this.#end, silence.isTooLong]));
    } catch (error) {
      this.kill();
      throw error;
    } finally {
      silence.end();
    }
  }

  /**
   * Counts the seconds for which the runner waits. Seconds in which the runner itself is stopped do not count. After such a
   * stop it reads pending answers before the next second is over.
   */
  #watchSilence(): { readonly isTooLong: Promise<never>; end(): void } {
    const pid = this.#process?.pid;
    let timer: NodeJS.Timeout | undefined;
    const isTooLong = new Promise<never>((_, reject) => {
      let seconds = 0;
      let before: number | null = null;
      timer = setInterval(() => {
        seconds++;
        if (seconds > 1 && seconds % SILENT_SECONDS !== 0) return;
        const use = pid === undefined ? null : cpuUseOf(pid);
        if (seconds === 1) before = use?.seconds ?? null;
        else {
          const error = silenceError(seconds, use === null || before === null ? null : use.seconds - before);
          if (error !== null && !use?.isStopped) reject(error);
        }
      }, 1000);
    });
    return { isTooLong, end: () => clearInterval(timer) };
  }

  /** Sends a line and waits for the answer. */
  ask<T extends object>(line: string): Promise<T> {
    this.say(line);
    return this.hear<T>();
  }

  /** Pins the process to the CPU for timed rounds, if there is one. An ended process fails at the next question. */
  async pin(): Promise<void> {
    const pid = this.#process?.pid;
    if (pid !== undefined) await pinToTimedCpu(pid);
  }

  /** Ends the process if it still runs. */
  kill(): void {
    this.#process?.kill('SIGKILL');
  }

  #describeEnd(status: number | null, signal: NodeJS.Signals | null): string {
    const lines = this.#stderr.split('\n').filter((line) => line.trim() !== '');
    const fatal = lines.find((line) => /^FATAL ERROR|^# Fatal/.test(line));
    if (fatal !== undefined) return `it ended with ${fatal} (${signal ?? `exit status ${status}`})`;
    if (signal !== null) return `it was killed by ${signal}`;
    const said = lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1) ?? 'it said nothing';
    return `it ended with exit status ${status}: ${said}`;
  }
}

/** Works with a child, and ends it. */
export async function withChild<T>(child: Child, work: (child: Child) => Promise<T>): Promise<T> {
  try {
    return await work(child);
  } finally {
    child.kill();
  }
}

/** The error after a silence; null to wait longer. @param cpuSeconds - CPU time used meanwhile; null if unknown. */
export function silenceError(seconds: number, cpuSeconds: number | null): ChildError | null {
  if (cpuSeconds === null) {
    if (seconds < UNKNOWN_SECONDS) return null;
    return new ChildError('machine', `it gave no answer in ${seconds} s, and its CPU time is not known`);
  }
  if (cpuSeconds > SILENT_CPU_SECONDS) {
    return new ChildError('strategy', `it used ${cpuSeconds.toFixed(0)} s of CPU time and gave no answer`);
  }
  if (cpuSeconds > STUCK_CPU_SECONDS) return null;
  return new ChildError('machine', `it gave no answer in ${seconds} s and used no CPU time`);
}

function parsed<T>(line: string): T {
  try {
    return JSON.parse(line) as T;
  } catch {
    throw new ChildError('machine', `it said what is no answer: ${line.slice(0, 100)}`);
  }
}
