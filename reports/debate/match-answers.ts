// The questions about the walk of a bucket: the missing compare, and the number of matches.
import type { Results, SweptPoint } from '../../harness/results/results.js';
import { type CellAnalysis, isWrong, loadWork } from '../figures/cell-analysis.js';
import { judgementOf } from '../figures/strategy-outcomes.js';
import { othersWritten, sweptPoints } from '../figures/swept-points.js';
import { COLLISIONS_PLACE, collisionSentence, firstPairText } from '../figures/tag-collisions.js';
import { countText, numberOf } from '../words/wording.js';
import { type Answer, CANNOT_TELL, type Figure } from './answer.js';
import { POSTED, SPLIT } from './designs.js';
import { failureFigures, failuresOf } from './failure-figures.js';
import { pooledFigures } from './pooled-figures.js';
import { pooledRatio, timeClause } from './pooled-ratio.js';
import { countedRows, sweepRows } from './rows.js';

/** The check of the tag in the bucket walk. */
export function tagCompare(results: Results, cells: readonly CellAnalysis[]): Answer {
  const posted = failuresOf(results, cells, POSTED, 'same-bucket');
  const compared = failuresOf(results, cells, SPLIT, 'same-bucket');
  const pooled = pooledRatio(results, cells, SPLIT, POSTED);
  const isJudged = [POSTED, SPLIT].every((strategy) => judgementOf(cells, strategy).judged.length > 0);
  const swept = collisionFigures(results);
  const condition = collisionSentence(results);
  const cost = pooled === null ? '' : ` With the check ${SPLIT} ${timeClause(results, pooled)}.`;
  const answer = !isJudged
    ? `${CANNOT_TELL}: ${POSTED} and ${SPLIT} were not both judged. ${condition}`
    : posted.count === 0
      ? `${CANNOT_TELL} by its workloads: in none do two vCPUs with entries share a bucket. ${condition}${cost}`
      : `It is missing and needed. ${condition} In this run ${POSTED} changed entries of a vCPU with another tag ` +
        `${countText(posted.count)} times; ${SPLIT}, which compares, ${timesText(compared.count)}.${cost}`;
  return {
    id: 'tag-compare',
    question: 'Where is the check of the tag in the walk of the bucket?',
    isQuoted: false,
    answer,
    figures: [
      {
        text: firstPairText(results),
        place: COLLISIONS_PLACE,
        rows: ['/host/hashMultiplier', '/host/hashBits'],
      },
      ...failureFigures(results, cells, POSTED, 'same-bucket'),
      ...swept,
      ...pooledFigures(results, pooled),
    ],
  };
}

function timesText(count: number): string {
  return count === 0 ? 'never did' : `did ${countText(count)} times`;
}

/** Entries of other vCPUs that the posted patch writes while each vCPU is loaded once, by hash and VM creations. */
function collisionFigures(results: Results): Figure[] {
  const axes: readonly (readonly [SweptPoint['axis'], string])[] = [
    ['tags', 'hash of v4.7 and since'],
    ['tagsV46', 'hash of v4.6 and before'],
  ];
  return axes.flatMap(([axis, hash]) => {
    const points = sweptPoints(results, axis, POSTED, 'load');
    if (points.length === 0) return [];
    const counts = points.map((counted) => {
      const { point, operations } = counted;
      const others = Math.round(othersWritten(counted) * operations);
      return `${numberOf(Number(point.value), 'VM creation')}: ${others} in ${numberOf(operations, 'load')}`;
    });
    return [
      {
        text: `${POSTED}, ${hash}, vcpu_ids 0 to 15, each vCPU loaded once, entries of others written: ${counts.join(', ')}`,
        place: `sweep-${axis}`,
        rows: points.flatMap(({ point }) => sweepRows(results, point, POSTED)),
      },
    ];
  });
}

/** The number of entries that match a tag. */
export function onlyOneMatch(results: Results, cells: readonly CellAnalysis[]): Answer {
  const places = cells.flatMap((cell) => {
    const right = results.strategies.find(({ id }) => !isWrong(cell, id) && loadWork(cell, id) !== null);
    const work = right === undefined ? null : loadWork(cell, right.id);
    return right === undefined || work === null ? [] : [{ cell, strategy: right.id, entries: work.entries }];
  });
  const [most] = places.toSorted((one, other) => other.entries.worst - one.entries.worst);
  const several = places.filter(({ entries }) => entries.worst > 1);
  return {
    id: 'one-match',
    question: "(And shouldn't there be only one match?)",
    isQuoted: true,
    answer:
      most === undefined
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
