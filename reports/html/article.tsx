import type { ComponentChildren } from 'preact';

/** A link to a part of the page, from which a reader can copy the address. */
export function LinkTo({ id, name }: { id: string; name: string }) {
  return (
    <a class="link-to" href={`#${id}`} aria-label={`Link to ${name}`}>
      #
    </a>
  );
}

/**
 * A part of a section with its own heading and address.
 *
 * @param name - The name of the part out of context, for the label of its link.
 */
export function Article({
  id,
  name,
  heading,
  children,
  ...attributes
}: {
  id: string;
  name: string;
  heading: ComponentChildren;
  children: ComponentChildren;
  class?: string;
  'data-strategy'?: string;
  'data-workload'?: string;
}) {
  return (
    <article id={id} {...attributes}>
      <div class="heading">
        <h3>{heading}</h3>
        <LinkTo id={id} name={name} />
      </div>
      {children}
    </article>
  );
}
