/** An error that the user can fix. The command line prints the message as one line and exits with 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * The error to throw after a write below a path has failed. An error of the file system becomes a UsageError. Any other
 * error is a bug and stays as it is.
 *
 * @param hint - Follows the message.
 */
export function writingFailed(path: string, error: unknown, hint = ''): unknown {
  if (!(error instanceof Error && 'syscall' in error && 'code' in error)) return error;
  return new UsageError(`${path}: cannot be written: ${error.code}${hint}`);
}
