// When the driver queues invalidation commands: after each written entry (2016), once for each device that an operation
// has touched (a proposal of 2019), or never (v6.8).
import type { HostParameters } from './host.js';
import type { Iommus } from './iommus.js';
import type { Address, Memory } from './memory.js';
import type { OwnMemory } from './own-memory.js';

/** Stands for a link at the end of the list of devices to flush. */
export const END_OF_CHAIN = -1;

/** Makes the flush policy of a host. */
export function flushesIn(
  memory: Memory,
  { flush }: HostParameters,
  devices: number,
  iommus: Iommus,
  own: OwnMemory,
) {
  /** A linked list of the devices touched since the last flush; a device that is not on it has a word of 0. */
  const chain = own.reserve('the chain of devices to flush', devices + 1);
  const head: Address = chain + devices;
  memory.store(head, END_OF_CHAIN);

  function deferFlush(devid: number): void {
    if (memory.load(chain + devid) !== 0) return;
    memory.store(chain + devid, memory.load(head));
    memory.store(head, devid + 1);
  }

  return {
    chain,

    /** Called after each written entry of a device; null if nothing follows a write. */
    entryWritten: { 'per-entry': iommus.flush, 'per-device': deferFlush, none: null }[flush],

    /** Flushes the devices that the operation has touched. */
    finishOperation(): void {
      if (flush !== 'per-device') return;
      let link = memory.load(head);
      while (link !== END_OF_CHAIN) {
        const devid = link - 1;
        link = memory.load(chain + devid);
        memory.store(chain + devid, 0);
        iommus.flush(devid);
      }
      memory.store(head, END_OF_CHAIN);
    },
  };
}
