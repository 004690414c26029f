import { WordList } from './word-list.js';

/** The state in which a thread left its CPU: R and R+ are preempted, the others blocked. */
export const PUT_STATES = ['R', 'R+', 'S', 'other'] as const;

/** One of {@link PUT_STATES}. */
export type PutState = (typeof PUT_STATES)[number];

/** A vCPU thread came on a CPU or left it. `thread` is an index into the recording's threads. */
export type VcpuSwitch =
  | { readonly kind: 'load'; readonly thread: number; readonly cpu: number }
  | { readonly kind: 'put'; readonly thread: number; readonly cpu: number; readonly state: PutState };

/** An update of an IRTE: kvm_pi_irte_update. */
export interface RouteEvent {
  readonly kind: 'route';
  /** The host's number. */
  readonly irq: number;
  readonly vcpu: number;
  /** The guest's vector; null if the irq goes back to the host. */
  readonly vector: number | null;
  /** The current thread and its process. */
  readonly tid: number;
  readonly tgid: number | null;
}

/** An entry of the GA log: kvm_avic_ga_log; `vm` is the id that KVM gave to the VM. */
export type WakeEvent = { readonly kind: 'wake'; readonly vm: number; readonly vcpu: number };

/** What a device did to a VM, as KVM's tracepoints name it. */
export type DeviceEvent = RouteEvent | WakeEvent;

const DEVICE = 1 + PUT_STATES.length;

/**
 * A list of switches in eight bytes each. The first word is thread << 3 | 0 for a load or 1 + the state for a put; the
 * second is the CPU. Of an event of a device, the words are its number << 3 | 5, and 0.
 */
export class SwitchLog implements Iterable<VcpuSwitch | DeviceEvent> {
  readonly devices: DeviceEvent[] = [];
  readonly #list = new WordList();
  readonly #limit: number;
  #switches = 0;

  /** @param limit - Switches, and events of devices, that are kept; the log ignores what comes after them. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get isFull(): boolean {
    return this.#switches === this.#limit || this.devices.length === this.#limit;
  }

  append(event: VcpuSwitch | DeviceEvent): void {
    if (this.isFull) return;
    if (event.kind === 'load' || event.kind === 'put') {
      const code = event.kind === 'load' ? 0 : 1 + PUT_STATES.indexOf(event.state);
      this.#list.append((event.thread << 3) | code, event.cpu);
      this.#switches++;
    } else {
      this.#list.append(((this.devices.push(event) - 1) << 3) | DEVICE, 0);
    }
  }

  *[Symbol.iterator](): Generator<VcpuSwitch | DeviceEvent> {
    const { words } = this.#list;
    for (let offset = 0; offset < words.length; offset += 2) {
      const word = words[offset] as number;
      const thread = word >>> 3;
      const cpu = words[offset + 1] as number;
      const code = word & 7;
      if (code === 0) yield { kind: 'load', thread, cpu };
      else if (code === DEVICE) yield this.devices[thread] as DeviceEvent;
      else yield { kind: 'put', thread, cpu, state: PUT_STATES[code - 1] as PutState };
    }
  }
}
