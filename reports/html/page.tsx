// The report as one page.
import type { Tab } from '../document.js';
import type { Report } from '../sections/report.js';
import { numberOf } from '../words/wording.js';
import { Blocks } from './blocks.js';

/** The texts that are inlined into the page. The security policy has the hash of the style and of the script. */
interface Assets {
  readonly policy: string;
  readonly style: string;
  /** JSON that is safe inside a script element. */
  readonly timesData: string;
  readonly script: string;
}

const TITLE = "Finding a vCPU's IRTEs: hash by tag, or keep pointers?";

export function Page({ report, tabs, assets }: { report: Report; tabs: readonly Tab[]; assets: Assets }) {
  const { run, environment, tool, strategies } = report.results;
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content={assets.policy} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${TITLE} gatag-bench, ${run.startedAt.slice(0, 10)}`}</title>
        <link rel="icon" href="data:," />
        <style dangerouslySetInnerHTML={{ __html: assets.style }} />
      </head>
      <body>
        <a class="skip" href="#main">
          Skip to the results
        </a>
        <header>
          <h1>{TITLE}</h1>
          <p class="meta">
            {environment.cpuModel}
            {environment.virtualised === null ? '' : ' VM'}, {numberOf(environment.cpus, 'CPU')};{' '}
            {run.startedAt.slice(0, 10)}; {run.suite} suite, {Math.round(run.seconds / 60)} min; models in C
            and V8, not the kernel; gatag-bench {tool.version}
          </p>
        </header>
        <nav aria-label="Tabs">
          <ul>
            {tabs.map(({ id, name }) => (
              <li key={id}>
                <a href={`#${id}`}>{name}</a>
              </li>
            ))}
          </ul>
          <details class="settings" hidden>
            <summary>Options</summary>
            <form aria-label="What is shown">
              <label>
                Baseline in the tab Cost{' '}
                <select name="baseline" autocomplete="off">
                  {[run.baseline, ...strategies.map(({ id }) => id).filter((id) => id !== run.baseline)].map(
                    (id) => (
                      <option key={id} value={id}>
                        {id}
                      </option>
                    ),
                  )}
                </select>
              </label>
              <fieldset>
                <legend>Strategies in tables</legend>
                {strategies.map(({ id }) => (
                  <label key={id}>
                    <input type="checkbox" name="strategy" value={id} checked autocomplete="off" />{' '}
                    <code>{id}</code>
                  </label>
                ))}
              </fieldset>
            </form>
          </details>
        </nav>
        <main id="main" tabIndex={-1}>
          {tabs.map(({ id, name, sections }) => (
            <section key={id} id={id} class="tab" aria-labelledby={`tab_${id}`}>
              <h2 id={`tab_${id}`}>{name}</h2>
              {sections.map((one) => (
                <div key={one.id} id={one.id}>
                  <h3>{one.heading}</h3>
                  <Blocks blocks={one.blocks} />
                </div>
              ))}
            </section>
          ))}
        </main>
        <script
          id="times-data"
          type="application/json"
          dangerouslySetInnerHTML={{ __html: assets.timesData }}
        />
        <script dangerouslySetInnerHTML={{ __html: assets.script }} />
      </body>
    </html>
  );
}
