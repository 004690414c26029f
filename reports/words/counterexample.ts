// A counterexample as text that a reader of a mail understands and that `verify --replay` reads.
import wrapAnsi from 'wrap-ansi';
import type { Counterexample } from '../../harness/results/results.js';

/** Width of the number in front of a step. */
const NUMBER_COLUMNS = 3;

/** A report says this once, before its first counterexample. */
export const REPLAY_SENTENCES =
  'VMs count from 1; "host" names what differs from preset v6.8. To replay a history, save its lines from "host" on ' +
  'in FILE and run';

/** The command that follows {@link REPLAY_SENTENCES}. */
export const REPLAY_COMMAND = 'npm run verify -- --replay FILE';

/** The host line where no parameter differs. `verify --replay` takes it for a comment. */
const USUAL_HOST = '# host: preset v6.8';

/** The first line of a counterexample. */
export function hostLine({ host }: Counterexample): string {
  return host === '' ? USUAL_HOST : `host ${host}`;
}

/**
 * A counterexample as lines that `verify --replay` reads: the host, the numbered steps, and the outcome after an arrow.
 * Each line of a long host begins with "host". A step that is wrapped cannot be read back; the usual steps fit.
 *
 * @param columns - The maximum width of a line.
 */
export function counterexampleLines(counterexample: Counterexample, columns = 75): string[] {
  const { host, steps, outcome } = counterexample;
  const indent = ' '.repeat(NUMBER_COLUMNS);
  return [
    ...(host === '' ? [hostLine(counterexample)] : wrapped(host, columns, 'host ', 'host ')),
    ...steps.flatMap((step, index) =>
      wrapped(step, columns, `${String(index + 1).padStart(NUMBER_COLUMNS)} `, `${indent} `),
    ),
    ...wrapped(outcome, columns, `${indent} -> `, `${indent}    `),
  ];
}

/** Wraps a text. Its first line begins with `first`, the others begin with `further`, which must not be longer. */
export function wrapped(text: string, columns: number, first: string, further: string): string[] {
  return wrapAnsi(text, columns - first.length, { hard: true })
    .split('\n')
    .map((line, index) => `${index === 0 ? first : further}${line}`);
}
