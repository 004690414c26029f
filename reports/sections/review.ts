// The questions of the review with their answers: one line each for the front page, with the figures behind it.
import type { CountedVerb } from '../../harness/results/counted-verbs.js';
import { hostDifference, runsOnOtherHosts } from '../../harness/results/other-hosts.js';
import type { FindingKind, OwnCode, Results, WorkSummary } from '../../harness/results/results.js';
import { isToldFromZero } from '../../harness/results/statistics.js';
import { collisionConditions } from '../../harness/results/tag-collisions.js';
import type { Evidence } from '../document.js';
import { analyseCells, type CellAnalysis, FLOOR, isWrong, typicalCell, workOf } from '../figures/analysis.js';
import { bugSentence } from '../figures/bugs.js';
import { countedUnder } from '../figures/counted.js';
import { largestStep, leadingSteps, STEPS } from '../figures/decomposition.js';
import { anchorOf, failuresOf, judgementOf } from '../figures/failures.js';
import { bestOfKind, bestText, type PooledRatio, pooledRatio, ratioClause } from '../figures/pooled.js';
import * as ids from '../figures/strategies.js';
import * as words from '../words/wording.js';
import { lookUpCost, shareSentence } from './look-up-cost.js';
import * as places from './places.js';

const { ADDRESS, HASH, INDEX, KEPT, KEPT_ENTRIES, KEPT_ENTRY, KEPT_POINTER, LOOK_UP, POSTED, SPLIT, WIDE } =
  ids;

/** A question with its answer. */
export interface Answer {
  readonly id: string;
  readonly question: string;
  /** The first is the answer in one line, the others say more. */
  readonly sentences: readonly string[];
  /** The deciding figure comes first. */
  readonly evidence: readonly Evidence[];
}

const CANNOT_TELL = 'This run cannot tell';

/** Pairs of neighbours whose ratio a question asks for. */
export const PAIRS: readonly (readonly [string, string])[] = [
  [WIDE, LOOK_UP],
  [SPLIT, POSTED],
  [WIDE, SPLIT],
];

/** Answers a question; empty sentences are left out. */
type Asked = (results: Results, cells: readonly CellAnalysis[]) => Omit<Answer, 'id' | 'question'>;

/** The questions in the order of the debate; those in quotation marks are verbatim. */
const QUESTIONS: readonly (readonly [id: string, question: string, ask: Asked])[] = [
  ['one-value', 'Why two values, vm_id and vcpu_id, not one opaque 32-bit tag?', oneValue],
  ['tag-compare', 'Where is the tag check in the bucket walk?', tagCompare],
  ['one-match', '"(And shouldn\'t there be only one match?)"', onlyOneMatch],
  ['slow-enough', '"I\'m not sure if the lookup is slow enough to pardon optimization"', slowEnough],
  ['vm-id-bits', 'Why is vm_id not 24 bits?', vmIdBits],
  ['other-algorithms', '"there are other viable algorithms for assigning the ga_tag"', otherAlgorithms],
  ['pointer-as-tag', 'Why not let a 32-bit hypervisor use any pointer as the tag?', pointerAsTag],
  ['kept-pointer', 'Why look up at all, when SVM could keep the ir_data pointer?', keptPointer],
  ['irte-directly', 'Why not map ga_tag into irte/ir_data directly?', irteDirectly],
  ['simpler', '"but it might make the code simpler as well"', simplerCode],
  ['independent', 'Author: the look-up is independent of how we encode the tag.', independent],
  ['merged', 'What did Linux do?', whatMerged],
];

export function reviewOf(results: Results, cells: readonly CellAnalysis[]): Answer[] {
  return QUESTIONS.map(([id, question, ask]) => {
    const { sentences, evidence } = ask(results, cells);
    return { id, question, sentences: sentences.filter((sentence) => sentence !== ''), evidence };
  });
}

/** A pair as evidence; none if it cannot be compared. */
function pairEvidence(cells: readonly CellAnalysis[], pooled: PooledRatio | null): Evidence[] {
  if (pooled === null) return [];
  const { one, other, ratio, lane, workloads } = pooled;
  return [
    {
      text: `${one} against ${other}: ${words.ratioText(ratio)} over ${words.numberOf(workloads.length, 'workload')}, ${words.languageText(lane)}`,
      to: other === KEPT ? places.geomeanId(one) : places.pairId(one, other),
      rows: places.timingRows(cells, workloads),
    },
  ];
}

/** The counts of an operation of some strategies on the typical host, as evidence. */
function countEvidence(
  cells: readonly CellAnalysis[],
  verb: CountedVerb,
  strategies: readonly string[],
): Evidence[] {
  const cell = [typicalCell(cells), ...cells].find(
    (one) => one && strategies.every((id) => workOf(one, id, verb) !== null),
  );
  if (!cell) return [];
  const { id: workload } = cell.workload;
  return strategies.map((id) => {
    const { lines, locks: taken, chain } = workOf(cell, id, verb) as WorkSummary;
    return {
      text: `${verb} of ${id} on ${workload}: ${words.meanText(lines.mean)} lines, ${words.meanText(taken.mean)} ${taken.mean === 1 ? 'lock' : 'locks'}, ${words.meanText(chain.mean)} dependent loads`,
      to: places.countId(workload, verb, countedUnder(cell, verb, id)),
      rows: places.countedRows(cell, id, verb),
    };
  });
}

/** A strategy's failures of a kind as evidence, workload by workload. */
function failureEvidence(
  results: Results,
  cells: readonly CellAnalysis[],
  strategy: string,
  kind: FindingKind,
): Evidence[] {
  return failuresOf(results, cells, strategy, kind).placed.map((placed) => ({
    text: `${strategy} on ${placed.workload}: ${kind} ${words.countText(placed.finding.count)} times`,
    to: anchorOf(placed),
    rows: cells
      .filter(({ workload }) => workload.id === placed.workload)
      .flatMap((cell) => places.checkRows(cell, strategy)),
  }));
}

/** A strategy's verdicts as evidence: right on so many workloads. */
function rightEvidence(cells: readonly CellAnalysis[], strategy: string): Evidence[] {
  const judged = cells.filter(({ checks }) => checks.has(strategy));
  const [first] = judged;
  if (first === undefined) return [];
  const right = judged.filter((cell) => !isWrong(cell, strategy));
  return [
    {
      text: `${strategy}: right on ${right.length} of ${words.numberOf(judged.length, 'workload')}`,
      to: places.matrixId(first.workload.id, strategy),
      rows: judged.flatMap((cell) => places.checkRows(cell, strategy)),
    },
  ];
}

const isRight = (cells: readonly CellAnalysis[], id: string): boolean => {
  const { judged, wrongIn } = judgementOf(cells, id);
  return judged.length > 0 && wrongIn.length === 0;
};

/** How a pair compares, as a sentence; empty if it cannot be compared. */
const costOf = (results: Results, pooled: PooledRatio | null): string =>
  pooled === null ? '' : `${pooled.one} ${ratioClause(results, pooled)}.`;

function oneValue(results: Results, cells: readonly CellAnalysis[]) {
  const pooled = pooledRatio(results, cells, WIDE, LOOK_UP);
  return {
    sentences:
      pooled === null || !isRight(cells, WIDE) || !isRight(cells, LOOK_UP)
        ? [`${CANNOT_TELL}: ${WIDE} and ${LOOK_UP} were not both judged right and timed.`]
        : pooled.verdict === 'equivalent'
          ? ['One value is enough, and costs the same.', costOf(results, pooled)]
          : [`One value is enough; ${costOf(results, pooled)}`],
    evidence: [...pairEvidence(cells, pooled), ...rightEvidence(cells, LOOK_UP)],
  };
}

function tagCompare(results: Results, cells: readonly CellAnalysis[]) {
  const [first] = collisionConditions(results.host);
  const [posted, split] = [POSTED, SPLIT].map(
    (id) => failuresOf(results, cells, id, 'same-bucket').count,
  ) as [number, number];
  const pooled = pooledRatio(results, cells, SPLIT, POSTED);
  return {
    sentences: [
      first === undefined
        ? 'With this hash no two tags share a bucket, so the missing compare never shows.'
        : `There is none. It is needed from VM creation ${first.creation} on, if a VM has a vCPU ${first.vcpuId}.`,
      posted === 0
        ? `${CANNOT_TELL} by its workloads: no two vCPUs with entries share a bucket there.`
        : `Without it, ${words.countText(posted)} updates of this run hit another vCPU's entry; with it, ${split === 0 ? 'none' : words.countText(split)} for lack of a compare.`,
      costOf(results, pooled),
    ],
    evidence: [
      {
        text: 'the condition, computed for the hash of this host',
        to: 'conditions',
        rows: ['/host/hashMultiplier', '/host/hashBits'],
      },
      ...failureEvidence(results, cells, POSTED, 'same-bucket'),
      ...pairEvidence(cells, pooled),
    ],
  };
}

function onlyOneMatch(results: Results, cells: readonly CellAnalysis[]) {
  const counted = cells.flatMap((cell) => {
    const right = results.strategies.find(({ id }) => !isWrong(cell, id) && workOf(cell, id) !== null);
    const work = right && workOf(cell, right.id);
    return right && work ? [{ cell, strategy: right.id, entries: work.entries }] : [];
  });
  const [most] = counted.toSorted((one, other) => other.entries.worst - one.entries.worst);
  const recorded = results.workloads.find(({ recording }) => recording?.counts.mostRecordedEntries);
  const { mostRecordedEntries = 0, vcpusWithRecordedEntries = 0 } = recorded?.recording?.counts ?? {};
  return {
    sentences: [
      most === undefined || most.entries.worst < 2
        ? `${CANNOT_TELL}: no vCPU of its workloads had more than one entry.`
        : `No: each irq that posts to a vCPU has an entry with its tag, up to ${words.countText(most.entries.worst)} on ${most.cell.workload.id}.`,
      mostRecordedEntries === 0
        ? ''
        : `The recording shows up to ${words.numberOf(mostRecordedEntries, 'IRTE')} for one vCPU, and ${words.numberOf(vcpusWithRecordedEntries, 'vCPU')} with any.`,
    ],
    evidence: counted.map(({ cell, strategy, entries }) => ({
      text: `entries of a load on ${cell.workload.id}: mean ${words.meanText(entries.mean)}, worst ${words.countText(entries.worst)}`,
      to: places.countId(cell.workload.id, 'load', countedUnder(cell, 'load', strategy), 'entries'),
      rows: places.countedRows(cell, strategy, 'load'),
    })),
  };
}

function slowEnough(results: Results, cells: readonly CellAnalysis[]) {
  const cost = lookUpCost(results, cells);
  const steps = leadingSteps(results).at(-1);
  const largest = steps && largestStep(steps);
  const row = results.decomposition.findIndex(({ iommus }) => iommus === steps?.iommus);
  return {
    sentences: [
      cost === null
        ? `${CANNOT_TELL}: ${LOOK_UP} and ${KEPT} were not both timed.`
        : shareSentence(results, cost),
      largest && isToldFromZero(largest.time)
        ? `Most of it is ${largest.step.what}: ${words.durationText(largest.time.estimate)} with ${words.numberOf(steps.iommus, 'IOMMU')}.`
        : '',
      'A share is a share of the IRTE update; the rest of vcpu_load() is not in it.',
    ],
    evidence: [
      ...pairEvidence(cells, pooledRatio(results, cells, LOOK_UP, KEPT)),
      ...(steps === undefined ? [] : STEPS).map(({ to, what }, index) => ({
        text: `${what}, ${words.numberOf(steps?.iommus ?? 0, 'IOMMU')}: ${words.durationText(steps?.steps[index]?.estimate ?? 0)}`,
        to: places.stepId(steps?.iommus ?? 0, to),
        rows: [`/decomposition/${row}/cell/timing/series`],
      })),
      ...countEvidence(cells, 'load', [LOOK_UP, KEPT]),
    ],
  };
}

function vmIdBits(results: Results, cells: readonly CellAnalysis[]) {
  const aliased = failuresOf(results, cells, SPLIT, 'aliased-tag').count;
  const pooled = pooledRatio(results, cells, WIDE, SPLIT);
  const with24 = isRight(cells, WIDE) ? 'none did' : 'some did too, or were not judged';
  return {
    sentences: [
      'It should be: with 8 bits, VM 257 has the tags of VM 1, however few VMs run.',
      aliased === 0
        ? `${CANNOT_TELL} more by its workloads: no two VMs had the same 8 bits.`
        : `With 8 bits, ${words.countText(aliased)} updates changed another VM's entry; with 24 bits, ${with24}.`,
      costOf(results, pooled),
    ],
    evidence: [
      ...failureEvidence(results, cells, SPLIT, 'aliased-tag'),
      ...rightEvidence(cells, WIDE),
      ...pairEvidence(cells, pooled),
    ],
  };
}

function otherAlgorithms(results: Results, cells: readonly CellAnalysis[]) {
  const { judged, wrongIn } = judgementOf(cells, INDEX);
  const pooled = pooledRatio(results, cells, INDEX, KEPT);
  const answer =
    judged.length === 0
      ? `${CANNOT_TELL}: ${INDEX} was not judged.`
      : wrongIn.length > 0
        ? `Not this one: ${INDEX} gave wrong results on ${words.namesText(wrongIn)}.`
        : `Yes: ${INDEX}, an allocated index, was right on ${words.numberOf(judged.length, 'workload')} without a hash of VMs.`;
  return {
    sentences: [answer, costOf(results, pooled)],
    evidence: [
      ...pairEvidence(cells, pooled),
      ...rightEvidence(cells, INDEX),
      ...countEvidence(cells, 'wake', [INDEX, KEPT]),
    ],
  };
}

function pointerAsTag(own: Results, ownCells: readonly CellAnalysis[]) {
  const host = runsOnOtherHosts(own).findIndex(({ strategies }) =>
    strategies.some(({ id }) => id === ADDRESS),
  );
  const other = runsOnOtherHosts(own)[host];
  const [results, cells] = other === undefined ? [own, ownCells] : [other, analyseCells(other)];
  const { judged, wrongIn } = judgementOf(cells, ADDRESS);
  const where = other === undefined ? '' : ` on a host with ${hostDifference(other, own)}`;
  const [first = ''] = judged;
  return {
    sentences:
      judged.length === 0
        ? [`${CANNOT_TELL}: ${ADDRESS} was not judged.`]
        : wrongIn.length > 0
          ? [`Not so: ${ADDRESS} gave wrong results on ${words.namesText(wrongIn)}${where}.`]
          : [
              'It can, if the GA log is drained before a vCPU is freed; a 64-bit pointer does not fit.',
              `${ADDRESS} was right on ${words.numberOf(judged.length, 'workload')}${where}.`,
              costOf(results, pooledRatio(results, cells, ADDRESS, KEPT)),
            ],
    evidence: rightEvidence(cells, ADDRESS).map((one) => ({
      ...one,
      ...(other === undefined
        ? {}
        : {
            to: places.otherHostId(host, first, ADDRESS),
            rows: one.rows.map((row) => `/otherHosts/${host}${row}`),
          }),
    })),
  };
}

function keptPointer(results: Results, cells: readonly CellAnalysis[]) {
  const hash = bestOfKind(results, cells, HASH);
  const pointer = bestOfKind(results, cells, KEPT_POINTER);
  const posted = pooledRatio(results, cells, LOOK_UP, KEPT);
  const best = hash && pooledRatio(results, cells, hash.strategy, KEPT);
  const duel = hash && pointer && pooledRatio(results, cells, hash.strategy, pointer.strategy);
  const counts = countEvidence(cells, 'load', [...new Set([hash?.strategy ?? LOOK_UP, LOOK_UP, KEPT])]);
  if (!hash || !pointer || !best) {
    const known =
      posted === null
        ? `${CANNOT_TELL}: no hash and no kept pointer were both timed.`
        : `No verdict: ${LOOK_UP} ${ratioClause(results, posted)}.`;
    return { sentences: [known], evidence: [...pairEvidence(cells, posted), ...counts] };
  }
  const lead = {
    slower: 'It need not',
    faster: 'For speed it could look up',
    equivalent: 'Not for speed',
    'not separated': 'Not for speed',
  };
  const stale = failuresOf(results, cells, KEPT, 'stale-pointer').count;
  return {
    sentences: [
      `${lead[best.verdict ?? 'not separated']}: ${hash.strategy} ${ratioClause(results, best)}.`,
      duel && pointer.strategy !== KEPT
        ? `The fastest kept pointer is ${bestText(pointer)}; ${hash.strategy} ${ratioClause(results, duel)}.`
        : '',
      costOf(results, posted),
      'Keeping it has a risk: a stale pointer (CVE-2025-37885, 9bcac97dc42d). ' +
        `In all its judged operations ${KEPT} touched ${stale === 0 ? 'none' : words.countText(stale)}.`,
    ],
    evidence: [
      ...pairEvidence(cells, best),
      ...pairEvidence(cells, posted),
      ...counts,
      ...rightEvidence(cells, KEPT),
    ],
  };
}

function irteDirectly(results: Results, cells: readonly CellAnalysis[]) {
  const [entries, entry] = [KEPT_ENTRIES, KEPT_ENTRY].map((id) =>
    pooledRatio(results, cells, id, KEPT),
  ) as (PooledRatio | null)[];
  const cell = typicalCell(cells);
  const [list, array] = [KEPT, KEPT_ENTRIES].map((id) => cell && workOf(cell, id)) as (WorkSummary | null)[];
  const lead = entries ?? entry ?? null;
  const saves = lead?.verdict === 'faster' ? 'It would be faster: ' : '';
  return {
    sentences:
      lead === null
        ? [`${CANNOT_TELL}: neither ${KEPT_ENTRY} nor ${KEPT_ENTRIES} was timed beside ${KEPT}.`]
        : [
            `${saves}${lead.one} ${ratioClause(results, lead)}.`,
            list && array
              ? `Its load touches ${words.meanText(array.lines.mean)} cache lines instead of ${words.meanText(list.lines.mean)}.`
              : '',
            lead === entries ? costOf(results, entry ?? null) : '',
            'Linux keeps the pointer since v4.9, so a kernel of today could still save this.',
          ],
    evidence: [
      ...pairEvidence(cells, entries ?? null),
      ...pairEvidence(cells, entry ?? null),
      ...countEvidence(cells, 'load', [KEPT, KEPT_ENTRY, KEPT_ENTRIES, FLOOR]),
      ...countEvidence(cells, 'route', [KEPT, KEPT_ENTRIES]),
    ],
  };
}

/** The member of a kind with the fewest statements; those that promise wrong answers are left out. */
function simplestOf(results: Results, { members }: ids.Kind): OwnCode | undefined {
  const sound = ids.everyStrategy(results).filter((strategy) => strategy.sound);
  return results.code
    .filter(({ strategy }) => members.includes(strategy) && sound.some(({ id }) => id === strategy))
    .toSorted((one, other) => one.statements - other.statements)[0];
}

function simplerCode(results: Results) {
  const [hash, pointer] = [simplestOf(results, HASH), simplestOf(results, KEPT_POINTER)];
  if (hash === undefined || pointer === undefined) {
    return {
      sentences: [`${CANNOT_TELL}: no hash and kept pointer had both their code counted.`],
      evidence: [],
    };
  }
  const difference = pointer.statements / hash.statements - 1;
  const verdict =
    Math.abs(difference) < 0.05
      ? 'About the same'
      : difference < 0
        ? `Yes, by ${words.partText(-difference)} of the statements`
        : `No, it has ${words.partText(difference)} more statements`;
  const touched = results.strategies
    .filter(({ id, touches }) => [hash.strategy, pointer.strategy].includes(id) && touches.length > 0)
    .map(
      ({ id, touches }) =>
        `A patch for ${id} touches ${words.numberOf(touches.length, 'place')} of the kernel.`,
    );
  return {
    sentences: [
      `${verdict}, at best ${words.countText(pointer.statements)} statements (${pointer.strategy}) against ${words.countText(hash.statements)} (${hash.strategy}).`,
      ...touched,
      bugSentence(),
    ],
    evidence: [pointer, hash].map((code) => ({
      text: `${code.strategy}: ${words.countText(code.statements)} statements, ${words.countText(code.branches)} branches, ${words.countText(code.locks)} places that lock`,
      to: places.codeId(code.strategy),
      rows: [`/code/${results.code.indexOf(code)}`],
    })),
  };
}

/** The author's argument. */
function independent(results: Results, cells: readonly CellAnalysis[]) {
  return {
    sentences: isRight(cells, LOOK_UP)
      ? [
          'True: any encoding works with a hash or a list, as long as no two vCPUs share a tag.',
          `So width and look-up are two decisions: 8 bits break ${SPLIT}, and a compare does not help it.`,
        ]
      : [`${CANNOT_TELL}: ${LOOK_UP} was not judged right.`],
    evidence: [
      ...pairEvidence(cells, pooledRatio(results, cells, WIDE, LOOK_UP)),
      ...rightEvidence(cells, LOOK_UP),
    ],
  };
}

function whatMerged(results: Results, cells: readonly CellAnalysis[]) {
  const ratios = ['merged-7.3', 'merged-6.17', 'merged-4.9'].flatMap(
    (id) => pooledRatio(results, cells, id, KEPT) ?? [],
  );
  const [last, ...others] = ratios;
  return {
    sentences: [
      `A list, since v4.9${last === undefined ? '; this run did not time it' : `: ${last.one} ${ratioClause(results, last)}`}.`,
      ...others.map((pooled) => costOf(results, pooled)),
    ],
    evidence: ratios.flatMap((pooled) => pairEvidence(cells, pooled)),
  };
}
