// A link into the page shows what it leads to: closed elements on the way open, and what is hidden is shown.
import { showAll } from './filter.js';

function reveal(): void {
  // What a place is to show may follow its id.
  const [id = ''] = location.hash.slice(1).split('?');
  const target = id === '' ? null : document.getElementById(id);
  if (target === null) return;
  if (target.closest('[data-strategy][hidden], [data-workload][hidden]') !== null) showAll();
  for (let element: Element | null = target; element !== null; element = element.parentElement) {
    if (element instanceof HTMLDetailsElement) element.open = true;
  }
  target.scrollIntoView();
}

/** Follows the link that the page was opened with, and each later one. */
export function setUpLinks(): void {
  reveal();
  addEventListener('hashchange', reveal);
}
