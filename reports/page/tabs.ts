// Shows one tab at a time. A link into the page shows its target: its tab, and the folds and choices around it.
import { choicesInAddress, goTo, placeInAddress } from './address.js';
import { showOption } from './choices.js';

const tabs = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('.tab')];

/** The target that is highlighted. */
let marked: Element | null = null;

function follow(): void {
  const place = placeInAddress();
  const target = place === '' ? null : document.getElementById(place);
  const tab =
    target?.closest<HTMLElement>('.tab') ?? (place === '' || target === null ? tabs()[0] : undefined);
  if (tab === undefined) return;
  for (const one of tabs()) one.classList.toggle('shown', one === tab);
  for (const link of document.querySelectorAll('nav a')) {
    if (link.getAttribute('href') === `#${tab.id}`) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  marked?.classList.remove('marked');
  if (target === null || target === tab) {
    if (target === tab) scrollTo(0, 0);
    return;
  }
  for (let element: Element | null = target; element !== null; element = element.parentElement) {
    if (element.classList.contains('option')) showOption(element as HTMLDetailsElement);
    else if (element instanceof HTMLDetailsElement) element.open = true;
    const alike = element.matches('tr') ? element.querySelector<HTMLDetailsElement>('.alike') : null;
    if (alike !== null) alike.open = true;
    if (element instanceof HTMLElement && element.dataset.strategy !== undefined) element.hidden = false;
  }
  marked = target;
  target.classList.add('marked');
  target.scrollIntoView({ block: target.matches('td, tr') ? 'center' : 'start' });
}

/** Follows the address, and each later one. Links keep the choices in the address. */
export function setUpTabs(): void {
  document.documentElement.classList.add('tabbed');
  document.addEventListener('click', (event) => {
    const link = (event.target as Element).closest?.('a[href^="#"]');
    if (link === null || link.matches('.skip') || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const place = (link.getAttribute('href') ?? '#').slice(1);
    goTo(place, choicesInAddress());
    follow();
  });
  addEventListener('hashchange', follow);
  follow();
}
