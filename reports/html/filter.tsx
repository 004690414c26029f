import type { ComponentChildren } from 'preact';
import type { Results } from '../../harness/results/results.js';
import { StrategyName } from './labels.js';

/** The choice of strategies and workloads to show. The page's script makes it visible. */
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
      {/* A browser must not restore the boxes, because a page that is loaded again shows everything. */}
      <input type="checkbox" name={name} value={value} checked autocomplete="off" /> {children}
    </label>
  );
}
