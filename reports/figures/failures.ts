// The failures of a run: those of each strategy, and on which hosts the posted patch fails.
import { sum } from 'simple-statistics';
import type { Finding, FindingKind, Results } from '../../harness/results/results.js';
import {
  collisionConditions,
  firstSharedVmBucket,
  type TaggedVcpu,
} from '../../harness/results/tag-collisions.js';
import { type CellAnalysis, isWrong } from './analysis.js';

/** A failure with its strategy and workload. */
export interface PlacedFinding {
  readonly strategy: string;
  readonly workload: string;
  readonly finding: Finding;
}

/** The id of a failure's element. The parts are joined by "_", which no id contains. */
export function anchorOf({ strategy, workload, finding }: PlacedFinding): string {
  const { check, kind, declaredBy } = finding;
  return ['finding', strategy, workload, check, kind, declaredBy ?? 'unexpected'].join('_');
}

/** Whether a failure lies outside the limits that its strategy declares. */
export function isUnexpected({ declaredBy }: Finding): boolean {
  return declaredBy === null;
}

/** Whether a failure lies within a declared limit. */
export function expectationText({ declaredBy }: Finding): string {
  return declaredBy === null ? 'UNEXPECTED' : `known limitation ${declaredBy}`;
}

/** All failures: unexpected ones first, then strategy by strategy. */
export function placedFindings({ strategies }: Results, cells: readonly CellAnalysis[]): PlacedFinding[] {
  return strategies
    .flatMap(({ id }) =>
      cells.flatMap(({ workload, checks }) =>
        (checks.get(id)?.findings ?? []).map((finding) => ({ strategy: id, workload: workload.id, finding })),
      ),
    )
    .sort((one, other) => Number(isUnexpected(other.finding)) - Number(isUnexpected(one.finding)));
}

/** The failures of a strategy of one kind, and how often they happened. */
export function failuresOf(
  results: Results,
  cells: readonly CellAnalysis[],
  strategy: string,
  kind: FindingKind,
): { placed: PlacedFinding[]; count: number } {
  const placed = placedFindings(results, cells).filter(
    (one) => one.strategy === strategy && one.finding.kind === kind,
  );
  return { placed, count: sum(placed.map(({ finding }) => finding.count)) };
}

/** The workloads on which a strategy was judged, and those on which it was wrong. */
export function judgementOf(cells: readonly CellAnalysis[], strategy: string) {
  const judged = cells.filter(({ checks }) => checks.has(strategy));
  const names = (some: readonly CellAnalysis[]) => some.map(({ workload }) => workload.id);
  return { judged: names(judged), wrongIn: names(judged.filter((cell) => isWrong(cell, strategy))) };
}

/** Strategies that were wrong in some cell. */
export function wrongStrategies({ strategies }: Results, cells: readonly CellAnalysis[]): string[] {
  return strategies.flatMap(({ id }) => (judgementOf(cells, id).wrongIn.length > 0 ? [id] : []));
}

/** All judged operations. */
export function judgedOperations(cells: readonly CellAnalysis[]): number {
  return sum(cells.flatMap(({ cell }) => cell.checks.map(({ operations }) => operations)));
}

/** A bug of the posted patch, with the host on which it shows. */
export interface BugCondition {
  readonly name: string;
  readonly condition: string;
}

/** "(vm 4, vcpu 15) and (vm 116, vcpu 0)". */
export const pairText = (pair: readonly TaggedVcpu[]): string =>
  pair.map(({ vm, vcpu }) => `(vm ${vm}, vcpu ${vcpu})`).join(' and ');

/** The VM creation from which on ids of 8 bits repeat. */
export const ALIAS_CREATION = 257;

/** The bugs of the posted patch as conditions on a host. */
export function bugConditions({ host }: Results): BugCondition[] {
  const conditions = collisionConditions(host);
  const [first, last] = [conditions[0], conditions.at(-1)];
  const vmBucket = firstSharedVmBucket(host);
  const later =
    first === undefined || last === undefined || last === first
      ? ''
      : ` (${last.creation} with a vCPU ${last.vcpuId})`;
  return [
    {
      name: 'No tag compare',
      condition:
        first === undefined
          ? `Never with this hash (${host.hashMultiplier}, ${host.hashBits} bits): no two tags share a bucket.`
          : `From VM creation ${first.creation} with a vCPU ${first.vcpuId}${later}` +
            (first.vcpuId > 0 ? `; never if all vcpu_ids are below ${first.vcpuId}.` : '.'),
    },
    {
      name: '8-bit vm_id, never freed',
      condition: `Any host, from VM creation ${ALIAS_CREATION}: if VM 1 still runs, its entries change too; if not, wakeups are lost.`,
    },
    {
      name: 'GA log takes the first match',
      condition: `From VM creation ${vmBucket} another VM is woken, if it still runs; from 256 on (over 8 bits) another or none.`,
    },
  ];
}
