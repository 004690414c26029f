import type { ComponentChildren } from 'preact';
import type { ComparedStrategy } from '../../harness/results/comparison.js';
import type { Results } from '../../harness/results/results.js';
import { nanosecondsChartName } from '../charts/nanoseconds-charts.js';
import { ratioChartName } from '../charts/ratio-charts.js';
import { distributionChartName, seriesChartName } from '../charts/sample-charts.js';
import { batchTimes, distributionTable, processTable } from '../figures/distributions.js';
import { workloadLabel } from '../figures/normalised.js';
import { sampleFacts } from '../figures/samples.js';
import { FLOOR, isTimed, isWrong, type SurveyedCell } from '../figures/survey.js';
import { changeSentences, disturbedSentences, NOT_TIMED } from '../figures/verdict-sentences.js';
import {
  bytesText,
  confidenceText,
  countText,
  intervalText,
  nanosecondsText,
  numberOf,
  partText,
  processesText,
  ratioText,
} from '../words/wording.js';
import { type DrawnChart, Figure } from './figure.js';
import { LinkedHeading } from './headings.js';
import { RecordingLabel, Stamp, StrategyName } from './marks.js';
import { NumberTables } from './number-tables.js';
import { type Row, Table } from './table.js';

interface TimingProps {
  readonly results: Results;
  readonly cells: readonly SurveyedCell[];
  readonly charts: ReadonlyMap<string, DrawnChart>;
}

/** Each strategy against the baseline, by workload. */
export function RatiosToBaseline({ results, cells, charts }: TimingProps) {
  const { baseline } = results.run;
  return (
    <>
      {cells.map((cell) => (
        <TimedArticle
          key={cell.workload.id}
          id={`ratio-${cell.workload.id}`}
          what="ratio to the baseline"
          cell={cell}
        >
          <ControlNotes cell={cell} />
          {changeSentences(cell).map((sentence) => (
            <p key={sentence}>
              <Stamp kind="doubt">not steady</Stamp> {sentence}
            </p>
          ))}
          {disturbedSentences(results, [cell.cell]).map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
          <Figure drawn={charts.get(ratioChartName(cell.workload.id))} />
          <Table
            caption={`${cell.workload.id}: time per operation / ${baseline}, V8 model; below 1 is less time`}
            columns={[
              { label: 'Strategy' },
              { label: 'Ratio', isNumber: true },
              { label: `${confidenceText(results)} interval`, isNumber: true },
              { label: 'Holm-adjusted', isNumber: true },
              { label: 'Verdict' },
              { label: 'Least separable', isNumber: true },
              { label: 'Processes', isNumber: true },
              { label: 'Read with' },
            ]}
            rows={[controlRow(results, cell), ...comparedRows(results, cell)]}
          />
        </TimedArticle>
      ))}
    </>
  );
}

/** A cell's times, or in their place that there are none. */
function TimedArticle({
  id,
  what,
  cell,
  children,
}: {
  id: string;
  what: string;
  cell: SurveyedCell;
  children: ComponentChildren;
}) {
  return (
    <article id={id} data-workload={cell.workload.id}>
      <LinkedHeading id={id} name={`${what}, ${cell.workload.id}`}>
        {cell.workload.id}
      </LinkedHeading>
      <RecordingLabel workload={cell.workload} />
      {isTimed(cell) ? children : <p>{NOT_TIMED}</p>}
    </article>
  );
}

function ControlNotes({ cell: { comparison } }: { cell: SurveyedCell }) {
  const { control } = comparison;
  if (control === null) {
    return (
      <p>
        <Stamp kind="bad">no A/A control</Stamp> {comparison.controlVoid}.
      </p>
    );
  }
  if (control.unreliable) {
    return (
      <p>
        <Stamp kind="bad">A/A unreliable</Stamp> The baseline against itself came out as{' '}
        {ratioText(control.ratio.estimate)} {intervalText(control.ratio, ratioText)}, wholly outside the
        equivalence band: the ratios of this workload are not to be trusted.
      </p>
    );
  }
  if (control.flagged) {
    return (
      <p>
        <Stamp kind="doubt">A/A flagged</Stamp> The interval of the baseline against itself excludes 1, which
        chance alone does to a few workloads in a hundred.
      </p>
    );
  }
  return null;
}

function controlRow(results: Results, { comparison }: SurveyedCell): Row {
  const { baseline } = results.run;
  const { control } = comparison;
  const header = <StrategyName results={results} id={baseline} note="A/A twin" />;
  if (control === null) {
    return { key: 'twin', strategy: baseline, header, cells: ['', '', '', '', '', '', 'void'] };
  }
  const stamp = control.unreliable ? (
    <Stamp kind="bad">A/A unreliable</Stamp>
  ) : control.flagged ? (
    <Stamp kind="doubt">A/A flagged</Stamp>
  ) : (
    'the control'
  );
  return {
    key: 'twin',
    strategy: baseline,
    header,
    cells: [
      ratioText(control.ratio.estimate),
      intervalText(control.ratio, ratioText),
      '',
      '',
      partText(control.separable),
      control.logRatios.length,
      stamp,
    ],
  };
}

function comparedRows(results: Results, cell: SurveyedCell): Row[] {
  const { baseline } = results.run;
  const { rows, control, void: voids } = cell.comparison;
  const isUnreliable = control?.unreliable ?? false;
  return results.strategies.map(({ id }): Row => {
    const header = <StrategyName results={results} id={id} />;
    const reason = voids.find(({ strategy }) => strategy === id)?.reason;
    const compared = rows.find(({ strategy }) => strategy === id);
    const wrong = isWrong(cell, id) ? <Stamp kind="bad">wrong answers</Stamp> : null;
    if (compared === undefined) {
      const stands = id === baseline && reason === undefined;
      const why = stands ? 'baseline' : `void: ${reason ?? 'the baseline is void'}`;
      return {
        key: id,
        strategy: id,
        header,
        cells: [
          stands ? '1' : '',
          '',
          '',
          '',
          '',
          '',
          <>
            {wrong} <span class="prose">{why}</span>
          </>,
        ],
      };
    }
    return {
      key: id,
      strategy: id,
      header,
      cells: [
        ratioText(compared.ratio.estimate),
        intervalText(compared.ratio, ratioText),
        intervalText(compared.adjusted, ratioText),
        <span class="verdict">{compared.verdict ?? 'none'}</span>,
        partText(compared.separable),
        compared.logRatios.length,
        <>
          {wrong}
          {isUnreliable ? <Stamp kind="bad">A/A unreliable</Stamp> : null}
        </>,
      ],
    };
  });
}

/** Each strategy against the lower bound. */
export function RatiosToFloor({ results, cells }: Omit<TimingProps, 'charts'>) {
  if (cells.every(({ toFloor }) => toFloor === null)) {
    return <p>The strategy "{FLOOR}" did not take part in this run.</p>;
  }
  return (
    <Table
      caption={`Time per operation / ${FLOOR}, V8 model, with its ${confidenceText(results)} interval (not adjusted)`}
      columns={[
        { label: 'Strategy' },
        ...cells.map((cell) => ({
          label: workloadLabel(cell),
          isNumber: true,
          workload: cell.workload.id,
        })),
      ]}
      rows={results.strategies
        .filter(({ id }) => id !== FLOOR)
        .map(({ id }) => ({
          key: id,
          strategy: id,
          header: <StrategyName results={results} id={id} />,
          cells: cells.map((cell) => (
            <FloorRatio
              compared={cell.toFloor?.rows.find(({ strategy }) => strategy === id)}
              isTimed={isTimed(cell)}
              isWrong={isWrong(cell, id)}
            />
          )),
        }))}
    />
  );
}

function FloorRatio({
  compared,
  isTimed,
  isWrong,
}: {
  compared: ComparedStrategy | undefined;
  isTimed: boolean;
  isWrong: boolean;
}) {
  if (compared === undefined) return <>{isTimed ? 'void' : 'not timed'}</>;
  return (
    <>
      {ratioText(compared.ratio.estimate)} <span class="note">{intervalText(compared.ratio, ratioText)}</span>
      {isWrong ? (
        <>
          <br />
          <Stamp kind="bad">wrong answers</Stamp>
        </>
      ) : null}
    </>
  );
}

/** ns per operation and what stands behind it, by workload. */
export function Nanoseconds({ results, cells, charts }: TimingProps) {
  return (
    <>
      {cells.map((cell) => (
        <TimedArticle
          key={cell.workload.id}
          id={`ns-${cell.workload.id}`}
          what="ns per operation"
          cell={cell}
        >
          <Figure drawn={charts.get(nanosecondsChartName(cell.workload.id))} />
          <Table
            caption={`${cell.workload.id}: ns per operation, V8 model, and the samples behind it`}
            columns={[
              { label: 'Strategy' },
              { label: 'ns per operation', isNumber: true },
              { label: `${confidenceText(results)} interval`, isNumber: true },
              { label: 'Samples', isNumber: true },
              { label: 'GC in samples', isNumber: true },
              { label: 'Outliers, mild / severe', isNumber: true },
              { label: 'Warm-up, first / last ns', isNumber: true },
              { label: 'Peak resident', isNumber: true },
              { label: 'Read with' },
            ]}
            rows={sampleFacts(results, cell.cell).map((facts) => {
              const { strategy, role, samples, collections, outliers, warmUp, peakBytes } = facts;
              const isTwin = role === 'twin';
              const figures = isTwin ? undefined : cell.nanoseconds.get(strategy);
              const isVoid = !isTwin && figures === undefined;
              return {
                key: `${strategy} ${role}`,
                strategy,
                header: (
                  <StrategyName results={results} id={strategy} {...(isTwin ? { note: 'A/A twin' } : {})} />
                ),
                cells: [
                  figures === undefined ? '' : nanosecondsText(figures.over.estimate),
                  figures === undefined ? '' : intervalText(figures.over, nanosecondsText),
                  countText(samples),
                  countText(collections),
                  `${outliers.mild} / ${outliers.severe}`,
                  warmUp === null ? '' : `${nanosecondsText(warmUp.first)} / ${nanosecondsText(warmUp.last)}`,
                  bytesText(peakBytes),
                  <>
                    {isWrong(cell, strategy) ? <Stamp kind="bad">wrong answers</Stamp> : null}
                    {isVoid ? 'void' : null}
                  </>,
                ],
              };
            })}
          />
          <p class="note">{batchSentence(results, cell)}</p>
          <Samples results={results} cell={cell} charts={charts} />
        </TimedArticle>
      ))}
    </>
  );
}

/** Every batch of a cell, unfolded by who wants to know. */
function Samples({ results, cell, charts }: Omit<TimingProps, 'cells'> & { readonly cell: SurveyedCell }) {
  const { id } = cell.workload;
  const times = batchTimes(results, cell);
  if (times.length === 0) return null;
  return (
    <details id={`samples-${id}`}>
      <summary>Samples: distribution and order</summary>
      <Figure drawn={charts.get(distributionChartName(id))} />
      <NumberTables results={results} tables={[distributionTable(cell, times)]} />
      <Figure drawn={charts.get(seriesChartName(id))} />
      <NumberTables results={results} tables={[processTable(cell, times)]} />
    </details>
  );
}

function batchSentence({ run }: Results, { cell, workload }: SurveyedCell): string {
  const { processes, windowsPerBatch, warmUpWindows } = cell.timing;
  const window = Object.values(workload.window).reduce((sum, count) => sum + count, 0);
  return (
    `A sample is one batch of ${numberOf(windowsPerBatch, 'window')} of ${countText(window)} operations; ` +
    `${processesText(processes)} of ${numberOf(run.rounds, 'round')}; ` +
    `warm-up ${numberOf(warmUpWindows, 'window')}.`
  );
}
