import {
  STEPS_INTRODUCTION,
  stepCpuTables,
  stepFacts,
  stepSentences,
  stepTables,
} from '../figures/decomposition.js';
import { Article } from './article.js';
import type { Content } from './content.js';
import { Facts } from './facts.js';
import { NumberTables } from './number-tables.js';
import { Sentences } from './sentences.js';

/** The decomposition of an update: its steps on one CPU, and the same strategies on many. */
export function Decomposition({ results }: Content) {
  const tables = stepTables(results);
  const cpuTables = stepCpuTables(results);
  return (
    <>
      <Sentences sentences={stepSentences(results)} />
      {tables.length === 0 ? null : (
        <Article id="steps-time" name="the steps of an update" heading="The steps by IOMMUs of the host">
          <p>{STEPS_INTRODUCTION}</p>
          <Facts facts={stepFacts()} />
          <NumberTables results={results} tables={tables} />
        </Article>
      )}
      {cpuTables.length === 0 ? null : (
        <Article id="steps-cpus" name="the steps with many CPUs" heading="The same strategies with many CPUs">
          <NumberTables results={results} tables={cpuTables} />
        </Article>
      )}
    </>
  );
}
