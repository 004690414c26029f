import type { VcpuThread } from './parse.js';

/** Threads that are taken for the vCPUs of one VM. */
export interface VirtualMachine {
  /** The VM's process, or null if the trace does not say. */
  readonly tgid: number | null;
  /** In the order of their thread ids. */
  readonly threads: readonly VcpuThread[];
}

/** Threads grouped to VMs. */
export interface VirtualMachines {
  /**
   * How the VMs were told apart: by the process of each thread, by runs of thread ids, or by both if the
   * trace names the process of some threads only.
   */
  readonly groupedBy: 'tgid' | 'thread-id runs' | 'both';
  readonly machines: readonly VirtualMachine[];
}

/**
 * Groups threads to VMs: by process where the trace names it, else by runs of thread ids.
 *
 * @remarks The second is a heuristic, and its result an assumption. QEMU starts the threads of its vCPUs in
 * their order, so thread ids ascend within a VM: by ascending id, vCPU 0 begins a VM, and another joins, of
 * the VMs whose last vCPU number is one less than its own, the one that was extended last; if there is none
 * it begins a VM. VMs that were started at the same time may swap vCPUs of the same number; a vCPU plugged in
 * later, or one that never ran while recorded, can split its VM. The numbers of VMs and of their vCPUs suffer
 * less than who belongs to whom.
 */
export function groupThreads(threads: readonly VcpuThread[]): VirtualMachines {
  const machines: { tgid: number | null; threads: VcpuThread[] }[] = [];
  // The same VMs, the one extended last at the end.
  const extended: typeof machines = [];
  for (const thread of threads.toSorted((one, other) => one.tid - other.tid)) {
    const found = extended.findLastIndex((machine) =>
      thread.tgid === null
        ? thread.vcpu > 0 && machine.threads.at(-1)?.vcpu === thread.vcpu - 1
        : machine.tgid === thread.tgid,
    );
    const machine = extended.splice(found, found === -1 ? 0 : 1)[0] ?? { tgid: thread.tgid, threads: [] };
    if (found === -1) machines.push(machine);
    machine.threads.push(thread);
    extended.push(machine);
  }
  const known = threads.filter(({ tgid }) => tgid !== null).length;
  const groupedBy = known === threads.length ? 'tgid' : known === 0 ? 'thread-id runs' : 'both';
  return { groupedBy, machines };
}
