// The known limitations that a strategy may declare: failures of its design, and bounds of its ids.

/** The kinds of limits with their meanings; N is the limit's value. */
export const LIMITS = {
  'no-tag-compare': 'the bucket walk updates entries of other tags',
  'ga-log-first-match': 'the GA log handler takes the first VM or entry of a bucket, without a compare',
  'max-vm-id': 'VMs beyond the N-th created share tags with earlier ones',
  'max-vms': 'at most N VMs exist at a time; freed ids are reused',
  'max-vcpus': 'at most N vCPUs exist at a time; freed indices are reused',
  'max-vcpu-id': 'vCPU ids above N share tags with lower ones',
  'max-vcpu-index': "a vCPU's index in its VM above N shares tags with lower ones",
  'leaves-table-last': 'while a VM is destroyed, a GA log entry can find a vCPU that is already freed',
  'wakes-unlocked': 'a vCPU can be freed between its look-up for a GA log entry and its wakeup',
  'no-locks': 'it takes no lock of its own, so its operations must run one at a time',
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

/** Whether a strategy promises right answers, to one operation at a time, on every host that its ids have room for. */
export const isSound = ({ limits }: Limited): boolean => limits.every(({ kind }) => !UNSOUND.includes(kind));

/** Whether a strategy relies on its caller to run one operation at a time. */
export const isWithoutLocks = ({ limits }: Limited): boolean =>
  limits.some(({ kind }) => kind === 'no-locks');
