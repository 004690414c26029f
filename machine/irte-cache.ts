// What an IOMMU keeps in hardware: copies of live entries, and the commands that it has not completed. It lies outside the
// modelled memory, because no software can read it. A host without it delivers from the live entries.
import type { HostParameters } from './host.js';
import { DESTINATION_HI, DESTINATION_LO, GA_LOG_INTR, GUEST_MODE, IRTE_WORDS, IS_RUN } from './irte.js';
import type { Address } from './memory.js';

/** The IOMMUs' hardware as the driver and the devices meet it. */
export interface IommuHardware {
  /** Queues an INVALIDATE of a device's table. */
  queueInvalidate(iommu: Address, device: number): void;
  /** Queues a COMPLETION_WAIT. @returns Its number. */
  queueWait(iommu: Address): number;
  /** Returns when a COMPLETION_WAIT has completed, and so all commands before it. */
  awaitCompletion(iommu: Address, wait: number): void;
  /** The entry by which an interrupt is delivered. @param words - The memory with the live entry. */
  entryFor(device: number, irte: Address, words: Int32Array): ArrayLike<number>;
}

/** For each set of cached fields, the bits of a guest-mode entry that are not in it. They are read with each interrupt. */
const LIVE_BITS: Readonly<Record<HostParameters['cachedFields'], readonly number[]>> = {
  manual: [IS_RUN | DESTINATION_LO | GA_LOG_INTR, ~0, 0, DESTINATION_HI],
  'ga-log-intr': [IS_RUN | DESTINATION_LO, ~0, 0, DESTINATION_HI],
  'run-state': [GA_LOG_INTR, ~0, 0, 0],
};

const isGuestMode = (words: ArrayLike<number>): boolean => ((words[0] as number) & GUEST_MODE) !== 0;

/** Whether two entries deliver to the same place. In guest mode ga_log_intr only says whether the host learns of it. */
export function haveSameTarget(one: Int32Array, other: Int32Array): boolean {
  const ignored = isGuestMode(one) && isGuestMode(other) ? GA_LOG_INTR : 0;
  return one.every(
    (word, index) => ((word ^ (other[index] as number)) & (index === 0 ? ~ignored : ~0)) === 0,
  );
}

/** The commands of an IOMMU. An INVALIDATE is its device, a COMPLETION_WAIT is null. */
interface Queue {
  readonly open: (number | null)[];
  queued: number;
}

/** Copies of entries, by device and address. */
type Copies = Map<number, Map<Address, Int32Array>>;

const cloneOf = (copies: Copies): Copies =>
  new Map(
    [...copies].map(([device, own]) => [device, new Map([...own].map(([at, copy]) => [at, copy.slice()]))]),
  );

/** The hardware of all IOMMUs of a host. It completes commands when it is told to. */
export class CachingIommus implements IommuHardware {
  readonly #liveBits: readonly number[];
  readonly #queues = new Map<Address, Queue>();
  #copies: Copies = new Map();
  #kept: Copies = new Map();
  /** The entry by which the last interrupt was delivered. */
  delivered: Int32Array = new Int32Array(IRTE_WORDS);

  constructor({ cachedFields }: HostParameters) {
    this.#liveBits = LIVE_BITS[cachedFields];
  }

  queueInvalidate(iommu: Address, device: number): void {
    this.#queue(iommu, device);
  }

  queueWait(iommu: Address): number {
    return this.#queue(iommu, null);
  }

  awaitCompletion(iommu: Address, wait: number): void {
    while (!this.hasCompleted(iommu, wait)) this.completeOldest(iommu);
  }

  hasCompleted(iommu: Address, wait: number): boolean {
    const { open, queued } = this.#queueOf(iommu);
    return queued - open.length >= wait;
  }

  /** Whether an IOMMU has commands to complete. */
  isBusy(iommu: Address): boolean {
    return this.#queueOf(iommu).open.length > 0;
  }

  /** Completes an IOMMU's oldest command. An INVALIDATE drops the copies of its device's entries. */
  completeOldest(iommu: Address): void {
    const device = this.#queueOf(iommu).open.shift();
    if (typeof device === 'number') this.#copies.delete(device);
  }

  /**
   * The copy of an entry, with the present fields that are not cached; undefined if there is none. Those fields exist in guest
   * mode alone: when the live entry has left it, the copy's are the last that were read.
   */
  copyOf(device: number, irte: Address, live: Int32Array): Int32Array | undefined {
    const copy = this.#copies.get(device)?.get(irte);
    if (copy !== undefined && isGuestMode(copy) && isGuestMode(live)) {
      this.#liveBits.forEach((bits, index) => {
        copy[index] = ((copy[index] as number) & ~bits) | ((live[index] as number) & bits);
      });
    }
    return copy;
  }

  /** The first interrupt since an INVALIDATE copies the entry. */
  entryFor(device: number, irte: Address, words: Int32Array): Int32Array {
    const live = words.slice(irte, irte + IRTE_WORDS);
    const known = this.copyOf(device, irte, live);
    if (known === undefined) {
      const own = this.#copies.get(device) ?? new Map<Address, Int32Array>();
      this.#copies.set(device, own.set(irte, live));
    }
    this.delivered = known ?? live.slice();
    return this.delivered;
  }

  /** Keeps the copies for {@link rewind}. No command is open. */
  keep(): void {
    this.#kept = cloneOf(this.#copies);
  }

  /** Restores the copies that were kept. No command is open. */
  rewind(): void {
    this.#copies = cloneOf(this.#kept);
    this.#queues.clear();
  }

  /** Equal texts mean equal copies and open commands. */
  fingerprint(): string {
    const copies = [...this.#copies]
      .flatMap(([, own]) => [...own].map(([at, copy]) => `${at}:${copy}`))
      .sort();
    return [...copies, ...[...this.#queues].map(([iommu, { open }]) => `${iommu}:${open}`).sort()].join(' ');
  }

  #queueOf(iommu: Address): Queue {
    const known = this.#queues.get(iommu);
    if (known !== undefined) return known;
    const queue: Queue = { open: [], queued: 0 };
    this.#queues.set(iommu, queue);
    return queue;
  }

  #queue(iommu: Address, command: number | null): number {
    const queue = this.#queueOf(iommu);
    queue.open.push(command);
    return ++queue.queued;
  }
}
