import type { Results } from '../../harness/results/results.js';
import { laneIntroduction, laneSentences, laneTables } from '../figures/lanes.js';
import type { SurveyedCell } from '../figures/survey.js';
import { NumberTables } from './number-tables.js';

/** C beside V8: do they put the designs in the same order, and what does each take. */
export function Lanes({ results, cells }: { results: Results; cells: readonly SurveyedCell[] }) {
  return (
    <>
      {laneSentences(results, cells).map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      <p>{laneIntroduction(results)}</p>
      <NumberTables results={results} tables={laneTables(results, cells)} />
    </>
  );
}
