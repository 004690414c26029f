// Labels for strategies, workloads and doubtful figures.
import type { ComponentChildren } from 'preact';
import type { Results, WorkloadInfo } from '../../harness/results/results.js';
import { type CellAnalysis, isWrong } from '../figures/cell-analysis.js';

/** A word of praise or warning in a frame. */
export function Stamp({ kind, children }: { kind: 'bad' | 'doubt' | 'good'; children: ComponentChildren }) {
  return <span class={`stamp ${kind}`}>{children}</span>;
}

/** Warns that a strategy has wrong answers in a workload; nothing for other strategies. */
export function WrongAnswers({ cell, strategy }: { cell: CellAnalysis; strategy: string }) {
  return isWrong(cell, strategy) ? <Stamp kind="bad">wrong answers</Stamp> : null;
}

/** The id of a strategy, with the colour and dash of its line in charts. */
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
      {/* The style sheet has its colour, dash and size, because a page has a thousand of these lines. */}
      <svg class={`stroke stroke-${position}`} aria-hidden="true">
        <line y1="4" x2="26" y2="4" />
      </svg>
      <code>{id}</code>
      {note === undefined ? null : <span class="note"> {note}</span>}
    </span>
  );
}

/** Says which parts of a workload were recorded and which were assumed; nothing for other workloads. */
export function RecordingLabel({ workload: { recording } }: { workload: WorkloadInfo }) {
  if (recording === null) return null;
  return (
    <p class="recording">
      <Stamp kind="doubt">recording</Stamp> Recorded: {recording.recorded} Assumed: {recording.assumed}
    </p>
  );
}
