/** Something that the user can mend. The command line prints the message as one line and exits with 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * What to throw when writing below a path failed: one line for an error of the file system, which the user can
 * mend; any other error is a bug and stays what it is.
 *
 * @param hint - What the user may want to know.
 */
export function writingFailed(path: string, error: unknown, hint = ''): unknown {
  if (!(error instanceof Error && 'syscall' in error && 'code' in error)) return error;
  return new UsageError(`${path}: cannot be written: ${error.code}${hint}`);
}
