// The designs that the questions compare. Neighbours differ by one decision, up to pointer-as-tag.

/** The posted patch, which compares no tags in a bucket. */
export const POSTED = 'posted-v4';

/** Compares the tags; vm_id has 8 bits. */
export const SPLIT = 'split-id-hash';

/** vm_id has 24 bits. */
export const WIDE = 'wide-vm-id-hash';

/** The tag is the address of the vCPU. */
export const ADDRESS = 'pointer-as-tag';
