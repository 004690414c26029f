/** Something that the user can mend. The command line prints the message as one line and exits with 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
