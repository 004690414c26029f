// What a strategy may declare that it gets wrong, or that its ids cannot tell apart.

/** The kinds of limits with their meanings; N is the limit's value. */
export const LIMITS = {
  'no-tag-compare': 'the bucket walk takes entries of other tags for its own',
  'ga-log-first-match': 'the GA log handler takes the first VM or entry of a bucket for the right one',
  'max-vm-id': 'VMs beyond the N-th created share tags with earlier ones',
  'max-vms': 'no more than N VMs exist at a time; ids that were given back are given out again',
  'id-reuse': 'a GA log entry that outlives its VM may name the next VM with that id',
  'max-vcpu-id': 'vCPU ids above N share tags with lower ones',
  'max-vcpu-index': "a vCPU's index in its VM above N shares tags with lower ones",
  'no-locks': 'it takes no lock of its own, so that its operations must come one at a time',
} as const;

export type LimitKind = keyof typeof LIMITS;
export const LIMIT_KINDS = Object.keys(LIMITS) as [LimitKind, ...LimitKind[]];

/** Something that a strategy is known to get wrong, or a bound on the ids it can tell apart. */
export interface Limit {
  readonly kind: LimitKind;
  readonly value?: number;
}

type Limited = { readonly limits: readonly Limit[] };

/** The limits that leave answers wrong on hosts that the ids have room for. */
const UNSOUND: readonly LimitKind[] = ['no-tag-compare', 'ga-log-first-match'];

/** Whether a strategy promises right answers on every host that its ids have room for. */
export const isSound = ({ limits }: Limited): boolean => limits.every(({ kind }) => !UNSOUND.includes(kind));

/** Whether a strategy relies on its caller to run one operation at a time. */
export const isWithoutLocks = ({ limits }: Limited): boolean =>
  limits.some(({ kind }) => kind === 'no-locks');
