// The parts of the page that its script brings to life. They are hidden without it.
import type { WhatIfData } from '../figures/what-if-model.js';

export function Widget({ name, data }: { name: 'conditions' | 'what-if' | 'trailer'; data: unknown }) {
  if (name === 'conditions') return <Conditions />;
  if (name === 'what-if') return <WhatIf data={data as WhatIfData} />;
  return (
    <details>
      <summary>Six lines for a commit message</summary>
      <pre class="trailer">{(data as string[]).join('\n')}</pre>
    </details>
  );
}

/** Two numbers of the reader's host, and which bugs it has. */
function Conditions() {
  return (
    <form class="fields" id="conditions-form" aria-label="Your host" hidden>
      <label>
        <span>VM creations since boot</span>
        <input type="number" name="creations" min="1" max="100000000" value="64" required />
      </label>
      <label>
        <span>Largest vcpu_id</span>
        <input type="number" name="vcpuId" min="0" max="255" value="15" required />
      </label>
      <output aria-live="polite" />
    </form>
  );
}

function WhatIf({ data }: { data: WhatIfData }) {
  return (
    <form class="fields" id="what-if-form" aria-label="Unit costs and host" hidden>
      {data.inputs.map(({ name, label, least, most, usual }) => (
        <label key={name}>
          <span>{label}</span>
          <input type="number" name={name} min={least} max={most} step="any" value={usual} required />
        </label>
      ))}
      <button type="reset">Reset</button>
      <output aria-live="polite" />
    </form>
  );
}
