// The shortest history that shows a finding, as a story that one can read in a mail and replay from a file.
import wrapAnsi from 'wrap-ansi';
import type { Counterexample } from '../../harness/results/results.js';

/** Columns of a numbered step's number. */
const NUMBER_COLUMNS = 3;

/** What every report says of its stories, once. */
export const REPLAY_SENTENCES =
  'VMs are counted from 1; "host" names what differs from the preset v6.8. To replay a story, save its lines from ' +
  'the host on in a file FILE and run';

/** The command of those sentences. */
export const REPLAY_COMMAND = 'gatag-bench verify --replay FILE';

/** Stands where no parameter differs: a comment to the reader of histories. */
const USUAL_HOST = '# host: preset v6.8';

/** The first line of a story. */
export function hostLine({ host }: Counterexample): string {
  return host === '' ? USUAL_HOST : `host ${host}`;
}

/**
 * A counterexample as numbered lines that `verify --replay` reads: the host, the steps, and after an arrow what came of
 * the last one. A host on several lines is named on each; a step that does not fit, which no usual one does, cannot be
 * read back.
 *
 * @param columns - Width at the most.
 */
export function storyLines(counterexample: Counterexample, columns = 75): string[] {
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

/** A text whose first line begins with `first`, and each further one with `further`, which is no longer. */
export function wrapped(text: string, columns: number, first: string, further: string): string[] {
  return wrapAnsi(text, columns - first.length, { hard: true })
    .split('\n')
    .map((line, index) => `${index === 0 ? first : further}${line}`);
}
