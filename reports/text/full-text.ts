// The whole report as plain ASCII: the same blocks as the page, in lines of at most 75 columns.
import type { Results } from '../../harness/results/results.js';
import type { Block, Row, Tab, Table } from '../document.js';
import { reportOf } from '../sections/report.js';
import { tabsOf } from '../sections/tabs.js';
import { counterexampleLines } from '../words/counterexample.js';
import { ascii, neutralised } from '../words/untrusted.js';
import { COLUMNS, facts, hanging, numberTable, paragraph, title } from './plain-text.js';

/** The whole report. */
export function renderFullText(results: Results): string {
  const tabs = tabsOf(reportOf(neutralised(results)));
  const lines = tabs.flatMap(tabLines).flatMap((line) => (line.length > COLUMNS ? paragraph(line) : [line]));
  return `${lines.join('\n').trimEnd()}\n`;
}

function tabLines({ name, sections }: Tab): string[] {
  return [
    ...title(ascii(name), '='),
    '',
    ...sections.flatMap(({ heading, blocks }) => [...title(ascii(heading), '-'), ...blockLines(blocks), '']),
  ];
}

/** The lines of blocks, without folds and selectors: everything is written. */
function blockLines(blocks: readonly Block[]): string[] {
  return blocks.flatMap((block) => linesOf(block));
}

const plain = (text: string): string => ascii(text.replaceAll('`', ''));

function linesOf(block: Block): string[] {
  switch (block.kind) {
    case 'text':
      return paragraph(plain(block.text));
    case 'cards':
      return block.cards.flatMap(({ value, text }) => hanging(plain(`- ${value}: ${text}`)));
    case 'list':
      return block.items.flatMap((item) => hanging(plain(`- ${item}`)));
    case 'facts':
      return facts(block.facts.map(([name, value]) => [plain(name), plain(value)] as const));
    case 'table':
      return tableLines(block.table);
    case 'chart':
      return hanging(plain(`${block.chart.title} (${block.chart.subtitle}).`));
    case 'answer':
      return [
        ...paragraph(plain(block.question), '> '),
        ...paragraph(plain(block.sentences.join(' '))),
        ...block.evidence.flatMap(({ text }) => hanging(plain(`- ${text}`))),
        '',
      ];
    case 'history':
      return counterexampleLines(block.counterexample, COLUMNS).map(ascii);
    case 'columns':
      return block.columns.flatMap((column) => blockLines(column));
    case 'fold':
      return ['', ...hanging(plain(`* ${block.summary}`)), ...blockLines(block.blocks)];
    case 'choice':
      return block.options.flatMap(({ blocks }) => blockLines(blocks));
    case 'widget':
      return [];
  }
}

/** A table under its caption, behind an empty line. */
function tableLines({ caption, head, rows, source }: Table): string[] {
  return [
    '',
    ...hanging(plain(caption)),
    ...numberTable(
      head.map(plain),
      rows.map((row) => [
        plain(nameOf(row)),
        ...row.cells.map((cell) => plain(typeof cell === 'string' ? cell : cell.text)),
      ]),
    ),
    ...(source === undefined ? [] : [`(results.json: ${source})`]),
    '',
  ];
}

function nameOf({ name, alike = [] }: Row): string {
  return `${name}${alike.length === 0 ? '' : ` = ${alike.join(' = ')}`}`;
}
