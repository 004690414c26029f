import type { Machine } from '../../machine/machine.js';
import type { Address } from '../../machine/memory.js';
import { devidOf } from '../../machine/pci-segment.js';

/** The structure of a device's table. @param device - Its number, from 0. */
export function tableOf(machine: Machine, device: number): Address {
  const devid = devidOf(device, machine.host.iommus);
  return machine.irqTable(machine.iommuOf(devid), devid);
}

/** The live entry at an index of a device's table. */
export const irteOf = (machine: Machine, device: number, index: number): Address =>
  machine.irteAt(tableOf(machine, device), index);
