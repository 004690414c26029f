// The parameters of the modelled host. All strategies of a cell run on the same host.
import { z } from 'zod';

/** The largest vm_id of any design: 24 bits. */
const MAX_VM_ID = 2 ** 24 - 1;

/** Parameters of the modelled host. */
export const hostSchema = z
  .strictObject({
    iommus: z.int().min(1).max(64).default(8).meta({
      description: 'IOMMUs of the host; device d is behind IOMMU d modulo this number. 8: a two-socket EPYC.',
    }),
    irqTableEntries: z
      .literal([256, 512, 2048])
      .default(512)
      .meta({ description: 'IRTEs in a device table: 256 in 2016, 512 from 2020, 2048 for some.' }),
    hashBits: z.int().min(1).max(16).default(16).meta({
      description: 'log2 of the buckets of a GATAG hash table, one table per IOMMU. 16: as posted.',
    }),
    hashMultiplier: z
      .enum(['v4.7', 'v4.6'])
      .default('v4.7')
      .meta({ description: 'hash_32() of kernel v4.7 and later, or of v4.6 and before.' }),
    pointerBytes: z
      .literal([4, 8])
      .default(8)
      .meta({ description: 'Pointer width of the hypervisor in bytes.' }),
    heap: z.enum(['packed', 'scattered']).default('scattered').meta({
      description: 'Where kmalloc places objects: in order, or as on a host that has run for a long time.',
    }),
    heapSeed: z.int().min(0).max(0x7fff_ffff).default(1).meta({
      description: 'Seed of the order in which a scattered heap hands out objects.',
    }),
    maxVmId: z.int().min(1).max(MAX_VM_ID).default(MAX_VM_ID).meta({
      description:
        'Largest vm_id, or index of a vCPU, that an allocator gives out, if its tag has room for it. Few ids wrap soon.',
    }),
    firstVmId: z
      .int()
      .min(1)
      .max(MAX_VM_ID)
      .default(1)
      .meta({
        description:
          'First vm_id that a counter gives out, cut to the bits that its tag has room for: on a host that has run for ' +
          'a long time, ids wrap soon. A bitmap gives out its lowest free id all the same.',
      }),
    tablePlacement: z
      .enum(['mixed', 'packed', 'line'])
      .default('mixed')
      .meta({
        description:
          "Where the 16-byte structures of the devices' tables lie: among the shadow entries, whose kmalloc cache they share, " +
          'one after the other, or one in each cache line.',
      }),
    tableLookup: z.enum(['global-lock', 'lockless']).default('lockless').meta({
      description:
        "How the driver finds a device's table: under a lock of the host (2016), or without one. The table has its own lock.",
    }),
    commandLock: z
      .enum(['per-command', 'per-flush'])
      .default('per-flush')
      .meta({
        description:
          "Holds of an IOMMU's command lock in a flush: one for INVALIDATE and one for COMPLETION_WAIT (until v6.4), or one " +
          'for both.',
      }),
    flush: z
      .enum(['per-entry', 'per-device', 'none'])
      .default('none')
      .meta({
        description:
          'INVALIDATE and COMPLETION_WAIT of a load or put: for each entry (2016), for each device touched (a proposal of ' +
          '2019), or none (v6.8, 57cdb720eaa5). Other changes of an entry are always flushed.',
      }),
    cachedFields: z
      .enum(['manual', 'ga-log-intr', 'run-state'])
      .default('manual')
      .meta({
        description:
          'Fields of an IRTE that an IOMMU caches until an INVALIDATE has completed: by the manual all but is_run, destination, ' +
          'ga_tag and ga_log_intr; with ga_log_intr, as one reader of v6.17 holds; or with is_run and destination. Only judges ' +
          'model the cache.',
      }),
    ipiVirtualization: z
      .enum(['on', 'off'])
      .default('on')
      .meta({
        description:
          "Whether a put writes the vCPU's entry of the physical ID table, so that guest IPIs see it. Off on families 17h and " +
          '18h.',
      }),
  })
  .readonly();

/** Parameters of the modelled host. */
export type HostParameters = z.infer<typeof hostSchema>;

/** Names of the presets; the default is first. */
export const HOST_PRESET_NAMES = ['v6.8', '2016'] as const;

/** Name of a preset. */
export type HostPreset = (typeof HOST_PRESET_NAMES)[number];

/** What 2016 cost every design alike. */
export const COSTS_OF_2016 = {
  irqTableEntries: 256,
  tableLookup: 'global-lock',
  commandLock: 'per-command',
  flush: 'per-entry',
} as const satisfies Partial<HostParameters>;

/** Hosts by era. */
export const HOST_PRESETS: Readonly<Record<HostPreset, HostParameters>> = {
  'v6.8': hostSchema.parse({}),
  '2016': hostSchema.parse(COSTS_OF_2016),
};
