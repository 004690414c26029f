import type { ComponentChildren } from 'preact';
import type { ComparedStrategy, Control } from '../../harness/results/comparison.js';
import type { Results } from '../../harness/results/results.js';
import { ratioChartName } from '../charts/ratio-charts.js';
import { type CellAnalysis, FLOOR, isTimed, isWrong } from '../figures/cell-analysis.js';
import { workloadLabel } from '../figures/relative-times.js';
import { changeSentences, disturbedSentences } from '../figures/verdict-sentences.js';
import { confidenceText, intervalText, partText, ratioText } from '../words/wording.js';
import type { Content } from './content.js';
import { Figure } from './figure.js';
import { Stamp, WrongAnswers } from './labels.js';
import { Sentences } from './sentences.js';
import { type Row, strategyRow, Table } from './table.js';
import { TimedArticle } from './timed-article.js';

/** Each strategy against the baseline, by workload. */
export function RatiosToBaseline({ results, cells, charts }: Content) {
  const { baseline } = results.run;
  return (
    <>
      {cells.map((cell) => (
        <TimedArticle key={cell.workload.id} place="ratio" what="ratio to the baseline" cell={cell}>
          <ControlNote cell={cell} />
          {changeSentences(cell).map((sentence) => (
            <p key={sentence}>
              <Stamp kind="doubt">not steady</Stamp> {sentence}
            </p>
          ))}
          <Sentences sentences={disturbedSentences(results, [cell.cell])} />
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

/** What the A/A control of a workload warns of; nothing where the ratios can be trusted. */
function ControlNote({ cell: { comparison } }: { cell: CellAnalysis }) {
  const { control, controlVoid } = comparison;
  if (control === null) {
    return (
      <p>
        <Stamp kind="bad">no A/A control</Stamp> {controlVoid}.
      </p>
    );
  }
  if (!control.unreliable && !control.flagged) return null;
  return (
    <p>
      <ControlStamp control={control} />{' '}
      {control.unreliable
        ? `The baseline against itself came out as ${ratioText(control.ratio.estimate)} ` +
          `${intervalText(control.ratio, ratioText)}, wholly outside the equivalence band: the ratios of this ` +
          'workload are not to be trusted.'
        : 'The interval of the baseline against itself excludes 1, which chance alone does to a few workloads in a ' +
          'hundred.'}
    </p>
  );
}

function ControlStamp({ control }: { control: Control }) {
  if (control.unreliable) return <Stamp kind="bad">A/A unreliable</Stamp>;
  return control.flagged ? <Stamp kind="doubt">A/A flagged</Stamp> : <>the control</>;
}

function controlRow(results: Results, { comparison: { control } }: CellAnalysis): Row {
  const cells =
    control === null
      ? cellsWithoutRatio('', 'void')
      : cellsOfRatio(control, '', '', <ControlStamp control={control} />);
  return { ...strategyRow(results, results.run.baseline, cells, 'A/A twin'), key: 'control' };
}

function comparedRows(results: Results, cell: CellAnalysis): Row[] {
  const { rows, control, void: voids } = cell.comparison;
  return results.strategies.map(({ id }) => {
    const wrong = <WrongAnswers cell={cell} strategy={id} />;
    const compared = rows.find(({ strategy }) => strategy === id);
    if (compared === undefined) {
      const reason = voids.find(({ strategy }) => strategy === id)?.reason;
      const isBaseline = id === results.run.baseline && reason === undefined;
      const note = isBaseline ? 'baseline' : `void: ${reason ?? 'the baseline is void'}`;
      const notes = (
        <>
          {wrong} <span class="prose">{note}</span>
        </>
      );
      return strategyRow(results, id, cellsWithoutRatio(isBaseline ? '1' : '', notes));
    }
    const adjusted = intervalText(compared.adjusted, ratioText);
    const verdict = <span class="verdict">{compared.verdict ?? 'none'}</span>;
    const notes = (
      <>
        {wrong}
        {control?.unreliable ? <ControlStamp control={control} /> : null}
      </>
    );
    return strategyRow(results, id, cellsOfRatio(compared, adjusted, verdict, notes));
  });
}

function cellsWithoutRatio(ratio: string, notes: ComponentChildren): Row['cells'] {
  return [ratio, '', '', '', '', '', notes];
}

function cellsOfRatio(
  { ratio, separable, logRatios }: ComparedStrategy,
  adjusted: string,
  verdict: ComponentChildren,
  notes: ComponentChildren,
): Row['cells'] {
  return [
    ratioText(ratio.estimate),
    intervalText(ratio, ratioText),
    adjusted,
    verdict,
    partText(separable),
    logRatios.length,
    notes,
  ];
}

/** Each strategy against the lower bound. */
export function RatiosToFloor({ results, cells }: Content) {
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
        .map(({ id }) =>
          strategyRow(
            results,
            id,
            cells.map((cell) => <FloorRatio cell={cell} strategy={id} />),
          ),
        )}
    />
  );
}

function FloorRatio({ cell, strategy }: { cell: CellAnalysis; strategy: string }) {
  const compared = cell.toFloor?.rows.find((row) => row.strategy === strategy);
  if (compared === undefined) return <>{isTimed(cell) ? 'void' : 'not timed'}</>;
  return (
    <>
      {ratioText(compared.ratio.estimate)} <span class="note">{intervalText(compared.ratio, ratioText)}</span>
      {isWrong(cell, strategy) ? <br /> : null}
      <WrongAnswers cell={cell} strategy={strategy} />
    </>
  );
}
