import { everyStrategy } from '../figures/other-hosts.js';
import { verdictNotes } from '../figures/verdict-sentences.js';
import { numberOf } from '../words/wording.js';
import { LinkTo } from './article.js';
import type { Content } from './content.js';
import { Headlines } from './debate.js';
import { Filter } from './filter.js';
import { SECTIONS } from './sections.js';

/** The texts that are inlined into the page. The security policy has the hash of the style and of the script. */
interface PageAssets {
  readonly policy: string;
  readonly style: string;
  /** The data of the charts, as JSON that is safe inside a script element. */
  readonly chartData: string;
  readonly script: string;
}

/** The report as one page. */
export function Page({ content, assets }: { content: Content; assets: PageAssets }) {
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
            {run.startedAt}, {run.suite} suite, {numberOf(run.processes, 'process')} of{' '}
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
            {numberOf(everyStrategy(results).length, 'way')} of finding those entries in{' '}
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
          {SECTIONS.map(({ id, heading, introduction, Body }) => (
            <section key={id} id={id} aria-labelledby={headingId(id)}>
              <div class="heading">
                <h2 id={headingId(id)}>{heading}</h2>
                <LinkTo id={id} name={heading} />
              </div>
              {introduction === undefined ? null : <p>{introduction(results)}</p>}
              <Body {...content} />
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

/** No id has a "_" but these and the ids of failures, which begin in another way. */
function headingId(section: string): string {
  return `heading_${section}`;
}
