// The questions about the tag: two values or one, the width of vm_id, and a pointer as the tag.
import { hostDifference, runsOnOtherHosts } from '../../harness/results/other-hosts.js';
import type { Results } from '../../harness/results/results.js';
import { analyseCells, type CellAnalysis } from '../figures/cell-analysis.js';
import { LOOK_UP, NO_LOOK_UP } from '../figures/cost-answers.js';
import { OTHER_HOSTS_PLACE } from '../figures/other-hosts.js';
import { judgementOf } from '../figures/strategy-outcomes.js';
import { othersWritten, sweptPoints } from '../figures/swept-points.js';
import { countText, inLaneText, meanText, namesText, numberOf } from '../words/wording.js';
import { type Answer, CANNOT_TELL, type Figure } from './answer.js';
import { timedLanes } from './best-of-kind.js';
import { sizeText } from './code-answer.js';
import { countFigures } from './count-figures.js';
import { ADDRESS, INDEX, SPLIT, WIDE } from './designs.js';
import { failureFigures, failuresOf } from './failure-figures.js';
import { pooledFigures } from './pooled-figures.js';
import { pooledRatio, timeClause } from './pooled-ratio.js';
import { checkRows, sweepRows } from './rows.js';

/** Two values, or one opaque tag. */
export function oneValue(results: Results, cells: readonly CellAnalysis[]): Answer {
  const question = 'Why two values, vm_id and vcpu_id, and not one opaque 32-bit ga_tag?';
  const pooled = pooledRatio(results, cells, LOOK_UP, WIDE);
  const counts = countFigures(results, cells, 'load', [LOOK_UP, WIDE], ['lines', 'words', 'locks', 'chain']);
  const areRight = [LOOK_UP, WIDE].every((strategy) => {
    const { judged, wrongIn } = judgementOf(cells, strategy);
    return judged.length > 0 && wrongIn.length === 0;
  });
  const right = areRight ? 'both gave right answers everywhere' : 'not both gave right answers everywhere';
  const isSlower = pooled?.verdict === 'slower';
  const does = areRight ? (isSlower ? 'One value does, and costs time' : 'One value does') : 'Not shown here';
  return {
    id: 'one-value',
    question,
    isQuoted: false,
    answer:
      pooled === null
        ? `${CANNOT_TELL}: ${LOOK_UP} and ${WIDE} were nowhere to be compared.`
        : `${does}: ${LOOK_UP} ${timeClause(results, pooled)}, and ${right}.`,
    figures: [...pooledFigures(results, pooled), ...counts],
  };
}

/** The width of vm_id. */
export function vmIdBits(results: Results, cells: readonly CellAnalysis[]): Answer {
  const narrow = judgementOf(cells, SPLIT);
  const wide = judgementOf(cells, WIDE);
  const isWideRight = wide.wrongIn.length === 0;
  const aliased = failuresOf(results, cells, SPLIT, 'aliased-tag');
  const pooled = pooledRatio(results, cells, WIDE, SPLIT);
  const cost = pooled === null ? '' : `; where both are right ${WIDE} ${timeClause(results, pooled)}`;
  const hosts = aliased.placed.map(({ workload }) => {
    const info = results.workloads.find(({ id }) => id === workload);
    return `${workload} with ${numberOf(info?.vms ?? 0, 'VM creation')}`;
  });
  const answer =
    narrow.judged.length === 0 || wide.judged.length === 0
      ? `${CANNOT_TELL}: ${SPLIT} and ${WIDE} were not both judged.`
      : aliased.count === 0
        ? `${CANNOT_TELL} by its workloads: in none of them had two VMs the same 8 bits${cost}.`
        : `${isWideRight ? 'It should be' : 'Eight are too few'}: with 8 bits ${SPLIT} changed entries of another VM ${countText(aliased.count)} times on ` +
          `${namesText(hosts)}, with 24 bits ${WIDE} gave ` +
          `${isWideRight ? 'no wrong answer' : 'wrong answers too'}${cost}.`;
  return {
    id: 'vm-id-bits',
    question: 'Why is vm_id not 24 bits?',
    isQuoted: false,
    answer,
    figures: [
      ...failureFigures(results, cells, SPLIT, 'aliased-tag'),
      ...failureFigures(results, cells, SPLIT, 'lost-wakeup'),
      ...aliasFigures(results),
      ...pooledFigures(results, pooled),
    ],
  };
}

/** Entries of other VMs that a load writes, by the number of VMs. */
function aliasFigures(results: Results): Figure[] {
  return [SPLIT, WIDE].flatMap((strategy) => {
    const points = sweptPoints(results, 'vms', strategy, 'load');
    if (points.length === 0) return [];
    const counts = points.map(
      (counted) => `${numberOf(Number(counted.point.value), 'VM')}: ${meanText(othersWritten(counted))}`,
    );
    return [
      {
        text: `${strategy}, entries of other VMs that a load writes: ${counts.join(', ')}`,
        place: 'sweep-vms',
        rows: points.flatMap(({ point }) => sweepRows(results, point, strategy)),
      },
    ];
  });
}

/** An allocated index as the tag, one of the other algorithms: no ids and no VM hash. */
export function otherAlgorithms(results: Results, cells: readonly CellAnalysis[]): Answer {
  const { judged, wrongIn } = judgementOf(cells, INDEX);
  const lanes = timedLanes(cells);
  const woken = cells.filter(({ workload }) => (workload.window.drainGaLog ?? 0) > 0);
  const ratiosOn = (some: readonly CellAnalysis[]) =>
    lanes.flatMap((lane) => pooledRatio(results, some, INDEX, NO_LOOK_UP, lane) ?? []);
  const [everywhere, whereWoken] = [ratiosOn(cells), ratiosOn(woken)];
  const codes = [INDEX, NO_LOOK_UP].map((id) => results.code.findIndex(({ strategy }) => strategy === id));
  const [own, base] = codes.map((row) => results.code[row]);
  const clauses = [
    ...everywhere.slice(0, 1).map((pooled) => `${inLaneText(pooled.lane)} it ${timeClause(results, pooled)}`),
    ...whereWoken.slice(0, 1).map((pooled) => `where vCPUs are woken it ${timeClause(results, pooled)}`),
    ...(own && base ? [`it has ${sizeText(own)}, and ${NO_LOOK_UP} has ${sizeText(base)}`] : []),
  ];
  const answer =
    judged.length === 0
      ? `${CANNOT_TELL}: ${INDEX} was not judged.`
      : wrongIn.length > 0
        ? `Not this one: ${INDEX} gave wrong answers on ${wrongIn.join(', ')}.`
        : `There are: ${[`${INDEX}, an allocated index of the vCPU, gave no wrong answer in ${numberOf(judged.length, 'workload')}`, ...clauses].join('; ')}.`;
  return {
    id: 'other-algorithms',
    question: 'there are other viable algorithms for assigning the ga_tag',
    isQuoted: true,
    answer,
    figures: [
      ...[...everywhere, ...whereWoken].flatMap((pooled) => pooledFigures(results, pooled)),
      ...countFigures(results, cells, 'wake', [INDEX, NO_LOOK_UP], ['lines', 'words', 'locks', 'chain']),
      ...countFigures(results, cells, 'createVm', [INDEX, NO_LOOK_UP], ['lines', 'words', 'locks']),
      ...(own && base
        ? [
            {
              text: `${INDEX}: ${sizeText(own)}; ${NO_LOOK_UP}: ${sizeText(base)}`,
              place: 'own-code',
              rows: codes.map((row) => `/code/${row}`),
            },
          ]
        : []),
      ...(judged.length === 0
        ? []
        : [
            {
              text: `${INDEX}: right in ${judged.length - wrongIn.length} of ${numberOf(judged.length, 'workload')}`,
              place: 'oracle',
              rows: judged.flatMap((workload) => checkRows(results, workload, INDEX)),
            },
          ]),
    ],
  };
}

/** A pointer as the tag, on the host of the run or on the one that it needs. */
export function pointerAsTag(results: Results, cells: readonly CellAnalysis[]): Answer {
  const id = 'pointer-as-tag';
  const question = 'Why not let a 32-bit hypervisor use any pointer as the tag?';
  const others = runsOnOtherHosts(results);
  const index = others.findIndex(({ strategies }) => strategies.some((strategy) => strategy.id === ADDRESS));
  const other = others[index];
  if (other === undefined) return { id, question, isQuoted: false, ...addressAnswer(results, cells, '') };
  const where = `on a host with ${hostDifference(other, results)} `;
  const { answer, figures } = addressAnswer(other, analyseCells(other), where);
  // They are ratios of another host, so they do not belong in the table of the answers' ratios.
  const moved = figures.map(({ text, rows }) => ({
    text,
    place: OTHER_HOSTS_PLACE,
    rows: rows.map((row) => `/otherHosts/${index}${row}`),
  }));
  return { id, question, isQuoted: false, answer, figures: moved };
}

/** @param where - The host, if it is not the run's own. */
function addressAnswer(
  results: Results,
  cells: readonly CellAnalysis[],
  where: string,
): Pick<Answer, 'answer' | 'figures'> {
  const { judged, wrongIn } = judgementOf(cells, ADDRESS);
  const woken = cells.filter(({ workload }) => (workload.window.drainGaLog ?? 0) > 0);
  const ratios = timedLanes(cells).flatMap(
    (lane) => pooledRatio(results, woken, ADDRESS, NO_LOOK_UP, lane) ?? [],
  );
  const wakes = countFigures(results, woken, 'wake', [ADDRESS, NO_LOOK_UP], ['lines', 'locks']);
  const lead = ratios.find(({ verdict }) => verdict !== null) ?? ratios[0];
  const time =
    lead === undefined
      ? ''
      : `; where vCPUs are woken, ${inLaneText(lead.lane)} it ${timeClause(results, lead)}`;
  const answer =
    judged.length === 0
      ? `${CANNOT_TELL}: ${ADDRESS} was not judged.`
      : wrongIn.length > 0
        ? `Not so: ${where}${ADDRESS} gave wrong answers on ${wrongIn.join(', ')}.`
        : `It can: ${where}${ADDRESS} gave no wrong answer in ${numberOf(judged.length, 'workload')} and wakes without a ` +
          `look-up${time}; in exchange the GA log must be drained before a vCPU is freed.`;
  return {
    answer,
    figures: [
      ...wakes,
      ...ratios.flatMap((pooled) => pooledFigures(results, pooled)),
      ...heldFigures(results),
    ],
  };
}

/** The bytes that ids and tables take on an empty host. */
function heldFigures(results: Results): Figure[] {
  const rows = [ADDRESS, NO_LOOK_UP].map((id) => results.held.findIndex(({ strategy }) => strategy === id));
  if (rows.some((row) => row < 0)) return [];
  const bytes = rows.map((row) => countText(results.held[row]?.fixed ?? 0));
  return [
    {
      text: `bytes of ids and tables on a host without a VM, ${ADDRESS} / ${NO_LOOK_UP}: ${bytes.join(' / ')}`,
      place: 'held',
      rows: rows.map((row) => `/held/${row}`),
    },
  ];
}
