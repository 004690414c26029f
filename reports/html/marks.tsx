// Small marks beside a figure or a name.
import type { ComponentChildren } from 'preact';
import type { Results } from '../../harness/results/results.js';

/** A word that a figure must not be read without. */
export function Stamp({ kind, children }: { kind: 'bad' | 'doubt' | 'good'; children: ComponentChildren }) {
  return <span class={`stamp ${kind}`}>{children}</span>;
}

/** A strategy's id with the line that charts draw it with. */
export function StrategyName({
  results,
  id,
  note,
}: {
  results: Results;
  id: string;
  note?: string | undefined;
}) {
  const position = results.strategies.findIndex((strategy) => strategy.id === id);
  return (
    <span class="strategy-name">
      {/* Its colour, dash and size are in the style sheet: it stands a thousand times in a page. */}
      <svg class={`stroke stroke-${position}`} aria-hidden="true">
        <line y1="4" x2="26" y2="4" />
      </svg>
      <code>{id}</code>
      {note === undefined ? null : <span class="note"> {note}</span>}
    </span>
  );
}

/** Says of a workload that part of it was recorded and part assumed; nothing for others. */
export function RecordingLabel({ workload }: { workload: Results['workloads'][number] }) {
  const { recording } = workload;
  if (recording === null) return null;
  return (
    <p class="recording">
      <Stamp kind="doubt">recording</Stamp> Recorded: {recording.recorded} Assumed: {recording.assumed}
    </p>
  );
}
