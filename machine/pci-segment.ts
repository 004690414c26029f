// The PCI segment: its devices, and the driver's tables by device id. The driver goes through it to every live entry, and
// walks the list of all devices when it routes an irq or flushes a device.
import type { HostParameters } from './host.js';
import type { Iommus } from './iommus.js';
import { layoutOf } from './layout.js';
import { type Address, LINE_WORDS, type Memory, NULL, WORD_BYTES } from './memory.js';
import type { OwnMemory } from './own-memory.js';

/** Device ids have 16 bits: bus, device and function. */
export const DEVICE_IDS = 1 << 16;

/** Functions of a PCI device. */
export const FUNCTIONS = 8;

/** The driver's structure for a segment. The tables are indexed by device id. */
export const PCI_SEG = {
  rlookupTable: 'pointer',
  irqLookupTable: 'pointer',
  devDataList: 'pointer',
} as const;

/** The driver's structure for a device, on the segment's list. Each has a cache line of its own. */
export const DEV_DATA = { devDataList: 'pointer', devid: 'u32' } as const;

/**
 * Device ids behind one IOMMU. It is no power of two, so the table slots of different IOMMUs' devices do not all fall into
 * one set of a cache.
 */
export const devicesPerIommu = (iommus: number): number =>
  (Math.floor(DEVICE_IDS / iommus / FUNCTIONS) - 1) * FUNCTIONS;

/** The id of a device: those behind one IOMMU are consecutive. @param device - Its number, from 0. */
export const devidOf = (device: number, iommus: number): number =>
  (device % iommus) * devicesPerIommu(iommus) + Math.floor(device / iommus);

/**
 * Makes the segment of a host. Device d is behind IOMMU d modulo their number.
 *
 * @param devices - Devices with an interrupt-remapping table, numbered from 0.
 * @throws RangeError if there are more devices than device ids.
 */
export function pciSegmentIn(
  memory: Memory,
  host: HostParameters,
  devices: number,
  iommus: Iommus,
  own: OwnMemory,
) {
  const most = devicesPerIommu(host.iommus) * host.iommus;
  if (devices > most) throw new RangeError(`${devices} devices are more than the ${most} device ids`);
  const pointerWords = host.pointerBytes / WORD_BYTES;
  const { name, bytes, at } = layoutOf('amd_iommu_pci_seg', PCI_SEG, host.pointerBytes);
  const dev = layoutOf('iommu_dev_data', DEV_DATA, host.pointerBytes);
  const idOf = (device: number): number => devidOf(device, host.iommus);

  const segment = own.reserve(`the ${name}`, bytes / WORD_BYTES);
  const rlookupTable = own.reserve('the rlookup_table', DEVICE_IDS * pointerWords);
  const irqLookupTable = own.reserve('the irq_lookup_table', DEVICE_IDS * pointerWords);
  const devData = own.reserve(`the ${dev.name} of each device`, devices * LINE_WORDS);
  memory.store(segment + at.rlookupTable, rlookupTable);
  memory.store(segment + at.irqLookupTable, irqLookupTable);
  for (const iommu of iommus.addresses) memory.store(iommu + iommus.at.pciSeg, segment);
  // Each new device becomes the first of the list.
  for (let device = 0; device < devices; device++) {
    const data = devData + device * LINE_WORDS;
    memory.store(data + dev.at.devid, idOf(device));
    memory.store(data + dev.at.devDataList, memory.load(segment + at.devDataList));
    memory.store(segment + at.devDataList, data);
    memory.store(rlookupTable + idOf(device) * pointerWords, iommus.behind(device));
  }

  const slotIn = (table: Address, devid: number): Address => memory.load(table) + devid * pointerWords;

  return {
    /** The id of a device. */
    idOf,
    /** The structures, for a memory that counts: their addresses and sizes in words. */
    objects: [
      [segment, bytes / WORD_BYTES],
      [rlookupTable, DEVICE_IDS * pointerWords],
      [irqLookupTable, DEVICE_IDS * pointerWords],
      ...Array.from({ length: devices }, (_, device) => [devData + device * LINE_WORDS, LINE_WORDS] as const),
    ] as const,
    symbols: { amd_iommu_pci_seg: segment },

    /** Sets the structure of a device's table. */
    setIrqTable(device: number, table: Address): void {
      memory.store(irqLookupTable + idOf(device) * pointerWords, table);
    },

    /** The IOMMU of a device, from the segment's table. */
    iommuOf: (devid: number): Address => memory.load(slotIn(segment + at.rlookupTable, devid)),

    /** The structure of a device's table, found from an IOMMU; NULL if the device has no IOMMU. */
    irqTable(iommu: Address, devid: number): Address {
      const seg = memory.load(iommu + iommus.at.pciSeg);
      if (memory.load(slotIn(seg + at.rlookupTable, devid)) === NULL) return NULL;
      return memory.load(slotIn(seg + at.irqLookupTable, devid));
    },

    /**
     * Finds the driver's structure for a device on the list of all devices of an IOMMU's segment.
     *
     * @throws RangeError if there is none.
     */
    searchDevData(iommu: Address, devid: number): void {
      let data = memory.load(memory.load(iommu + iommus.at.pciSeg) + at.devDataList);
      while (data !== NULL && memory.load(data + dev.at.devid) !== devid) {
        data = memory.load(data + dev.at.devDataList);
      }
      if (data === NULL) throw new RangeError(`no device has the id ${devid}`);
    },
  };
}

/** What {@link pciSegmentIn} makes. */
export type PciSegment = ReturnType<typeof pciSegmentIn>;
