// When the driver flushes on a load or put: after each written entry (2016), once for each device that the operation has
// touched (a proposal of 2019), or never (v6.8).
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

  const flushDevice = (device: number): void => iommus.flush(iommus.behind(device), device);

  function deferFlush(device: number): void {
    if (memory.load(chain + device) !== 0) return;
    memory.store(chain + device, memory.load(head));
    memory.store(head, device + 1);
  }

  return {
    chain,

    /** Called after a load or put has written an entry of a device; null if nothing follows. */
    entryWritten: { 'per-entry': flushDevice, 'per-device': deferFlush, none: null }[flush],

    /** Flushes the devices that the operation has touched. */
    finishOperation(): void {
      if (flush !== 'per-device') return;
      let link = memory.load(head);
      while (link !== END_OF_CHAIN) {
        const device = link - 1;
        link = memory.load(chain + device);
        memory.store(chain + device, 0);
        flushDevice(device);
      }
      memory.store(head, END_OF_CHAIN);
    },
  };
}
