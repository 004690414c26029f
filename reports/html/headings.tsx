import type { ComponentChildren } from 'preact';

/** A link to where it stands, for a reader who wants to show the place to another. */
export function LinkTo({ id, name }: { id: string; name: string }) {
  return (
    <a class="link-to" href={`#${id}`} aria-label={`Link to ${name}`}>
      #
    </a>
  );
}

/**
 * The heading of the section or article with an id, and the link to it.
 *
 * @param name - What it is called, where it may not be seen what it stands in.
 */
export function LinkedHeading({
  id,
  name,
  children,
}: {
  id: string;
  name: string;
  children: ComponentChildren;
}) {
  return (
    <div class="heading">
      <h3>{children}</h3>
      <LinkTo id={id} name={name} />
    </div>
  );
}
