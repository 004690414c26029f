import type { CachingIommus } from '../../machine/irte-cache.js';
import { type Address, NULL } from '../../machine/memory.js';
import type { Limit, LimitKind } from '../../strategies/limits.js';
import type { Strategy } from '../../strategies/strategy.js';
import { describeOperation, describeVcpu } from '../../workloads/stream/operation-text.js';
import type { Operation, OperationStream } from '../../workloads/stream/stream.js';
import type { Replay } from '../replay/replay.js';
import type { CheckName } from '../results/checks.js';
import type { FailureKind } from '../results/failures.js';
import type { Finding } from '../results/results.js';
import type { JournaledMemory } from './memory/journaled-memory.js';
import { type Model, NONE, vcpuOf } from './model.js';

/** The texts of a failure. */
export interface Observed {
  readonly expected: string;
  readonly found: string;
  /** The consequence, in one sentence. For an irq's entry, the predicate that follows "the IRTE of irq N". */
  readonly outcome: string;
}

/** The objects that a failure concerns: enough to decide whether a declared limit covers it. */
interface Involved {
  readonly irq: number | null;
  /** The newest VM concerned, numbered from 0 by creation since boot; -1 if none is. */
  readonly lastVm: number;
  /** VMs that exist, including one that is being created. */
  readonly vms: number;
  /** vCPUs that exist, including those of a VM that is being created. */
  readonly vcpus: number;
  /** The largest vCPU id concerned; -1 if none is. */
  readonly maxVcpuId: number;
  /** The largest index of a concerned vCPU in its VM; -1 if none is. */
  readonly maxVcpuIndex: number;
}

/** The objects that all judges of a run share. */
export interface JudgeContext {
  readonly stream: OperationStream;
  readonly strategy: Strategy;
  /** The memory that the host works on. */
  readonly memory: JournaledMemory;
  /** The hardware of the host's IOMMUs. */
  readonly hardware: CachingIommus;
  readonly replay: Replay;
  readonly model: Model;
  readonly reporter: Reporter;
}

/** Failures of a strategy with the same key are one failure, with a count. */
export const keyOf = ({ check, kind, declaredBy }: Pick<Finding, 'check' | 'kind' | 'declaredBy'>): string =>
  `${check}/${kind}/${declaredBy}`;

const NO_OPERATION: Operation = { name: 'drainGaLog', operand: 0, argument: 0, count: 0, firstVcpuId: 0 };

/**
 * Attributes each failure that a judge sees to the operation that is being judged. Collects the failures by kind and
 * covering limit, with the first example of each.
 *
 * @param without - A check that is turned off.
 */
export function failureReporter(
  model: Model,
  replay: Replay,
  limits: readonly Limit[],
  without: CheckName | undefined,
) {
  /** The host's bound on vm_ids and on indices of vCPUs. */
  const { maxVmId } = replay.host.host;
  const failures = new Map<string, Finding>();
  let operation = NO_OPERATION;
  let index = -1;

  /** Goes to an operation, so that the next failures are attributed to it. */
  function goTo(next: Operation, at: number): void {
    operation = next;
    index = at;
  }

  /**
   * Reports a failure of one irq's entry or interrupt.
   *
   * @param irq - NONE for an entry that no irq has.
   * @param describe - Called for the first failure of its kind and limit only.
   * @returns Whether it was reported: false if the check is turned off.
   */
  function reportIrq(check: CheckName, kind: FailureKind, irq: number, describe: () => Observed): boolean {
    const owner = irq === NONE ? NONE : model.vcpuOf(irq);
    const vcpus = [vcpuOf(operation), owner].filter((vcpu) => vcpu !== NONE);
    const involved = {
      ...everything(),
      irq: irq === NONE ? null : irq,
      lastVm: Math.max(NONE, ...vcpus.map((vcpu) => model.creationOf(vcpu))),
      maxVcpuId: Math.max(NONE, ...vcpus.map((vcpu) => model.vcpuIdOf(vcpu))),
      maxVcpuIndex: Math.max(NONE, ...vcpus.map((vcpu) => model.vcpuIndexOf(vcpu))),
    };
    const ownerName = owner === NONE ? 'nobody' : describeVcpu(owner, model);
    const entry = irq === NONE ? 'an IRTE that no irq has' : `the IRTE of irq ${irq}, owned by ${ownerName},`;
    return add(check, kind, involved, () => {
      const observed = describe();
      return { ...observed, outcome: `${entry} ${observed.outcome}` };
    });
  }

  /** The vCPU that lives at an address; NONE if none does. */
  function vcpuAt(address: Address): number {
    return replay.vcpus.findIndex((at, vcpu) => at === address && model.isAlive(model.vmOf(vcpu)));
  }

  /** The vCPU at an address, by name. The address of a freed vCPU may belong to a later one. */
  function nameOf(address: Address): string {
    if (address === NULL) return 'nobody';
    const alive = vcpuAt(address);
    const vcpu = alive === NONE ? replay.vcpus.lastIndexOf(address) : alive;
    return vcpu === -1 ? `address ${address}, which is no vCPU` : describeVcpu(vcpu, model);
  }

  /** All that exists may be involved. */
  function everything(): Involved {
    const { createdVms, aliveVms, aliveVcpus, maxVcpuId, maxVcpuIndex } = model;
    const { name, operand, count } = operation;
    // The model does not yet know a VM that is being created.
    const isCreating = name === 'createVm' && !model.isAlive(operand);
    return {
      irq: null,
      lastVm: createdVms - 1,
      vms: aliveVms + (isCreating ? 1 : 0),
      vcpus: aliveVcpus + (isCreating ? count : 0),
      maxVcpuId,
      maxVcpuIndex,
    };
  }

  /** The declared limit that covers a failure, or null. */
  function coveringLimit(check: CheckName, kind: FailureKind, involved: Involved): LimitKind | null {
    const { lastVm, vms, vcpus, maxVcpuId, maxVcpuIndex } = involved;
    const hasEnded = kind === 'threw' || kind === 'endless';
    const isWake = kind === 'misdelivered' || kind === 'lost-wakeup';
    const isOtherEntry = check === 'other-entries';
    const isOfTags = isWake || (isOtherEntry && kind !== 'same-bucket');
    // Some designs decode an irq's last owner from its last tag. A wrong owner leaves the irq on a list, under the lock
    // of that list.
    const isOfOwners =
      isWake || isOtherEntry || kind === 'leak' || kind === 'stale-pointer' || kind === 'data-race';
    const covers: Readonly<Record<LimitKind, (value: number) => boolean>> = {
      'no-tag-compare': () => isOtherEntry && kind !== 'aliased-tag',
      'ga-log-first-match': () => isWake,
      'max-vm-id': (value) => isOfTags && lastVm + 1 > value,
      'max-vms': (value) => hasEnded && vms > Math.min(value, maxVmId),
      'max-vcpus': (value) => hasEnded && vcpus > Math.min(value, maxVmId),
      'max-vcpu-id': (value) => isOfOwners && maxVcpuId > value,
      'max-vcpu-index': (value) => isOfOwners && maxVcpuIndex > value,
      // No sequential operations exceed these limits; verify/schedules/ applies them.
      'leaves-table-last': () => false,
      'wakes-unlocked': () => false,
      'no-locks': () => false,
    };
    return limits.find((limit) => covers[limit.kind](limit.value ?? 0))?.kind ?? null;
  }

  function add(check: CheckName, kind: FailureKind, involved: Involved, describe: () => Observed): boolean {
    if (check === without) return false;
    const declaredBy = coveringLimit(check, kind, involved);
    const key = keyOf({ check, kind, declaredBy });
    const known = failures.get(key);
    if (known !== undefined) known.count++;
    else {
      const what = index < 0 ? 'create()' : describeOperation(operation, model);
      const first = { operation: Math.max(0, index), what, irq: involved.irq, ...describe() };
      failures.set(key, { kind, check, count: 1, declaredBy, first, counterexample: null });
    }
    return true;
  }

  return {
    findings: (): Finding[] => [...failures.values()],
    /** Operations begun so far. */
    operations: () => index + 1,
    /** Begins the next operation. */
    begin: (next: Operation) => goTo(next, index + 1),
    goTo,
    reportIrq,
    /** Reports what a GA log entry woke, or did not. @param irq - The irq that the entry was written for. */
    reportWake(kind: 'lost-wakeup' | 'found-freed', irq: number, describe: () => Observed): void {
      add('interrupts', kind, { ...everything(), irq }, describe);
    },
    /** Reports a failure that any VM and vCPU so far may have contributed to. */
    report(check: CheckName, kind: FailureKind, describe: () => Observed): void {
      add(check, kind, everything(), describe);
    },
    vcpuAt,
    nameOf,
  };
}

/** What {@link failureReporter} makes. */
type Reporter = ReturnType<typeof failureReporter>;
