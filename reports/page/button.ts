/** A button that the page has only where scripts run. */
export function button(text: string, name: string, onClick: (button: HTMLButtonElement) => void) {
  const element = document.createElement('button');
  element.type = 'button';
  element.textContent = text;
  if (name !== text) element.setAttribute('aria-label', name);
  element.addEventListener('click', () => onClick(element));
  return element;
}
