// The output of `verify`: the failures of each strategy on workloads, histories and schedules.
import type { MemoryMode } from '../harness/process/child-job.js';
import type { Check, Finding, Undone } from '../harness/results/results.js';
import type { Verification } from '../harness/run.js';
import type { HistoryCheck, LimitCheck } from '../harness/verify/histories/history-check.js';
import type { Judged } from '../harness/verify/judge-strategies.js';
import type { ScheduleCheck, ScheduleFailure } from '../harness/verify/schedules/schedule-check.js';
import { counterexampleLines, wrapped } from '../reports/words/counterexample.js';
import { undoneLines } from '../reports/words/undone.js';
import { neutralised } from '../reports/words/untrusted.js';
import { countText, numberOf } from '../reports/words/wording.js';

/** Columns of a mail, and the indent of a counterexample. */
const COLUMNS = 75;
const INDENT = '    ';

/** The verdicts on one host preset. */
export interface PresetVerification {
  readonly preset: string;
  readonly memory: MemoryMode;
  readonly seed: number;
  readonly workloads: readonly Verification[];
}

/** Checks that are judged in one go. */
type TimedChecks<C> = Judged<C> & { readonly seconds: number };

/** The checks on histories: the file of a single history, or the seed of generated ones. */
export type HistoryVerification = TimedChecks<HistoryCheck> & { readonly source: string | { seed: number } };

/** The checks on schedules. */
export type ScheduleVerification = TimedChecks<ScheduleCheck> & { readonly seed: number };

/** Whether declared limits cover all failures of a check. */
export function isExpected(check: Check): boolean {
  return check.findings.every(({ declaredBy }) => declaredBy !== null);
}

/** Whether declared limits cover all failures on histories or schedules. */
export function isExpectedThroughout({ findings }: HistoryCheck | ScheduleCheck): boolean {
  return findings.every(({ finding }) => finding.declaredBy !== null);
}

const limitOf = ({ declaredBy }: Finding): string =>
  declaredBy === null ? 'UNEXPECTED' : `expected: ${declaredBy}`;

/** The counterexample; without one, the first occurrence. */
function exampleLines({ counterexample, first }: Finding): string[] {
  if (counterexample === null) {
    const text = neutralised(`operation ${first.operation}: ${first.what}: ${first.outcome}`);
    return wrapped(text, COLUMNS, INDENT, INDENT);
  }
  return counterexampleLines(counterexample, COLUMNS - INDENT.length).map(
    (line) => INDENT + neutralised(line),
  );
}

/** A failure on some histories or schedules. @param where - On how many. */
function findingLines(finding: Finding, where: string): string[] {
  const { kind, check } = finding;
  return [`  ${kind} in ${where} (${limitOf(finding)}), found by ${check}`, ...exampleLines(finding)];
}

/** What happened beyond a limit, with one failure as an example. */
function limitLines({ limit, histories, shown }: LimitCheck): string[] {
  const name = `${limit.kind}${limit.value === undefined ? '' : ` ${limit.value}`}`;
  if (histories === null) return [`  beyond ${name}: not tried, no history goes there`];
  if (shown === null) {
    return [`  beyond ${name}: a declared limit that DID NOT SHOW ITSELF in ${histories} histories`];
  }
  const { finding, histories: number } = shown;
  return [`  beyond ${name}: ${finding.kind} in ${number} of ${histories}`, ...exampleLines(finding)];
}

function historyLines({ strategy, histories, allHistories, findings, limits }: HistoryCheck): string[] {
  const verdict = findings.length === 0 ? ', no finding' : '';
  return [
    `${strategy}: ${histories} ${histories === 1 ? 'history' : 'histories'}${verdict}`,
    ...findings.flatMap(({ finding, histories: number }) =>
      findingLines(finding, `${number} of ${allHistories}`),
    ),
    ...limits.flatMap(limitLines),
  ];
}

/** The text of the checks on histories. */
export function historiesText({ source, seconds, checks }: HistoryVerification): string {
  const operations = checks.reduce((sum, check) => sum + check.operations, 0);
  const what =
    typeof source === 'string' ? `the history in ${source}` : `generated histories, seed ${source.seed}`;
  return [
    `${what}: ${checks.length} strategies,`,
    `${operations} operations judged in checked memory in ${seconds.toFixed(0)} s`,
    ...checks.flatMap(historyLines),
    '',
  ].join('\n');
}

/** The failures on schedules; one example for each declared limit. */
function scheduleLines({ strategy, cases, schedules, ...rest }: ScheduleCheck): string[] {
  const { enumerated, isExhaustive, seconds, findings } = rest;
  const all = isExhaustive ? 'all with few preemptions' : 'NOT all with few preemptions';
  const isFirst = ({ finding }: ScheduleFailure, index: number): boolean =>
    finding.declaredBy === null ||
    findings.findIndex((other) => other.finding.declaredBy === finding.declaredBy) === index;
  return [
    `${strategy}: ${countText(schedules)} schedules of ${numberOf(cases, 'case')} in ${seconds.toFixed(1)} s,`,
    `  ${all} (${countText(enumerated)}) and random ones${findings.length === 0 ? ', no finding' : ''}`,
    ...findings
      .filter(isFirst)
      .flatMap(({ finding, schedules: number }) => findingLines(finding, countText(number))),
  ];
}

/** The text of the checks on schedules. */
export function schedulesText({ seed, seconds, checks }: ScheduleVerification): string {
  const total = checks.reduce((sum, { schedules }) => sum + schedules, 0);
  return [
    `operations of two or three CPUs at once, seed ${seed}: ${checks.length} strategies,`,
    `${countText(total)} schedules that differ, judged in checked memory in ${seconds.toFixed(0)} s`,
    ...checks.flatMap(scheduleLines),
    '',
  ].join('\n');
}

function strategyLines(verifications: readonly Verification[], strategy: string): string[] {
  const found = verifications.map(({ workload: { id }, checks }) => {
    const own = checks.filter((check) => check.strategy === strategy);
    return { id, findings: own.flatMap(({ findings }) => findings) };
  });
  const right = found.filter(({ findings }) => findings.length === 0).map(({ id }) => id);
  const isRight = right.length === found.length;
  return [
    `${strategy}: ${isRight ? 'ok on all workloads' : `ok on ${right.join(', ') || 'none'}`}`,
    ...found.flatMap(({ id, findings }) =>
      findings.flatMap((finding) => [
        `  ${id}: ${finding.kind}, ${finding.count} times (${limitOf(finding)})`,
        ...exampleLines(finding),
      ]),
    ),
  ];
}

function overflowLines({ workload, checks }: Verification): string[] {
  const lost = Math.max(...checks.map(({ lostToOverflow }) => lostToOverflow));
  return lost === 0 ? [] : [`${workload.id}: up to ${lost} GA log entries lost to declared overflows`];
}

/** The text of one preset's verification. */
export function verifyText({ preset, memory, seed, workloads }: PresetVerification): string {
  const strategies = workloads[0]?.checks.map(({ strategy }) => strategy) ?? [];
  const checks = workloads.flatMap((verification) => verification.checks);
  const total = checks.reduce((sum, { operations }) => sum + operations, 0);
  const seconds = checks.reduce((sum, check) => sum + check.seconds, 0);
  const rate = Math.round(total / Math.max(seconds, 1e-3) / 1000);
  return [
    `host ${preset}, seed ${seed}: ${strategies.length} strategies, ${workloads.length} workloads,`,
    `${total} operations judged in ${memory} memory, ${rate} thousand a second in each process`,
    ...strategies.flatMap((strategy) => strategyLines(workloads, strategy)),
    ...workloads.flatMap(overflowLines),
    '',
  ].join('\n');
}

/** The last lines of `verify`. @param checks - The number of checks. */
export function verdictText(expected: boolean, checks: number, undone: readonly Undone[]): string {
  const verdict = expected ? 'No finding outside the declared limits.' : 'There are UNEXPECTED findings.';
  const all = [verdict, ...(undone.length === 0 ? [] : ['NOT all was judged.'])].join(' ');
  return [...undoneLines(undone).map(neutralised), checks === 0 ? 'NOTHING was judged.' : all].join('\n');
}
