// The meanings of the failures and declared limits that a run has.
import { FAILURE_KINDS, FAILURES, LIMIT_KINDS, LIMITS } from '../../harness/results/failures.js';
import type { Results } from '../../harness/results/results.js';
import type { Fact } from './provenance.js';

/** The kinds of findings that there are in the results, explained. */
export function findingKindsOf({ cells }: Results): Fact[] {
  const found = new Set(
    cells.flatMap(({ checks }) => checks.flatMap(({ findings }) => findings.map(({ kind }) => kind))),
  );
  return FAILURE_KINDS.filter((kind) => found.has(kind)).map((kind) => [kind, FAILURES[kind]]);
}

/** The limits that the strategies of the results declare, explained. */
export function limitKindsOf({ strategies }: Results): Fact[] {
  const declared = new Map(
    strategies.flatMap(({ limits }) => limits.map(({ kind, value }) => [kind, value])),
  );
  return LIMIT_KINDS.filter((kind) => declared.has(kind)).map((kind) => [
    declared.get(kind) === undefined ? kind : `${kind} N`,
    LIMITS[kind],
  ]);
}
