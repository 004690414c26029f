import { numberOf } from '../words/wording.js';

/** The report as plain text, folded away. */
export function TextTwin({ text }: { text: string }) {
  return (
    <details class="text-twin" id="report-txt">
      <summary>report.txt, {numberOf(text.split('\n').length - 1, 'line')}</summary>
      {/* biome-ignore lint/a11y/useSemanticElements: no set of fields */}
      <div
        class="scroll"
        role="group"
        aria-label="report.txt"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
        tabIndex={0}
      >
        <pre>{text}</pre>
      </div>
    </details>
  );
}
