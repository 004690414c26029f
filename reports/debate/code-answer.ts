// Whether the code gets simpler without the look-up: the size of each strategy's own code.
import type { OwnCode, Results } from '../../harness/results/results.js';
import { FLOOR } from '../figures/cell-analysis.js';
import { everyStrategy } from '../figures/other-hosts.js';
import { CODE_MEASURES } from '../figures/own-code.js';
import { capitalised, countText, namesText, numberOf } from '../words/wording.js';
import { type Answer, CANNOT_TELL, type Figure } from './answer.js';
import { BUGS_PLACE, bugsText } from './bugs.js';
import { HASH, KEPT_POINTER, type Kind } from './designs.js';

/** The sizes of a kind's members, in the order of the debate; members that promise wrong answers are left out. */
function sizesOf({ code, strategies }: Results, { members }: Kind): OwnCode[] {
  const sound = new Set(strategies.flatMap((strategy) => (strategy.sound ? [strategy.id] : [])));
  return members.flatMap((id) => (sound.has(id) ? (code.find(({ strategy }) => strategy === id) ?? []) : []));
}

/** Counts are exact, so the fewest statements decide; of equal ones the first in the order of the debate. */
function simplestOf(sizes: readonly OwnCode[]): OwnCode | undefined {
  return sizes.toSorted((one, other) => one.statements - other.statements)[0];
}

/** Whether the code gets simpler with a kept pointer: the simplest of each kind, and the simplest of all. */
export function simplerCode(results: Results): Answer {
  const { code } = results;
  const strategies = everyStrategy(results);
  const [hashes, pointers] = [sizesOf(results, HASH), sizesOf(results, KEPT_POINTER)];
  const [hash, pointer] = [simplestOf(hashes), simplestOf(pointers)];
  const designs = code.filter(
    ({ strategy }) => strategy !== FLOOR && strategies.some(({ id, sound }) => id === strategy && sound),
  );
  const least = simplestOf(designs);
  const id = 'simpler';
  const question = 'but it might make the code simpler as well';
  if (hash === undefined || pointer === undefined || least === undefined) {
    const answer = `${CANNOT_TELL}: no hash and kept pointer had both their code counted.`;
    return { id, question, isQuoted: true, answer, figures: [] };
  }
  const others =
    `${rangeText(HASH, hashes)}, ${rangeText(KEPT_POINTER, pointers)}, and of all ${numberOf(designs.length, 'sound design')} ` +
    `${least.strategy} has the fewest, ${countText(least.statements)}`;
  const patches = patchFigures(results, pointer.strategy, hash.strategy);
  return {
    id,
    question,
    isQuoted: true,
    answer:
      `${verdictOf(pointer, hash)}: in the modules under strategies/ that each imports, the simplest kept pointer, ` +
      `${pointer.strategy}, has ${sizeText(pointer)}, and the simplest hash, ${hash.strategy}, has ${sizeText(hash)}; ` +
      `${others}. ${patches.map(({ text }) => `${capitalised(text)}. `).join('')}${bugsText()}`,
    figures: [
      ...code.map((counts, row) => ({
        text: `${counts.strategy}: ${sizeText(counts)}`,
        place: 'own-code',
        rows: [`/code/${row}`],
      })),
      ...patches,
      { text: "the bugs of the kernel's history, with their commits", place: BUGS_PLACE, rows: [] },
    ],
  };
}

/** How many places of the kernel a patch for each of some strategies touches; none for those that name no places. */
function patchFigures({ strategies }: Results, ...ids: readonly string[]): Figure[] {
  return strategies.flatMap(({ id, touches }, row) =>
    ids.includes(id) && touches.length > 0
      ? [
          {
            text: `a patch for ${id} touches ${numberOf(touches.length, 'place')} of the kernel`,
            place: `strategy-${id}`,
            rows: [`/strategies/${row}/touches`],
          },
        ]
      : [],
  );
}

function verdictOf(pointer: OwnCode, hash: OwnCode): string {
  const fewer = CODE_MEASURES.flatMap(([name, label]) => (pointer[name] < hash[name] ? [label] : []));
  const more = CODE_MEASURES.flatMap(([name, label]) => (pointer[name] > hash[name] ? [label] : []));
  if (fewer.length === 0 && more.length === 0) return 'Neither is simpler';
  if (more.length === 0) return 'The kept pointer is simpler';
  if (fewer.length === 0) return 'The kept pointer is not simpler';
  return `The kept pointer has fewer ${namesText(fewer)}, and more ${namesText(more)}`;
}

/** "4 hash designs have 190 to 200 statements". */
function rangeText({ name }: Kind, sizes: readonly OwnCode[]): string {
  const counts = sizes.map(({ statements }) => statements);
  const [low, high] = [Math.min(...counts), Math.max(...counts)];
  const range = low === high ? countText(low) : `${countText(low)} to ${countText(high)}`;
  return `${numberOf(sizes.length, `${name} design`)} ${sizes.length === 1 ? 'has' : 'have'} ${range} statements`;
}

/** The size of a strategy's code: "190 statements, 32 branches and 6 places that lock". */
export function sizeText({ statements, branches, locks }: OwnCode): string {
  const places = locks === 1 ? 'place that locks' : 'places that lock';
  return `${countText(statements)} statements, ${countText(branches)} branches and ${countText(locks)} ${places}`;
}
