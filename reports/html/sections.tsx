import type { ComponentChildren } from 'preact';
import type { Results } from '../../harness/results/results.js';
import { COST_HEADING } from '../figures/cost-answers.js';
import { OTHER_HOSTS_PLACE } from '../figures/other-hosts.js';
import { Accounting } from './accounting.js';
import { CAndV8 } from './c-and-v8.js';
import { Strategies, Workloads } from './catalogue.js';
import type { Content } from './content.js';
import { Contention } from './contention.js';
import { Cost, CountedWork } from './counted-work.js';
import { Debate } from './debate.js';
import { Decomposition } from './decomposition.js';
import { CachedGaLogIntr, Findings } from './findings.js';
import { KernelBugs } from './kernel-bugs.js';
import { Nanoseconds } from './nanoseconds.js';
import { OracleMatrix } from './oracle-matrix.js';
import { OtherHosts } from './other-hosts.js';
import { Overview } from './overview.js';
import { PlainText } from './plain-text.js';
import { Limits, Provenance } from './provenance.js';
import { RatiosToBaseline, RatiosToFloor } from './ratios.js';
import { SharedBuckets } from './shared-buckets.js';
import { Sweeps } from './sweeps.js';
import { Verdicts } from './verdicts.js';
import { WhatIf } from './what-if.js';

interface Section {
  readonly id: string;
  /** Its name in the table of contents. */
  readonly name: string;
  readonly heading: string;
  readonly introduction?: (results: Results) => string;
  readonly Body: (content: Content) => ComponentChildren;
}

/** The sections of the page, in their order. */
export const SECTIONS: readonly Section[] = [
  {
    id: 'debate',
    name: 'The review',
    heading: 'The review, question by question',
    Body: Debate,
  },
  {
    id: 'verdicts',
    name: 'Verdicts',
    heading: 'The strategies, one by one: verdicts',
    Body: Verdicts,
  },
  {
    id: 'oracle',
    name: 'Right or wrong',
    heading: 'Right or wrong: the oracle',
    introduction: () =>
      'A naive model that knows each entry by identity, never by tag, judges every operation, and checked memory every ' +
      'access (see the method). A finding within a ' +
      'limit that the strategy declares was to be expected; one marked UNEXPECTED was not and fails the run. Lost to ' +
      'overflow: interrupts whose GA log entry was lost when the ring was full, as the hardware declares; no finding.',
    Body: (content) => (
      <>
        <OracleMatrix {...content} />
        <Findings {...content} />
        {content.results.cachedGaLogIntr.length === 0 ? null : <CachedGaLogIntr {...content} />}
        <SharedBuckets {...content} />
        <KernelBugs />
      </>
    ),
  },
  {
    id: 'cost',
    name: 'Cost of the look-up',
    heading: COST_HEADING,
    Body: Cost,
  },
  {
    id: 'what-if',
    name: 'What if',
    heading: 'What if: unit costs of your own',
    Body: WhatIf,
  },
  {
    id: 'counted',
    name: 'Counted work',
    heading: 'Counted work: the same on every machine',
    introduction: () =>
      'What one operation does to memory, counted exactly. A row stands for all operations alike, or there is one each ' +
      'for the median (p50), the 99th percentile and the worst.',
    Body: CountedWork,
  },
  {
    id: 'steps',
    name: 'Step by step',
    heading: 'What makes an update slow, step by step',
    Body: Decomposition,
  },
  {
    id: 'sweeps',
    name: 'How it grows',
    heading: 'How the work grows',
    Body: Sweeps,
  },
  {
    id: 'c-and-v8',
    name: 'C beside V8',
    heading: 'C beside V8',
    Body: CAndV8,
  },
  {
    id: 'contention',
    name: 'Many CPUs',
    heading: 'Many CPUs at once',
    Body: Contention,
  },
  {
    id: 'ratios',
    name: 'Ratio to baseline',
    heading: 'Ratio to the baseline, V8 model',
    introduction: ({ run }) =>
      `Time per operation / ${run.baseline}, paired by round within a process. Locks are plain loads and stores: the ` +
      'cost of atomics is not in these times.',
    Body: RatiosToBaseline,
  },
  {
    id: 'overview',
    name: 'Speed and memory',
    heading: 'All workloads at a glance, and memory, V8 model',
    Body: Overview,
  },
  {
    id: 'floor',
    name: 'Ratio to floor',
    heading: 'Ratio to the floor, V8 model',
    introduction: () =>
      'The floor writes the live entries and does nothing else: it is a lower bound and no design. What a design takes ' +
      "above 1 is the cost of finding its entries, and of the driver's way to them.",
    Body: RatiosToFloor,
  },
  {
    id: OTHER_HOSTS_PLACE,
    name: 'Other hosts',
    heading: 'Strategies that need another host',
    Body: OtherHosts,
  },
  {
    id: 'nanoseconds',
    name: 'ns per operation',
    heading: 'ns per operation, V8 model',
    introduction: () => 'Not kernel nanoseconds: see the limits.',
    Body: Nanoseconds,
  },
  {
    id: 'strategies',
    name: 'Strategies',
    heading: 'The strategies',
    Body: Strategies,
  },
  {
    id: 'workloads',
    name: 'Workloads',
    heading: 'The workloads',
    Body: Workloads,
  },
  {
    id: 'accounting',
    name: 'Commands and memory',
    heading: 'Commands and memory',
    introduction: ({ host }) => `Counted, never priced. Flush policy of the modelled host: ${host.flush}.`,
    Body: Accounting,
  },
  {
    id: 'environment',
    name: 'Environment and method',
    heading: 'Environment and method',
    introduction: ({ environment }) =>
      environment.warnings.length === 0
        ? 'Nothing about this machine was seen to be less than ideal for timing.'
        : 'What is less than ideal for timing on this machine:',
    Body: Provenance,
  },
  {
    id: 'limits',
    name: 'Limits',
    heading: 'What this cannot show',
    Body: Limits,
  },
  {
    id: 'text',
    name: 'As plain text',
    heading: 'As plain text, for a mail',
    introduction: () =>
      'All of this but the charts, in lines of at most 75 columns of ASCII: the file report.txt.',
    Body: PlainText,
  },
];
