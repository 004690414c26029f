// For mutants of the designs that hash tags: the IOMMU driver's code once more, on the tables that are there.
import type { Machine } from '../../../machine/machine.js';
import type { Address } from '../../../machine/memory.js';

/** A machine on which the driver's tables, which a sound strategy has made, are found instead of made. */
export function sameTables(machine: Machine): Machine {
  const tables = machine.iommus.map(machine.driverDataOf);
  return { ...machine, bootAlloc: () => tables.shift() as Address, setDriverData: () => {} };
}
