// Shortens a history that shows a failure: delta debugging (Zeller and Hildebrandt, "Simplifying and Isolating
// Failure-Inducing Input", 2002) over its operations, then simpler forms of the remaining ones.
import { HOST_PRESETS, type HostParameters } from '../../../machine/host.js';
import type { History } from '../../../workloads/stream/history.js';
import type { Operation } from '../../../workloads/stream/stream.js';
import { vcpuOf } from '../../oracle/model.js';

/** Vector and CPU of an operation where they do not matter. */
const PLAIN_VECTOR = 0x30;
const PLAIN_CPU = 2;

/** Makes a host faster to create: its heap is not scattered. */
const QUICK_HOST = { heap: 'packed' } as const;

/** Simpler forms of an operation, simplest first. */
function simplerForms(operation: Operation, iommus: number): Operation[] {
  const { argument, count, firstVcpuId } = operation;
  return formsOf(operation, iommus).filter(
    (form) => form.argument !== argument || form.count !== count || form.firstVcpuId !== firstVcpuId,
  );
}

function formsOf(operation: Operation, iommus: number): Operation[] {
  const { name, argument, count } = operation;
  switch (name) {
    case 'createVm':
      return [
        { ...operation, count: 1, firstVcpuId: 0 },
        ...[1, 2, count >> 1, count - 1]
          .filter((fewer) => fewer >= 1 && fewer < count)
          .map((fewer) => ({ ...operation, count: fewer })),
        { ...operation, firstVcpuId: 0 },
      ];
    case 'route':
      return [{ ...operation, argument: (argument & ~0xff) | PLAIN_VECTOR }];
    case 'load':
      return [{ ...operation, argument: PLAIN_CPU }];
    case 'put':
      return [{ ...operation, argument: 0 }];
    case 'allocIrq':
      return [{ ...operation, argument: argument % iommus }];
    default:
      return [];
  }
}

/** The operation on another vCPU. */
function withVcpu(operation: Operation, vcpu: number): Operation {
  return operation.name === 'route'
    ? { ...operation, argument: (vcpu << 8) | (operation.argument & 0xff) }
    : { ...operation, operand: vcpu };
}

/**
 * Shortens and simplifies a history until every single operation is necessary.
 *
 * @param history - Shows the failure.
 * @param shows - Whether a history still shows the failure.
 * @param trials - Maximum number of histories to try.
 * @param onShorter - Receives each history that still shows the failure; the last one is the shortest.
 */
export function minimise(
  history: History,
  shows: (history: History) => boolean,
  trials: number,
  onShorter: (history: History) => void,
): void {
  let { host, operations } = history;
  let left = trials;

  function acceptHistory(candidate: History): boolean {
    if (left-- <= 0 || !shows(candidate)) return false;
    ({ host, operations } = candidate);
    onShorter(candidate);
    return true;
  }

  const accept = (candidate: Operation[]): boolean => acceptHistory({ host, operations: candidate });

  /** Removes chunks of a size, from the last. @returns Whether a chunk was removed. */
  function removeChunks(size: number): boolean {
    const before = operations.length;
    for (let end = operations.length; end > 0 && left > 0; end -= size) {
      const start = Math.max(0, end - size);
      accept([...operations.slice(0, start), ...operations.slice(end)]);
    }
    return operations.length < before;
  }

  function removeSingly(): void {
    while (left > 0 && removeChunks(1));
  }

  function removeAll(): void {
    for (let size = operations.length >> 1; size > 1; size >>= 1) removeChunks(size);
    removeSingly();
  }

  /** Replaces the operations of a range by simpler forms: all together, or else each half by itself. */
  function simplify(start: number, end: number): void {
    const candidate = [...operations];
    let isSimpler = false;
    for (let index = start; index < end; index++) {
      const operation = operations[index] as Operation;
      const [simplest] = simplerForms(operation, host.iommus);
      if (simplest === undefined) continue;
      candidate[index] = simplest;
      isSimpler = true;
    }
    if (!isSimpler || accept(candidate)) return;
    if (end - start > 1) {
      const middle = (start + end) >> 1;
      simplify(start, middle);
      simplify(middle, end);
      return;
    }
    const [, ...others] = simplerForms(operations[start] as Operation, host.iommus);
    others.some((other) => accept(operations.with(start, other)));
  }

  /** Simplifies all operations. @returns Whether an operation changed. */
  function simplifyAll(): boolean {
    const before = operations;
    simplify(0, operations.length);
    return operations !== before;
  }

  /** Replaces each host parameter that does not matter by a simple value. */
  function simplifyHost(simple: Partial<HostParameters>): void {
    for (const [key, value] of Object.entries(simple)) {
      if (host[key as keyof HostParameters] !== value) {
        acceptHistory({ host: { ...host, [key]: value }, operations });
      }
    }
  }

  /** Moves like operations together where their order does not matter, so that they read as one step. */
  function gatherAll(): void {
    for (let start = 1; start < operations.length; ) {
      const { name } = operations[start] as Operation;
      let end = start + 1;
      while (operations[end]?.name === name) end++;
      const place =
        operations.findLastIndex((operation, index) => index < start && operation.name === name) + 1;
      if (place > 0 && place < start) {
        const others = operations.toSpliced(start, end - start);
        accept([...others.slice(0, place), ...operations.slice(start, end), ...others.slice(place)]);
      }
      start = end;
    }
  }

  /** Replaces other vCPUs by the first vCPU of their VM where it does not matter which one is used. */
  function useFirstVcpus(): void {
    const firstOf = new Map<number, number>();
    for (const { name, argument, count } of operations) {
      if (name !== 'createVm') continue;
      for (let place = 1; place < count; place++) firstOf.set(argument + place, argument);
    }
    const used = [...new Set(operations.map(vcpuOf))].filter((vcpu) => firstOf.has(vcpu));
    const move = (moved: readonly number[]): boolean =>
      accept(
        operations.map((operation) => {
          const vcpu = vcpuOf(operation);
          return moved.includes(vcpu) ? withVcpu(operation, firstOf.get(vcpu) as number) : operation;
        }),
      );
    if (used.length > 0 && !move(used)) for (const vcpu of used) move([vcpu]);
  }

  /** Puts all devices behind one IOMMU. */
  function joinIommus(): void {
    const joined = operations.map((operation) => {
      if (operation.name === 'allocIrq') return { ...operation, argument: 0 };
      return operation.name === 'drainGaLog' ? { ...operation, operand: 0 } : operation;
    });
    if (host.iommus > 1) acceptHistory({ host: { ...host, iommus: 1 }, operations: joined });
  }

  simplifyHost(QUICK_HOST);
  removeAll();
  useFirstVcpus();
  if (simplifyAll()) removeSingly();
  joinIommus();
  gatherAll();
  simplifyHost({ ...HOST_PRESETS['v6.8'], iommus: 1 });
}
