// An answer to a question of the review: a sentence, and the figures that support it.
import type { PooledRatio } from './pooled-ratio.js';

/** A figure that supports a sentence. */
export interface Figure {
  readonly text: string;
  /** Id of the element of the page that shows it. */
  readonly place: string;
  /** JSON pointers to the rows of results.json that it is computed from; none if it does not depend on the run. */
  readonly rows: readonly string[];
  /** Set if the figure is a ratio over workloads. */
  readonly pooled?: PooledRatio;
}

/** A question of the review with its answer. */
export interface Answer {
  readonly id: string;
  readonly question: string;
  /** Whether the question is quoted verbatim from the mail. */
  readonly isQuoted: boolean;
  /** Short sentences. */
  readonly answer: string;
  /** The deciding figure comes first. */
  readonly figures: readonly Figure[];
}

/** Begins an answer that the run has no data for. */
export const CANNOT_TELL = 'This run cannot tell';

/** Id of the answer's element in the page. */
export function placeOf({ id }: Pick<Answer, 'id'>): string {
  return `debate-${id}`;
}

/** The question, in quotation marks if it is verbatim. */
export function questionText({ question, isQuoted }: Answer): string {
  return isQuoted ? `"${question}"` : question;
}
