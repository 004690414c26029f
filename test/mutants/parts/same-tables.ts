// For mutants of the designs that hash tags: a second instance of the IOMMU driver's code, on the existing tables.
import type { Machine } from '../../../machine/machine.js';
import type { Address } from '../../../machine/memory.js';

/** A machine that hands out the driver's tables of a sound strategy instead of making new ones. */
export function sameTables(machine: Machine): Machine {
  const tables = machine.iommus.map(machine.driverDataOf);
  return { ...machine, bootAlloc: () => tables.shift() as Address, setDriverData: () => {} };
}
