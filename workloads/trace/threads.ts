// The threads of a recording, and which of them are vCPUs.
import { isAt, latin1 } from './lines.js';

/** A thread; another comm makes it another one, because a long recording may use a thread id again. */
export interface Thread {
  /** Its number among all. */
  readonly id: number;
  readonly tid: number;
  /** null if only events of KVM named it so far. */
  comm: string | null;
  /** null if it is no vCPU. */
  vcpu: number | null;
  tgid: number | null;
  /** Its number among the vCPU threads, from its first switch or entry on. */
  index: number | null;
  switches: number;
}

/** Names of vCPU threads: QEMU, Firecracker, crosvm, cloud-hypervisor, kvmtool. */
const VCPU_COMM = /^(?:CPU (\d+)\/(?:KVM|TCG|HVF|MSHV)|(?:fc_vcpu |crosvm_vcpu|vcpu|kvm-vcpu-)(\d+))$/;

/** All threads of a recording. */
export class Threads {
  readonly all: Thread[] = [];
  /** The vCPU threads, in the order of their first switches. */
  readonly vcpus: Thread[] = [];
  readonly processes = new Map<number, number>();
  readonly #latest = new Map<number, Thread>();
  readonly #named = new Map<string, Thread>();

  /** The thread on one side of a switch, with the comm that is in `bytes`; null for the idle thread. */
  find(tid: number, bytes: Buffer, from: number, end: number): Thread | null {
    if (tid === 0) return null;
    const thread = this.#latest.get(tid);
    if (!thread || thread.comm === null || !isAt(thread.comm, bytes, from, end)) {
      return this.findNamed(tid, latin1(bytes, from, end));
    }
    thread.switches++;
    return thread;
  }

  /** The thread with a comm. */
  findNamed(tid: number, comm: string): Thread | null {
    if (tid === 0) return null;
    const latest = this.#latest.get(tid);
    const thread = latest?.comm === comm ? latest : this.#another(tid, comm, latest);
    thread.switches++;
    return thread;
  }

  /** The thread in the task column, where its comm may be cut. */
  current(tid: number): Thread {
    return this.#latest.get(tid) ?? this.#add(tid);
  }

  /** Counts a thread among the vCPUs. @returns Its number there; null if it is no vCPU. */
  vcpuIndex(id: number): number | null {
    const thread = this.all[id];
    if (thread === undefined || thread.vcpu === null) return null;
    thread.index ??= this.vcpus.push(thread) - 1;
    return thread.index;
  }

  #another(tid: number, comm: string, latest: Thread | undefined): Thread {
    const key = `${tid} ${comm}`;
    const known = this.#named.get(key);
    const thread = known ?? (latest?.comm === null ? latest : this.#add(tid));
    this.#latest.set(tid, thread);
    if (known !== undefined) return known;
    thread.comm = comm;
    this.#named.set(key, thread);
    const name = VCPU_COMM.exec(comm);
    if (name !== null) thread.vcpu = Number(name[1] ?? name[2]);
    return thread;
  }

  #add(tid: number): Thread {
    const thread = { id: this.all.length, tid, comm: null, vcpu: null, tgid: null, index: null, switches: 0 };
    this.all.push(thread);
    this.#latest.set(tid, thread);
    return thread;
  }
}
