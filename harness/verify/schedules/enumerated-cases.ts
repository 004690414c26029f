// The cases whose schedules are all run, up to a bound of preemptions: each pair of operations that can meet on a vCPU,
// irq, bucket or allocator, and some triples.
import { parseHistory } from '../../../workloads/stream/history-text.js';
import type { ScheduleCase } from './schedule-case.js';

/** The common setup. */
const SETUP = `
  create VM 1 with vCPUs 0-1
  create VM 2 with vCPU 0
  allocate irqs 0-1 of device 0
  allocate irqs 2-3 of device 1
  route irq 0 to vm 1 vcpu 0, vector 0x30
  route irq 1 to vm 1 vcpu 1, vector 0x31
  route irq 2 to vm 1 vcpu 0, vector 0x32`;

/** The hosts of the cases, with all tags in two buckets: one IOMMU of today, and two IOMMUs of 2016. */
const HOSTS = [
  'iommus=1 hashBits=1 irqTableEntries=256 maxVmId=6',
  'iommus=2 hashBits=1 irqTableEntries=256 maxVmId=6 tableLookup=global-lock commandLock=per-command flush=per-entry pointerBytes=4',
];

/** Further operations of the setup, and the concurrent operations. */
type CaseText = readonly [before: readonly string[], concurrent: readonly string[]];

const LOADED = 'load vm 1 vcpu 0 on CPU 1';
const LOAD = 'load vm 1 vcpu 0 on CPU 2';
const LOAD_OTHER = 'load vm 1 vcpu 1 on CPU 3';
const PUT_BLOCKING = 'put vm 1 vcpu 0, blocking';
const PUT_PREEMPTED = 'put vm 1 vcpu 0, preempted';
const ROUTE_NEW = 'route irq 3 to vm 1 vcpu 0, vector 0x33';
const ROUTE_AWAY = 'route irq 0 to vm 1 vcpu 1, vector 0x34';
const ROUTE_HERE = 'route irq 1 to vm 1 vcpu 0, vector 0x35';
const NEW_VECTOR = 'route irq 0 to vm 1 vcpu 0, vector 0x36';

/** A vCPU with four irqs: what holds four must grow for the fifth. */
const FOUR = ['allocate irqs 4-6 of device 0', 'route irqs 3-4 to vm 1 vcpu 0, vector 0x39'];
const ROUTE_FIFTH = 'route irq 5 to vm 1 vcpu 0, vector 0x3a';

/** VM 2 has an irq of the device that VM 1 has. */
const OTHER_VM = ['allocate irq 4 of device 0', 'route irq 4 to vm 2 vcpu 0, vector 0x38'];

/** The GA log names a vCPU of VM 2, which blocks, twice; and its irq is then unrouted. */
const STALE = [
  ...OTHER_VM,
  'load vm 2 vcpu 0 on CPU 4',
  'put vm 2 vcpu 0, blocking',
  'interrupt irq 4, 2 times',
  'unroute irq 4',
];

const CASES: readonly CaseText[] = [
  // A vCPU's state changes while its irqs do.
  [[], [LOAD, ROUTE_NEW]],
  [[], [LOAD, ROUTE_AWAY]],
  [[], [LOAD, ROUTE_HERE]],
  [[], [LOAD, NEW_VECTOR]],
  [[], [LOAD, 'unroute irq 0']],
  [[LOADED], [PUT_BLOCKING, ROUTE_NEW]],
  [[LOADED], [PUT_PREEMPTED, ROUTE_AWAY]],
  [[LOADED], [PUT_BLOCKING, NEW_VECTOR]],
  [[LOADED], [PUT_PREEMPTED, 'unroute irq 0']],
  // Irqs change lists, or one list.
  [[LOADED], [ROUTE_AWAY, ROUTE_HERE]],
  [[], [ROUTE_NEW, ROUTE_HERE]],
  [[], [ROUTE_NEW, 'unroute irq 2']],
  [[], ['unroute irq 0', 'unroute irq 2']],
  [FOUR, [LOAD, ROUTE_FIFTH]],
  [FOUR, [ROUTE_FIFTH, 'route irq 6 to vm 1 vcpu 0, vector 0x3b']],
  // vCPUs share only a bucket.
  [[], [LOAD, LOAD_OTHER]],
  [[LOADED], [PUT_BLOCKING, LOAD_OTHER]],
  [['route irq 3 to vm 2 vcpu 0, vector 0x37'], [LOAD, 'load vm 2 vcpu 0 on CPU 4']],
  // The hardware reads entries at any time.
  [[], [LOAD, 'interrupt irq 0']],
  [[LOADED], [PUT_BLOCKING, 'interrupt irq 0']],
  [[LOADED], [NEW_VECTOR, 'interrupt irq 0']],
  [[LOADED], [ROUTE_AWAY, 'interrupt irq 0']],
  [[LOADED], ['unroute irq 0', 'interrupt irq 0']],
  // An IOMMU has a copy of an entry, which an operation must flush.
  [
    [...OTHER_VM, 'interrupt irq 0'],
    [ROUTE_AWAY, 'unroute irq 4'],
  ],
  // The driver reads the log.
  [['interrupt irq 0'], ['drain the GA log of IOMMU 0', 'interrupt irq 1']],
  [['interrupt irq 0'], ['drain the GA log of IOMMU 0', LOAD]],
  [['interrupt irq 0'], ['drain the GA log of IOMMU 0', ROUTE_AWAY]],
  [['interrupt irq 0'], ['drain the GA log of IOMMU 0', 'unroute irq 0']],
  [STALE, ['drain the GA log of IOMMU 0', 'destroy VM 2']],
  [['interrupt irqs 0-1'], ['drain the GA log of IOMMU 0', 'destroy VM 2']],
  [['interrupt irq 0'], ['drain the GA log of IOMMU 0', 'create VM 3 with vCPU 0']],
  // VMs and irqs come and go.
  [[], ['create VM 3 with vCPUs 0-1', 'create VM 4 with vCPU 0']],
  [[], ['create VM 3 with vCPU 0', 'destroy VM 2']],
  [['create VM 3 with vCPU 0'], ['destroy VM 2', 'destroy VM 3']],
  [[], [LOAD, 'destroy VM 2']],
  [[], [LOAD, 'allocate irq 4 of device 0']],
  [[], ['allocate irq 4 of device 0', 'allocate irq 5 of device 1']],
  [[], [ROUTE_HERE, 'free irq 3']],
  // Three operations.
  [[], [LOAD, ROUTE_NEW, 'interrupt irq 0']],
  [[LOADED], [PUT_BLOCKING, ROUTE_NEW, 'unroute irq 2']],
  [[LOADED], [ROUTE_AWAY, ROUTE_HERE, LOAD_OTHER]],
  [[LOADED], [PUT_BLOCKING, ROUTE_AWAY, 'interrupt irq 2']],
  [[], [LOAD, LOAD_OTHER, ROUTE_AWAY]],
  [[], ['create VM 3 with vCPU 0', 'create VM 4 with vCPU 0', 'destroy VM 2']],
  [['interrupt irq 0'], ['drain the GA log of IOMMU 0', LOAD, 'unroute irq 0']],
];

function caseOf(host: string, [before, concurrent]: CaseText): ScheduleCase {
  const text = [`host ${host}`, SETUP, ...before, ...concurrent].join('\n');
  const history = parseHistory(text, 'an enumerated case');
  const setup = history.operations.slice(0, -concurrent.length);
  return { host: history.host, setup, concurrent: history.operations.slice(-concurrent.length) };
}

/** The cases, on each host. */
export const ENUMERATED_CASES: readonly ScheduleCase[] = HOSTS.flatMap((host) =>
  CASES.map((text) => caseOf(host, text)),
);
