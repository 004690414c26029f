import type { Address } from '../../machine/memory.js';
import type { Kmalloc } from '../../machine/slab.js';

/** A heap that tells of each object. It places objects as the heap within does. */
export function observedHeap(
  inner: Kmalloc,
  created: (address: Address, bytes: number, struct?: string) => void,
): Kmalloc {
  return {
    cacheFor(bytes, struct) {
      const { alloc, free } = inner.cacheFor(bytes);
      return {
        alloc() {
          const address = alloc();
          created(address, bytes, struct);
          return address;
        },
        free,
      };
    },
    live: inner.live,
  };
}
