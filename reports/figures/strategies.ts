// The strategies that the questions compare, and the kinds that they belong to.
import { DECOMPOSITION } from '../../harness/method.js';
import type { Results, StrategyInfo } from '../../harness/results/results.js';
import { FLOOR } from './analysis.js';

/** The posted patch; it compares no tags in a bucket. */
export const POSTED = 'posted-v4';
/** The same with a compare; vm_id has 8 bits. */
export const SPLIT = 'split-id-hash';
/** vm_id has 24 bits. */
export const WIDE = 'wide-vm-id-hash';
/** One opaque tag: the posted kind of hash without its bugs. */
export const LOOK_UP = 'opaque-tag-hash';
/** One table and one lock for the host. */
export const ONE_HASH = 'shared-hash';
/** A list of pointers: the review's proposal, and the baseline. */
export const KEPT = 'ir-data-pointer';
/** ir_data keeps its table and live entry. */
export const KEPT_ENTRY = 'irte-pointer';
/** An array of tables and live entries for each vCPU. */
export const KEPT_ENTRIES = 'vcpu-entries';
/** The tag is an allocated index of the vCPU. */
export const INDEX = 'indexed-tag';
/** The tag is the address of the vCPU. */
export const ADDRESS = 'pointer-as-tag';

/** What Linux merged last. */
export const MERGED = 'merged-7.3';

/** A kind of strategy. A claim about a kind needs its fastest member. */
export interface Kind {
  readonly name: string;
  readonly members: readonly string[];
}

/** Finds the entries of a vCPU in a hash. */
export const HASH: Kind = {
  name: 'hash',
  members: [POSTED, SPLIT, WIDE, LOOK_UP, ONE_HASH, 'bucket-lock-hash'],
};

/**
 * Each vCPU has pointers to its ir_data, so nothing is looked up. The merged strategies are none of these: their updates also write less,
 * so they would compare more than the look-up.
 */
export const KEPT_POINTER: Kind = {
  name: 'kept pointer',
  members: ['list-in-ir-data', KEPT, 'pointer-array'],
};

/** The neighbours of the decomposition, without the lower bound. */
export const COMPARED: readonly string[] = DECOMPOSITION.strategies.filter((id) => id !== FLOOR);

/** The strategies that a chart of lines shows: a hash in each IOMMU, a list, one hash, lock bits, an array, the lower bound. */
export const SHOWN = [LOOK_UP, KEPT, ONE_HASH, 'bucket-lock-hash', KEPT_ENTRIES, FLOOR];

/** The kind of a strategy in a word, for rows that may be merged. */
export function kindOf(id: string): string {
  return HASH.members.includes(id) ? 'hash' : id === FLOOR ? 'bound' : 'pointer';
}

/** All strategies of a run: those on its host, and those on other hosts. */
export function everyStrategy({ strategies, otherHosts }: Results): StrategyInfo[] {
  const own = new Set(strategies.map(({ id }) => id));
  return [...strategies, ...otherHosts.flatMap((other) => other.strategies).filter(({ id }) => !own.has(id))];
}
