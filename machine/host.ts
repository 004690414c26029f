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
    tableLock: z
      .enum(['global', 'per-table'])
      .default('per-table')
      .meta({ description: 'The lock around each IRTE write: one for the host (2016), or one per device.' }),
    flush: z
      .enum(['per-entry', 'per-device', 'none'])
      .default('none')
      .meta({
        description:
          'INVALIDATE and COMPLETION_WAIT of an update: for each entry (2016), for each device touched ' +
          '(a proposal of 2019), or none (v6.8, 57cdb720eaa5). They are counted, never timed.',
      }),
  })
  .readonly();

/** Parameters of the modelled host. */
export type HostParameters = z.infer<typeof hostSchema>;

/** Names of the presets; the default is first. */
export const HOST_PRESET_NAMES = ['v6.8', '2016'] as const;

/** Name of a preset. */
export type HostPreset = (typeof HOST_PRESET_NAMES)[number];

/**
 * Hosts by era. They differ in costs that an era put on every design alike.
 *
 * @remarks The host-global table lock of 2016 is documented for v4.9 and assumed for the posted code.
 */
export const HOST_PRESETS: Readonly<Record<HostPreset, HostParameters>> = {
  'v6.8': hostSchema.parse({}),
  '2016': hostSchema.parse({ irqTableEntries: 256, tableLock: 'global', flush: 'per-entry' }),
};
