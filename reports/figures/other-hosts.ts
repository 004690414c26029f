// The strategies that need another host: their times beside the baseline of that host. They are ranked with nobody else.
import { hostDifference, runsOnOtherHosts } from '../../harness/results/other-hosts.js';
import { LANES, type Results, type StrategyInfo } from '../../harness/results/results.js';
import type { NumberTable } from '../words/number-table.js';
import {
  confidenceText,
  countText,
  intervalText,
  laneText,
  nanosecondsText,
  ratioText,
} from '../words/wording.js';
import { analyseCells, isWrong } from './cell-analysis.js';
import { placedFindings } from './strategy-outcomes.js';
import { expectationText } from './verdict-sentences.js';

/** Id of the element of the page that shows {@link otherHostTables}. */
export const OTHER_HOSTS_PLACE = 'other-hosts';

/** All strategies of a run: those on its host, and those on other hosts. */
export function everyStrategy({ strategies, otherHosts }: Results): StrategyInfo[] {
  const others = otherHosts.flatMap((other) => other.strategies);
  const own = new Set(strategies.map(({ id }) => id));
  return [...strategies, ...others.filter(({ id }) => !own.has(id))];
}

/** Why some strategies stand apart, in one sentence for each host. */
export function otherHostSentences(results: Results): string[] {
  return runsOnOtherHosts(results).map((run) => {
    const names = run.strategies.flatMap(({ id }) => (id === run.run.baseline ? [] : [id]));
    return (
      `With ${hostDifference(run, results)} instead of this run's host: ${names.join(', ')} beside ${run.run.baseline} ` +
      'on that host. These times are compared with no other design.'
    );
  });
}

/** The failures on other hosts, each with the last step of its counterexample. */
export function otherHostFailures(results: Results): string[] {
  return runsOnOtherHosts(results).flatMap((run) =>
    placedFindings(run, analyseCells(run)).map(({ strategy, workload, finding }) => {
      const { kind, count, declaredBy, first, counterexample } = finding;
      const step = counterexample?.steps.at(-1) ?? first.what;
      const outcome = counterexample?.outcome ?? first.outcome;
      return (
        `${strategy} on ${workload}, ${hostDifference(run, results)}: ${kind} ${countText(count)} ` +
        `(${expectationText(declaredBy)}): ${step} -> ${outcome}.`
      );
    }),
  );
}

/** A table for each workload, host and lane. */
export function otherHostTables(results: Results): NumberTable[] {
  return runsOnOtherHosts(results).flatMap((run) =>
    analyseCells(run).flatMap((cell) =>
      LANES.flatMap((lane): NumberTable[] => {
        const times = lane === 'v8' ? cell.nanoseconds : cell.nanosecondsInC;
        const comparison = lane === 'v8' ? cell.comparison : cell.inC;
        if (times.size === 0 || comparison === null) return [];
        const isUnreliable = comparison.control?.unreliable
          ? '; A/A UNRELIABLE: do not trust the ratios'
          : '';
        return [
          {
            caption:
              `${cell.workload.id}, ${hostDifference(run, results)}, ${laneText(lane)}: ns per operation, and time / ` +
              `${run.run.baseline}${isUnreliable}`,
            workload: cell.workload.id,
            head: ['strategy', 'ns', 'ratio', `${confidenceText(results)} interval`, 'verdict', 'answers'],
            rows: run.strategies.map(({ id }) => {
              const time = times.get(id);
              const row = comparison.rows.find(({ strategy }) => strategy === id);
              return [
                id,
                time === undefined ? 'void' : nanosecondsText(time.over.estimate),
                row === undefined ? (id === run.run.baseline ? '1' : '-') : ratioText(row.ratio.estimate),
                row === undefined ? '' : intervalText(row.ratio, ratioText),
                row?.verdict ?? '',
                isWrong(cell, id) ? 'wrong' : cell.checks.has(id) ? 'right' : 'not judged',
              ];
            }),
          },
        ];
      }),
    ),
  );
}
