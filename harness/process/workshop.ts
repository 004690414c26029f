// Work side by side, with turns in which one worker is alone, and second tries.
import { ChildError } from './child.js';

/**
 * Works on all items, at most `limit` at a time.
 *
 * @returns The results in the order of the items.
 */
export async function concurrently<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  const workers = Array.from({ length: Math.min(limit, items.length) }, async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index] as T, index);
    }
  });
  await Promise.all(workers);
  return results;
}

/** Works on all items, one after the other. @returns The results in the order of the items. */
export function inTurn<T, R>(items: readonly T[], work: (item: T, index: number) => Promise<R>) {
  return concurrently(items, 1, work);
}

/** Work on items side by side, in which one item's work can pause all others. */
export class Workshop {
  #working = 0;
  #isAlone = false;
  readonly #alone: (() => Promise<void>)[] = [];
  #waiting: (() => void)[] = [];

  /** Works on all items, as {@link concurrently} does. */
  sideBySide<T, R>(items: readonly T[], limit: number, work: (item: T) => Promise<R>): Promise<R[]> {
    return concurrently(items, limit, async (item) => {
      await this.#enter();
      try {
        return await work(item);
      } finally {
        this.#leave();
      }
    });
  }

  /** Runs `work` while no item is worked on. The caller is the work on an item, and waits meanwhile. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    const done = new Promise<T>((resolve, reject) => {
      this.#alone.push(() => work().then(resolve, reject));
    });
    this.#leave();
    try {
      return await done;
    } finally {
      await this.#enter();
    }
  }

  async #enter(): Promise<void> {
    while (this.#isAlone || this.#alone.length > 0) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#working++;
  }

  #leave(): void {
    this.#working--;
    if (this.#working === 0 && !this.#isAlone) void this.#workAlone();
  }

  async #workAlone(): Promise<void> {
    this.#isAlone = true;
    for (let work = this.#alone.shift(); work !== undefined; work = this.#alone.shift()) await work();
    this.#isAlone = false;
    for (const go of this.#waiting.splice(0)) go();
  }
}

/**
 * Does something with a child process, and tries once more if the machine ended the first.
 *
 * @param who - Names the work in the note.
 * @param note - Called with a line if the second try succeeded.
 * @throws ChildError of the second try.
 */
export async function tryTwice<T>(who: string, note: (line: string) => void, work: () => Promise<T>) {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ChildError && error.blames === 'machine')) throw error;
    const done = await work();
    note(`${who}: ${error.message}; a second try succeeded`);
    return done;
  }
}
