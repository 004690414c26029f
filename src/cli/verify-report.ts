// What `verify` prints: by host preset, what the oracle found on each strategy.
import type { Check, Finding } from '../harness/results.js';
import type { Verification } from '../harness/run.js';

/** The runs of one preset, one for each seed. */
export interface PresetVerification {
  readonly preset: string;
  readonly firstSeed: number;
  readonly runs: readonly (readonly Verification[])[];
}

/** A finding of a strategy with the workload that it was made on. */
interface PlacedFinding {
  readonly workload: string;
  readonly finding: Finding;
}

/** Whether a check found nothing but what a declared limit covers. */
export function isExpected(check: Check): boolean {
  return check.findings.every(({ declaredBy }) => declaredBy !== null);
}

/** The findings of a strategy over all runs: those of a kind, limit and workload are one, with their counts added. */
function findingsOf(runs: PresetVerification['runs'], strategy: string): PlacedFinding[] {
  const merged = new Map<string, PlacedFinding>();
  for (const { workload, checks } of runs.flat()) {
    for (const finding of checks
      .filter((check) => check.strategy === strategy)
      .flatMap((check) => check.findings)) {
      const key = `${workload.id}/${finding.kind}/${finding.declaredBy}`;
      const known = merged.get(key)?.finding;
      const count = finding.count + (known?.count ?? 0);
      merged.set(key, { workload: workload.id, finding: { ...(known ?? finding), count } });
    }
  }
  return [...merged.values()];
}

function findingLines({ workload, finding }: PlacedFinding): string[] {
  const { kind, count, declaredBy, first } = finding;
  const limit = declaredBy === null ? 'UNEXPECTED' : `expected: ${declaredBy}`;
  return [
    `  ${workload}: ${kind}, ${count} times (${limit})`,
    `    operation ${first.operation}: ${first.text}`,
  ];
}

function strategyLines(runs: PresetVerification['runs'], strategy: string): string[] {
  const findings = findingsOf(runs, strategy);
  const wrong = new Set(findings.map(({ workload }) => workload));
  const workloads = runs[0]?.map(({ workload }) => workload.id) ?? [];
  const right = workloads.filter((id) => !wrong.has(id));
  const summary = wrong.size === 0 ? 'ok on all workloads' : `ok on ${right.join(', ') || 'none'}`;
  return [`${strategy}: ${summary}`, ...findings.flatMap(findingLines)];
}

function overflowLines(runs: PresetVerification['runs']): string[] {
  return (runs[0] ?? []).flatMap(({ workload, checks }) => {
    const lost = Math.max(...checks.map(({ lostToOverflow }) => lostToOverflow));
    return lost === 0 ? [] : [`${workload.id}: up to ${lost} GA log entries lost to declared overflows`];
  });
}

/** The text of one preset's verification. */
export function verifyText({ preset, firstSeed, runs }: PresetVerification): string {
  const [first = []] = runs;
  const strategies = first[0]?.checks.map(({ strategy }) => strategy) ?? [];
  const operations = runs.flat().flatMap(({ checks }) => checks.map((check) => check.operations));
  const total = operations.reduce((sum, count) => sum + count, 0);
  const seeds =
    runs.length === 1 ? `seed ${firstSeed}` : `seeds ${firstSeed} to ${firstSeed + runs.length - 1}`;
  return [
    `host ${preset}, ${seeds}: ${strategies.length} strategies, ${first.length} workloads, ${total} operations judged`,
    ...strategies.flatMap((strategy) => strategyLines(runs, strategy)),
    ...overflowLines(runs),
    '',
  ].join('\n');
}
