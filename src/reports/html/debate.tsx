import type { Results } from '../../harness/results.js';
import { type Answer, type Figure, placeOf } from '../debate/answer.js';
import { DEBATE_INTRODUCTION, debate } from '../debate/debate.js';
import { headlines } from '../debate/headlines.js';
import type { SurveyedCell } from '../survey.js';
import { LinkedHeading } from './headings.js';

interface DebateProps {
  readonly results: Results;
  readonly cells: readonly SurveyedCell[];
}

/** What someone must know who reads no further. */
export function Headlines({ results, cells }: DebateProps) {
  return (
    <dl class="headlines">
      {headlines(results, cells).map(({ subject, sentence, figures }) => (
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
export function Debate({ results, cells }: DebateProps) {
  return (
    <>
      <p>{DEBATE_INTRODUCTION}</p>
      {debate(results, cells).map((answer) => (
        <QuestionAndAnswer key={answer.id} answer={answer} />
      ))}
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
