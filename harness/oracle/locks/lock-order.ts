// Checks the order in which locks are taken. As in the kernel's lockdep, locks of one kind (the list lock of each vCPU,
// the hash lock of each IOMMU) form one class. Taking a lock while holding another adds an edge between their classes,
// and edges stay for the whole run. A cycle of edges, or a class taken while one of its own locks is held, can deadlock
// on some schedule.
import { type Address, bitLockOf } from '../../../machine/memory.js';

/** A class taken while another was held, and the number of the first operation that did so, from 0. */
export interface Edge {
  readonly held: string;
  readonly taken: string;
  readonly operation: number;
}

/** The order of lock classes. */
export class LockOrder {
  readonly #classOf: (lock: Address) => string;
  readonly #onCycle: (cycle: readonly Edge[]) => void;
  /** Class numbers of locks that are part of an edge, and the names of the classes. */
  readonly #classes = new Map<Address, number>();
  readonly #names: string[] = [];
  /** The edges, by the number of the held class and of the taken class. */
  readonly #edges: (Edge | undefined)[][] = [];
  readonly #held: Address[] = [];
  #operation = -1;

  /**
   * @param classOf - Gives the name of a lock's class; called once for each lock until it is freed.
   * @param onCycle - Receives each new cycle: the edge that closed it, then the other edges in order.
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

  /** Forgets the locks of a freed object. A later lock at its address may be of another class. */
  freed(address: Address, words: number): void {
    for (let word = 0; word < words; word++) {
      this.#classes.delete(address + word);
      this.#classes.delete(bitLockOf(address + word));
    }
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
    const [heldName, takenName] = [this.#names[held] as string, this.#names[taken] as string];
    const edge = { held: heldName, taken: takenName, operation: this.#operation };
    edges[taken] = edge;
    if (back !== null) this.#onCycle([edge, ...back]);
  }

  /** A path of edges from one class to another; null if there is none. */
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
