// The questions about the look-up: whether it is slow enough, and what makes it slow; whether to keep a pointer instead, or
// the entry itself; and what Linux did.
import { sum } from 'simple-statistics';
import type { Lane, Results, WorkSummary } from '../../harness/results/results.js';
import { type ProcessInterval, shareOfGap } from '../../harness/results/statistics.js';
import { type CellAnalysis, FLOOR, loadWork } from '../figures/cell-analysis.js';
import {
  cpuShareText,
  firstCountedCell,
  LOOK_UP,
  NO_LOOK_UP,
  SHARE_OF_UPDATE,
} from '../figures/cost-answers.js';
import { costOf, findShare, partsOf } from '../figures/cost-formula.js';
import { L3, LINE_COSTS, meansOf, ONE_MICROSECOND, unitCostsAt } from '../figures/cost-model.js';
import { LOOK_UP_STEPS, type Step, UNTAKEN_STEPS } from '../figures/decomposition.js';
import { type SavedTime, savedTime } from '../figures/saved-time.js';
import {
  capitalised,
  confidenceText,
  countText,
  inLaneText,
  meanText,
  namesText,
  nsText,
  numberOf,
  partText,
} from '../words/wording.js';
import { type Answer, CANNOT_TELL, type Figure } from './answer.js';
import { type Best, bestOfKind, bestText, rightDesigns, timedLanes } from './best-of-kind.js';
import { countFigures } from './count-figures.js';
import { HASH, KEPT_ENTRIES, KEPT_ENTRY, KEPT_POINTER } from './designs.js';
import { failuresOf } from './failure-figures.js';
import { pooledFigures, RATIOS_PLACE } from './pooled-figures.js';
import { type PooledRatio, pooledRatio, pooledText, timeClause, unrankedText } from './pooled-ratio.js';
import { checkRows, countedRows, timingRow } from './rows.js';

/** A load with the look-up and a load without, on the workload that the cost model uses. */
interface ComparedLoads {
  readonly cell: CellAnalysis;
  readonly hash: WorkSummary;
  readonly list: WorkSummary;
}

function comparedLoads(cells: readonly CellAnalysis[]): ComparedLoads | null {
  const cell = firstCountedCell(cells);
  const [hash, list] = cell === null ? [null, null] : [loadWork(cell, LOOK_UP), loadWork(cell, NO_LOOK_UP)];
  return cell === null || hash === null || list === null ? null : { cell, hash, list };
}

const verbOf = (ns: number): string => (ns < 0 ? 'costs' : 'saves');

/** "saves 29.6 ns [29.1, 30.2] of an IRTE update of one on pinned in C: 44 %, or 0.0059 % of a CPU for each vCPU ...". */
function savedClause({ ns, part }: SavedTime, one: string, where: string): string {
  const bounds = Number.isFinite(ns.high) ? ` [${nsText(ns.low)}, ${nsText(ns.high)}]` : '';
  return (
    `${verbOf(ns.estimate)} ${nsText(Math.abs(ns.estimate))} ns${bounds} of an IRTE update of ${one} ${where}: ` +
    `${partText(Math.abs(part))}, or ${cpuShareText(ns.estimate)}`
  );
}

/** What the pointer saves since v6.8 and before: measured, or by the cost model; empty if loads were not counted. */
export function lookUpSentences(results: Results, cells: readonly CellAnalysis[]): string[] {
  const loads = comparedLoads(cells);
  if (loads === null) return [];
  const { cell, hash, list } = loads;
  const [lane] = timedLanes([cell]);
  const measured = lane === undefined ? null : savedTime(results, cell, LOOK_UP, NO_LOOK_UP, lane);
  const [of, without] = [hash, list].map((work) => costOf(meansOf(work), unitCostsAt(L3.ns))) as [
    number,
    number,
  ];
  const ns = { estimate: of - without, low: -Infinity, high: Infinity, n: 0 };
  const saved = measured ?? { ns, part: 1 - without / of, of };
  const where =
    lane === undefined || measured === null
      ? `, by the cost model with lines from ${L3.name}`
      : ` ${inLaneText(lane)}`;
  const { estimate } = saved.ns;
  const before = estimate / (saved.of + hash.entries.mean * ONE_MICROSECOND.ns);
  return [
    `Since v6.8 no load or put flushes, and ${NO_LOOK_UP} ${savedClause(saved, LOOK_UP, `on ${cell.workload.id}${where}`)}.`,
    ...(lane === undefined ? [] : bestHashSentence(results, cell, lane)),
    `Before v6.8 each entry waited for its flush; with ${ONE_MICROSECOND.name} for each it ${verbOf(estimate)} ` +
      `${partText(Math.abs(before))}.`,
    SHARE_OF_UPDATE,
  ];
}

/** What the pointer saves against the best hash; none if that is the hash of the question. */
function bestHashSentence(results: Results, cell: CellAnalysis, lane: Lane): string[] {
  const best = bestOfKind(results, [cell], HASH, lane);
  if (best === null || [best.strategy, ...best.alike].includes(LOOK_UP)) return [];
  const saved = savedTime(results, cell, best.strategy, NO_LOOK_UP, lane);
  if (saved === null) return [];
  const { estimate } = saved.ns;
  return [
    `Against the best hash there, ${bestText(best)}, it ${verbOf(estimate)} ${nsText(Math.abs(estimate))} ns ` +
      `(${partText(Math.abs(saved.part))}).`,
  ];
}

/** The lines of a load of the look-up by its parts; none without a counted lower bound. */
function linesSentence({ cell, hash }: ComparedLoads): string[] {
  const floor = loadWork(cell, FLOOR);
  if (floor === null) return [];
  const [lines, way, write] = [hash.lines.mean, hash.wayLines.mean, floor.lines.mean];
  return [
    `Of the ${meanText(lines)} cache lines of its load, ${meanText(lines - way - write)} find the entries, ${meanText(way)} are ` +
      `the driver's way to them, and ${meanText(write)} are those of ${FLOOR}, the lower bound.`,
  ];
}

/** Whether the look-up is slow enough to optimise, and what makes it slow. */
export function slowEnough(results: Results, cells: readonly CellAnalysis[]): Answer {
  const loads = comparedLoads(cells);
  const lanes = timedLanes(cells).map((lane) => ({
    lane,
    steps: stepsIn(results, cells, LOOK_UP_STEPS, lane),
  }));
  const compared = lanes.filter(({ steps }) => steps.length > 0);
  const leading =
    compared.find(({ steps }) => steps.every(({ pooled: { verdict } }) => verdict !== null)) ?? compared[0];
  const why = leading === undefined ? [] : stepsSentences(leading.lane, leading.steps);
  return {
    id: 'slow-enough',
    question: "I'm not sure if the lookup is slow enough to pardon optimization",
    isQuoted: true,
    answer: [
      ...(loads === null
        ? [`${CANNOT_TELL}: loads of ${LOOK_UP} and ${NO_LOOK_UP} were not both counted.`]
        : [...lookUpSentences(results, cells), ...linesSentence(loads)]),
      ...why,
    ].join(' '),
    figures: [
      ...(loads === null ? [] : shareFigures(results, loads)),
      ...lanes.flatMap(({ steps }) => steps.flatMap(({ pooled }) => pooledFigures(results, pooled))),
    ],
  };
}

/** What time goes to, as the ratio of a design that pays for it to its neighbour that does not. */
interface MeasuredStep {
  readonly cost: string;
  readonly pooled: PooledRatio;
}

function stepsIn(
  results: Results,
  cells: readonly CellAnalysis[],
  steps: readonly Step[],
  lane: Lane,
): MeasuredStep[] {
  return steps.flatMap(({ what, from, to }) => {
    const pooled = pooledRatio(results, cells, from, to, lane);
    return pooled === null ? [] : [{ cost: what, pooled }];
  });
}

/** What makes an update slow: "What makes an update slow in C is the loop over IOMMUs (1.71 [1.70, 1.72]).". */
function stepsSentences(lane: Lane, steps: readonly MeasuredStep[]): string[] {
  const named = (some: readonly MeasuredStep[]) =>
    namesText(some.map(({ cost, pooled }) => `${cost} (${pooledText(pooled)})`));
  const where = inLaneText(lane);
  const meaning = 'Each ratio is the time with it / the time without it.';
  if (steps.some(({ pooled: { verdict } }) => verdict === null)) {
    const processes = numberOf(Math.min(...steps.map(({ pooled }) => pooled.processes)), 'process');
    return [`There is no verdict ${where} (${processes}) on ${named(steps)}.`, meaning];
  }
  const of = (...verdicts: PooledRatio['verdict'][]) =>
    steps.filter(({ pooled }) => verdicts.includes(pooled.verdict));
  const [costs, none, gains] = [of('slower'), of('equivalent', 'not separated'), of('faster')];
  return [
    ...(costs.length === 0 ? [] : [`What makes an update slow ${where} is ${named(costs)}.`]),
    ...(none.length === 0 ? [] : [`No difference is shown ${where} for ${named(none)}.`]),
    ...(gains.length === 0 ? [] : [`Time is saved ${where} by ${named(gains)}.`]),
    meaning,
  ];
}

/** The share of finding by the source of lines, without a flush and with one for each entry; none without a lower bound. */
function shareFigures(results: Results, { cell, hash, list }: ComparedLoads): Figure[] {
  const floor = loadWork(cell, FLOOR);
  if (floor === null) return [];
  return [LOOK_UP, NO_LOOK_UP].map((strategy) => {
    const work = strategy === LOOK_UP ? hash : list;
    const shares = LINE_COSTS.map(({ name, ns }) => {
      const [without, at] = [0, ONE_MICROSECOND.ns].map((flushNs) =>
        partText(findShare(partsOf(meansOf(work), meansOf(floor), unitCostsAt(ns), flushNs))),
      );
      return `${without} / ${at} (${name})`;
    });
    return {
      text:
        `${strategy}, modelled: finding as a share of a load without flushes / with ${ONE_MICROSECOND.name} for each entry, ` +
        `by the place of its lines: ${shares.join(', ')}`,
      place: 'cost',
      rows: [strategy, FLOOR].flatMap((id) => countedRows(results, cell.workload.id, id, 'load')),
    };
  });
}

/** Whether the tag could lead to the entry directly, now that the pointer is kept. */
export function irteDirectly(results: Results, cells: readonly CellAnalysis[]): Answer {
  const lanes = timedLanes(cells).map((lane) => ({
    lane,
    steps: stepsIn(results, cells, UNTAKEN_STEPS, lane),
  }));
  const leading = lanes.find(({ steps }) => steps.length > 0);
  const cell = firstCountedCell(cells);
  const [list, entries] = [NO_LOOK_UP, KEPT_ENTRIES].map((id) => cell && loadWork(cell, id));
  const saved = cell && leading && savedTime(results, cell, NO_LOOK_UP, KEPT_ENTRIES, leading.lane);
  const compared = [NO_LOOK_UP, KEPT_ENTRY, KEPT_ENTRIES, FLOOR];
  return {
    id: 'irte-directly',
    question: 'Why not map ga_tag into irte/ir_data directly?',
    isQuoted: false,
    answer:
      leading === undefined
        ? `${CANNOT_TELL}: neither ${KEPT_ENTRY} nor ${KEPT_ENTRIES} was timed beside its neighbour.`
        : [
            ...stepsSentences(leading.lane, leading.steps),
            ...(cell && saved
              ? [
                  `${KEPT_ENTRIES}, which takes both steps, ` +
                    `${savedClause(saved, NO_LOOK_UP, `on ${cell.workload.id} ${inLaneText(leading.lane)}`)}.`,
                ]
              : []),
            ...(list && entries
              ? [`Its load touches ${insteadText(entries.lines.mean, list.lines.mean, 'line')}.`]
              : []),
            'Linux has kept the pointer since v4.9, so these are the only steps that a kernel of today could still take.',
          ].join(' '),
    figures: [
      ...lanes.flatMap(({ lane, steps }) => [
        ...steps.flatMap(({ pooled }) => pooledFigures(results, pooled)),
        ...pooledFigures(results, pooledRatio(results, cells, KEPT_ENTRIES, FLOOR, lane)),
      ]),
      ...countFigures(results, cells, 'load', compared, ['lines', 'words', 'locks', 'chain']),
      // The cost of keeping them.
      ...countFigures(results, cells, 'route', compared, ['lines', 'words', 'locks']),
    ],
  };
}

/** The best hash and the best kept pointer of a language. */
interface Duel {
  readonly lane: Lane;
  readonly hash: Best;
  readonly pointer: Best;
  /** Time of the hash / time of the pointer. */
  readonly pooled: PooledRatio;
  /** The same of the posted kind of hash; null if that is the best one, or was not timed. */
  readonly posted: PooledRatio | null;
  /** The part of the posted hash's gap that the best hash leaves; null without a gap. */
  readonly left: ProcessInterval | null;
}

function duelIn(results: Results, cells: readonly CellAnalysis[], lane: Lane): Duel | null {
  const hash = bestOfKind(results, cells, HASH, lane);
  const pointer = bestOfKind(results, cells, KEPT_POINTER, lane);
  if (hash === null || pointer === null) return null;
  const pooled = pooledRatio(results, cells, hash.strategy, pointer.strategy, lane);
  if (pooled === null) return null;
  const isPosted = [hash.strategy, ...hash.alike].includes(LOOK_UP);
  const posted = isPosted ? null : pooledRatio(results, cells, LOOK_UP, pointer.strategy, lane);
  const left = posted && shareOfGap(pooled.logRatios, posted.logRatios, results.run.confidence);
  return { lane, hash, pointer, pooled, posted, left };
}

/** The best hash beside the best kept pointer, and beside the posted kind of hash. */
function duelClause(results: Results, cells: readonly CellAnalysis[], duel: Duel): string {
  const { lane, hash, pointer, pooled, posted, left } = duel;
  const hashes = rightDesigns(results, cells, HASH.members, lane);
  const best = hashes.length === 1 ? 'the only hash' : 'the best hash';
  const gap =
    posted === null
      ? ''
      : `, and ${LOOK_UP}, with a table in each IOMMU, ${timeClause(results, posted)}` +
        (left === null ? '' : `, so the best hash leaves ${shareText(left)} of that gap`);
  return (
    `${inLaneText(lane)} ${best} is ${bestText(hash)} and the best kept pointer ${bestText(pointer)}: ` +
    `${hash.strategy} ${timeClause(results, pooled)}${gap}`
  );
}

function shareText({ estimate, low, high }: ProcessInterval): string {
  return `${partText(estimate)} [${partText(low)}, ${partText(high)}]`;
}

/** The ratios of both kinds to the baseline, without a best one. */
function unrankedKinds(results: Results, cells: readonly CellAnalysis[], lane: Lane): PooledRatio[] {
  return [HASH, KEPT_POINTER]
    .flatMap(({ members }) => rightDesigns(results, cells, members, lane))
    .filter((id) => id !== NO_LOOK_UP)
    .flatMap((id) => pooledRatio(results, cells, id, NO_LOOK_UP, lane) ?? []);
}

/** The best hash against the best kept pointer, and what it costs to keep the pointer. */
export function keptPointer(results: Results, cells: readonly CellAnalysis[]): Answer {
  const lanes = timedLanes(cells);
  const duels = lanes.flatMap((lane) => duelIn(results, cells, lane) ?? []);
  const [lead] = duels;
  const unranked =
    lead !== undefined ? [] : (lanes.map((lane) => unrankedKinds(results, cells, lane))[0] ?? []);
  const pointer = lead?.pointer.strategy ?? NO_LOOK_UP;
  const compared = [...new Set([pointer, lead?.hash.strategy ?? LOOK_UP, LOOK_UP])];
  const [list, hash] = compared.map((id) => {
    const cell = firstCountedCell(cells);
    return cell === null ? null : loadWork(cell, id);
  });
  const counts =
    !list || !hash
      ? ''
      : `; a load of ${pointer} touches ${insteadText(list.lines.mean, hash.lines.mean, 'line')} and ` +
        `takes ${insteadText(list.locks.mean, hash.locks.mean, 'lock')}`;
  const checks = cells.flatMap((cell) => cell.checks.get(pointer) ?? []);
  const stale = failuresOf(results, cells, pointer, 'stale-pointer').count;
  const judged = sum(checks.map(({ operations }) => operations));
  const risk =
    judged === 0
      ? ''
      : `; in ${countText(judged)} judged operations it touched ${stale === 0 ? 'no' : countText(stale)} stale ` +
        `pointer${stale === 1 || stale === 0 ? '' : 's'}, a risk that is real in the kernel (CVE-2025-37885, 9bcac97dc42d)`;
  const answer =
    lead !== undefined
      ? `${capitalised(duelClause(results, cells, lead))}${counts}${risk}.`
      : unranked.length > 0
        ? `${capitalised(unrankedText(unranked))}${counts}.`
        : `${CANNOT_TELL}: no hash and kept pointer were both timed.`;
  return {
    id: 'kept-pointer',
    question: 'Why look up at all, when SVM could keep the ir_data pointer?',
    isQuoted: false,
    answer,
    figures: [
      ...duels.flatMap((duel) => duelFigures(results, duel)),
      ...unranked.flatMap((pooled) => pooledFigures(results, pooled)),
      ...countFigures(results, cells, 'load', compared, ['lines', 'words', 'locks', 'chain']),
      // The cost of keeping it.
      ...countFigures(results, cells, 'route', compared, ['lines', 'words', 'locks']),
      ...countFigures(results, cells, 'unroute', compared, ['lines', 'words', 'locks']),
      ...(judged === 0
        ? []
        : [
            {
              text: `${pointer}: ${countText(stale)} stale pointers touched in ${countText(judged)} judged operations`,
              place: 'oracle',
              rows: cells.flatMap(({ workload }) => checkRows(results, workload.id, pointer)),
            },
          ]),
    ],
  };
}

/** A mean of counts beside another: "12 lines instead of 14", "3 locks, as many". */
function insteadText(mean: number, other: number, thing: string): string {
  const [own, its] = [meanText(mean), meanText(other)];
  const things = `${own} ${thing}${own === '1' ? '' : 's'}`;
  return own === its ? `${things}, as many` : `${things} instead of ${its}`;
}

function duelFigures(results: Results, { lane, hash, pooled, posted, left }: Duel): Figure[] {
  return [
    ...pooledFigures(results, pooled),
    ...pooledFigures(results, posted),
    ...(posted === null || left === null
      ? []
      : [
          {
            text:
              `(${hash.strategy} - 1) / (${LOOK_UP} - 1) of the two ratios above, ${inLaneText(lane)}: ${shareText(left)}, ` +
              `${confidenceText(results)} interval, n = ${left.n}`,
            place: RATIOS_PLACE,
            rows: posted.places.map(({ workload }) => timingRow(results, workload)),
          },
        ]),
  ];
}

/** The designs that Linux merged. */
export function whatLinuxDid(results: Results, cells: readonly CellAnalysis[]): Answer {
  const merged = ['merged-4.9', 'merged-6.17', 'merged-7.3'].flatMap(
    (id) => pooledRatio(results, cells, id, LOOK_UP) ?? [],
  );
  const times = merged.map((pooled) => `${pooled.one} ${pooledText(pooled)}`).join(', ');
  const measured = times === '' ? '' : ` (time / ${LOOK_UP} here: ${times})`;
  return {
    id: 'what-linux-did',
    question: 'And what did Linux do?',
    isQuoted: false,
    answer:
      'One opaque tag of 24 and 8 bits and a list of the ir_data pointers on each vCPU, in v4.9; 23 and 9 bits in v6.3 ' +
      '(5999715922c5), no command for an update since v6.8 (57cdb720eaa5), and the list through the irqfd, with a vCPU ' +
      `index in the tag, in v6.17 (11a60455d4c9); 20 and 12 bits in v6.19 (ca11d9d35e95)${measured}.`,
    figures: [
      ...merged.flatMap((pooled) => pooledFigures(results, pooled)),
      ...merged.flatMap(({ one }) => pooledFigures(results, pooledRatio(results, cells, one, NO_LOOK_UP))),
    ],
  };
}
