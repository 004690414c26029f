// The questions about the look-up: whether it is slow enough, whether to keep a pointer instead, whether the code gets
// simpler, and what Linux did.
import { sum } from 'simple-statistics';
import type { Results, WorkSummary } from '../../harness/results/results.js';
import { type CellAnalysis, loadWork } from '../figures/cell-analysis.js';
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
import { CODE_MEASURES } from '../figures/own-code.js';
import { countText, meanText, namesText, partText } from '../words/wording.js';
import { type Answer, CANNOT_TELL, type Figure } from './answer.js';
import { countFigures } from './count-figures.js';
import { failuresOf } from './failure-figures.js';
import { pooledFigures } from './pooled-figures.js';
import { pooledRatio, pooledText, timeClause } from './pooled-ratio.js';
import { checkRows, countedRows } from './rows.js';

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
    `${partText(Math.abs(saved))}; before, where ` +
    `each entry waited ${ONE_MICROSECOND.name} for its commands, it was ${partText(before)}, ${partWords(before)}, and ` +
    `the pointer ${savedBefore < 0 ? 'cost' : 'saved'} ${partText(Math.abs(savedBefore))}.`
  );
}

/** Whether the look-up is slow enough to optimise. */
export function slowEnough(results: Results, cells: readonly CellAnalysis[]): Answer {
  const loads = comparedLoads(cells);
  return {
    id: 'slow-enough',
    question: "I'm not sure if the lookup is slow enough to pardon optimization",
    isQuoted: true,
    answer:
      lookUpSentence(cells) ?? `${CANNOT_TELL}: loads of ${LOOK_UP} and ${NO_LOOK_UP} were not both counted.`,
    figures: loads === null ? [] : shareFigures(results, loads),
  };
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

/** The gain and the cost of the kept pointer. */
export function keptPointer(results: Results, cells: readonly CellAnalysis[]): Answer {
  const compared = [NO_LOOK_UP, LOOK_UP];
  const pooled = pooledRatio(results, cells, NO_LOOK_UP, LOOK_UP);
  const inC = pooledRatio(results, cells, NO_LOOK_UP, LOOK_UP, 'c');
  const loads = comparedLoads(cells);
  const checks = cells.flatMap((cell) => cell.checks.get(NO_LOOK_UP) ?? []);
  const stale = failuresOf(results, cells, NO_LOOK_UP, 'stale-pointer').count;
  const judged = sum(checks.map(({ operations }) => operations));
  const counts =
    loads === null
      ? ''
      : `, its load touches ${meanText(loads.list.lines.mean)} lines where the other touches ` +
        `${meanText(loads.hash.lines.mean)} and takes ${meanText(loads.list.locks.mean)} locks for ` +
        meanText(loads.hash.locks.mean);
  const risk =
    judged === 0
      ? ''
      : `; in ${countText(judged)} judged operations it touched ${stale === 0 ? 'no' : countText(stale)} stale ` +
        `pointer${stale === 1 || stale === 0 ? '' : 's'}, a risk that is real in the kernel (CVE-2025-37885, 9bcac97dc42d)`;
  return {
    id: 'kept-pointer',
    question: 'Why look up at all, when SVM could keep the ir_data pointer?',
    isQuoted: false,
    answer:
      pooled === null
        ? `${CANNOT_TELL}: ${NO_LOOK_UP} and ${LOOK_UP} were nowhere to be compared.`
        : `${NO_LOOK_UP} ${timeClause(results, pooled)}${counts}${risk}.`,
    figures: [
      ...pooledFigures(results, pooled),
      ...pooledFigures(results, inC),
      ...countFigures(results, cells, 'load', compared, ['lines', 'words', 'locks', 'chain']),
      // The cost of keeping it.
      ...countFigures(results, cells, 'route', compared, ['lines', 'words', 'locks']),
      ...countFigures(results, cells, 'unroute', compared, ['lines', 'words', 'locks']),
      ...(judged === 0
        ? []
        : [
            {
              text: `${NO_LOOK_UP}: ${countText(stale)} stale pointers touched in ${countText(judged)} judged operations`,
              place: 'oracle',
              rows: cells.flatMap(({ workload }) => checkRows(results, workload.id, NO_LOOK_UP)),
            },
          ]),
    ],
  };
}

/** Whether the code gets simpler with the kept pointer. */
export function simplerCode({ code }: Results): Answer {
  const rows = [NO_LOOK_UP, LOOK_UP].map((id) => code.findIndex(({ strategy }) => strategy === id));
  const [list, hash] = rows.map((row) => code[row]);
  const id = 'simpler';
  const question = 'but it might make the code simpler as well';
  if (list === undefined || hash === undefined) {
    const answer = `${CANNOT_TELL}: the code of ${NO_LOOK_UP} and ${LOOK_UP} was not counted.`;
    return { id, question, isQuoted: true, answer, figures: [] };
  }
  const fewer = CODE_MEASURES.flatMap(([name, label]) => (list[name] < hash[name] ? [label] : []));
  const more = CODE_MEASURES.flatMap(([name, label]) => (list[name] > hash[name] ? [label] : []));
  const verdict =
    fewer.length === 0 && more.length === 0
      ? 'Neither is simpler'
      : more.length === 0
        ? 'The kept pointer is simpler'
        : fewer.length === 0
          ? 'The kept pointer is not simpler'
          : `The kept pointer has fewer ${namesText(fewer)}, and more ${namesText(more)}`;
  return {
    id,
    question,
    isQuoted: true,
    answer:
      `${verdict}: in the modules under strategies/ that each imports, ${NO_LOOK_UP} has ${sizeText(list)}, and ` +
      `${LOOK_UP} has ${sizeText(hash)}.`,
    figures: code.map((counts, row) => ({
      text: `${counts.strategy}: ${sizeText(counts)}`,
      place: 'own-code',
      rows: [`/code/${row}`],
    })),
  };
}

function sizeText({ statements, branches, locks }: Results['code'][number]): string {
  const places = locks === 1 ? 'place that locks' : 'places that lock';
  return `${countText(statements)} statements, ${countText(branches)} branches and ${countText(locks)} ${places}`;
}

/** The designs that Linux merged. */
export function whatLinuxDid(results: Results, cells: readonly CellAnalysis[]): Answer {
  const merged = ['merged-4.9', 'merged-6.17'].flatMap(
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
      `index in the tag, in v6.17 (11a60455d4c9)${measured}.`,
    figures: [
      ...merged.flatMap((pooled) => pooledFigures(results, pooled)),
      ...merged.flatMap(({ one }) => pooledFigures(results, pooledRatio(results, cells, one, NO_LOOK_UP))),
    ],
  };
}
