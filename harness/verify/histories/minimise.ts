// Shortens a history that shows a finding: delta debugging (Zeller and Hildebrandt, "Simplifying and Isolating
// Failure-Inducing Input", 2002) over its operations, and then simpler forms of each that is left.
import { HOST_PRESETS, type HostParameters } from '../../../machine/host.js';
import type { History } from '../../../workloads/stream/history.js';
import type { Operation } from '../../../workloads/stream/stream.js';

/** Vector and CPU of an operation whose vector and CPU do not matter. */
const PLAIN_VECTOR = 0x30;
const PLAIN_CPU = 2;

/** A host that is made sooner: nothing scatters its heap. */
const QUICK_HOST = { heap: 'packed' } as const;

/** Simpler forms of an operation, simplest first; none if it is as simple as can be. */
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

/** The vCPU that an operation is on; -1 if it is on none. */
function vcpuOf({ name, operand, argument }: Operation): number {
  if (name === 'load' || name === 'put') return operand;
  return name === 'route' ? argument >>> 8 : -1;
}

/** The operation on another vCPU. */
function withVcpu(operation: Operation, vcpu: number): Operation {
  return operation.name === 'route'
    ? { ...operation, argument: (vcpu << 8) | (operation.argument & 0xff) }
    : { ...operation, operand: vcpu };
}

/**
 * Makes a history as short as removing and simplifying can, until no single operation can be left out.
 *
 * @param shows - Whether a history still shows the finding. The given one does.
 * @param trials - Histories tried at the most.
 * @param onShorter - Hears of each that still shows the finding; the last of them is the shortest.
 */
export function minimise(
  history: History,
  shows: (history: History) => boolean,
  trials: number,
  onShorter: (history: History) => void,
): void {
  let host = history.host;
  let operations = [...history.operations];
  let left = trials;

  function accept(candidate: Operation[]): boolean {
    if (left-- <= 0 || !shows({ host, operations: candidate })) return false;
    operations = candidate;
    onShorter({ host, operations });
    return true;
  }

  /** Leaves out chunks of a size, from the last. @returns Whether one could be left out. */
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

  /** Puts simpler forms in the places of a range: in all at once, or else in halves. */
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

  /** Simplifies all operations. @returns Whether there was anything to simplify. */
  function simplifyAll(): boolean {
    const before = operations;
    simplify(0, operations.length);
    return operations !== before;
  }

  /** Gives the host values of another, one by one, as far as they do not matter. */
  function simplifyHost(simple: Partial<HostParameters>): void {
    for (const [key, value] of Object.entries(simple)) {
      if (host[key as keyof HostParameters] === value || left-- <= 0) continue;
      const simpler = { ...host, [key]: value };
      if (!shows({ host: simpler, operations })) continue;
      host = simpler;
      onShorter({ host, operations });
    }
  }

  /** Brings like operations together, as far as their order does not matter, so that they read as one. */
  function gatherAll(): void {
    for (let start = 1; start < operations.length; ) {
      const { name } = operations[start] as Operation;
      let end = start + 1;
      while (operations[end]?.name === name) end++;
      const place =
        operations.findLastIndex((operation, index) => index < start && operation.name === name) + 1;
      if (place > 0 && place < start) {
        const run = operations.slice(start, end);
        accept([
          ...operations.slice(0, place),
          ...run,
          ...operations.slice(place, start),
          ...operations.slice(end),
        ]);
      }
      start = end;
    }
  }

  /** Does with the first vCPU of each VM what is done with another, as far as it does not matter which. */
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
    const simpler = { host: { ...host, iommus: 1 }, operations: joined };
    if (host.iommus === 1 || left-- <= 0 || !shows(simpler)) return;
    ({ host, operations } = simpler);
    onShorter(simpler);
  }

  simplifyHost(QUICK_HOST);
  removeAll();
  useFirstVcpus();
  if (simplifyAll()) removeSingly();
  joinIommus();
  gatherAll();
  simplifyHost({ ...HOST_PRESETS['v6.8'], iommus: 1 });
}
