import {
  everyStrategy,
  otherHostFailures,
  otherHostSentences,
  otherHostTables,
} from '../figures/other-hosts.js';
import type { Content } from './content.js';
import { NumberTables } from './number-tables.js';
import { Sentences } from './sentences.js';

/** The strategies that need another host, beside the baseline of that host. */
export function OtherHosts({ results }: Content) {
  if (results.otherHosts.length === 0) return <p>All strategies ran on the host of this run.</p>;
  return (
    <>
      <Sentences sentences={[...otherHostSentences(results), ...otherHostFailures(results)]} />
      <NumberTables
        results={{ ...results, strategies: everyStrategy(results) }}
        tables={otherHostTables(results)}
      />
    </>
  );
}
