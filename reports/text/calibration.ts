// What a calibration of the harness came to, as plain text.
import { median } from 'simple-statistics';
import { CONFIDENCE } from '../../harness/method.js';
import {
  type Calibration,
  type LaneTrial,
  leftOutText,
  TOOLS,
  TOOLS_PERCENT,
  type Tool,
  type ToolComparison,
  type Trial,
} from '../../harness/results/calibration.js';
import { LANES, type Lane } from '../../harness/results/results.js';
import type { Comparison } from '../../harness/results/statistics.js';
import { environmentFacts } from '../figures/environment.js';
import { ascii } from '../words/untrusted.js';
import { figureText, intervalText, languageText, numberOf, parametersText } from '../words/wording.js';
import { facts, hanging, paragraph, table, title } from './plain-text.js';

/** The calibration as a text of at most 75 columns. */
export function renderCalibration(calibration: Calibration): string {
  const { environment, trials } = calibration;
  return `${ascii(
    [
      ...title('gatag-bench calibrate: false-positive rate and power of the harness', '='),
      ...facts([
        ['Started', calibration.startedAt],
        ['Took', `${calibration.seconds.toFixed(0)} s`],
      ]),
      '',
      ...title(`How often a difference is found, of ${numberOf(trials.length, 'trial')}`, '-'),
      ...putIn(calibration),
      ...lanesOf(calibration).flatMap((lane) => seen(calibration, lane)),
      ...columns(calibration),
      '',
      ...title('The ratio: median of the trials [lowest, highest]', '-'),
      ...lanesOf(calibration).flatMap((lane) => ratios(calibration, lane)),
      '',
      ...title('Overhead: time per operation in the harness / in a hand-written loop', '-'),
      ...overhead(calibration),
      '',
      ...title('Environment', '-'),
      ...environment.warnings.flatMap((warning) => hanging(`Warning: ${warning}`)),
      ...facts(environmentFacts(calibration)),
    ].join('\n'),
  )}\n`;
}

const percentText = (percent: number): string => (percent === 0 ? 'none' : `${percent}%`);

/** The languages of a calibration; C leads. */
const lanesOf = ({ processes }: Calibration): Lane[] =>
  LANES.toReversed().filter((lane) => processes[lane] > 0);

/** A row for each percentage; 0 is the A/A control. */
function rowsOf<T>(
  { injected }: Calibration,
  lane: Lane,
  write: (percent: number, comparison: (trial: Trial) => Comparison) => T,
): T[] {
  return injected.map(({ percent }) =>
    write(percent, (trial) => {
      const { twin, slowed } = trial.lanes[lane] as LaneTrial;
      return percent === 0 ? twin : (slowed.find((one) => one.percent === percent) as Comparison);
    }),
  );
}

/** The other harnesses: a column's heading, and what makes one say that two strategies differ. */
const TOOL_TEXTS: Record<Tool, { readonly head: string; readonly differs: string }> = {
  tinybench: {
    head: 'tinybench alone',
    differs: 'one process, strategies one after the other; its means differ by more than their rme',
  },
  mitata: {
    head: 'mitata',
    differs: 'the same; it gives no error, so: its summary with two decimals is not 1',
  },
};

/** A cell for each installed tool; empty where the tools were not tried. */
function toolCells(
  trials: Calibration['trials'],
  tools: readonly Tool[],
  percent: number,
  write: (comparisons: readonly ToolComparison[]) => string,
): string[] {
  return tools.map((tool) => {
    if (percent !== 0 && percent !== TOOLS_PERCENT) return '';
    const part = percent === 0 ? 'twin' : 'slowed';
    return write(trials.flatMap((trial) => trial.tools[tool]?.[part] ?? []));
  });
}

function putIn({ trials, injected, workload, rounds }: Calibration): string[] {
  const slowed = injected.slice(1);
  const put = slowed.map(({ percent }) => percent).join(', ');
  const counted = slowed.map((one) => one.counted.toFixed(2)).join(', ');
  const seconds = trials.map((trial) => trial.seconds);
  return paragraph(
    `On ${workload.id} (${parametersText(workload.parameters)}). ` +
      `Injected into updates: ${put}% more entries written. Counted: ${counted}% more memory accesses. ` +
      `Each process has ${numberOf(rounds, 'round')}, as in the default suite. ` +
      `A trial took ${median(seconds).toFixed(1)} s in the median, and ${Math.max(...seconds).toFixed(1)} s at most.`,
  );
}

/** The other harnesses time V8 alone. */
const toolsIn = ({ tools }: Calibration, lane: Lane): readonly Tool[] => (lane === 'v8' ? tools : []);

function seen(calibration: Calibration, lane: Lane): string[] {
  const { trials, processes, family } = calibration;
  const tools = toolsIn(calibration, lane);
  const rows = rowsOf(calibration, lane, (percent, comparisonIn) => {
    const count = (holds: (comparison: Comparison) => boolean) =>
      String(trials.map(comparisonIn).filter(holds).length);
    const found = ({ verdict }: Comparison) =>
      verdict === 'slower' || (percent === 0 && verdict === 'faster');
    return [
      percentText(percent),
      count(({ ratio }) => ratio.low > 1 || (percent === 0 && ratio.high < 1)),
      count(found),
      count((comparison) => found(comparison) && comparison.p * family < 1 - CONFIDENCE),
      ...toolCells(trials, tools, percent, (all) => String(all.filter(({ separated }) => separated).length)),
    ];
  });
  return [
    '',
    `${languageText(lane)}, ${numberOf(processes[lane], 'process')} of each strategy:`,
    '',
    ...table(
      ['injected', 'interval', 'verdict', `among ${family}`, ...tools.map((tool) => TOOL_TEXTS[tool].head)],
      rows,
      `lrrr${'r'.repeat(tools.length)}`,
    ),
  ];
}

/** What the columns count. */
function columns({ tools, family }: Calibration): string[] {
  return [
    '',
    ...facts([
      ['interval', `the ${100 * CONFIDENCE}% interval excludes 1; 5% of trials without injected work should`],
      ['verdict', 'faster or slower; injected work must be found slower'],
      [`among ${family}`, `the same with p times ${family}, Holm's largest factor in the default suite`],
      ...tools.map((tool) => [TOOL_TEXTS[tool].head, TOOL_TEXTS[tool].differs] as const),
    ]),
    ...paragraph('The other harnesses had the same time, batches and flags.'),
    ...TOOLS.filter((tool) => !tools.includes(tool)).flatMap((tool) => paragraph(`${leftOutText(tool)}.`)),
  ];
}

function ratios(calibration: Calibration, lane: Lane): string[] {
  const { trials } = calibration;
  const tools = toolsIn(calibration, lane);
  const spread = (values: readonly number[]): string =>
    `${figureText(median(values as number[]))} [${figureText(Math.min(...values))}, ${figureText(Math.max(...values))}]`;
  return [
    '',
    ...table(
      ['injected', `gatag-bench, ${languageText(lane)}`, ...tools.map((tool) => TOOL_TEXTS[tool].head)],
      rowsOf(calibration, lane, (percent, comparisonIn) => [
        percentText(percent),
        spread(trials.map((trial) => comparisonIn(trial).ratio.estimate)),
        ...toolCells(trials, tools, percent, (all) => spread(all.map(({ ratio }) => ratio))),
      ]),
      `ll${'l'.repeat(tools.length)}`,
    ),
  ];
}

function overhead({ overheads, overheadProcesses }: Calibration): string[] {
  return [
    ...table(
      ['strategy', 'workload', 'loop, ns', 'ratio', '95% interval', 'n'],
      overheads.map(({ strategy, workload, loopNs, ratio }) => [
        strategy,
        workload,
        figureText(loopNs),
        figureText(ratio.estimate),
        intervalText(ratio, figureText),
        String(overheadProcesses),
      ]),
      'llrrlr',
    ),
    ...paragraph('The loop runs alone in one process, on the same heap, without a library.'),
  ];
}
