import { WordList } from '../stream/word-list.js';

/** The state in which a thread left its CPU: R and R+ are preempted, the others blocked. */
export const PUT_STATES = ['R', 'R+', 'S', 'other'] as const;

/** One of {@link PUT_STATES}. */
export type PutState = (typeof PUT_STATES)[number];

/** A vCPU thread came on a CPU or left it. `thread` is an index into the recording's threads. */
export type VcpuSwitch =
  | { readonly kind: 'load'; readonly thread: number; readonly cpu: number }
  | { readonly kind: 'put'; readonly thread: number; readonly cpu: number; readonly state: PutState };

/**
 * A list of switches in eight bytes each, because an hour of a busy host has tens of millions. The first word is
 * thread << 3 | 0 for a load or 1 + the state for a put; the second is the CPU.
 */
export class SwitchLog implements Iterable<VcpuSwitch> {
  readonly #list = new WordList();

  append(event: VcpuSwitch): void {
    const code = event.kind === 'load' ? 0 : 1 + PUT_STATES.indexOf(event.state);
    this.#list.append((event.thread << 3) | code, event.cpu);
  }

  *[Symbol.iterator](): Generator<VcpuSwitch> {
    const { words } = this.#list;
    for (let offset = 0; offset < words.length; offset += 2) {
      const word = words[offset] as number;
      const thread = word >>> 3;
      const cpu = words[offset + 1] as number;
      const state = PUT_STATES[(word & 7) - 1];
      yield state === undefined ? { kind: 'load', thread, cpu } : { kind: 'put', thread, cpu, state };
    }
  }
}
