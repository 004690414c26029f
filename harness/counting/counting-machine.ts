import type { GaLogListener } from '../../machine/ga-log.js';
import type { HostParameters } from '../../machine/host.js';
import { createHost, type Host } from '../../machine/machine.js';
import { WORD_BYTES } from '../../machine/memory.js';
import { kmallocIn, kmallocSize } from '../../machine/slab.js';
import { observedHeap } from '../replay/observed-heap.js';
import type { CountingMemory } from './counting-memory.js';

/** Makes a host whose work is counted. Every word lies at the same address as on a plain host. */
export function countingHost(
  memory: CountingMemory,
  parameters: HostParameters,
  devices: number,
  listener: GaLogListener,
): Host {
  const plain = kmallocIn(memory, parameters.heap, parameters.heapSeed);
  const heap = observedHeap(plain, (address, bytes) => {
    memory.noteObject(address, kmallocSize(bytes) / WORD_BYTES);
  });
  const host = createHost(memory, parameters, devices, listener, heap);
  for (const [address, words] of host.objects) memory.noteObject(address, words);
  return {
    ...host,
    hash32(key, bits) {
      memory.computeFromKey(key);
      return host.hash32(key, bits);
    },
    irqTable: (iommu, devid) => memory.onWay(() => host.irqTable(iommu, devid)),
    updateIrte(...words) {
      memory.countEntry();
      host.updateIrte(...words);
    },
    modifyIrte(...words) {
      memory.countEntry();
      host.modifyIrte(...words);
    },
  };
}
