import { readFileSync } from 'node:fs';

/** The text of a file in which the system tells something; null if it does not. */
export function systemFile(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return null;
  }
}
