// In which order locks are taken. As in the kernel's lockdep, locks of one kind (the list lock of each vCPU, the hash
// lock of each IOMMU) are one class, so that the order is learnt from one operation and holds for all. Taking a lock
// while another is held makes an edge between their classes, kept over all operations. A circle of edges, or a class
// taken while one of itself is held, is a deadlock on some schedule, whether or not this run came near it.
import type { Address } from '../../../machine/memory.js';

/** A class taken while another was held, and the first operation that did so, by its number from 0. */
export interface Edge {
  readonly held: string;
  readonly taken: string;
  readonly operation: number;
}

/** The order of lock classes. */
export class LockOrder {
  readonly #classOf: (lock: Address) => string;
  readonly #onCycle: (cycle: readonly Edge[]) => void;
  /** Class numbers of locks that were taken while another was held, or held then; and the names of the classes. */
  readonly #classes = new Map<Address, number>();
  readonly #names: string[] = [];
  /** For each class what was taken while it was held, by the number of that class. */
  readonly #edges: (Edge | undefined)[][] = [];
  readonly #held: Address[] = [];
  #operation = -1;

  /**
   * @param classOf - Name of a lock's class; asked once for each lock, until it is freed.
   * @param onCycle - Hears of an edge that closes a circle, with the others of it, each from where the one before leads.
   */
  constructor(classOf: (lock: Address) => string, onCycle: (cycle: readonly Edge[]) => void) {
    this.#classOf = classOf;
    this.#onCycle = onCycle;
  }

  /** Begins the next operation. */
  begin(): void {
    this.#operation++;
    while (this.#held.length > 0) this.#held.pop();
  }

  locked(lock: Address): void {
    for (const held of this.#held) this.#add(this.#numberOf(held), this.#numberOf(lock));
    this.#held.push(lock);
  }

  unlocked(lock: Address): void {
    if (this.#held.at(-1) === lock) this.#held.pop();
    else this.#held.splice(this.#held.lastIndexOf(lock), 1);
  }

  /** An object was taken back: what comes to its place is of another class. */
  freed(address: Address, words: number): void {
    for (let word = 0; word < words; word++) this.#classes.delete(address + word);
  }

  #numberOf(lock: Address): number {
    const known = this.#classes.get(lock);
    if (known !== undefined) return known;
    const name = this.#classOf(lock);
    let number = this.#names.indexOf(name);
    if (number === -1) {
      number = this.#names.push(name) - 1;
      this.#edges.push([]);
    }
    this.#classes.set(lock, number);
    return number;
  }

  #add(held: number, taken: number): void {
    const edges = this.#edges[held] as (Edge | undefined)[];
    if (edges[taken] !== undefined) return;
    const back = taken === held ? [] : this.#path(taken, held, new Set());
    const edge = this.#edge(held, taken);
    edges[taken] = edge;
    if (back !== null) this.#onCycle([edge, ...back]);
  }

  #edge(held: number, taken: number): Edge {
    return {
      held: this.#names[held] as string,
      taken: this.#names[taken] as string,
      operation: this.#operation,
    };
  }

  /** Edges that lead from one class to another; null if none do. */
  #path(from: number, to: number, seen: Set<number>): Edge[] | null {
    seen.add(from);
    for (const [taken, edge] of (this.#edges[from] as (Edge | undefined)[]).entries()) {
      if (edge === undefined) continue;
      if (taken === to) return [edge];
      const rest = seen.has(taken) ? null : this.#path(taken, to, seen);
      if (rest !== null) return [edge, ...rest];
    }
    return null;
  }
}
