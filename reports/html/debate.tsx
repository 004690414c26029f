import { type Answer, type Figure, placeOf } from '../debate/answer.js';
import { DEBATE_INTRODUCTION, type Review } from '../debate/debate.js';
import { pooledTable, RATIOS_PLACE } from '../debate/pooled-figures.js';
import { Article } from './article.js';
import type { Content } from './content.js';
import { NumberTables } from './number-tables.js';

/** The headlines, for a reader who reads no further. */
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

/** The questions of the review, each with its answer and its evidence. */
export function Debate({ results, review }: Content) {
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
        <Article id={RATIOS_PLACE} name="the ratios of the answers" heading="The ratios of the answers">
          <NumberTables results={results} tables={[pooledTable(results, ratios)]} />
        </Article>
      )}
    </>
  );
}

function QuestionAndAnswer({ answer }: { answer: Answer }) {
  const { question, isQuoted, figures } = answer;
  const [deciding] = figures;
  return (
    <Article
      id={placeOf(answer)}
      name={`the question "${question}"`}
      heading={isQuoted ? <q>{question}</q> : question}
      class="question"
    >
      <p class="answer">{answer.answer}</p>
      {deciding === undefined ? null : (
        <p class="deciding">
          <FigureText figure={deciding} />
        </p>
      )}
      <Figures figures={figures} />
    </Article>
  );
}

/** The figures of a sentence, each with its place in the page and its rows in results.json. */
function Figures({ figures }: { figures: readonly Figure[] }) {
  if (figures.length === 0) return null;
  return (
    <details class="figures">
      <summary>What it stands on</summary>
      <ul>
        {figures.map((figure) => (
          <li key={figure.text}>
            <FigureText figure={figure} />
            {figure.rows.length === 0 ? null : (
              <>
                <br />
                <code class="rows">results.json {figure.rows.join(' ')}</code>
              </>
            )}
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
