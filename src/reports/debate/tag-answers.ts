// The questions about the tag: one value or two, whether it is compared, how many entries it names, how wide it is, and
// what it is.
import type { FindingKind, Results, SweptPoint, WorkSummary } from '../../harness/results.js';
import { anchorOf, isWrong, loadWork, placedFindings, type SurveyedCell, workOf } from '../survey.js';
import { sweptPoints } from '../sweep-tables.js';
import { countText, numberOf } from '../wording.js';
import { type Answer, CANNOT_TELL, checkRows, countedRows, type Figure, sweepRow } from './answer.js';
import { loadFigures, meanText } from './count-figures.js';
import { pooledFigures, pooledRatio, timeClause } from './pooled-ratio.js';

const POSTED = 'posted-v4';
const SPLIT = 'split-id-hash';
const WIDE = 'wide-vm-id-hash';
const OPAQUE = 'opaque-tag-hash';
const POINTER = 'ir-data-pointer';
const ADDRESS = 'pointer-as-tag';

/** In which of the workloads that the oracle judged strategies are wrong, and how many it judged. */
function judgement(cells: readonly SurveyedCell[], strategy: string) {
  const judged = cells.filter(({ checks }) => checks.has(strategy));
  return { judged: judged.length, wrong: judged.filter((cell) => isWrong(cell, strategy)) };
}

/** How often a strategy's findings of a kind were made, workload by workload. */
function found(results: Results, cells: readonly SurveyedCell[], strategy: string, kind: FindingKind) {
  const placed = placedFindings(results, cells).filter(
    (candidate) => candidate.strategy === strategy && candidate.finding.kind === kind,
  );
  return { placed, count: placed.reduce((sum, { finding }) => sum + finding.count, 0) };
}

/** A figure for each finding: how often, and the shortest history's last step with what it came to. */
function findingFigures(
  results: Results,
  cells: readonly SurveyedCell[],
  strategy: string,
  kind: FindingKind,
): Figure[] {
  return found(results, cells, strategy, kind).placed.map((placed) => {
    const { workload, finding } = placed;
    const { count, first, counterexample } = finding;
    const what = counterexample?.steps.at(-1) ?? first.what;
    return {
      text: `${strategy} on ${workload}: ${kind} ${countText(count)}; shortest: ${what} -> ${counterexample?.outcome ?? first.outcome}`,
      place: anchorOf(placed),
      rows: checkRows(results, workload, strategy),
    };
  });
}

/** Two values or one. */
export function oneValue(results: Results, cells: readonly SurveyedCell[]): Answer {
  const question = 'Why two values, vm_id and vcpu_id, and not one opaque 32-bit ga_tag?';
  const pooled = pooledRatio(results, cells, OPAQUE, WIDE);
  const counts = loadFigures(results, cells, [OPAQUE, WIDE]);
  const verdicts = [OPAQUE, WIDE].map((strategy) => judgement(cells, strategy));
  const areRight = verdicts.every(({ judged, wrong }) => judged > 0 && wrong.length === 0);
  const right = areRight ? 'both gave right answers everywhere' : 'not both gave right answers everywhere';
  return {
    id: 'one-value',
    question,
    isQuoted: false,
    answer:
      pooled === null
        ? `${CANNOT_TELL}: ${OPAQUE} and ${WIDE} were nowhere to be compared.`
        : `One value does: ${OPAQUE} ${timeClause(results, pooled)}, and ${right}.`,
    figures: [...(pooled === null ? [] : pooledFigures(results, pooled)), ...counts],
  };
}

/** The missing compare. */
export function tagCompare(results: Results, cells: readonly SurveyedCell[]): Answer {
  const posted = found(results, cells, POSTED, 'same-bucket');
  const compared = found(results, cells, SPLIT, 'same-bucket');
  const pooled = pooledRatio(results, cells, SPLIT, POSTED);
  const isJudged = [POSTED, SPLIT].every((strategy) => judgement(cells, strategy).judged > 0);
  const swept = collisionFigures(results);
  const cost = pooled === null ? '' : `; with the check ${SPLIT} ${timeClause(results, pooled)}`;
  const answer = !isJudged
    ? `${CANNOT_TELL}: ${POSTED} and ${SPLIT} were not both judged.`
    : posted.count === 0
      ? `${CANNOT_TELL} by its workloads: in none of them had two vCPUs with entries a bucket in common${cost}.`
      : `It is missing and it is needed: ${POSTED} changed entries of another vCPU, whose tag differs, ` +
        `${countText(posted.count)} times, ${SPLIT}, which compares, ${timesText(compared.count)}${cost}.`;
  return {
    id: 'tag-compare',
    question: 'Where is the check of the tag in the walk of the bucket?',
    isQuoted: false,
    answer,
    figures: [
      ...findingFigures(results, cells, POSTED, 'same-bucket'),
      ...swept,
      ...(pooled === null ? [] : pooledFigures(results, pooled)),
    ],
  };
}

function timesText(count: number): string {
  return count === 0 ? 'never' : `${countText(count)} times`;
}

/** How many entries of others the posted patch writes while each vCPU is loaded once, by kernel and number of VMs. */
function collisionFigures(results: Results): Figure[] {
  const axes: readonly (readonly [SweptPoint['axis'], string])[] = [
    ['tags', 'hash of v4.7 and since'],
    ['tagsV46', 'hash of v4.6 and before'],
  ];
  return axes.flatMap(([axis, hash]) => {
    const points = sweptPoints(results, axis, POSTED, 'load');
    if (points.length === 0) return [];
    const counts = points.map(({ point, work, operations }) => {
      const own = point.parameters.irqsPerVcpu ?? 0;
      return `${numberOf(Number(point.value), 'VM')}: ${Math.round((work.entries.mean - own) * operations)} in ${numberOf(operations, 'load')}`;
    });
    return [
      {
        text: `${POSTED}, ${hash}, VMs of 16 vCPUs each loaded once, entries of others written: ${counts.join(', ')}`,
        place: `sweep-${axis}`,
        rows: points.flatMap(({ point }) => sweepRow(results, point, POSTED)),
      },
    ];
  });
}

/** How many entries a tag has. */
export function onlyOneMatch(results: Results, cells: readonly SurveyedCell[]): Answer {
  const places = cells.flatMap((cell) => {
    const right = results.strategies.find(({ id }) => !isWrong(cell, id) && loadWork(cell, id) !== null);
    const work = right === undefined ? null : loadWork(cell, right.id);
    return right === undefined || work === null ? [] : [{ cell, strategy: right.id, entries: work.entries }];
  });
  const most = places.reduce(
    (best, place) => (best === null || place.entries.worst > best.entries.worst ? place : best),
    null as (typeof places)[number] | null,
  );
  const several = places.filter(({ entries }) => entries.worst > 1);
  return {
    id: 'one-match',
    question: "(And shouldn't there be only one match?)",
    isQuoted: true,
    answer:
      most === null
        ? `${CANNOT_TELL}: no load was counted.`
        : most.entries.worst > 1
          ? `No: a tag names a vCPU, and each irq that posts to it has an entry of its own; in ${several.length} of ` +
            `${numberOf(places.length, 'workload')} a load finds more than one, up to ` +
            `${countText(most.entries.worst)} on ${most.cell.workload.id}.`
          : `${CANNOT_TELL}: no vCPU of its workloads had more than one entry.`,
    figures: places.map(({ cell, strategy, entries }) => ({
      text:
        `entries of a load on ${cell.workload.id}: median ${countText(entries.p50)}, 99 % at most ` +
        `${countText(entries.p99)}, most ${countText(entries.worst)}`,
      place: `counted-${cell.workload.id}`,
      rows: countedRows(results, cell.workload.id, strategy, 'load'),
    })),
  };
}

/** The width of vm_id. */
export function vmIdBits(results: Results, cells: readonly SurveyedCell[]): Answer {
  const narrow = judgement(cells, SPLIT);
  const wide = judgement(cells, WIDE);
  const aliased = found(results, cells, SPLIT, 'aliased-tag');
  const pooled = pooledRatio(results, cells, WIDE, SPLIT);
  const cost = pooled === null ? '' : `; where both are right ${WIDE} ${timeClause(results, pooled)}`;
  const hosts = aliased.placed.map(({ workload }) => {
    const info = results.workloads.find(({ id }) => id === workload);
    return `${workload} with ${numberOf(info?.vms ?? 0, 'VM')}`;
  });
  const answer =
    narrow.judged === 0 || wide.judged === 0
      ? `${CANNOT_TELL}: ${SPLIT} and ${WIDE} were not both judged.`
      : aliased.count === 0
        ? `${CANNOT_TELL} by its workloads: in none of them had two VMs the same 8 bits${cost}.`
        : `It should be: with 8 bits ${SPLIT} changed entries of another VM ${countText(aliased.count)} times on ` +
          `${hosts.join(' and ')}, with 24 bits ${WIDE} gave ` +
          `${wide.wrong.length === 0 ? 'no wrong answer' : 'wrong answers too'}${cost}.`;
  return {
    id: 'vm-id-bits',
    question: 'Why is vm_id not 24 bits?',
    isQuoted: false,
    answer,
    figures: [
      ...findingFigures(results, cells, SPLIT, 'aliased-tag'),
      ...findingFigures(results, cells, SPLIT, 'misdelivered'),
      ...aliasFigures(results),
      ...(pooled === null ? [] : pooledFigures(results, pooled)),
    ],
  };
}

/** How many entries of other VMs a load writes with so many VMs. */
function aliasFigures(results: Results): Figure[] {
  return [SPLIT, WIDE].flatMap((strategy) => {
    const points = sweptPoints(results, 'vms', strategy, 'load');
    if (points.length === 0) return [];
    const counts = points.map(({ point, work }) => {
      const own = point.parameters.irqsPerVcpu ?? 0;
      return `${numberOf(Number(point.value), 'VM')}: ${meanText(work.entries.mean - own)}`;
    });
    return [
      {
        text: `${strategy}, entries of other VMs that a load writes: ${counts.join(', ')}`,
        place: 'sweep-vms',
        rows: points.flatMap(({ point }) => sweepRow(results, point, strategy)),
      },
    ];
  });
}

/** A pointer as the tag. */
export function pointerAsTag(results: Results, cells: readonly SurveyedCell[]): Answer {
  const { judged, wrong } = judgement(cells, ADDRESS);
  const woken = cells.filter(({ workload }) => (workload.window.drainGaLog ?? 0) > 0);
  const cell = woken.find((candidate) =>
    [ADDRESS, POINTER].every((strategy) => workOf(candidate, strategy, 'wake') !== null),
  );
  const pooled = pooledRatio(results, woken, ADDRESS, POINTER);
  const wakes = cell === undefined ? [] : wakeFigures(results, cell);
  const time = pooled === null ? '' : ` and ${timeClause(results, pooled)} where vCPUs are woken`;
  const answer =
    judged === 0
      ? `${CANNOT_TELL}: ${ADDRESS} was not judged.`
      : wrong.length > 0
        ? `Not so: ${ADDRESS} gave wrong answers on ${wrong.map(({ workload }) => workload.id).join(', ')}.`
        : `It can: ${ADDRESS} gave no wrong answer in ${numberOf(judged, 'workload')}, wakes without a look-up${time}; ` +
          'in exchange the GA log must be drained before a vCPU is freed.';
  return {
    id: 'pointer-as-tag',
    question: 'Why not let a 32-bit hypervisor use any pointer as the tag?',
    isQuoted: false,
    answer,
    figures: [...wakes, ...(pooled === null ? [] : pooledFigures(results, pooled)), ...heldFigures(results)],
  };
}

function wakeFigures(results: Results, cell: SurveyedCell): Figure[] {
  const strategies = [ADDRESS, POINTER];
  const beside = (count: (work: WorkSummary) => number) =>
    strategies.map((id) => meanText(count(workOf(cell, id, 'wake') as WorkSummary))).join(' / ');
  return [
    {
      text:
        `a wake on ${cell.workload.id}, ${strategies.join(' / ')}: lines ${beside(({ lines }) => lines.mean)}, locks ` +
        `${beside(({ locks }) => locks.mean)}, VMs walked under the lock ${beside(({ walked }) => walked.worst)} at worst`,
      place: `counted-${cell.workload.id}`,
      rows: strategies.flatMap((id) => countedRows(results, cell.workload.id, id, 'wake')),
    },
  ];
}

function heldFigures(results: Results): Figure[] {
  const rows = [ADDRESS, POINTER].map((id) => results.held.findIndex(({ strategy }) => strategy === id));
  if (rows.some((row) => row < 0)) return [];
  const bytes = rows.map((row) => countText(results.held[row]?.fixed ?? 0));
  return [
    {
      text: `bytes of ids and tables on a host without a VM, ${ADDRESS} / ${POINTER}: ${bytes.join(' / ')}`,
      place: 'held',
      rows: rows.map((row) => `/held/${row}`),
    },
  ];
}
