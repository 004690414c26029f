// A link into the page shows its target: the elements around the target open, and the filter is reset if it hides it.
import { showAll } from './filter.js';

function reveal(): void {
  // The choices of the what-if may follow the id.
  const [id = ''] = location.hash.slice(1).split('?');
  const target = id === '' ? null : document.getElementById(id);
  if (target === null) return;
  if (target.closest('[data-strategy][hidden], [data-workload][hidden]') !== null) showAll();
  for (let element: Element | null = target; element !== null; element = element.parentElement) {
    if (element instanceof HTMLDetailsElement) element.open = true;
  }
  target.scrollIntoView();
}

/** Follows the link that opened the page and each later link. */
export function setUpLinks(): void {
  reveal();
  addEventListener('hashchange', reveal);
}
