// The modelled host as a strategy and the harness meet it: IOMMUs, devices with their interrupt-remapping tables, the
// heap, the hash and the GA log. It knows no strategy. createHost() puts it together from the parts beside this file.
import { flushesIn } from './flushes.js';
import { type GaLogListener, gaLogsIn } from './ga-log.js';
import { type Hash32, hash32With } from './hash.js';
import type { HostParameters } from './host.js';
import { type CommandCounts, iommusIn } from './iommus.js';
import { irqCfgsIn } from './irq-cfg.js';
import { type IrteWriter, irqTablesIn } from './irq-tables.js';
import type { IommuHardware } from './irte-cache.js';
import { type Hlist, type HlistBl, hlistBlIn, hlistIn, type List, listIn } from './lists.js';
import { type Address, type Memory, WORD_BYTES } from './memory.js';
import { ownMemoryIn } from './own-memory.js';
import { pciSegmentIn } from './pci-segment.js';
import { type Kmalloc, type KmemCache, kmallocIn } from './slab.js';

/** Frame number of the first backing page: above the low memory that a host keeps for itself. */
export const FIRST_BACKING_PAGE = 0x10_0000;

/** The part of the host that a strategy may use. */
export interface Machine {
  readonly host: HostParameters;
  readonly memory: Memory;
  /** Address of each IOMMU's structure. */
  readonly iommus: readonly Address[];
  readonly hlist: Hlist;
  readonly hlistBl: HlistBl;
  readonly list: List;
  /** The kernel's hash_32() of the host's era. */
  readonly hash32: Hash32;
  /**
   * The kmalloc cache for objects of a constant size: each has at least `bytes` bytes and is zeroed.
   *
   * @param struct - The name of the objects' structure, for failures.
   */
  kmemCache(bytes: number, struct?: string): KmemCache;
  /** kmalloc for a size that is known only at the call: a zeroed object of at least `bytes` bytes. */
  kmalloc(bytes: number, struct?: string): Address;
  /** Frees an object of {@link kmalloc}; `bytes` is the size that was asked for. */
  kfree(address: Address, bytes: number): void;
  /**
   * Zeroed memory for the life of the host, such as a hash table.
   *
   * @param name - Its symbol, as in the kernel's System.map: for failures, and for a C program on the same memory.
   */
  bootAlloc(bytes: number, name?: string): Address;

  /** The IOMMU of a device, found through the PCI segment. */
  iommuOf(devid: number): Address;
  /** Makes an IOMMU's structure point to a structure of the strategy's own. */
  setDriverData(iommu: Address, data: Address): void;
  /** The structure of {@link setDriverData}; NULL if there is none. */
  driverDataOf(iommu: Address): Address;
  /**
   * Finds the driver's structure for a device, as the driver does before it routes an irq: it walks the list of all devices
   * of the IOMMU's segment.
   *
   * @throws RangeError if there is none.
   */
  searchDevData(iommu: Address, devid: number): void;
  /**
   * The driver's structure for a device's interrupt-remapping table, found from its IOMMU through the PCI segment: four
   * dependent loads.
   */
  irqTable(iommu: Address, devid: number): Address;
  /** The live entry at an index of a table. */
  irteAt(table: Address, index: number): Address;
  /**
   * The lowest index of a table whose entry is zero. It stays free until the entry is written.
   *
   * @throws RangeError if the table is full.
   */
  freeIrteIndex(table: Address): number;
  /** Makes the irq_cfg of a host irq, {destination, vector}, one word each. */
  createIrqCfg(irq: number): Address;
  /** Frees an irq_cfg. */
  freeIrqCfg(cfg: Address): void;
  /**
   * Writes a live entry for a load or put, under its table's lock, and flushes it if the host's policy says so. The table
   * comes from {@link irqTable}.
   */
  readonly updateIrte: IrteWriter;
  /**
   * Writes a live entry for any other operation, and flushes it: the driver searches the device, queues INVALIDATE and
   * COMPLETION_WAIT, and waits.
   */
  readonly modifyIrte: IrteWriter;

  /** Page frame number of a vCPU's vAPIC backing page; `vcpu` is its number in the stream. */
  backingPage(vcpu: number): number;
  /** The driver's GA log handler: it notifies of each entry, then restarts the log if it had overflowed. */
  drainGaLog(iommu: Address): void;
  /** Wakes a vCPU, like kvm_vcpu_wake_up(). To wake one that need not wake is a cost; to wake a freed one is a failure. */
  wakeUp(vcpu: Address): void;
}

/** The machine plus what only the hardware and the harness use. */
export interface Host extends Machine {
  /** The IOMMU that an entry's device is behind. */
  iommuAt(irte: Address): Address;
  /** The device whose table holds an entry. */
  deviceAt(irte: Address): number;
  /** The structure of the table that holds an entry. */
  tableAt(irte: Address): Address;
  /** A device's interrupt arrives at this entry. @returns One of DELIVERY. */
  interrupt(irte: Address): number;
  /** Writes a live entry, and flushes nothing. */
  readonly writeIrte: IrteWriter;
  /** The two halves of a flush, for the table of an entry. */
  invalidate(irte: Address): void;
  awaitCompletion(irte: Address): void;
  /** Ends an operation: queues the commands that a per-device flush policy has deferred. */
  finishOperation(): void;
  /** Commands queued by all IOMMUs since the host was made. */
  commands(): CommandCounts;
  /** The words that a wait for completion writes, one for each IOMMU, while it holds the command lock. */
  readonly completionWaits: readonly Address[];
  /** The driver's structures, with their sizes in words. */
  readonly objects: readonly (readonly [address: Address, words: number])[];
  /** Objects of kmalloc that are in use, by size class in bytes, without the host's tables. */
  liveObjects(): Map<number, number>;
  /** Bytes in use by the strategy and by the irq_cfgs: memory from boot, and live objects. */
  heldBytes(): number;
  /** Names an address of the host's own, such as "word 3 of the GA log of IOMMU 0"; null if it is not the host's. */
  nameOf(address: Address): string | null;
  /** The kind of a lock of the host's own, such as "irq_remap_table"; null if it is not the host's. */
  lockClassOf(lock: Address): string | null;
  /** Addresses by name: memory from boot, and the host's own tables and locks. */
  symbols(): ReadonlyMap<string, Address>;
  /** The region of all live entries: the devices' tables one after the other, by device id. */
  readonly irtes: { readonly start: Address; readonly end: Address };
}

/**
 * Makes a host in an unused memory.
 *
 * @param devices - Devices with an interrupt-remapping table; their ids count from 0.
 * @param listener - Learns of each entry that {@link Machine.drainGaLog} reads, and of each {@link Machine.wakeUp}.
 * @param heap - Its kmalloc; by default the host's slabs.
 * @param hardware - The IOMMUs' caches and queues; without it interrupts are delivered from the live entries.
 * @throws RangeError if there are more devices than device ids.
 */
export function createHost(
  memory: Memory,
  host: HostParameters,
  devices: number,
  listener: GaLogListener,
  heap: Kmalloc = kmallocIn(memory, host.heap, host.heapSeed),
  hardware: IommuHardware | null = null,
): Host {
  const own = ownMemoryIn(memory);
  const iommus = iommusIn(memory, host, own, hardware);
  const segment = pciSegmentIn(memory, host, devices, iommus, own);
  const tables = irqTablesIn(memory, host, devices, segment, heap, own);
  const flushes = flushesIn(memory, host, devices, iommus, own);
  const irqCfgs = irqCfgsIn(memory, heap);
  const gaLogs = gaLogsIn(memory, iommus, tables, segment, listener, hardware);
  const symbols = new Map(
    Object.entries({ ...segment.symbols, ...tables.symbols, flush_chain: flushes.chain }),
  );
  const hostsObjects = heap.live();
  let bootBytes = 0;

  const liveObjects = (): Map<number, number> =>
    new Map([...heap.live()].map(([size, objects]) => [size, objects - (hostsObjects.get(size) ?? 0)]));

  const { irtes, deviceAt, writeIrte } = tables;
  const { entryWritten } = flushes;

  return {
    host,
    memory,
    iommus: iommus.addresses,
    hlist: hlistIn(memory, host.pointerBytes),
    hlistBl: hlistBlIn(memory, host.pointerBytes),
    list: listIn(memory, host.pointerBytes),
    hash32: hash32With(host.hashMultiplier),

    kmemCache: heap.cacheFor,
    kmalloc: (bytes, struct) => heap.cacheFor(bytes, struct).alloc(),
    kfree: (address, bytes) => heap.cacheFor(bytes).free(address),
    bootAlloc(bytes, name) {
      bootBytes += bytes;
      const address = memory.reserve(Math.ceil(bytes / WORD_BYTES));
      if (name !== undefined) symbols.set(name, address);
      return address;
    },

    iommuOf: segment.iommuOf,
    setDriverData: iommus.setDriverData,
    driverDataOf: iommus.driverDataOf,
    searchDevData: segment.searchDevData,
    irtes,
    iommuAt: (irte) => iommus.behind(deviceAt(irte)),
    deviceAt,
    tableAt: tables.tableAt,
    irqTable: tables.irqTable,
    irteAt: tables.irteAt,
    freeIrteIndex: tables.freeIrteIndex,
    createIrqCfg: irqCfgs.createIrqCfg,
    freeIrqCfg: irqCfgs.freeIrqCfg,
    updateIrte:
      entryWritten === null
        ? writeIrte
        : (table, irte, word0, word1, word2, word3) => {
            writeIrte(table, irte, word0, word1, word2, word3);
            entryWritten(deviceAt(irte));
          },
    modifyIrte(table, irte, word0, word1, word2, word3) {
      writeIrte(table, irte, word0, word1, word2, word3);
      const device = deviceAt(irte);
      const iommu = iommus.behind(device);
      segment.searchDevData(iommu, segment.idOf(device));
      iommus.flush(iommu, device);
    },
    writeIrte,
    invalidate: (irte) => iommus.invalidate(iommus.behind(deviceAt(irte)), deviceAt(irte)),
    awaitCompletion: (irte) => iommus.awaitCompletion(iommus.behind(deviceAt(irte))),
    finishOperation: flushes.finishOperation,
    commands: iommus.commands,
    completionWaits: iommus.completionWaits,
    objects: [...iommus.objects, ...segment.objects, ...tables.objects],

    backingPage: (vcpu) => FIRST_BACKING_PAGE + vcpu,
    interrupt: gaLogs.interrupt,
    drainGaLog: gaLogs.drainGaLog,
    wakeUp: listener.wakeUp,

    symbols: () => symbols,
    liveObjects,
    heldBytes: () => [...liveObjects()].reduce((bytes, [size, objects]) => bytes + size * objects, bootBytes),
    nameOf: (address) =>
      address >= irtes.start && address < irtes.end
        ? `a live IRTE of device ${deviceAt(address)}`
        : own.nameOf(address),
    lockClassOf: (lock) => tables.lockClassOf(lock) ?? iommus.lockClassOf(lock),
  };
}
