// The answer: three sentences, a subject for the mail, four figures, and a trailer for a commit message.
import { SUITES, VERDICT_PROCESSES } from '../../harness/method.js';
import { haveSameOrder, isSeparatedInC } from '../../harness/results/c-and-v8.js';
import { LANES, type Results } from '../../harness/results/results.js';
import { carriesVerdict, isToldFromZero } from '../../harness/results/statistics.js';
import type { Card } from '../document.js';
import type { CellAnalysis } from '../figures/analysis.js';
import { isUnexpected, placedFindings, wrongStrategies } from '../figures/failures.js';
import { coldTime } from '../figures/front-table.js';
import { bestOfKind, pooledRatio } from '../figures/pooled.js';
import { everyStrategy, HASH, KEPT, KEPT_ENTRIES, LOOK_UP, POSTED } from '../figures/strategies.js';
import {
  countText,
  durationText,
  figureText,
  languageText,
  namesText,
  numberOf,
  partText,
  ratioText,
  timesText,
} from '../words/wording.js';
import { isReason, type LookUpCost, lookUpCost, RATE_TEXT } from './look-up-cost.js';
import { timeId } from './places.js';
import type { Report } from './report.js';

/** Entries of a vCPU with many queues. */
const MANY_ENTRIES = 64;

/** The answer of a run. */
export interface Headline {
  /** The finding in a few words, for the subject of a mail. */
  readonly subject: string;
  /** Exactly three. */
  readonly sentences: readonly [string, string, string];
  readonly cards: readonly Card[];
  /** Six lines that can be pasted into a commit message. */
  readonly trailer: readonly string[];
}

export function headlineOf(report: Report): Headline {
  const { results, cells, front } = report;
  const cost = lookUpCost(results, cells);
  const isJudged = carriesVerdict(front.processes) && cost !== null && carriesVerdict(cost.saved.n);
  const sentences = isJudged
    ? ([reasonSentence(results, cost), choiceSentence(results, cells), endSentence(report, cost)] as const)
    : noVerdict(report, cost);
  return {
    subject: subjectOf(report, isJudged ? cost : null),
    sentences: [...sentences],
    cards: [...costCards(cost), wrongCard(report), trustCard(report)],
    trailer: trailerOf(report, cost),
  };
}

/** Whether the cost is a reason at all. */
function reasonSentence({ host }: Results, cost: LookUpCost): string {
  const { saved, ofCpu } = cost;
  const since = host.flush === 'none' ? 'Since v6.8 the' : 'Apart from its flushes, the';
  if (!isToldFromZero(saved))
    return `${since} look-up of ${LOOK_UP} is not shown to cost more than a kept pointer.`;
  if (saved.estimate < 0)
    return `${since} look-up of ${LOOK_UP} is cheaper than a kept pointer, by ${durationText(-saved.estimate)} an update.`;
  const advice = isReason(cost)
    ? 'so time is a reason to avoid it'
    : 'so choose by locking and lifetime, not by time';
  return `${since} look-up costs ${partText(ofCpu)} of a CPU per vCPU at ${RATE_TEXT}, ${advice}.`;
}

/** Which strategy, and why. */
function choiceSentence(results: Results, cells: readonly CellAnalysis[]): string {
  const hash = bestOfKind(results, cells, HASH);
  const best = hash && pooledRatio(results, cells, hash.strategy, KEPT);
  const keep = 'Keep pointers per vCPU, as Linux does';
  if (!hash || !best) return `${keep}: no hash was judged right and timed in this run.`;
  const ratio = ratioText(best.ratio);
  switch (best.verdict) {
    case 'slower':
      return `${keep}: the best hash, \`${hash.strategy}\`, takes ${ratio} its time${entriesClause(results, cells)}.`;
    case 'faster':
      return `The best hash, \`${hash.strategy}\`, takes ${ratio} the time of Linux's list of pointers, but must compare tags and lock buckets.`;
    default:
      return `${keep}: the best hash, \`${hash.strategy}\`, is no faster (${ratio})${entriesClause(results, cells)}.`;
  }
}

/** What keeping the entries themselves takes, if that is faster than the list. */
function entriesClause(results: Results, cells: readonly CellAnalysis[]): string {
  const pooled = pooledRatio(results, cells, KEPT_ENTRIES, KEPT);
  if (pooled?.verdict !== 'faster') return '';
  const [entries, list] = [KEPT_ENTRIES, KEPT].map((id) => coldTime(results, id, MANY_ENTRIES));
  const cold =
    entries && list ? `, ${timesText(entries.estimate / list.estimate)} cold at ${MANY_ENTRIES} IRTEs` : '';
  return `; the array of \`${KEPT_ENTRIES}\` takes ${timesText(pooled.ratio.estimate)}${cold}`;
}

/** Where the answer ends. */
function endSentence({ results, cells }: Report, { share }: LookUpCost): string {
  const many = cells.find(({ workload }) => workload.id === 'many-queues');
  const ratio = many && pooledRatio(results, [many], LOOK_UP, KEPT);
  const isSmall = ratio?.verdict === 'equivalent' || ratio?.verdict === 'not separated';
  const ends = [
    ...(ratio
      ? [
          `at 64 IRTEs per vCPU, where \`${LOOK_UP}\` ${isSmall ? 'is level' : `takes ${timesText(ratio.ratio.estimate)}`}`,
        ]
      : []),
    ...(share === null
      ? []
      : [`before v6.8, where a 1 µs flush per IRTE leaves ${partText(share.flushed)} to the look-up`]),
  ];
  return ends.length === 0 ? 'This run does not show where that ends.' : `That ends ${ends.join(', and ')}.`;
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
      : `This run names no winner: strategies ran in ${numberOf(fewest, 'process')}, and a verdict needs ${VERDICT_PROCESSES}.`,
    cost === null
      ? 'The posted kind of hash and the list were not both timed.'
      : `On ${cost.cell.workload.id} in ${languageText(cost.lane)}, n = ${n}, an update took ${durationText(cost.list.estimate)} with \`${KEPT}\` and ` +
        `${durationText(cost.hash.estimate)} with \`${LOOK_UP}\`.`,
    wrong.length === 0
      ? 'No strategy gave a wrong result.'
      : `Wrong results came from ${namesText(wrong.map((id) => `\`${id}\``))}.`,
  ];
}

function subjectOf({ results, cells }: Report, cost: LookUpCost | null): string {
  if (cost === null) {
    const wrong = wrongStrategies(results, cells);
    return `no verdict on time; ${wrong.length} of ${everyStrategy(results).length} strategies wrong`;
  }
  const { list, hash, ofCpu } = cost;
  return `IRTE update ${figureText(list.estimate)} ns, not ${figureText(hash.estimate)}: ${partText(ofCpu)} of a CPU`;
}

/** The cost in ns and as a share of a CPU. */
function costCards(cost: LookUpCost | null): Card[] {
  if (cost === null)
    return [
      { value: 'not timed', text: `${LOOK_UP} and ${KEPT} on one workload`, to: 'cost', tone: 'doubt' },
    ];
  const { cell, lane, hash, list, saved, ofCpu } = cost;
  const row = cell.comparisons[lane].rows.find(({ strategy }) => strategy === LOOK_UP);
  return [
    {
      value: `${figureText(list.estimate)} ns ${carriesVerdict(saved.n) ? 'instead of' : 'and'} ${figureText(hash.estimate)}`,
      text: `an update on ${cell.workload.id}, ${languageText(lane)}: list against posted hash${row ? `, ${ratioText(row.ratio)}` : ''}, n = ${saved.n}`,
      to: timeId(lane, cell.workload.id, LOOK_UP),
    },
    {
      value: `${partText(ofCpu)} of a CPU`,
      text: `${!carriesVerdict(saved.n) ? 'the difference' : saved.estimate < 0 ? 'lost' : 'saved'} per vCPU at ${RATE_TEXT}, loads and puts together`,
      to: timeId(lane, cell.workload.id, KEPT),
    },
  ];
}

function wrongCard({ results, cells }: Report): Card {
  const wrong = wrongStrategies(results, cells);
  const unexpected = placedFindings(results, cells).filter(({ finding }) => isUnexpected(finding)).length;
  const posted = wrong.includes(POSTED)
    ? `the posted patch is one of them`
    : 'not the posted patch, on these workloads';
  return {
    value: `${wrong.length} of ${everyStrategy(results).length} wrong`,
    text: `${wrong.length === 0 ? 'no wrong result' : posted}; ${unexpected === 0 ? 'no' : countText(unexpected)} unexpected failure${unexpected === 1 ? '' : 's'}`,
    to: 'correctness',
    tone: unexpected > 0 ? 'bad' : 'doubt',
  };
}

/** Whether the A/A controls hold, and whether C and V8 agree. */
export function trustOf({ cells }: Pick<Report, 'cells'>) {
  const controls = cells.flatMap(({ workload, comparisons }) =>
    LANES.flatMap((lane) => {
      const { control } = comparisons[lane];
      return control === null ? [] : [{ workload: workload.id, lane, control }];
    }),
  );
  const pairs = cells.flatMap(({ inBoth }) => inBoth?.pairs ?? []).filter(isSeparatedInC);
  return {
    controls,
    reliable: controls.filter(({ control }) => !control.unreliable).length,
    pairs: pairs.length,
    agreeing: pairs.filter(haveSameOrder).length,
  };
}

function trustCard(report: Report): Card {
  const { controls, reliable, pairs, agreeing } = trustOf(report);
  const { environment } = report.results;
  const isJudged = controls.some(({ control }) => carriesVerdict(control.ratio.n));
  const machine = environment.virtualised === null ? '' : '; a VM, so times are noisy';
  return {
    value: isJudged ? `A/A ok: ${reliable} of ${controls.length}` : 'A/A not judged',
    text: `${pairs === 0 ? 'no pair to compare C and V8' : `C and V8 agree on ${agreeing} of ${pairs} rankings`}${machine}`,
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
      : `${figureText(cost.list.estimate)} ns, not ${figureText(cost.hash.estimate)} (${ratioText(ratioOfCost(cost))})`;
  const cold = coldTime(results, KEPT, 2);
  const hash = bestOfKind(results, cells, HASH);
  const best = hash && pooledRatio(results, cells, hash.strategy, KEPT);
  const fastest = pooledRatio(results, cells, KEPT_ENTRIES, KEPT);
  return [
    `IRTE-update: ${effect}, list / posted hash`,
    `Best-hash: ${best ? `${hash.strategy} ${ratioText(best.ratio)} of the list's time` : 'no verdict'}`,
    `CPU-share: ${cost === null ? 'not measured' : `${partText(cost.ofCpu)} per vCPU at ${RATE_TEXT}`}${fastest?.verdict === 'faster' ? `; ${KEPT_ENTRIES} ${timesText(fastest.ratio.estimate)}` : ''}`,
    `Samples: n = ${cost?.saved.n ?? 0} processes x ${run.rounds} rounds, ${cost ? languageText(cost.lane) : 'no'} model${cold ? `; cold ${durationText(cold.estimate)}` : ''}`,
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
