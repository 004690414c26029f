// The result of a calibration of the harness, as plain text.
import { median } from 'simple-statistics';
import { CONFIDENCE } from '../../harness/method.js';
import {
  type Calibration,
  TOOLS,
  TOOLS_PERCENT,
  type ToolComparison,
} from '../../harness/results/calibration.js';
import type { Comparison } from '../../harness/results/statistics.js';
import { environmentFacts } from '../figures/provenance.js';
import { intervalText, nanosecondsText, numberOf, parametersText, ratioText } from '../words/wording.js';
import { facts, hanging, paragraph, table, title } from './plain-text.js';

/** The calibration as a text of at most 75 columns. */
export function renderCalibration(calibration: Calibration): string {
  const { environment, trials } = calibration;
  return `${[
    ...title('gatag-bench calibrate: the harness measured on itself', '='),
    ...facts([
      ['Started', calibration.startedAt],
      ['Took', `${calibration.seconds.toFixed(0)} s`],
    ]),
    '',
    ...title(`How often a difference is seen, of ${numberOf(trials.length, 'trial')}`, '-'),
    ...seen(calibration),
    '',
    ...title('The ratio found: median of the trials, least and greatest', '-'),
    ...ratios(calibration),
    '',
    ...title("What the harness adds: its time per operation / a hand-written loop's", '-'),
    ...overhead(calibration),
    '',
    ...title('Environment', '-'),
    ...environment.warnings.flatMap((warning) => hanging(`Warning: ${warning}`)),
    ...facts(environmentFacts(calibration)),
  ].join('\n')}\n`;
}

const percentText = (percent: number): string => (percent === 0 ? 'nothing' : `${percent} %`);

/** The trials of one percentage of injected work; 0 % is the A/A control. */
interface Trials {
  readonly percent: number;
  readonly comparisons: readonly Comparison[];
  /** Null where the tool was not tried with this percentage. */
  readonly comparedBy: (tool: (typeof TOOLS)[number]) => readonly ToolComparison[] | null;
}

function trialsByPercentage({ injected, trials }: Calibration): Trials[] {
  return injected.map(({ percent }) => ({
    percent,
    comparisons: trials.map(({ twin, slowed }) =>
      percent === 0 ? twin : (slowed.find((one) => one.percent === percent) as Comparison),
    ),
    comparedBy: (tool) =>
      percent === 0 || percent === TOOLS_PERCENT
        ? trials.map(({ tools }) => tools[tool][percent === 0 ? 'twin' : 'slowed'])
        : null,
  }));
}

function seen(calibration: Calibration): string[] {
  const { trials, injected, processes, rounds, workload, family } = calibration;
  const slowed = injected.slice(1);
  const put = slowed.map(({ percent }) => percent).join(', ');
  const counted = slowed.map((one) => one.counted.toFixed(2)).join(', ');
  const seconds = trials.map((trial) => trial.seconds);
  const rows = trialsByPercentage(calibration).map(({ percent, comparisons, comparedBy }) => {
    const count = (holds: (comparison: Comparison) => boolean) => String(comparisons.filter(holds).length);
    const found = ({ verdict }: Comparison) =>
      verdict === 'slower' || (percent === 0 && verdict === 'faster');
    return [
      percentText(percent),
      count(({ ratio }) => ratio.low > 1 || (percent === 0 && ratio.high < 1)),
      count(found),
      count((comparison) => found(comparison) && comparison.p * family < 1 - CONFIDENCE),
      ...TOOLS.map(comparedBy).map((tried) =>
        String(tried?.filter(({ separated }) => separated).length ?? ''),
      ),
    ];
  });
  return [
    ...paragraph(
      `On ${workload.id} (${parametersText(workload.parameters)}). ` +
        `Put into updates: ${put} % more entries written. Counted: ${counted} % more accesses of memory. ` +
        `A trial is ${processes} processes of each strategy with ${numberOf(rounds, 'round')}, as in the ` +
        `default suite; it took ${median(seconds).toFixed(1)} s, ${Math.max(...seconds).toFixed(1)} s at the most.`,
    ),
    '',
    ...table(
      ['put in', 'interval', 'verdict', `among ${family}`, 'tinybench alone', 'mitata'],
      rows,
      'lrrrrr',
    ),
    '',
    ...facts([
      [
        'interval',
        `the ${100 * CONFIDENCE} % interval excludes 1; with nothing put in, 5 % of trials should`,
      ],
      ['verdict', 'faster or slower; what was slowed must be found slower'],
      [
        `among ${family}`,
        `the same with p times ${family}, the most that Holm's method takes in the default suite`,
      ],
      [
        'tinybench alone',
        "one process, one strategy after the other: its means differ by more than their rme's",
      ],
      ['mitata', 'likewise; it gives no error, so: its summary, of two decimals, would not print 1'],
    ]),
    ...paragraph(
      'Each of the two had as long for a strategy as the harness had, in the same batches, with the same flags.',
    ),
  ];
}

function ratios(calibration: Calibration): string[] {
  const spread = (values: readonly number[]): string =>
    `${ratioText(median(values as number[]))} [${ratioText(Math.min(...values))}, ${ratioText(Math.max(...values))}]`;
  return table(
    ['put in', 'gatag-bench', ...TOOLS.map((tool) => (tool === 'tinybench' ? 'tinybench alone' : tool))],
    trialsByPercentage(calibration).map(({ percent, comparisons, comparedBy }) => [
      percentText(percent),
      spread(comparisons.map(({ ratio }) => ratio.estimate)),
      ...TOOLS.map(comparedBy).map((tried) =>
        tried === null ? '' : spread(tried.map(({ ratio }) => ratio)),
      ),
    ]),
    'llll',
  );
}

function overhead({ overheads, overheadProcesses }: Calibration): string[] {
  return [
    ...table(
      ['strategy', 'workload', 'loop, ns', 'ratio', '95 % interval', 'n'],
      overheads.map(({ strategy, workload, loopNs, ratio }) => [
        strategy,
        workload,
        nanosecondsText(loopNs),
        ratioText(ratio.estimate),
        intervalText(ratio, ratioText),
        String(overheadProcesses),
      ]),
      'llrrlr',
    ),
    ...paragraph(
      'The loop: one process by itself, on the same heap, all batches one after the other, no library.',
    ),
  ];
}
