// The answer: three sentences, a subject for the mail, four figures, and a trailer for a commit message.
import { SUITES, VERDICT_PROCESSES } from '../../harness/method.js';
import { haveSameOrder, isSeparatedInC } from '../../harness/results/c-and-v8.js';
import type { Control } from '../../harness/results/comparison.js';
import { LANES, type Results } from '../../harness/results/results.js';
import { carriesVerdict, isToldFromZero } from '../../harness/results/statistics.js';
import type { Card } from '../document.js';
import { type CellAnalysis, workOf } from '../figures/analysis.js';
import { isUnexpected, placedFindings, wrongStrategies } from '../figures/failures.js';
import { lockingOf } from '../figures/locking.js';
import { bestOfKind, type PooledRatio, pooledRatio } from '../figures/pooled.js';
import { coldControls } from '../figures/single-updates.js';
import {
  everyStrategy,
  HASH,
  KEPT,
  KEPT_ENTRIES,
  type Kind,
  LOOK_UP,
  MERGED,
} from '../figures/strategies.js';
import * as words from '../words/wording.js';
import { isReason, type LookUpCost, lookUpCost, RATE_REASON, RATE_TEXT } from './look-up-cost.js';
import { timeId } from './places.js';
import type { Report } from './report.js';

/** "64 IRTEs": the entries that an update writes; empty if they were not counted. */
export function entriesText(cell: CellAnalysis | undefined): string {
  const work = cell ? workOf(cell, KEPT) : null;
  return work === null ? '' : words.numberOf(work.entries.worst, 'IRTE');
}

/** The answer of a run: a subject for the mail, exactly three sentences, four cards, and six lines for a commit message. */
export function headlineOf(report: Report) {
  const { results, cells, front } = report;
  const cost = lookUpCost(results, cells);
  const isJudged = carriesVerdict(front.processes) && cost !== null && carriesVerdict(cost.saved.n);
  const sentences = isJudged
    ? ([reasonSentence(results, cost), choiceSentence(results, cells), endSentence(report)] as const)
    : noVerdict(report, cost);
  return {
    subject: subjectOf(report, isJudged ? cost : null),
    sentences: [...sentences],
    cards: [...costCards(cost), wrongCard(report), trustCard(report)],
    trailer: trailerOf(report, cost),
  };
}

/** The posted kind of hash at its first mention. */
const POSTED_HASH = `the posted hash, corrected (\`${LOOK_UP}\`)`;

/** Whether the cost is a reason at all. */
function reasonSentence({ host }: Results, cost: LookUpCost): string {
  const { saved, ofCpu } = cost;
  const apart = host.flush === 'none' ? '' : 'flushes apart, ';
  const byOthers = words.capitalised(`${apart}choose by locking and lifetime, not time`);
  const list = `the list (\`${KEPT}\`, 1x below)`;
  if (!isToldFromZero(saved)) return `${byOthers}: ${list} and ${POSTED_HASH} are not told apart.`;
  if (saved.estimate < 0) {
    const claim = words.capitalised(`${apart}time is no reason to keep pointers`);
    return `${claim}: against ${list}, ${POSTED_HASH} saves ${words.durationText(-saved.estimate)} an update.`;
  }
  const claim = isReason(cost) ? words.capitalised(`${apart}time is a reason to choose`) : byOthers;
  return `${claim}: against ${POSTED_HASH}, ${list} saves ${words.partText(ofCpu)} of a CPU per vCPU at ${RATE_TEXT}.`;
}

/** The time of the fastest of a kind / that of the list; null if none was right and timed. */
function fastestOf(results: Results, cells: readonly CellAnalysis[], kind: Kind): PooledRatio | null {
  const best = bestOfKind(results, cells, kind);
  return best && pooledRatio(results, cells, best.strategy, KEPT);
}

/** "`merged-7.3`, 1.06x". */
const timesOf = ({ one, ratio }: PooledRatio): string => `\`${one}\`, ${words.timesText(ratio.estimate)}`;

/** "; 1.31x with 64 IRTEs"; empty if that was not timed. */
function withManyEntries(results: Results, cells: readonly CellAnalysis[], strategy: string): string {
  const many = cells.filter(({ workload }) => workload.id === 'many-queues');
  const pooled = pooledRatio(results, many, strategy, KEPT);
  const entries = entriesText(many[0]);
  return pooled && entries !== '' ? `; ${words.timesText(pooled.ratio.estimate)} with ${entries}` : '';
}

/** Which strategy, and why: what Linux has, and the time and the lock of the fastest hash. */
function choiceSentence(results: Results, cells: readonly CellAnalysis[]): string {
  const { threads, rows } = lockingOf(results);
  const hash = fastestOf(results, cells, HASH);
  const linux = pooledRatio(results, cells, MERGED, KEPT);
  const keep = linux
    ? `Keep Linux's list (${timesOf(linux)}${withManyEntries(results, cells, MERGED)}): its kept-pointer bugs are fixed`
    : 'Keep a list';
  if (!hash) return `${keep}, and no hash was judged right and timed.`;
  const row = rows.find(({ strategy }) => strategy === hash.one);
  const updates = row?.lock && row.toBaseline && carriesVerdict(row.toBaseline.n) ? row.toBaseline : null;
  if (updates === null)
    return hash.verdict === 'faster'
      ? `The fastest hash (${timesOf(hash)}) is faster, but must compare tags and lock buckets.`
      : `${keep}, and the fastest hash (${timesOf(hash)}) is not faster.`;
  return `${keep}, and the fastest hash (${timesOf(hash)}) makes ${words.timesText(updates.estimate)} the updates with ${words.numberOf(threads.at(-1) ?? 0, 'thread')}, under ${words.numberOf(row?.lock?.count ?? 0, 'lock')}.`;
}

/** The designs that have neither a global lock nor pointers in KVM, over all workloads and with many entries. */
function endSentence({ results, cells }: Report): string {
  const designs = lockingOf(results).rows.flatMap(({ strategy, lock, keeper }) => {
    const all = pooledRatio(results, cells, strategy, KEPT);
    if (lock !== null || keeper === 'KVM' || !all) return [];
    return [
      `\`${strategy}\` (${words.timesText(all.ratio.estimate)}${withManyEntries(results, cells, strategy)})`,
    ];
  });
  return designs.length === 0
    ? 'No design here is known to have neither a global lock nor pointers in KVM.'
    : `Of the others, ${words.namesText(designs.toReversed())} ${designs.length === 1 ? 'has' : 'have'} neither a global lock nor pointers in KVM.`;
}

/** The three sentences of a run without a verdict. */
function noVerdict(
  { results, cells, front }: Report,
  cost: LookUpCost | null,
): readonly [string, string, string] {
  const n = cost?.saved.n ?? 0;
  const { processes: fewest } = front;
  const wrong = wrongStrategies(results, cells);
  return [
    fewest === 0
      ? 'This run names no winner: nothing was timed.'
      : `This run names no winner: strategies ran in ${words.numberOf(fewest, 'process')}, and a verdict needs ${VERDICT_PROCESSES}.`,
    cost === null
      ? 'The posted kind of hash and the list were not both timed.'
      : `On ${cost.cell.workload.id} in ${words.languageText(cost.lane)}, n = ${n}, an update took ${words.durationText(cost.list.estimate)} with \`${KEPT}\` and ` +
        `${words.durationText(cost.hash.estimate)} with \`${LOOK_UP}\`.`,
    wrong.length === 0
      ? 'No strategy gave a wrong result.'
      : `Wrong results came from ${words.namesText(wrong.map((id) => `\`${id}\``))}.`,
  ];
}

function subjectOf({ results, cells }: Report, cost: LookUpCost | null): string {
  if (cost === null) {
    const wrong = wrongStrategies(results, cells);
    return `no verdict on time; ${wrong.length} of ${everyStrategy(results).length} strategies wrong`;
  }
  const { list, hash } = cost;
  return `IRTE update: list ${words.figureText(list.estimate)} ns, hash ${words.figureText(hash.estimate)}${isReason(cost) ? '' : '; hardly matters'}`;
}

/** The cost in ns and as a share of a CPU. */
function costCards(cost: LookUpCost | null): Card[] {
  if (cost === null)
    return [
      { value: 'not timed', text: `${LOOK_UP} and ${KEPT} on one workload`, to: 'cost', tone: 'doubt' },
    ];
  const { cell, lane, hash, list, saved, ofCpu } = cost;
  return [
    {
      value: `list ${words.figureText(list.estimate)} ns, hash ${words.figureText(hash.estimate)}`,
      text: `${cell.workload.id} (${entriesText(cell)}), ${words.languageText(lane)}, n = ${saved.n}; hash / list ${words.ratioText(ratioOfCost(cost))}`,
      to: timeId(lane, cell.workload.id, LOOK_UP),
    },
    {
      value: `${words.partText(ofCpu)} of a CPU`,
      text: `${!carriesVerdict(saved.n) ? 'the difference' : saved.estimate < 0 ? 'lost' : 'saved'} per vCPU at ${RATE_TEXT}: ${RATE_REASON}`,
      to: 'q-slow-enough',
    },
  ];
}

function wrongCard({ results, cells }: Report): Card {
  const wrong = wrongStrategies(results, cells);
  const unexpected = placedFindings(results, cells).filter(({ finding }) => isUnexpected(finding)).length;
  return {
    value: `${wrong.length} of ${everyStrategy(results).length} strategies wrong`,
    text:
      `${wrong.length === 0 ? 'no wrong result' : words.namesText(wrong)}; ` +
      `${unexpected === 0 ? 'no' : words.countText(unexpected)} unexpected failure${unexpected === 1 ? '' : 's'}`,
    to: 'correctness',
    tone: unexpected > 0 ? 'bad' : 'doubt',
  };
}

const widthOf = ({ ratio: { low, high } }: Control): number => high - low;

/** Whether the A/A controls hold, the widest first, and whether C and V8 agree. */
export function trustOf({ cells }: Pick<Report, 'cells'>) {
  const controls = cells
    .flatMap(({ workload, comparisons }) =>
      LANES.flatMap((lane) => {
        const { control } = comparisons[lane];
        return control === null ? [] : [{ workload: workload.id, lane, control }];
      }),
    )
    .sort((one, other) => widthOf(other.control) - widthOf(one.control) || 0);
  const pairs = cells.flatMap(({ inBoth }) => inBoth?.pairs ?? []).filter(isSeparatedInC);
  return {
    controls,
    reliable: controls.filter(({ control }) => !control.unreliable).length,
    pairs: pairs.length,
    agreeing: pairs.filter(haveSameOrder).length,
  };
}

/** Whether the controls hold, hot and cold, and whether C and V8 agree. */
export function trustCard(report: Report): Card {
  const { controls, reliable, pairs, agreeing } = trustOf(report);
  const { environment } = report.results;
  const cold = coldControls(report.results);
  const flagged = controls.filter(({ control }) => control.flagged).length;
  const isJudged = controls.some(({ control }) => carriesVerdict(control.ratio.n));
  return {
    value: isJudged ? `A/A ok: ${reliable} of ${controls.length}` : 'A/A not judged',
    text: `${flagged === 0 ? '' : `${flagged} flagged; `}${cold.length === 0 ? '' : `cold: ${cold.filter(({ holds }) => holds).length} of ${cold.length}; `}${pairs === 0 ? 'no pair to compare C and V8' : `C and V8 agree on ${agreeing} of ${pairs} pairs`}${environment.warnings.length === 0 ? '' : `; ${words.numberOf(environment.warnings.length, 'warning')}`}`,
    to: 'trust',
    tone: isJudged && reliable === controls.length ? 'good' : 'doubt',
  };
}

/** Effect, n, machine and command. */
function trailerOf({ results, cells, front }: Report, cost: LookUpCost | null): string[] {
  const { run, environment, tool } = results;
  const effect =
    cost === null || !carriesVerdict(front.processes)
      ? 'no verdict'
      : `list ${words.figureText(cost.list.estimate)} ns, hash ${words.figureText(cost.hash.estimate)} ns; hash / list ${words.ratioText(ratioOfCost(cost))}`;
  const hash = fastestOf(results, cells, HASH);
  const fastest = pooledRatio(results, cells, KEPT_ENTRIES, KEPT);
  return [
    `IRTE-update: ${effect}`,
    `Fastest-hash: ${hash ? `${hash.one} ${words.ratioText(hash.ratio)} of the list's time` : 'no verdict'}`,
    `CPU-share: ${cost === null ? 'not measured' : `${words.partText(cost.ofCpu)} per vCPU at ${RATE_TEXT}`}${fastest?.verdict === 'faster' ? `; ${KEPT_ENTRIES} / list ${words.timesText(fastest.ratio.estimate)}` : ''}`,
    `Samples: n = ${cost?.saved.n ?? 0} processes x ${run.rounds} rounds, ${cost ? words.languageText(cost.lane) : 'no'} model`,
    `Machine: ${environment.cpuModel}${environment.virtualised === null ? '' : ' VM'}, ${environment.cpus} CPUs, ${environment.kernel}`,
    `Command: npm run bench -- ${commandOf(results)} # ${(tool.revision ?? tool.version).slice(0, 12)}`,
  ];
}

/** The ratio of the two times, from the comparison of the cell. */
function ratioOfCost({ cell, lane, hash, list }: LookUpCost) {
  const row = cell.comparisons[lane].rows.find(({ strategy }) => strategy === LOOK_UP);
  return row?.ratio ?? { estimate: hash.estimate / list.estimate, low: 0, high: Infinity, n: hash.n };
}

/** The options with which a run can be repeated. */
export function commandOf({ run, workloads }: Results): string {
  const recording = workloads.find((workload) => workload.recording !== null)?.recording;
  const trace = recording && !recording.file.startsWith('traces/') ? ' --trace FILE' : '';
  const { processes, rounds } = SUITES[run.suite];
  return [
    ...(run.suite === 'default' ? [] : [`--suite ${run.suite}`]),
    ...([processes.c, processes.alone].some((usual) => usual === run.processes)
      ? []
      : [`--processes ${run.processes}`]),
    ...(run.rounds === rounds ? [] : [`--rounds ${run.rounds}`]),
    `--seed ${run.seed}${trace}`,
  ].join(' ');
}
