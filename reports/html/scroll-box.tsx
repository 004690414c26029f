import type { ComponentChildren } from 'preact';

/**
 * A box that scrolls where its content is wider than the page.
 *
 * @param label - The name of the box for a screen reader.
 */
export function ScrollBox({
  class: name = 'scroll',
  label,
  children,
}: {
  class?: string;
  label: string;
  children: ComponentChildren;
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for controls, and many regions would hide the landmarks
    <div
      class={name}
      role="group"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard must reach a box that scrolls
      tabIndex={0}
    >
      {children}
    </div>
  );
}
