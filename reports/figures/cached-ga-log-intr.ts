// What is lost if an IOMMU caches ga_log_intr, as sentences, with the shortest history that shows it.
import type { Counterexample, Results } from '../../harness/results/results.js';
import { countText } from '../words/wording.js';

export const CACHED_HEADING = 'If an IOMMU caches ga_log_intr';

type Judged = Results['cachedGaLogIntr'][number];

const failed = (count: number | 'none', { strategy, histories }: Judged): string =>
  `With the bit cached, ${strategy} fails in ${count} of ${countText(histories)} generated histories`;

/** The question, and then a sentence for each failure and for each strategy without one; empty if nothing was judged. */
export function cachedGaLogIntrSentences({ cachedGaLogIntr }: Results): string[] {
  if (cachedGaLogIntr.length === 0) return [];
  return [
    'AMD says that no IOMMU caches ga_log_intr, and one reviewer disputes that. ' +
      'A strategy depends on the answer if it sets the bit only while a vCPU blocks.',
    ...cachedGaLogIntr.flatMap((judged) =>
      judged.failures.length === 0
        ? [`${failed('none', judged)}.`]
        : judged.failures.map(
            ({ finding: { kind }, histories }) => `${failed(histories, judged)} (${kind}).`,
          ),
    ),
  ];
}

/** The shortest history with a failure; null if there is none. */
export function cachedGaLogIntrExample({ cachedGaLogIntr }: Results): Counterexample | null {
  const shown = cachedGaLogIntr.flatMap(({ failures }) =>
    failures.flatMap(({ finding: { counterexample } }) => counterexample ?? []),
  );
  return shown.sort((one, other) => one.steps.length - other.steps.length)[0] ?? null;
}
