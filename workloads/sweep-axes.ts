/** The varied parameters, each with its name on an axis and with the rest of the host. */
export const SWEEP_AXES = {
  entriesPerVcpu: 'entries of each of 8 vCPUs, in 4 VMs of 8 devices',
  iommus: 'IOMMUs; 256 vCPUs of 2 entries, each VM with 2 devices',
  vms: 'VMs of one vCPU with one entry',
} as const;

/** Name of an axis. */
export type SweepAxis = keyof typeof SWEEP_AXES;

/** All names. */
export const SWEEP_AXIS_NAMES = Object.keys(SWEEP_AXES) as [SweepAxis, ...SweepAxis[]];
