import type { Results } from '../../harness/results/results.js';
import { type Answer, type Figure, placeOf } from '../debate/answer.js';
import { DEBATE_INTRODUCTION, type Review } from '../debate/debate.js';
import { pooledTable, RATIOS_PLACE } from '../debate/pooled-ratio.js';
import { LinkedHeading } from './headings.js';
import { NumberTables } from './number-tables.js';

/** What someone must know who reads no further. */
export function Headlines({ review }: { review: Review }) {
  return (
    <dl class="headlines">
      {review.headlines.map(({ subject, sentence, figures }) => (
        <div key={subject}>
          <dt>{subject}</dt>
          <dd>
            {sentence} <Figures figures={figures} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** The questions of the review, each with its answer and what that stands on. */
export function Debate({ results, review }: { results: Results; review: Review }) {
  const { headlines, answers } = review;
  const ratios = [...headlines, ...answers]
    .flatMap(({ figures }) => figures)
    .flatMap(({ pooled }) => pooled ?? []);
  return (
    <>
      <p>{DEBATE_INTRODUCTION}</p>
      {answers.map((answer) => (
        <QuestionAndAnswer key={answer.id} answer={answer} />
      ))}
      {ratios.length === 0 ? null : (
        <article id={RATIOS_PLACE}>
          <LinkedHeading id={RATIOS_PLACE} name="the ratios of the answers">
            The ratios of the answers
          </LinkedHeading>
          <NumberTables results={results} tables={[pooledTable(results, ratios)]} />
        </article>
      )}
    </>
  );
}

function QuestionAndAnswer({ answer }: { answer: Answer }) {
  const { question, isQuoted, figures } = answer;
  const [deciding] = figures;
  return (
    <article id={placeOf(answer)} class="question">
      <LinkedHeading id={placeOf(answer)} name={`the question "${question}"`}>
        {isQuoted ? <q>{question}</q> : question}
      </LinkedHeading>
      <p class="answer">{answer.answer}</p>
      {deciding === undefined ? null : (
        <p class="deciding">
          <FigureText figure={deciding} />
        </p>
      )}
      <Figures figures={figures} />
    </article>
  );
}

/** All figures of a sentence, each with its place in the page and its rows of results.json. */
function Figures({ figures }: { figures: readonly Figure[] }) {
  if (figures.length === 0) return null;
  return (
    <details class="figures">
      <summary>What it stands on</summary>
      <ul>
        {figures.map((figure) => (
          <li key={figure.text}>
            <FigureText figure={figure} />
            <br />
            <code class="rows">results.json {figure.rows.join(' ')}</code>
          </li>
        ))}
      </ul>
    </details>
  );
}

function FigureText({ figure: { text, place } }: { figure: Figure }) {
  return (
    <>
      {text} (<a href={`#${place}`}>evidence</a>)
    </>
  );
}
