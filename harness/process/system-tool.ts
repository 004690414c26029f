// Programs of the system that the runner asks something: the C compiler, taskset, git. None may hold it up.
import { execFile } from 'node:child_process';
import { TOOL_SECONDS } from '../method.js';
import { beforeExit } from './before-exit.js';

/** How a program ended. */
export interface ToolRun {
  /** Null if it did not start, or was killed. */
  readonly status: number | null;
  readonly stdout: string;
  /** Null if its status is 0, otherwise such as "is not on PATH" or "fails: " with its first line on stderr. */
  readonly failure: string | null;
}

/** Runs a program to its end, and no longer than its time. */
export function runSystemTool(
  program: string,
  words: readonly string[],
  { cwd, seconds = TOOL_SECONDS }: { readonly cwd?: string; readonly seconds?: number } = {},
): Promise<ToolRun> {
  const limits = { timeout: seconds * 1000, killSignal: 'SIGKILL', maxBuffer: 1 << 24 } as const;
  return new Promise((resolve) => {
    try {
      const child = execFile(program, words, { cwd, ...limits }, (error, stdout, stderr) => {
        forget();
        const status = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
        resolve({ status, stdout, failure: error === null ? null : failureText(error, stderr, seconds) });
      });
      const forget = beforeExit(() => child.kill('SIGKILL'));
    } catch (error) {
      resolve({ status: null, stdout: '', failure: failureText(error as Error, '', seconds) });
    }
  });
}

function failureText(error: Error & { code?: unknown; killed?: boolean }, stderr: string, seconds: number) {
  if (error.code === 'ENOENT') return 'is not on PATH';
  if (error.killed) return `was ended after ${seconds} s`;
  if (typeof error.code === 'string') return `cannot be started: ${error.code}`;
  const [line = ''] = stderr.split('\n');
  return `fails: ${line === '' ? `exit status ${error.code ?? 'unknown'}` : line}`;
}
