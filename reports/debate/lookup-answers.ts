// The questions about the look-up: whether it is slow enough, and what makes it slow; whether to keep a pointer instead;
// and what Linux did.
import { sum } from 'simple-statistics';
import type { Lane, Results, WorkSummary } from '../../harness/results/results.js';
import { type ProcessInterval, shareOfGap } from '../../harness/results/statistics.js';
import { type CellAnalysis, isWrong, loadWork } from '../figures/cell-analysis.js';
import {
  firstCountedCell,
  L3,
  LOOK_UP,
  NO_FLUSH,
  NO_LOOK_UP,
  ONE_MICROSECOND,
} from '../figures/cost-answers.js';
import { breakEvenCommands, lookUpShare, totalOf } from '../figures/cost-formula.js';
import { costAt, LINE_COSTS, meansOf, unitCostsAt } from '../figures/cost-model.js';
import {
  capitalised,
  confidenceText,
  countText,
  inLaneText,
  meanText,
  namesText,
  numberOf,
  partText,
} from '../words/wording.js';
import { type Answer, CANNOT_TELL, type Figure } from './answer.js';
import { type Best, bestOfKind, bestText, rightDesigns, timedLanes } from './best-of-kind.js';
import { countFigures } from './count-figures.js';
import { HASH, KEPT_POINTER, LOOK_UP_STEPS } from './designs.js';
import { failuresOf } from './failure-figures.js';
import { pooledFigures, RATIOS_PLACE } from './pooled-figures.js';
import { type PooledRatio, pooledRatio, pooledText, timeClause, unrankedText } from './pooled-ratio.js';
import { checkRows, countedRows, timingRow } from './rows.js';

/** The look-up is most of an update from this part on, and next to nothing below the other. */
const MOST = 0.5;
const NEXT_TO_NOTHING = 0.1;

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

/** The part of a load that is the look-up, in words. */
function partWords(part: number): string {
  return part >= MOST ? 'most of it' : part >= NEXT_TO_NOTHING ? 'a part of it' : 'next to nothing of it';
}

/** Whether the look-up matters since v6.8 and before, in one sentence; null if loads were not counted. */
export function lookUpSentence(cells: readonly CellAnalysis[]): string | null {
  const loads = comparedLoads(cells);
  if (loads === null) return null;
  const { cell, hash, list } = loads;
  const shareAt = (flushNs: number) => lookUpShare(costAt(hash, L3.ns, flushNs));
  const savedAt = (flushNs: number) =>
    1 - totalOf(costAt(list, L3.ns, flushNs)) / totalOf(costAt(hash, L3.ns, flushNs));
  const [saved, savedBefore] = [savedAt(NO_FLUSH.ns), savedAt(ONE_MICROSECOND.ns)];
  const [since, before] = [shareAt(NO_FLUSH.ns), shareAt(ONE_MICROSECOND.ns)];
  return (
    `Since v6.8, which queues no command, finding the entries is ${partText(since)} of a load of ${LOOK_UP} on ` +
    `${cell.workload.id}, ${partWords(since)}, and keeping the pointer ${saved < 0 ? 'costs' : 'saves'} ` +
    `${partText(Math.abs(saved))}${leastHashClause(loads)}; before, where ` +
    `each entry waited ${ONE_MICROSECOND.name} for its commands, it was ${partText(before)}, ${partWords(before)}, and ` +
    `the pointer ${savedBefore < 0 ? 'cost' : 'saved'} ${partText(Math.abs(savedBefore))}.`
  );
}

/** What the pointer saves beside the hash with the least work, in brackets; empty if that is the hash of the sentence. */
function leastHashClause({ cell, hash, list }: ComparedLoads): string {
  const costOf = (work: WorkSummary) => totalOf(costAt(work, L3.ns, NO_FLUSH.ns));
  const works = HASH.members.flatMap((id) => {
    const work = isWrong(cell, id) ? null : loadWork(cell, id);
    return work === null ? [] : [{ id, cost: costOf(work) }];
  });
  const [least] = works.toSorted((one, other) => one.cost - other.cost);
  if (least === undefined || least.cost >= costOf(hash)) return '';
  const saved = 1 - costOf(list) / least.cost;
  return ` (${saved < 0 ? 'costs ' : ''}${partText(Math.abs(saved))} beside ${least.id}, the hash with the least work)`;
}

/** Whether the look-up is slow enough to optimise, and what makes it slow. */
export function slowEnough(results: Results, cells: readonly CellAnalysis[]): Answer {
  const loads = comparedLoads(cells);
  const sentence =
    lookUpSentence(cells) ?? `${CANNOT_TELL}: loads of ${LOOK_UP} and ${NO_LOOK_UP} were not both counted.`;
  const lanes = timedLanes(cells).map((lane) => ({ lane, steps: stepsIn(results, cells, lane) }));
  const compared = lanes.filter(({ steps }) => steps.length > 0);
  const leading =
    compared.find(({ steps }) => steps.every(({ pooled: { verdict } }) => verdict !== null)) ?? compared[0];
  const why = leading === undefined ? '' : `; ${stepsClause(leading.lane, leading.steps)}`;
  return {
    id: 'slow-enough',
    question: "I'm not sure if the lookup is slow enough to pardon optimization",
    isQuoted: true,
    answer: `${sentence.slice(0, -1)}${why}.`,
    figures: [
      ...(loads === null ? [] : shareFigures(results, loads)),
      ...lanes.flatMap(({ steps }) => steps.flatMap(({ pooled }) => pooledFigures(results, pooled))),
    ],
  };
}

/** What the time of a look-up goes to, as the ratio of a design that pays for it to its neighbour that does not. */
interface Step {
  readonly cost: string;
  readonly pooled: PooledRatio;
}

function stepsIn(results: Results, cells: readonly CellAnalysis[], lane: Lane): Step[] {
  return LOOK_UP_STEPS.flatMap((step) => {
    const pooled = pooledRatio(results, cells, step.with, step.without, lane);
    return pooled === null ? [] : [{ cost: step.cost, pooled }];
  });
}

/** What makes the look-up slow: "in C it is slow because of the loop over IOMMUs (1.71 [1.70, 1.72]), and not ...". */
function stepsClause(lane: Lane, steps: readonly Step[]): string {
  const named = (some: readonly Step[]) =>
    namesText(some.map(({ cost, pooled }) => `${cost} (${pooledText(pooled)})`));
  const where = inLaneText(lane);
  if (steps.some(({ pooled: { verdict } }) => verdict === null)) {
    const fewest = Math.min(...steps.map(({ pooled }) => pooled.processes));
    return `what makes it slow has no verdict ${where} (${numberOf(fewest, 'process')}): time with / without ${named(steps)}`;
  }
  const of = (...verdicts: PooledRatio['verdict'][]) =>
    steps.filter(({ pooled }) => verdicts.includes(pooled.verdict));
  const [costs, none, gains] = [of('slower'), of('equivalent', 'not separated'), of('faster')];
  const clauses = [
    costs.length === 0
      ? `nothing that was compared makes it slow ${where}`
      : `what makes it slow ${where} is ${named(costs)}`,
    ...(none.length === 0 ? [] : [`no difference is shown for ${named(none)}`]),
    ...(gains.length === 0 ? [] : [`time is saved by ${named(gains)}`]),
  ];
  return `${clauses.join(', ')}, each the time with / without it`;
}

/** The share of the look-up by the source of lines, and the cost of commands at which it is a half and a tenth. */
function shareFigures(results: Results, { cell, hash, list }: ComparedLoads): Figure[] {
  return [LOOK_UP, NO_LOOK_UP].flatMap((strategy) => {
    const work = strategy === LOOK_UP ? hash : list;
    const rows = countedRows(results, cell.workload.id, strategy, 'load');
    const shares = LINE_COSTS.map(({ name, ns }) => {
      const [without, at] = [NO_FLUSH, ONE_MICROSECOND].map((commands) =>
        partText(lookUpShare(costAt(work, ns, commands.ns))),
      );
      return `${without} / ${at} (${name})`;
    });
    const priceFor = (part: number): string => {
      const ns = breakEvenCommands(meansOf(work), unitCostsAt(L3.ns, 0), part);
      return ns === null ? 'no price' : `${countText(Math.round(ns))} ns`;
    };
    return [
      {
        text: `${strategy}, finding as a part of a load without commands / at ${ONE_MICROSECOND.name}, by where its lines come from: ${shares.join(', ')}`,
        place: 'cost',
        rows,
      },
      {
        text:
          `${strategy}, lines from ${L3.name}: half of a load at ${priceFor(MOST)} of commands an entry, a tenth at ` +
          priceFor(NEXT_TO_NOTHING),
        place: 'cost',
        rows,
      },
    ];
  });
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
