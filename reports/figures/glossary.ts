// What the names of findings and of declared limits mean. A report explains those that it uses.
import type { FindingKind, Results, StrategyInfo } from '../../harness/results/results.js';
import type { Fact } from './provenance.js';

type LimitKind = StrategyInfo['limits'][number]['kind'];

export const FINDING_MEANINGS: Readonly<Record<FindingKind, string>> = {
  'same-bucket': 'an update changed the entry of another vCPU, whose tag differs',
  'aliased-tag': 'an update changed the entry of another vCPU, whose tag is the same',
  'missed-update': 'an entry was left as it was',
  'wrong-value': 'an entry was written, wrongly',
  misdelivered: 'an interrupt or a GA log entry reached the wrong vCPU',
  'lost-wakeup': 'a GA log entry reached no vCPU, or an interrupt that must be logged was not',
  'stale-pointer': 'something that was freed was touched, or an entry changed that posts to no vCPU',
  'wild-access': 'NULL or what was never allocated was touched',
  'foreign-write': 'something was written that belongs to the host or to another irq',
  'bad-free': 'what was given back is no object, or was given back before, or has another size',
  leak: 'memory was not given back when everything had been taken away',
  lock: 'a lock was taken while held, released while free, or held when an operation ended',
  'data-race': 'a word that CPUs share was touched without a lock that all others who touch it hold',
  'lock-inversion': 'locks were taken in an order that, with another, leaves two CPUs waiting for each other',
  'hidden-state':
    'a second instance of the strategy on the same memory did not do what the first would have done',
  'not-serial': 'operations at once ended as they do in no order of one after the other',
  deadlock: "operations at once waited for each other's locks",
  threw: 'the strategy threw; the rest of the workload was not run',
  endless: 'an operation did not end; the rest of the workload was not run',
};

/** N is the figure beside the limit's name. */
const LIMIT_MEANINGS: Readonly<Record<LimitKind, string>> = {
  'no-tag-compare': 'the bucket walk takes entries of other tags for its own',
  'ga-log-first-match': 'the GA log handler takes the first VM or entry of a bucket for the right one',
  'max-vm-id': 'VMs beyond the N-th created share tags with earlier ones',
  'max-vms': 'no more than N VMs exist at a time; ids that were given back are given out again',
  'id-reuse': 'a GA log entry that outlives its VM may name the next VM with that id',
  'max-vcpu-id': 'vCPU ids above N share tags with lower ones',
  'max-vcpu-index': "a vCPU's index in its VM above N shares tags with lower ones",
  'no-locks': 'it takes no lock of its own, so that its operations must come one at a time',
};

/** The kinds of findings that there are in the results, explained. */
export function findingKindsOf({ cells }: Results): Fact[] {
  const found = new Set(
    cells.flatMap(({ checks }) => checks.flatMap(({ findings }) => findings.map(({ kind }) => kind))),
  );
  return (Object.keys(FINDING_MEANINGS) as FindingKind[])
    .filter((kind) => found.has(kind))
    .map((kind) => [kind, FINDING_MEANINGS[kind]]);
}

/** The limits that the strategies of the results declare, explained. */
export function limitKindsOf({ strategies }: Results): Fact[] {
  const declared = new Map(
    strategies.flatMap(({ limits }) => limits.map(({ kind, value }) => [kind, value])),
  );
  return (Object.keys(LIMIT_MEANINGS) as LimitKind[])
    .filter((kind) => declared.has(kind))
    .map((kind) => [declared.get(kind) === undefined ? kind : `${kind} N`, LIMIT_MEANINGS[kind]]);
}
