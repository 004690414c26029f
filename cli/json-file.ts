import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { UsageError } from '../machine/usage-error.js';

/** Reads a text file that the user named, without a byte order mark. @throws UsageError if it cannot be read. */
export async function readUserFile(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UsageError(`${file}: cannot be read: ${code ?? message}`);
  }
}

/** The place of a syntax error, such as "line 3, column 7: "; nothing if V8 does not tell it. */
function placeOf(text: string, error: unknown): string {
  const told = /at position (\d+)/.exec(String(error))?.[1];
  const isAtEnd = /end of JSON input/.test(String(error));
  if (told === undefined && !isAtEnd) return '';
  const before = text.slice(0, isAtEnd ? text.length : Number(told)).split('\n');
  return `line ${before.length}, column ${(before.at(-1) as string).length + 1}: `;
}

/**
 * Reads a JSON file against a schema.
 *
 * @throws UsageError that names the file, the expected value and, if it is known, the place.
 */
export async function readJson<S extends z.ZodType>(file: string, schema: S): Promise<z.output<S>> {
  const text = await readUserFile(file);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file}: ${placeOf(text, error)}expected JSON`);
  }
  return checked(file, value, schema);
}

/** Checks a file's value against a schema. @throws UsageError as {@link readJson} does. */
export function checked<S extends z.ZodType>(file: string, value: unknown, schema: S): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.length ? z.core.toDotPath(issue.path) : 'the whole';
  throw new UsageError(`${file}: ${where}: ${issue?.message}`);
}
