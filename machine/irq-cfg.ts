// The irq_cfg of a host irq, {destination, vector}: where it goes in remap mode. The kernel's vector domain owns it.
import { type Address, type Memory, WORD_BYTES } from './memory.js';
import type { Kmalloc } from './slab.js';

/** Logical destination of an irq in remap mode: one of eight CPUs in flat mode. */
export function hostDestination(irq: number): number {
  return 1 << (irq % 8);
}

/** Host vector of an irq in remap mode: one of the device vectors, 0x31 to 0xee. */
export function hostVector(irq: number): number {
  return 0x31 + (irq % 0xbe);
}

/** The irq_cfgs of a host. */
export function irqCfgsIn(memory: Memory, heap: Kmalloc) {
  const cache = heap.cacheFor(2 * WORD_BYTES, 'irq_cfg');
  return {
    createIrqCfg(irq: number): Address {
      const cfg = cache.alloc();
      memory.store(cfg, hostDestination(irq));
      memory.store(cfg + 1, hostVector(irq));
      return cfg;
    },
    freeIrqCfg: cache.free,
  };
}
