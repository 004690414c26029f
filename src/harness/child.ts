import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { pinToTimedCpu } from './affinity.js';
import type { BusyReply } from './child-protocol.js';
import { TIMED_NODE_FLAGS } from './method.js';

/** Characters of a child's stderr that are kept for an error message. */
const STDERR_TAIL = 2000;

/** Modules that time something. */
const TIMED_MODULES = [
  'timed-child',
  'contention/threaded-child',
  'calibration/tools-child',
  'calibration/loop-child',
] as const;
type TimedModule = (typeof TIMED_MODULES)[number];

/** Modules that judge or count. */
type CheckingModule =
  | 'check-child'
  | 'sweep-child'
  | 'history-child'
  | 'schedules/schedule-child'
  | 'contention/simulation-child';

/** A program in another language than this one. */
interface NativeProgram {
  readonly program: string;
}

/** Children that have not ended. */
const running = new Set<ChildProcess>();

/** Ends every child, for when the runner itself is told to end. */
export function killChildren(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** The program that runs a module, and what comes before the module's own words. */
function nodeOn(module: string): [program: string, front: string[]] {
  const script = fileURLToPath(new URL(`./${module}.js`, import.meta.url));
  const flags = TIMED_MODULES.some((timed) => timed === module) ? TIMED_NODE_FLAGS : [];
  return [process.execPath, [...flags, script]];
}

/** A child process that answers line by line; see child-protocol. */
export class Child {
  readonly #process: ChildProcess;
  readonly #timeoutMs: number;
  readonly #lines: AsyncIterator<string>;
  readonly #closed: Promise<unknown>;
  #stderr = '';

  /**
   * @param what - Name of a module beside this one, or a program that speaks the protocol by itself.
   * @param words - What it is started with; a module with its job's path first.
   * @param timeoutMs - Longest wait for one answer.
   */
  constructor(
    what: TimedModule | CheckingModule | NativeProgram,
    words: readonly string[],
    timeoutMs: number,
  ) {
    this.#timeoutMs = timeoutMs;
    const [program, front] = typeof what === 'string' ? nodeOn(what) : [what.program, []];
    this.#process = spawn(program, [...front, ...words], { stdio: ['pipe', 'pipe', 'pipe'] });
    running.add(this.#process);
    this.#process.once('exit', () => running.delete(this.#process));
    this.#process.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString('utf8')).slice(-STDERR_TAIL);
    });
    // A child that has died is noticed when its answer does not come.
    this.#process.stdin?.on('error', () => {});
    // So is one that could not be started, such as a program in a folder mounted noexec.
    this.#process.once('error', (error) => {
      running.delete(this.#process);
      this.#stderr += `${error.message}\n`;
    });
    this.#closed = new Promise((resolve) => this.#process.once('close', resolve));
    const stdout = this.#process.stdout as NodeJS.ReadableStream;
    this.#lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  }

  /** Says a line. */
  say(line: string): void {
    this.#process.stdin?.write(`${line}\n`);
  }

  /**
   * Waits for an answer, as long as the child says that it is working on it.
   *
   * @throws Error if the child ended, said something else, or said nothing in time.
   */
  async hear<T extends object>(): Promise<T> {
    for (;;) {
      const message = await this.#hearOnce<T | BusyReply>();
      if (!('busy' in message)) return message;
    }
  }

  async #hearOnce<T>(): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_, reject) => {
      const seconds = this.#timeoutMs / 1000;
      timer = setTimeout(() => reject(new Error(`no answer within ${seconds} s`)), this.#timeoutMs);
    });
    try {
      const line = await Promise.race([this.#lines.next(), timeout]);
      if (line.done) {
        // What it said on stderr may come after the end of its stdout.
        await Promise.race([this.#closed, timeout]);
        throw new Error(`the process ended: ${this.#lastError()}`);
      }
      return JSON.parse(line.value) as T;
    } catch (error) {
      this.kill();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Says a line and waits for the answer. */
  ask<T extends object>(line: string): Promise<T> {
    this.say(line);
    return this.hear<T>();
  }

  /** Pins the process to the CPU for timed rounds, where there is one. @throws Error if it has ended. */
  async pin(): Promise<void> {
    await pinToTimedCpu(this.#process.pid as number);
  }

  /** Ends the process, if it has not ended. */
  kill(): void {
    this.#process.kill('SIGKILL');
  }

  /** The line of stderr that names the error, where there is one. */
  #lastError(): string {
    const lines = this.#stderr.split('\n').filter((line) => line.trim() !== '');
    return lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1) ?? 'it said nothing';
  }
}
