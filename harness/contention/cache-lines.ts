/**
 * Cost of an upgrade as a part of a transfer: a CPU writes a line that it has read, and that others have too. They drop
 * their copies, but no data moves.
 */
const UPGRADE_PART = 0.5;

const WORD_BITS = 32;

/** The CPUs that hold a copy of each cache line. */
export class CacheLines {
  /** Words of a line's bitmap of CPUs. */
  readonly #words: number;
  readonly #copies: Int32Array;
  readonly #holders: Int32Array;

  constructor(lines: number, cpus: number) {
    this.#words = Math.ceil(cpus / WORD_BITS);
    this.#copies = new Int32Array(lines * this.#words);
    this.#holders = new Int32Array(lines);
  }

  /** A CPU reads or writes a line. @returns The transfers that this takes: 1, a part, or none. */
  touch(cpu: number, line: number, writes: boolean): number {
    const at = line * this.#words + Math.floor(cpu / WORD_BITS);
    const bit = 1 << (cpu % WORD_BITS);
    const has = ((this.#copies[at] as number) & bit) !== 0;
    const holders = this.#holders[line] as number;
    if (has && (!writes || holders === 1)) return 0;
    if (writes && holders > 0) {
      this.#copies.fill(0, line * this.#words, (line + 1) * this.#words);
      this.#holders[line] = 0;
    }
    this.#copies[at] = (this.#copies[at] as number) | bit;
    this.#holders[line] = (this.#holders[line] as number) + 1;
    if (has) return UPGRADE_PART;
    return holders > 0 ? 1 : 0;
  }
}
