// The tab Correctness: the matrix of strategies and workloads, the failures, and the checks.
import { CHECKS, OPERATION_CHECKS } from '../../harness/results/checks.js';
import { FAILURES, LIMIT_KINDS, LIMITS } from '../../harness/results/failures.js';
import { hostDifference, runsOnOtherHosts } from '../../harness/results/other-hosts.js';
import type { Results } from '../../harness/results/results.js';
import * as doc from '../document.js';
import { analyseCells, type CellAnalysis } from '../figures/analysis.js';
import {
  CACHED_HEADING,
  cachedGaLogIntrExample,
  cachedGaLogIntrSentences,
} from '../figures/cached-ga-log-intr.js';
import {
  anchorOf,
  expectationText,
  isUnexpected,
  judgedOperations,
  type PlacedFinding,
  placedFindings,
  wrongStrategies,
} from '../figures/failures.js';
import { mergedStepsTable } from '../figures/merged-steps.js';
import { everyStrategy } from '../figures/strategies.js';
import { wakeupSentence, wakeupTable } from '../figures/wakeups.js';
import { REPLAY_COMMAND, REPLAY_SENTENCES } from '../words/counterexample.js';
import { capitalised, countText, NONE, namesText, numberOf } from '../words/wording.js';
import { matrixId } from './places.js';
import type { Report } from './report.js';

export function correctnessTab({ results, cells }: Report): doc.Tab {
  const findings = placedFindings(results, cells);
  const unexpected = findings.filter(({ finding }) => isUnexpected(finding));
  const wrong = wrongStrategies(results, cells);
  const histories = shortestFirst(findings).map((one, index) => failureBlock(one, index === 0));
  return {
    id: 'correctness',
    name: 'Correctness',
    sections: [
      {
        id: 'oracle',
        heading:
          unexpected.length === 0
            ? wrong.length === 0
              ? 'No strategy failed'
              : `Only ${namesText(wrong)} failed, as they declare`
            : `${numberOf(unexpected.length, 'failure')} outside the declared limits`,
        blocks: [
          doc.text(
            `A reference model judged ${countText(judgedOperations(cells))} operations with ${numberOf(OPERATION_CHECKS.length, 'check')} each, ` +
              'and an instrumented heap checked every access. The model knows entries by identity, never by tag.',
          ),
          { kind: 'table', table: matrix(results, cells) },
          ...doc.fold('The checks', [doc.facts(OPERATION_CHECKS.map((name) => [name, CHECKS[name]]))]),
          ...doc.fold('The declared limits', [doc.facts(limitsOf(results))], 'declared-limits'),
        ],
      },
      ...doc.section(
        'failures',
        'Failures',
        histories.length === 0 ? [] : [doc.text(`${REPLAY_SENTENCES} \`${REPLAY_COMMAND}\`.`), ...histories],
      ),
      ...doc.section('other-host-failures', 'Failures on other hosts', otherHosts(results)),
      ...doc.section('wakeups', 'Interrupts, GA log entries and wakeups', [
        ...doc.texts([wakeupSentence(results, cells)]),
        ...doc.fold('By workload and policy', [{ kind: 'table', table: wakeupTable(results, cells) }]),
        ...doc.fold('What v6.17 changed in one step', doc.tables([mergedStepsTable(results) ?? []].flat())),
      ]),
      ...doc.section('cached-ga-log-intr', CACHED_HEADING, cachedBlocks(results)),
    ],
  };
}

/** Strategies by workloads; wrong strategies first. */
function matrix({ strategies }: Results, cells: readonly CellAnalysis[]): doc.Table {
  const cellOf = (strategy: string, { workload, checks }: CellAnalysis): doc.Cell => {
    const check = checks.get(strategy);
    const id = matrixId(workload.id, strategy);
    if (check === undefined) return { text: NONE, id };
    const [finding] = check.findings;
    if (finding === undefined)
      return check.matchesOracle ? { text: 'ok', id } : { text: 'ends wrong', id, tone: 'bad' };
    const total = check.findings.reduce((all, { count }) => all + count, 0);
    const mark = check.findings.some(isUnexpected) ? ' UNEXPECTED' : '';
    const to = anchorOf({ strategy, workload: workload.id, finding });
    return { text: `✗ ${countText(total)}${mark}`, id, tone: 'bad', to };
  };
  const isFine = (id: string) => cells.every((cell) => cellOf(id, cell).tone === undefined);
  return doc.tableOf(
    {
      id: 'matrix',
      caption: '✗: operations with a wrong result, with a link to the shortest history that shows it.',
      source: '/cells',
    },
    strategies
      .map(({ id: strategy, sound }) => ({ strategy, sound }))
      .sort((one, other) => Number(isFine(one.strategy)) - Number(isFine(other.strategy))),
    [
      ...cells.map((cell) =>
        doc.column(cell.workload.id, ({ strategy }: { strategy: string }) => cellOf(strategy, cell)),
      ),
      ['declares', ({ sound }) => (sound ? 'within limits' : 'known wrong'), 'text'],
    ],
  );
}

/** The failure with the shortest history first, then unexpected ones, then the order of the debate. */
function shortestFirst(findings: readonly PlacedFinding[]): PlacedFinding[] {
  const lengthOf = ({ finding }: PlacedFinding) => finding.counterexample?.steps.length ?? Infinity;
  const expected = findings.some(({ finding }) => isUnexpected(finding))
    ? findings.filter(({ finding }) => isUnexpected(finding))
    : findings;
  const first = expected.reduce<PlacedFinding | null>(
    (shortest, one) => (shortest && lengthOf(shortest) <= lengthOf(one) ? shortest : one),
    null,
  );
  return first === null ? [] : [first, ...findings.filter((one) => one !== first)];
}

function failureBlock(placed: PlacedFinding, isOpen: boolean): doc.Block {
  const { strategy, workload, finding } = placed;
  const { kind, count, check, first, counterexample } = finding;
  return {
    kind: 'fold',
    id: anchorOf(placed),
    isOpen,
    summary: `${strategy} on ${workload}: ${kind}, ${countText(count)} times, ${expectationText(finding)}`,
    blocks: [
      doc.text(`${capitalised(FAILURES[kind])}. Check ${check}: ${CHECKS[check]}.`),
      ...(counterexample === null
        ? [doc.text(`${first.what}: ${first.outcome}`, 'bad')]
        : [{ kind: 'history', counterexample } as const]),
      doc.text(
        `First in operation ${countText(first.operation)} of the workload, ${first.what}: expected ${first.expected}, found ${first.found}.`,
      ),
    ],
  };
}

/** What is lost if an IOMMU caches ga_log_intr, with the shortest history. */
function cachedBlocks(results: Results): doc.Block[] {
  const counterexample = cachedGaLogIntrExample(results);
  return [
    ...doc.texts([cachedGaLogIntrSentences(results).join(' ')]),
    ...(counterexample === null
      ? []
      : doc.fold('The shortest history', [{ kind: 'history', counterexample }])),
  ];
}

/** The failures on other hosts, each with the last step of its history. */
function otherHosts(results: Results): doc.Block[] {
  const items = runsOnOtherHosts(results).flatMap((run) =>
    placedFindings(run, analyseCells(run)).map(({ strategy, workload, finding }) => {
      const { kind, count, first, counterexample } = finding;
      const step = counterexample?.steps.at(-1) ?? first.what;
      return `${strategy} on ${workload}, ${hostDifference(run, results)}: ${kind} ${countText(count)} times (${expectationText(finding)}): ${step} → ${counterexample?.outcome ?? first.outcome}`;
    }),
  );
  return items.length === 0 ? [] : [{ kind: 'list', items }];
}

function limitsOf(results: Results): doc.Fact[] {
  const declared = new Map(
    everyStrategy(results).flatMap(({ limits }) => limits.map(({ kind, value }) => [kind, value])),
  );
  return LIMIT_KINDS.filter((kind) => declared.has(kind)).map((kind) => [
    declared.get(kind) === undefined ? kind : `${kind} N`,
    LIMITS[kind],
  ]);
}
