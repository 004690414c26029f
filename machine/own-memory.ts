// The regions of memory that belong to the host itself, each with a name for messages.
import type { Address, Memory } from './memory.js';

/** The host's own regions of one memory. */
export function ownMemoryIn(memory: Memory) {
  const regions: { readonly name: string; readonly start: Address; readonly end: Address }[] = [];
  return {
    /** Reserves zeroed words; see {@link Memory.reserve}. */
    reserve(name: string, words: number, alignWords?: number): Address {
      const start = memory.reserve(words, alignWords);
      regions.push({ name, start, end: start + words });
      return start;
    },

    /** The word of a region that an address names; null if it lies in none. */
    nameOf(address: Address): string | null {
      const region = regions.find(({ start, end }) => address >= start && address < end);
      return region === undefined ? null : `word ${address - region.start} of ${region.name}`;
    },
  };
}

/** What {@link ownMemoryIn} makes. */
export type OwnMemory = ReturnType<typeof ownMemoryIn>;
