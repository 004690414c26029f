import type { ComponentChildren } from 'preact';
import type { Results } from '../../harness/results/results.js';
import type { Review } from '../debate/debate.js';
import type { SurveyedCell } from '../figures/survey.js';
import { verdictNotes } from '../figures/verdict-sentences.js';
import { numberOf, processesText } from '../words/wording.js';
import { Accounting } from './accounting.js';
import { Strategies, Workloads } from './catalogue.js';
import { Contention } from './contention.js';
import { Cost, CountedWork } from './counted-work.js';
import { Debate, Headlines } from './debate.js';
import type { DrawnChart } from './figure.js';
import { Filter } from './filter.js';
import { Findings } from './findings.js';
import { LinkTo } from './headings.js';
import { Lanes } from './lanes.js';
import { OracleMatrix } from './oracle-matrix.js';
import { Overview } from './overview.js';
import { Limits, Provenance } from './provenance.js';
import { Sweeps } from './sweeps.js';
import { TextTwin } from './text-twin.js';
import { Nanoseconds, RatiosToBaseline, RatiosToFloor } from './timing.js';
import { Verdicts } from './verdicts.js';
import { WhatIf } from './what-if.js';

/** All that the page says. */
interface PageContent {
  readonly results: Results;
  readonly cells: readonly SurveyedCell[];
  readonly review: Review;
  readonly charts: ReadonlyMap<string, DrawnChart>;
  /** The same report in plain text. */
  readonly text: string;
}

/** What is inlined into the page: its own text, the hash of each in the security policy. */
interface PageAssets {
  readonly policy: string;
  readonly style: string;
  /** Data for the script, as JSON that is safe inside a script element. */
  readonly chartData: string;
  readonly script: string;
}

/** The report as one page. */
export function Page({ content, assets }: { content: PageContent; assets: PageAssets }) {
  const { results, cells } = content;
  const { run } = results;
  const title = 'gatag-bench: how a hypervisor finds the IRTEs of a vCPU';
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content={assets.policy} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${title}, ${run.startedAt}`}</title>
        <link rel="icon" href="data:," />
        <style dangerouslySetInnerHTML={{ __html: assets.style }} />
      </head>
      <body>
        <a class="skip" href="#main">
          Skip to the results
        </a>
        <header>
          <h1>{title}</h1>
          <p class="meta">
            {run.startedAt}, {run.suite} suite, {processesText(run.processes)} of{' '}
            {numberOf(run.rounds, 'round')}, seed {run.seed}, gatag-bench {results.tool.version}
          </p>
          {verdictNotes(run.processes).map((note) => (
            <p key={note} class="banner" role="note">
              <strong>{note}.</strong> Ratios and intervals are shown as they came out; too few processes
              stand behind them to call a difference.
            </p>
          ))}
          <Headlines review={content.review} />
          <p>
            When a vCPU is loaded on or taken off a physical CPU, every interrupt-remapping table entry (IRTE)
            that posts interrupts to it must be updated. This run compares{' '}
            {numberOf(results.strategies.length, 'way')} of finding those entries in{' '}
            {numberOf(cells.length, 'workload')}: whether each is right, and what it takes beside{' '}
            <code>{run.baseline}</code>. Times are those of a V8 model, not of the kernel.
          </p>
          <nav aria-label="Contents">
            <ul>
              {SECTIONS.map(({ id, name }) => (
                <li key={id}>
                  <a href={`#${id}`}>{name}</a>
                </li>
              ))}
            </ul>
          </nav>
        </header>
        <Filter results={results} />
        <main id="main" tabIndex={-1}>
          {SECTIONS.map(({ id, heading, introduction, body }) => (
            <section key={id} id={id} aria-labelledby={headingId(id)}>
              <div class="heading">
                <h2 id={headingId(id)}>{heading}</h2>
                <LinkTo id={id} name={heading} />
              </div>
              {introduction === undefined ? null : <p>{introduction(results)}</p>}
              {body(content)}
            </section>
          ))}
        </main>
        <script
          id="chart-data"
          type="application/json"
          dangerouslySetInnerHTML={{ __html: assets.chartData }}
        />
        <script dangerouslySetInnerHTML={{ __html: assets.script }} />
      </body>
    </html>
  );
}

/** No other id has a "_" in it but those of findings, which begin otherwise. */
function headingId(section: string): string {
  return `heading_${section}`;
}

interface Section {
  readonly id: string;
  /** In the contents. */
  readonly name: string;
  readonly heading: string;
  readonly introduction?: (results: Results) => string;
  readonly body: (content: PageContent) => ComponentChildren;
}

const SECTIONS: readonly Section[] = [
  {
    id: 'debate',
    name: 'The review',
    heading: 'The review, question by question',
    body: ({ results, review }) => <Debate results={results} review={review} />,
  },
  {
    id: 'verdicts',
    name: 'Verdicts',
    heading: 'The strategies, one by one: verdicts',
    body: ({ results, cells }) => <Verdicts results={results} cells={cells} />,
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
    body: ({ results, cells }) => (
      <>
        <OracleMatrix results={results} cells={cells} />
        <Findings results={results} cells={cells} />
      </>
    ),
  },
  {
    id: 'cost',
    name: 'Cost of the look-up',
    heading: 'Is the look-up slow enough? Counted work times prices',
    body: ({ results, cells }) => <Cost results={results} cells={cells} />,
  },
  {
    id: 'what-if',
    name: 'What if',
    heading: 'What if: prices of your own',
    body: ({ results, charts }) => <WhatIf results={results} charts={charts} />,
  },
  {
    id: 'counted',
    name: 'Counted work',
    heading: 'Counted work: the same on every machine',
    introduction: () =>
      'What one operation does to memory, counted exactly. A row stands for all operations alike, or there is one each ' +
      'for the median (p50), the 99th percentile and the worst.',
    body: ({ results, cells, charts }) => <CountedWork results={results} cells={cells} charts={charts} />,
  },
  {
    id: 'sweeps',
    name: 'How it grows',
    heading: 'How the work grows',
    body: ({ results, charts }) => <Sweeps results={results} charts={charts} />,
  },
  {
    id: 'lanes',
    name: 'C beside V8',
    heading: 'C beside V8',
    body: ({ results, cells }) => <Lanes results={results} cells={cells} />,
  },
  {
    id: 'contention',
    name: 'Many CPUs',
    heading: 'Many CPUs at once',
    body: ({ results, charts }) => <Contention results={results} charts={charts} />,
  },
  {
    id: 'ratios',
    name: 'Ratio to baseline',
    heading: 'Ratio to the baseline, V8 model',
    introduction: ({ run }) =>
      `Time per operation / ${run.baseline}, paired by round within a process. Locks are plain loads and stores: the ` +
      'cost of atomics is not in these times.',
    body: (content) => <RatiosToBaseline {...content} />,
  },
  {
    id: 'overview',
    name: 'Speed and memory',
    heading: 'All workloads at a glance, and memory, V8 model',
    body: (content) => <Overview {...content} />,
  },
  {
    id: 'floor',
    name: 'Ratio to floor',
    heading: 'Ratio to the floor, V8 model',
    introduction: () =>
      'The floor reads and writes the live entries and does nothing else: it is a lower bound and no design. What a ' +
      'design takes above 1 is what it costs to find the entries and to keep ir_data, shadow entries and locks.',
    body: (content) => <RatiosToFloor {...content} />,
  },
  {
    id: 'nanoseconds',
    name: 'ns per operation',
    heading: 'ns per operation, V8 model',
    introduction: () => 'Not kernel nanoseconds: see the limits.',
    body: (content) => <Nanoseconds {...content} />,
  },
  {
    id: 'strategies',
    name: 'Strategies',
    heading: 'The strategies',
    body: ({ results }) => <Strategies results={results} />,
  },
  {
    id: 'workloads',
    name: 'Workloads',
    heading: 'The workloads',
    body: ({ results }) => <Workloads results={results} />,
  },
  {
    id: 'accounting',
    name: 'Commands and memory',
    heading: 'Commands and memory',
    introduction: ({ host }) => `Counted, never priced. Flush policy of the modelled host: ${host.flush}.`,
    body: ({ results, cells }) => <Accounting results={results} cells={cells} />,
  },
  {
    id: 'environment',
    name: 'Environment and method',
    heading: 'Environment and method',
    introduction: ({ environment }) =>
      environment.warnings.length === 0
        ? 'Nothing about this machine was seen to be less than ideal for timing.'
        : 'What is less than ideal for timing on this machine:',
    body: ({ results }) => <Provenance results={results} />,
  },
  {
    id: 'limits',
    name: 'Limits',
    heading: 'What this cannot show',
    body: ({ results }) => <Limits results={results} />,
  },
  {
    id: 'text',
    name: 'As plain text',
    heading: 'As plain text, for a mail',
    introduction: () =>
      'All of this but the charts, in lines of at most 75 columns of ASCII: the file report.txt.',
    body: ({ text }) => <TextTwin text={text} />,
  },
];
