import { cAndV8Introduction, cAndV8Sentences, cAndV8Tables } from '../figures/c-and-v8.js';
import type { Content } from './content.js';
import { NumberTables } from './number-tables.js';
import { Sentences } from './sentences.js';

/** The times in C against the times in V8, and whether both rank the strategies alike. */
export function CAndV8({ results, cells }: Content) {
  return (
    <>
      <Sentences sentences={cAndV8Sentences(results, cells)} />
      <p>{cAndV8Introduction(results)}</p>
      <NumberTables results={results} tables={cAndV8Tables(results, cells)} />
    </>
  );
}
