// The state of the page in its address: "#cost?workload=pinned&language=C". A link to it shows the same to another reader.

/** The place in the address: a tab, or an element in one. */
export function placeInAddress(): string {
  try {
    return decodeURIComponent(location.hash.slice(1).split('?')[0] ?? '');
  } catch {
    return '';
  }
}

/** The choices in the address. */
export function choicesInAddress(): URLSearchParams {
  return new URLSearchParams(location.hash.split('?')[1] ?? '');
}

/** Puts choices into the address, without a new entry of the history. An empty value removes one. */
export function choose(choices: Readonly<Record<string, string>>): void {
  const all = choicesInAddress();
  for (const [name, value] of Object.entries(choices)) {
    if (value === '') all.delete(name);
    else all.set(name, value);
  }
  goTo(placeInAddress(), all, true);
}

/** Goes to a place and keeps the choices. */
export function goTo(place: string, choices = choicesInAddress(), replaces = false): void {
  const query = choices.toString();
  const hash = `#${place}${query === '' ? '' : `?${query}`}`;
  if (hash === location.hash) return;
  if (replaces) history.replaceState(null, '', hash);
  else location.hash = hash;
}
