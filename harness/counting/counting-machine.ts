import type { GaLogNotifier } from '../../machine/ga-log.js';
import type { HostParameters } from '../../machine/host.js';
import { createHost, type Host } from '../../machine/machine.js';
import { WORD_BYTES } from '../../machine/memory.js';
import { type Kmalloc, type KmemCache, kmallocIn, kmallocSize } from '../../machine/slab.js';
import type { CountingMemory } from './counting-memory.js';

/** A device's table structure begins with its lock. */
const TABLE_LOCK_WORDS = 1;

/** Makes a heap that registers its objects with the memory. It places them as the plain heap does. */
function countedHeap(memory: CountingMemory, inner: Kmalloc): Kmalloc {
  return {
    cacheFor(bytes): KmemCache {
      const { alloc, free } = inner.cacheFor(bytes);
      const words = kmallocSize(bytes) / WORD_BYTES;
      return {
        alloc() {
          const address = alloc();
          memory.noteObject(address, words);
          return address;
        },
        free,
      };
    },
    live: inner.live,
  };
}

/** Makes a host whose work is counted. Every word lies at the same address as on a plain host. */
export function countingHost(
  memory: CountingMemory,
  parameters: HostParameters,
  devices: number,
  notify: GaLogNotifier,
): Host {
  const heap = countedHeap(memory, kmallocIn(memory, parameters.heap, parameters.heapSeed));
  const host = createHost(memory, parameters, devices, notify, heap);
  for (let devid = 0; devid < devices; devid++) {
    memory.noteObject(host.irqTableOf(host.irteAt(devid, 0)), TABLE_LOCK_WORDS);
  }
  return {
    ...host,
    hash32(key, bits) {
      memory.computeFromKey(key);
      return host.hash32(key, bits);
    },
    irqTable(devid) {
      memory.computeFromLastLoad();
      return host.irqTable(devid);
    },
    irqTableOf(irte) {
      memory.computeFromObject(irte);
      return host.irqTableOf(irte);
    },
    updateIrte: (...words) => memory.writeEntry(() => host.updateIrte(...words)),
  };
}
