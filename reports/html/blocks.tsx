// The blocks of a report as HTML.
import type { ComponentChildren } from 'preact';
import type { Chart } from '../charts/chart.js';
import { svgOf } from '../charts/svg.js';
import type { Block, Card, Cell, Choice, Evidence, Row, Table } from '../document.js';
import { hostLine } from '../words/counterexample.js';
import { capitalised } from '../words/wording.js';
import { scriptJson } from './script-json.js';
import { Widget } from './widgets.js';

/** A text whose `code` stands in backticks. */
function Inline({ text }: { text: string }) {
  const parts = text.split(/`([^`]+)`/);
  return <>{parts.map((part, index) => (index % 2 === 1 ? <code key={part}>{part}</code> : part))}</>;
}

export function Blocks({ blocks }: { blocks: readonly Block[] }) {
  return (
    <>
      {blocks.map((block, index) => (
        <OneBlock key={`${block.kind}-${index}`} block={block} />
      ))}
    </>
  );
}

function OneBlock({ block }: { block: Block }): ComponentChildren {
  switch (block.kind) {
    case 'text':
      return (
        <p class={block.tone}>
          <Inline text={block.text} />
        </p>
      );
    case 'cards':
      return <Cards cards={block.cards} />;
    case 'list':
      return (
        <ul>
          {block.items.map((item) => (
            <li key={item}>
              <Inline text={item} />
            </li>
          ))}
        </ul>
      );
    case 'facts':
      return (
        <dl class="facts">
          {block.facts.map(([name, value], index) => (
            <div key={`${name}-${index}`}>
              <dt>
                <Inline text={name} />
              </dt>
              <dd>
                <Inline text={value} />
              </dd>
            </div>
          ))}
        </dl>
      );
    case 'table':
      return <TableOf table={block.table} />;
    case 'chart':
      return <Figure chart={block.chart} />;
    case 'answer':
      return <Answer {...block} />;
    case 'history': {
      const { counterexample } = block;
      return (
        <div class="history">
          <p class="host">{hostLine(counterexample)}</p>
          <ol>
            {counterexample.steps.map((step, index) => (
              <li key={`${step}-${index}`}>{step}</li>
            ))}
          </ol>
          <p class="outcome">-&gt; {counterexample.outcome}</p>
        </div>
      );
    }
    case 'columns':
      return (
        <div class="columns">
          {block.columns.map((column, index) => (
            <div key={`column-${index}`}>
              <Blocks blocks={column} />
            </div>
          ))}
        </div>
      );
    case 'fold':
      return (
        <details id={block.id} open={block.isOpen}>
          <summary>
            <Inline text={block.summary} />
          </summary>
          <div class="folded">
            <Blocks blocks={block.blocks} />
          </div>
        </details>
      );
    case 'choice':
      return <ChoiceOf choice={block} />;
    case 'widget':
      return (
        <>
          <Widget name={block.name} data={block.data} />
          <script
            id={`${block.name}-data`}
            type="application/json"
            dangerouslySetInnerHTML={{ __html: scriptJson(block.data) }}
          />
        </>
      );
  }
}

function Cards({ cards }: { cards: readonly Card[] }) {
  return (
    <ul class="cards">
      {cards.map(({ value, text, to, tone }) => (
        <li key={value}>
          <a href={`#${to}`}>
            <strong class={tone}>{value}</strong>
          </a>
          <span>{text}</span>
        </li>
      ))}
    </ul>
  );
}

/** A chart under its finding; its figures are in the tooltips of its marks and in a table of the page. */
function Figure({ chart }: { chart: Chart }) {
  return (
    <figure data-chart={chart.name}>
      <figcaption>
        <strong>{chart.title}</strong>
        <span>{capitalised(chart.subtitle)}</span>
      </figcaption>
      <div class="drawing" dangerouslySetInnerHTML={{ __html: svgOf(chart) }} />
    </figure>
  );
}

function Answer({
  id,
  question,
  sentences,
  evidence,
}: {
  id: string;
  question: string;
  sentences: readonly string[];
  evidence: readonly Evidence[];
}) {
  const [first = '', ...others] = sentences;
  return (
    <div class="answer" id={id}>
      <h4>{question}</h4>
      <div>
        <Inline text={first} />{' '}
        {others.length + evidence.length === 0 ? null : (
          <details class="evidence">
            <summary aria-label={`Evidence: ${question}`}>evidence</summary>
            <div class="folded">
              {others.map((sentence) => (
                <p key={sentence}>
                  <Inline text={sentence} />
                </p>
              ))}
              <ul>
                {evidence.map(({ text, to }) => (
                  <li key={text}>
                    <a href={`#${to}`}>{text}</a>
                  </li>
                ))}
              </ul>
              {evidence.length === 0 ? null : (
                <details>
                  <summary>rows of results.json</summary>
                  <ul class="rows">
                    {evidence.map(({ text, rows }) => (
                      <li key={text}>
                        <code>{rows.join(' ')}</code>
                      </li>
                    ))}
                  </ul>
                </details>
              )}
            </div>
          </details>
        )}
      </div>
    </div>
  );
}

function TableOf({ table }: { table: Table }) {
  const { id, caption, head, rows, texts = [], source } = table;
  const classOf = (column: number) => (texts.includes(column) ? 'text' : undefined);
  return (
    <div class="table" id={id}>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for controls, and many regions would hide the landmarks */}
      <div
        class="scroll"
        role="group"
        aria-label={caption}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard must reach a box that scrolls
        tabIndex={0}
      >
        <table>
          <caption>
            <span>
              <Inline text={caption} />
            </span>
          </caption>
          <thead>
            <tr>
              {head.map((label, column) => (
                <th key={label} scope="col" class={classOf(column)}>
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <tr
                key={`${row.name}-${index}`}
                data-strategy={row.strategy && [row.strategy, ...(row.alike ?? [])].join(' ')}
              >
                <th scope="row">
                  <RowName row={row} />
                </th>
                {row.cells.map((cell, column) => (
                  <CellOf key={head[column + 1]} cell={cell} name={classOf(column + 1)} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {source === undefined ? null : (
        <details class="source">
          <summary>rows of results.json</summary>
          <code>{source}</code>
        </details>
      )}
    </div>
  );
}

function RowName({ row: { name, strategy, alike = [] } }: { row: Row }) {
  return (
    <>
      {strategy === undefined ? name : <code>{name}</code>}
      {alike.length === 0 ? null : (
        <details class="alike">
          <summary>+ {alike.length} equal</summary>
          {alike.join(', ')}
        </details>
      )}
    </>
  );
}

function CellOf({ cell, name }: { cell: string | Cell; name: string | undefined }) {
  if (typeof cell === 'string') return <td class={name}>{cell}</td>;
  const { text, id, tone, to, time } = cell;
  const names = [name, tone].filter((one) => one !== undefined).join(' ');
  return (
    <td id={id} class={names === '' ? undefined : names} data-time={time}>
      {to === undefined ? text : <a href={`#${to}`}>{text}</a>}
    </td>
  );
}

/** Without scripts, a closed fold for each option; with scripts, selectors show one of them. */
function ChoiceOf({ choice }: { choice: Choice }) {
  const { id, names, options } = choice;
  return (
    <div class="choice" id={id} data-names={names.join('|')}>
      {options.map(({ values, blocks }) => (
        <details key={values.join('|')} class="option" data-values={values.join('|')}>
          <summary>{values.map((value, index) => `${names[index]} ${value}`).join(', ')}</summary>
          <div class="folded">
            <Blocks blocks={blocks} />
          </div>
        </details>
      ))}
    </div>
  );
}
