import type { ComponentChildren } from 'preact';
import type { Results } from '../../harness/results/results.js';
import { StrategyName } from './marks.js';

/** What to show: boxes that the page's script makes visible, and what it then says is hidden. */
export function Filter({ results }: { results: Results }) {
  return (
    <section class="filter-bar" aria-label="What is shown" hidden>
      <details class="filter">
        <summary>
          Show: <span class="chosen">all strategies, all workloads</span>
        </summary>
        <div class="choices">
          <fieldset>
            <legend>Strategies</legend>
            {results.strategies.map(({ id }) => (
              <Box key={id} name="strategy" value={id}>
                <StrategyName results={results} id={id} />
              </Box>
            ))}
          </fieldset>
          <fieldset>
            <legend>Workloads</legend>
            {results.workloads.map(({ id }) => (
              <Box key={id} name="workload" value={id}>
                <code>{id}</code>
              </Box>
            ))}
          </fieldset>
          <button type="button">Show all</button>
        </div>
      </details>
      <p class="filter-note" role="status" />
    </section>
  );
}

function Box({ name, value, children }: { name: string; value: string; children: ComponentChildren }) {
  return (
    <label>
      {/* Without memory: a page that is loaded again shows all, as its boxes then say. */}
      <input type="checkbox" name={name} value={value} checked autocomplete="off" /> {children}
    </label>
  );
}
