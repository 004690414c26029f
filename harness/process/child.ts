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
import type { BusyReply, EndedReply, UnableReply } from './child-protocol.js';
import { cpuUseOf } from './cpu-use.js';

/** Characters of a child's stderr that are kept for an error message. */
const STDERR_TAIL = 2000;

/** Modules that time something. */
const TIMED_MODULES = [
  'timing/timed-child',
  'contention/threaded-child',
  'calibration/tools-child',
  'calibration/loop-child',
] as const;
type TimedModule = (typeof TIMED_MODULES)[number];

/** Modules that judge or count. */
export type CheckingModule =
  | 'verify/check-child'
  | 'counting/sweep-child'
  | 'verify/histories/history-child'
  | 'plan/strategy-child'
  | 'verify/schedules/schedule-child'
  | 'contention/simulation-child';

/** A program in another language than this one. */
interface NativeProgram {
  readonly program: string;
}

/**
 * Why a child gave no answer. Where the machine is to blame (a signal, no memory, no process) another try may well
 * succeed, and nothing is known of the strategy; where the strategy is, it has ended its process or hung it.
 */
export class ChildError extends Error {
  override readonly name = 'ChildError';
  readonly blames: 'machine' | 'strategy';

  constructor(blames: ChildError['blames'], message: string) {
    super(message);
    this.blames = blames;
  }
}

/** Children that have not ended. */
const running = new Set<ChildProcess>();

/** Ends every child, for when the runner itself is told to end. */
export function killChildren(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** The program that runs a module, and what comes before the module's own words. */
function nodeOn(module: string): [program: string, front: string[]] {
  const script = fileURLToPath(new URL(`../${module}.js`, import.meta.url));
  const flags = TIMED_MODULES.some((timed) => timed === module) ? TIMED_NODE_FLAGS : [];
  return [process.execPath, [...flags, script]];
}

/** Of a child that cannot say anything. */
const NO_LINES: AsyncIterator<string> = { next: async () => ({ done: true, value: undefined }) };

/** Starts a process. @returns Why there is none, where Node knows that at once. */
function spawned(program: string, words: readonly string[]): ChildProcess | Error {
  try {
    return spawn(program, words, { stdio: ['pipe', 'pipe', 'pipe'] });
  } catch (error) {
    return error as Error;
  }
}

const notStarted = ({ message }: Error): string => `it could not be started: ${message}`;

/** A child process that answers line by line; see child-protocol. */
export class Child {
  /** Null if the machine had no process left. */
  readonly #process: ChildProcess | null;
  readonly #lines: AsyncIterator<string>;
  /** How it ended. */
  readonly #end: Promise<string>;
  #stderr = '';

  /**
   * @param what - Name of a module beside this one, or a program that speaks the protocol by itself.
   * @param words - What it is started with; a module with its job's path first.
   */
  constructor(what: TimedModule | CheckingModule | NativeProgram, words: readonly string[]) {
    const [program, front] = typeof what === 'string' ? nodeOn(what) : [what.program, []];
    const child = spawned(program, [...front, ...words]);
    if (child instanceof Error) {
      this.#process = null;
      this.#lines = NO_LINES;
      this.#end = Promise.resolve(notStarted(child));
      return;
    }
    this.#process = child;
    running.add(child);
    child.once('exit', () => running.delete(child));
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString('utf8')).slice(-STDERR_TAIL);
    });
    // A child that has died is noticed when its answer does not come.
    child.stdin?.on('error', () => {});
    this.#end = new Promise((resolve) => {
      // Such as a program in a folder mounted noexec, or a machine that has no process left.
      child.once('error', (error) => {
        running.delete(child);
        resolve(notStarted(error));
      });
      // After all that it said on stderr.
      child.once('close', (status, signal) => resolve(this.#describeEnd(status, signal)));
    });
    // Where there are no descriptors left it has no streams, and an error follows.
    this.#lines = child.stdout ? createInterface({ input: child.stdout })[Symbol.asyncIterator]() : NO_LINES;
  }

  /** Says a line. */
  say(line: string): void {
    this.#process?.stdin?.write(`${line}\n`);
  }

  /**
   * Waits for an answer, as long as the child works on it; see SILENT_SECONDS.
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
   * Counts the seconds in which the runner waits. When the runner itself is stopped they are not counted, and when it goes
   * on it reads what was said meanwhile before the next one is over.
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

  /** Says a line and waits for the answer. */
  ask<T extends object>(line: string): Promise<T> {
    this.say(line);
    return this.hear<T>();
  }

  /** Pins the process to the CPU for timed rounds, where there is one. One that has ended will say so when it is asked. */
  async pin(): Promise<void> {
    const pid = this.#process?.pid;
    if (pid !== undefined) await pinToTimedCpu(pid).catch(() => {});
  }

  /** Ends the process, if it has not ended. */
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

/** What silence of so many seconds comes to; null if it is waited for longer. @param cpuSeconds - Null where not known. */
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
