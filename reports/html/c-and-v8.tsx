import { laneIntroduction, laneSentences, laneTables } from '../figures/lanes.js';
import type { Content } from './content.js';
import { NumberTables } from './number-tables.js';
import { Sentences } from './sentences.js';

/** The times in C against the times in V8, and whether both rank the strategies alike. */
export function CAndV8({ results, cells }: Content) {
  return (
    <>
      <Sentences sentences={laneSentences(results, cells)} />
      <p>{laneIntroduction(results)}</p>
      <NumberTables results={results} tables={laneTables(results, cells)} />
    </>
  );
}
