import type { VcpuThread } from './parse.js';

/** Threads that are assumed to be the vCPUs of one VM. */
export interface VirtualMachine {
  /** The VM's process; null if the trace does not name it. */
  readonly tgid: number | null;
  /** In the order of their thread ids. */
  readonly threads: VcpuThread[];
}

/** By the process of each thread, by runs of thread ids, or by both if the trace names the process of some threads only. */
export type GroupedBy = 'tgid' | 'thread-id runs' | 'both';

/** Threads grouped into VMs. */
export type VirtualMachines = Readonly<ReturnType<typeof groupThreads>>;

/**
 * Groups threads into VMs: by process if the trace names it, else by runs of thread ids.
 *
 * @remarks The runs are a heuristic. QEMU starts the threads of its vCPUs in order, so thread ids ascend within a VM.
 * In ascending order, vCPU 0 begins a VM. Any other vCPU joins a VM whose last vCPU number is one less than its own;
 * of several such VMs it joins the VM that was extended last, and if there is none it begins a VM. VMs that started at
 * the same time may swap vCPUs of the same number. A vCPU that was plugged in later, or never ran while recorded, can
 * split its VM. So the numbers of VMs and vCPUs are more reliable than the membership.
 */
export function groupThreads(threads: readonly VcpuThread[]) {
  const machines: VirtualMachine[] = [];
  const ofProcess = new Map<number, VirtualMachine>();
  // By the last vCPU number of a VM, the VM that was extended last at the end. A VM that was extended since then has more
  // threads than the entry says.
  const endingAt = new Map<number, { machine: VirtualMachine; threads: number }[]>();
  const continuedBy = (vcpu: number): VirtualMachine | undefined => {
    const ending = vcpu > 0 ? (endingAt.get(vcpu - 1) ?? []) : [];
    for (let last = ending.pop(); last !== undefined; last = ending.pop()) {
      if (last.machine.threads.length === last.threads) return last.machine;
    }
    return undefined;
  };
  for (const thread of threads.toSorted((one, other) => one.tid - other.tid)) {
    const { tgid, vcpu } = thread;
    let machine = tgid === null ? continuedBy(vcpu) : ofProcess.get(tgid);
    if (machine === undefined) {
      machine = { tgid, threads: [] };
      machines.push(machine);
      if (tgid !== null) ofProcess.set(tgid, machine);
    }
    machine.threads.push(thread);
    const ending = endingAt.get(vcpu) ?? [];
    ending.push({ machine, threads: machine.threads.length });
    endingAt.set(vcpu, ending);
  }
  const known = threads.filter(({ tgid }) => tgid !== null).length;
  const groupedBy: GroupedBy = known === threads.length ? 'tgid' : known === 0 ? 'thread-id runs' : 'both';
  return { groupedBy, machines };
}
