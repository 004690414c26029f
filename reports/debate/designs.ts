// The designs that the questions compare, and the kinds that they belong to. Neighbours differ by one decision, up to
// pointer-as-tag.
import { LOOK_UP, NO_LOOK_UP } from '../figures/cost-answers.js';

/** The posted patch, which compares no tags in a bucket. */
export const POSTED = 'posted-v4';

/** Compares the tags; vm_id has 8 bits. */
export const SPLIT = 'split-id-hash';

/** vm_id has 24 bits. */
export const WIDE = 'wide-vm-id-hash';

/** One table for the host instead of one in each IOMMU. */
const SHARED = 'shared-hash';

/** A lock in each bucket of that table. */
const BUCKET_LOCKS = 'bucket-lock-hash';

/** A list of each vCPU instead of a bucket; its node lies in ir_data. */
const LIST_IN_IR_DATA = 'list-in-ir-data';

/** The list, with the table and the live entry in ir_data. */
export const KEPT_ENTRY = 'irte-pointer';

/** An array of the vCPU's tables and live entries instead of objects of its irqs. */
export const KEPT_ENTRIES = 'vcpu-entries';

/** The tag is an allocated index of the vCPU. */
export const INDEX = 'indexed-tag';

/** The tag is the address of the vCPU. */
export const ADDRESS = 'pointer-as-tag';

/**
 * A kind of design. A claim about a kind needs its best member; the members are in the order of the debate, in which the
 * first of those that cannot be told apart speaks for the kind.
 */
export interface Kind {
  readonly name: string;
  readonly members: readonly string[];
}

/** Finds the entries of a vCPU in a hash. */
export const HASH: Kind = { name: 'hash', members: [POSTED, SPLIT, WIDE, LOOK_UP, SHARED, BUCKET_LOCKS] };

/**
 * Each vCPU has its entries, so nothing is looked up. The merged designs are none of these: their updates also write less,
 * and so would compare more than the look-up.
 */
export const KEPT_POINTER: Kind = {
  name: 'kept pointer',
  members: [LIST_IN_IR_DATA, NO_LOOK_UP, 'pointer-array', KEPT_ENTRY, KEPT_ENTRIES],
};
