/** A list of 32-bit words that grows as words are appended. */
export class WordList {
  #words = new Int32Array(1 << 12);
  #length = 0;

  /** The words so far: a view, which the next append may leave behind. */
  get words(): Int32Array {
    return this.#words.subarray(0, this.#length);
  }

  append(...words: readonly number[]): void {
    if (this.#length + words.length > this.#words.length) {
      const grown = new Int32Array(this.#words.length * 2);
      grown.set(this.#words);
      this.#words = grown;
    }
    for (const word of words) this.#words[this.#length++] = word;
  }
}
