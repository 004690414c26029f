// The modelled host as hypervisor code meets it: IOMMUs, devices with their interrupt-remapping tables, the heap,
// the hash, and the GA log. Each IRTE write goes through updateIrte(), which takes the lock and counts the
// commands of the host's era. It knows no strategy.
import { type Hash32, hash32With } from './hash.js';
import type { HostParameters } from './host.js';
import { GA_LOG_INTR, GUEST_MODE, IRTE_WORDS, IS_RUN, VALID } from './irte.js';
import { layoutOf } from './layout.js';
import { type Hlist, hlistIn, type List, listIn } from './lists.js';
import { type Address, LINE_WORDS, type Memory, WORD_BYTES } from './memory.js';
import { type Kmalloc, type KmemCache, kmallocIn } from './slab.js';

/** Entries of a GA log ring, 8 bytes each. One stays empty, as head = tail means empty. */
export const GA_LOG_ENTRIES = 512;

/** Device ids are 16 bits: bus, device and function. */
export const MAX_DEVICES = 1 << 16;

/** First backing page's frame number: any page above the low memory that hosts keep for themselves. */
const FIRST_BACKING_PAGE = 0x10_0000;

/** Type of a GA log entry that reports a guest interrupt, in bits 63:60, so bits 31:28 of its second word. */
export const GA_LOG_GUEST_INTERRUPT = 1 << 28;

/** An IOMMU of the host. `driverData` is what {@link Machine.setDriverData} hangs there. */
export const AMD_IOMMU = {
  gaLog: 'pointer',
  gaLogHead: 'u32',
  gaLogTail: 'u32',
  gaLogOverflow: 'u32',
  invalidateCount: 'u32',
  completionWaitCount: 'u32',
  /** Around each command that the driver queues. */
  lock: 'u32',
  driverData: 'pointer',
} as const;

/** The driver's structure for a device's interrupt-remapping table. */
export const IRQ_REMAP_TABLE = { lock: 'u32', minIndex: 'u32', table: 'pointer' } as const;

/** In place of a link: the end of the chain of devices to flush. */
export const END_OF_CHAIN = -1;

/** What the hardware did with an interrupt. */
export const DELIVERY = {
  /** Guest mode, vCPU running: the doorbell of the destination CPU was rung. */
  doorbell: 0,
  /** Guest mode, vCPU not running: an entry was written to the GA log. */
  logged: 1,
  /** As logged, but the log was full or had stopped: overflow is flagged and the entry is lost. */
  overflow: 2,
  /** Guest mode, neither running nor to be logged: pending in the vCPU's backing page. */
  pending: 3,
  /** Remap mode: delivered to a host CPU. */
  remapped: 4,
  /** The entry is not valid: target abort. */
  aborted: 5,
} as const;

/** Called by the driver for each entry that it takes from an IOMMU's GA log. */
export type GaLogNotifier = (iommu: Address, tag: number) => void;

/** Commands that the IOMMU driver has queued; counters, not prices. */
export interface CommandCounts {
  readonly invalidate: number;
  readonly completionWait: number;
}

/** What a strategy may use of the host. */
export interface Machine {
  readonly host: HostParameters;
  readonly memory: Memory;
  /** Address of each IOMMU's structure. */
  readonly iommus: readonly Address[];
  readonly hlist: Hlist;
  readonly list: List;
  /** The kernel's hash_32() of the host's era. */
  readonly hash32: Hash32;
  /**
   * The cache of kmalloc for objects of a constant size, at least `bytes` bytes, zeroed when handed out.
   *
   * @param struct - What the objects are, for findings.
   */
  kmemCache(bytes: number, struct?: string): KmemCache;
  /** kmalloc for a size that is known when it is called: a zeroed object of at least `bytes` bytes. */
  kmalloc(bytes: number, struct?: string): Address;
  /** Gives an object of {@link kmalloc} back; `bytes` as at its allocation. */
  kfree(address: Address, bytes: number): void;
  /**
   * Zeroed memory for the life of the host, such as a hash table.
   *
   * @param name - What it is, as in the kernel's System.map: for findings, and for a program that is given the memory.
   */
  bootAlloc(bytes: number, name?: string): Address;

  /** The IOMMU that a device's requests go through. */
  iommuOf(devid: number): Address;
  /** Hangs a driver's own structure on an IOMMU's. */
  setDriverData(iommu: Address, data: Address): void;
  /** What {@link setDriverData} hung there; NULL if nothing. */
  driverDataOf(iommu: Address): Address;
  /** The driver's structure for a device's interrupt-remapping table, found by device id. */
  irqTable(devid: number): Address;
  /** The same, from the address of one of its entries; arithmetic that no kernel can do, for bounds. */
  irqTableOf(irte: Address): Address;
  /**
   * The lowest index of a device's table whose entry is zero; writing the entry is what takes it.
   *
   * @throws RangeError if the table is full.
   */
  freeIrteIndex(devid: number): number;
  /** Address of the live entry at an index of a device's table. */
  irteAt(devid: number, index: number): Address;
  /** The irq_cfg of a host irq, {destination, vector}, one word each; in the kernel the vector domain owns it. */
  createIrqCfg(irq: number): Address;
  /** Gives an irq_cfg back. */
  freeIrqCfg(cfg: Address): void;
  /**
   * Writes a live entry under the host's table lock and queues what the host's flush policy asks for.
   *
   * @param table - From {@link irqTable} or {@link irqTableOf}.
   * @remarks Four stores stand for one cmpxchg16b.
   */
  updateIrte(table: Address, irte: Address, word0: number, word1: number, word2: number, word3: number): void;

  /** Page frame number of the vAPIC backing page of the vCPU with this number in the stream. */
  backingPage(vcpu: number): number;
  /** The driver's GA log handler: notifies for each entry, then restarts the log if it had overflown. */
  drainGaLog(iommu: Address): void;
}

/** The host with what only hardware and the harness use. */
export interface Host extends Machine {
  /** The device whose table an entry is in. */
  devidOf(irte: Address): number;
  /** An interrupt of a device arrives at this entry. @returns One of {@link DELIVERY}. */
  interrupt(irte: Address): number;
  /** Ends an operation: queues the commands that a per-device flush has gathered. */
  finishOperation(): void;
  /** Commands queued by all IOMMUs since the host was made. */
  commands(): CommandCounts;
  /** Objects of kmalloc that are not given back, by size class in bytes. */
  liveObjects(): Map<number, number>;
  /** Bytes that the strategy and the irqs' configurations hold: tables made at boot, and live objects. */
  heldBytes(): number;
  /** What of the host's own an address belongs to, such as "word 3 of the GA log of IOMMU 0"; null if nothing. */
  nameOf(address: Address): string | null;
  /** What a lock of the host's own is, or what it lies in, such as "irq_remap_table"; null if it is none. */
  lockClassOf(lock: Address): string | null;
  /** Addresses by name: of what was made at boot, and of the host's own tables and locks. */
  symbols(): ReadonlyMap<string, Address>;
  /** The region of all live entries: device tables one after the other, by device id. */
  readonly irtes: { readonly start: Address; readonly end: Address };
}

const log2 = (powerOfTwo: number): number => 31 - Math.clz32(powerOfTwo);

/**
 * Makes a host in an unused memory.
 *
 * @param devices - Devices with an interrupt-remapping table, ids 0 up to this.
 * @param notify - Gets each entry that {@link Machine.drainGaLog} reads.
 * @param heap - Its kmalloc; by default the host's slabs.
 * @throws RangeError if there are more devices than device ids.
 */
export function createHost(
  memory: Memory,
  host: HostParameters,
  devices: number,
  notify: GaLogNotifier,
  heap: Kmalloc = kmallocIn(memory, host.heap, host.heapSeed),
): Host {
  if (devices > MAX_DEVICES) {
    throw new RangeError(`${devices} devices are more than the ${MAX_DEVICES} device ids`);
  }
  const pointerWords = host.pointerBytes / WORD_BYTES;

  const iommuStruct = layoutOf('amd_iommu', AMD_IOMMU, host.pointerBytes);
  const tableStruct = layoutOf('irq_remap_table', IRQ_REMAP_TABLE, host.pointerBytes);
  const iommu = iommuStruct.at;
  const table = tableStruct.at;

  const own: { readonly name: string; readonly start: Address; readonly end: Address }[] = [];

  /** Reserves memory of the host's own. */
  function reserveOwn(name: string, words: number, alignWords?: number): Address {
    const start = memory.reserve(words, alignWords);
    own.push({ name, start, end: start + words });
    return start;
  }

  const iommus = Array.from({ length: host.iommus }, (_, number) => {
    const address = reserveOwn(`the ${iommuStruct.name} of IOMMU ${number}`, iommuStruct.bytes / WORD_BYTES);
    memory.store(address + iommu.gaLog, reserveOwn(`the GA log of IOMMU ${number}`, GA_LOG_ENTRIES * 2));
    return address;
  });

  const irteShift = log2(host.irqTableEntries * IRTE_WORDS);
  const irtesStart = reserveOwn('the live IRTEs', devices << irteShift, 32);
  const irtes = { start: irtesStart, end: irtesStart + (devices << irteShift) };
  const tableWords = tableStruct.bytes / WORD_BYTES;
  const tablesStart = reserveOwn(`the ${tableStruct.name} of each device`, devices * tableWords);
  const lookupTable = reserveOwn('the pointers to the tables of devices', MAX_DEVICES * pointerWords);
  const hostLock = reserveOwn('the lock of all tables', LINE_WORDS);
  /** A chain through the devices touched since the last flush; a device's word is 0 when it is not on it. */
  const flushChain = reserveOwn('the chain of devices to flush', devices + 1);
  memory.store(flushChain + devices, END_OF_CHAIN);

  const symbols = new Map<string, Address>([
    ['irte_tables', irtesStart],
    ['irq_remap_tables', tablesStart],
    ['irq_lookup_table', lookupTable],
    ['iommu_table_lock', hostLock],
    ['flush_chain', flushChain],
  ]);

  for (let devid = 0; devid < devices; devid++) {
    const address = tablesStart + devid * tableWords;
    memory.store(address + table.table, irtesStart + (devid << irteShift));
    memory.store(lookupTable + devid * pointerWords, address);
  }

  const globalLock = host.tableLock === 'global';
  const flushesEntries = host.flush === 'per-entry';
  const flushesDevices = host.flush === 'per-device';
  const devidOf = (irte: Address): number => (irte - irtesStart) >>> irteShift;
  const iommuOf = (devid: number): Address => iommus[devid % host.iommus] as Address;

  function increment(address: Address): void {
    memory.store(address, memory.load(address) + 1);
  }

  function flush(devid: number): void {
    const address = iommuOf(devid);
    memory.lock(address + iommu.lock);
    increment(address + iommu.invalidateCount);
    increment(address + iommu.completionWaitCount);
    memory.unlock(address + iommu.lock);
  }

  function deferFlush(devid: number): void {
    if (memory.load(flushChain + devid) !== 0) return;
    memory.store(flushChain + devid, memory.load(flushChain + devices));
    memory.store(flushChain + devices, devid + 1);
  }

  const cfgCache = heap.cacheFor(2 * WORD_BYTES, 'irq_cfg');
  let bootBytes = 0;

  return {
    host,
    memory,
    iommus,
    irtes,
    hlist: hlistIn(memory, host.pointerBytes),
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
    symbols: () => symbols,
    iommuOf,
    setDriverData: (address, data) => memory.store(address + iommu.driverData, data),
    driverDataOf: (address) => memory.load(address + iommu.driverData),
    devidOf,
    backingPage: (vcpu) => FIRST_BACKING_PAGE + vcpu,

    irqTable: (devid) => memory.load(lookupTable + devid * pointerWords),
    irqTableOf: (irte) => tablesStart + devidOf(irte) * tableWords,
    irteAt: (devid, index) => irtesStart + (devid << irteShift) + index * IRTE_WORDS,

    freeIrteIndex(devid) {
      const start = irtesStart + (devid << irteShift);
      for (let index = 0; index < host.irqTableEntries; index++) {
        const irte = start + index * IRTE_WORDS;
        if ((memory.load(irte) | memory.load(irte + 1)) === 0) return index;
      }
      throw new RangeError(`the IRTE table of device ${devid} is full: ${host.irqTableEntries} entries`);
    },

    createIrqCfg(irq) {
      const cfg = cfgCache.alloc();
      memory.store(cfg, hostDestination(irq));
      memory.store(cfg + 1, hostVector(irq));
      return cfg;
    },
    freeIrqCfg: cfgCache.free,

    updateIrte(tableAddress, irte, word0, word1, word2, word3) {
      const lock = globalLock ? hostLock : tableAddress + table.lock;
      memory.lock(lock);
      memory.store(irte, word0);
      memory.store(irte + 1, word1);
      memory.store(irte + 2, word2);
      memory.store(irte + 3, word3);
      memory.unlock(lock);
      if (flushesEntries) flush(devidOf(irte));
      if (flushesDevices) deferFlush(devidOf(irte));
    },

    finishOperation() {
      if (!flushesDevices) return;
      let link = memory.load(flushChain + devices);
      while (link !== END_OF_CHAIN) {
        const devid = link - 1;
        link = memory.load(flushChain + devid);
        memory.store(flushChain + devid, 0);
        flush(devid);
      }
      memory.store(flushChain + devices, END_OF_CHAIN);
    },

    interrupt(irte) {
      const word0 = memory.load(irte);
      if ((word0 & VALID) === 0) return DELIVERY.aborted;
      if ((word0 & GUEST_MODE) === 0) return DELIVERY.remapped;
      if ((word0 & IS_RUN) !== 0) return DELIVERY.doorbell;
      if ((word0 & GA_LOG_INTR) === 0) return DELIVERY.pending;
      const devid = devidOf(irte);
      const address = iommuOf(devid);
      const tail = memory.load(address + iommu.gaLogTail);
      const nextTail = (tail + 1) & (GA_LOG_ENTRIES - 1);
      if (
        memory.load(address + iommu.gaLogOverflow) !== 0 ||
        nextTail === memory.load(address + iommu.gaLogHead)
      ) {
        memory.store(address + iommu.gaLogOverflow, 1);
        return DELIVERY.overflow;
      }
      const entry = memory.load(address + iommu.gaLog) + tail * 2;
      memory.store(entry, memory.load(irte + 1));
      memory.store(entry + 1, GA_LOG_GUEST_INTERRUPT | devid);
      memory.store(address + iommu.gaLogTail, nextTail);
      return DELIVERY.logged;
    },

    drainGaLog(address) {
      const log = memory.load(address + iommu.gaLog);
      let head = memory.load(address + iommu.gaLogHead);
      while (head !== memory.load(address + iommu.gaLogTail)) {
        const tag = memory.load(log + head * 2);
        head = (head + 1) & (GA_LOG_ENTRIES - 1);
        memory.store(address + iommu.gaLogHead, head);
        notify(address, tag);
      }
      memory.store(address + iommu.gaLogOverflow, 0);
    },

    commands() {
      const sum = (offset: number) =>
        iommus.reduce((total, address) => total + memory.load(address + offset), 0);
      return {
        invalidate: sum(iommu.invalidateCount),
        completionWait: sum(iommu.completionWaitCount),
      };
    },
    nameOf(address) {
      if (address >= irtes.start && address < irtes.end) return `a live IRTE of device ${devidOf(address)}`;
      const owner = own.find(({ start, end }) => address >= start && address < end);
      return owner === undefined ? null : `word ${address - owner.start} of ${owner.name}`;
    },
    lockClassOf(lock) {
      if (lock === hostLock) return 'iommu_table_lock';
      if (iommus.some((address) => lock === address + iommu.lock)) return iommuStruct.name;
      const isTables = lock >= tablesStart && lock < tablesStart + devices * tableWords;
      return isTables ? tableStruct.name : null;
    },
    liveObjects: heap.live,
    heldBytes: () => [...heap.live()].reduce((bytes, [size, objects]) => bytes + size * objects, bootBytes),
  };
}

/** Host vector of an irq in remap mode: any of the device vectors, 0x31 to 0xee. */
export function hostVector(irq: number): number {
  return 0x31 + (irq % 0xbe);
}

/** Logical destination of an irq in remap mode: one of eight CPUs in flat mode. */
export function hostDestination(irq: number): number {
  return 1 << (irq % 8);
}
