// What the commands share: the words they are given, what they print, and their exit status.

import type { Progress } from '../harness/plan/run-plan.js';
import type { MemoryMode } from '../harness/process/child-job.js';
import { writingFailed } from '../machine/usage-error.js';
import { neutralised } from '../reports/words/untrusted.js';
import { progressOnStderr } from './progress.js';
import type { Choice } from './settings.js';

/**
 * Exit statuses other than 0. Where several hold, the first wins: usage or input, or nothing to judge, time or compare; a
 * failure outside the declared limits, or a regression; something that could not be done, or an internal error.
 */
export const USAGE = 2;
export const FAILURE = 1;
export const UNDONE = 3;

/** The options of all commands. */
export interface Words extends Omit<Choice, 'set'> {
  readonly set?: string[];
  readonly trials?: number;
  readonly histories?: number;
  readonly schedules?: number;
  readonly memory?: MemoryMode;
  readonly replay?: string;
  readonly force?: true;
  readonly json?: true;
}

/** Text of several lines, without characters that act on a terminal. */
export function neutralisedLines(text: string): string {
  return neutralised(text.split('\n')).join('\n');
}

/** JSON in which these characters are written as JSON's own escapes. */
export function escapedJson(json: string): string {
  const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return json.replace(/[^\P{C}\n]|[\p{Zl}\p{Zp}]/gu, (character) =>
    character.split('').map(escaped).join(''),
  );
}

/** Prints text. What acts on a terminal is written out. */
export function print(text: string): void {
  process.stdout.write(neutralisedLines(text.endsWith('\n') ? text : `${text}\n`));
}

/** Says something on stderr, in one line. */
export function warn(line: string): void {
  console.error(neutralised(line));
}

/** Prints a value as JSON. */
export function printJson(value: unknown): void {
  process.stdout.write(`${escapedJson(JSON.stringify(value, null, 1))}\n`);
}

/** The exit status of what was judged. */
export function statusOf(hasFailed: boolean, undone: readonly unknown[]): number {
  if (hasFailed) return FAILURE;
  return undone.length > 0 ? UNDONE : 0;
}

/** Does something that reports its progress. */
export async function withProgress<T>(work: (progress: Progress) => Promise<T>): Promise<T> {
  const progress = progressOnStderr();
  try {
    return await work(progress);
  } finally {
    progress.stop();
  }
}

/** Writes files in a folder. @throws UsageError if they cannot be written. */
export async function writingTo<T>(folder: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw writingFailed(folder, error);
  }
}
