/**
 * A button that exists only where scripts run.
 *
 * @param name - The name that a screen reader reads instead of the text.
 */
export function button(text: string, name: string, onClick: (button: HTMLButtonElement) => void) {
  const element = document.createElement('button');
  element.type = 'button';
  element.textContent = text;
  if (name !== text) element.setAttribute('aria-label', name);
  element.addEventListener('click', () => onClick(element));
  return element;
}
