import { numberOf } from '../words/wording.js';
import type { Content } from './content.js';
import { ScrollBox } from './scroll-box.js';

/** The report in plain text, folded away. */
export function PlainText({ text }: Content) {
  return (
    <details class="plain-text" id="report-txt">
      <summary>report.txt, {numberOf(text.split('\n').length - 1, 'line')}</summary>
      <ScrollBox label="report.txt">
        <pre>{text}</pre>
      </ScrollBox>
    </details>
  );
}
