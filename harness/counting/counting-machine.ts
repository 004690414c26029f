import type { GaLogNotifier } from '../../machine/ga-log.js';
import type { HostParameters } from '../../machine/host.js';
import { createHost, type Host } from '../../machine/machine.js';
import { WORD_BYTES } from '../../machine/memory.js';
import { type Kmalloc, type KmemCache, kmallocIn, kmallocSize } from '../../machine/slab.js';
import type { CountingMemory } from './counting-memory.js';

/** The lock of a device's table is the first word of the table's structure. */
const TABLE_LOCK_WORDS = 1;

/** A heap whose objects a counting memory knows; they lie where the host's own heap puts them. */
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

/** A host on which work is counted: the same words at the same addresses as on one without. */
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
      memory.indexByKey(key);
      return host.hash32(key, bits);
    },
    irqTable(devid) {
      memory.indexByLastRead();
      return host.irqTable(devid);
    },
    irqTableOf(irte) {
      memory.indexByObject(irte);
      return host.irqTableOf(irte);
    },
    updateIrte: (...words) => memory.writeEntry(() => host.updateIrte(...words)),
  };
}
