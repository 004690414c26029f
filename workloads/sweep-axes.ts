/** The varied parameters, each with its name on an axis and with the rest of the host. */
export const SWEEP_AXES = {
  entries: 'entries of the host, 2 on each vCPU, 8 vCPUs in each VM',
  entriesPerVcpu: 'entries of each of 8 vCPUs, in 4 VMs of 8 devices',
  iommus: 'IOMMUs; 256 vCPUs of 2 entries, each VM with 2 devices',
  hashBits: 'bits of the GATAG hash; 256 vCPUs of 2 entries',
  heap: "placement of kmalloc's objects; 256 vCPUs of 2 entries",
  vms: 'VMs of one vCPU with one entry',
  tags: 'VMs of 16 vCPUs with one entry each, all behind one IOMMU; hash of v4.7 and since',
  tagsV46: 'VMs of 16 vCPUs with one entry each, all behind one IOMMU; hash of v4.6 and before',
  crossover: 'entries of the host, by entries on each vCPU; at most 8 vCPUs in each VM of 8 devices',
} as const;

/** Name of an axis. */
export type SweepAxis = keyof typeof SWEEP_AXES;

/** All names. */
export const SWEEP_AXIS_NAMES = Object.keys(SWEEP_AXES) as [SweepAxis, ...SweepAxis[]];
