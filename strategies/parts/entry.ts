// The words of a guest-mode entry, as every design writes them: from zero, because is_run and ga_log_intr mean something
// else in the remap entry; and with another run state.
import {
  GA_LOG_INTR,
  GUEST_MODE,
  IS_RUN,
  VALID,
  withDestinationHi,
  withDestinationLo,
  withRootHi,
} from '../../machine/irte.js';

/** Stands for a CPU when a vCPU does not run. */
export const NO_CPU = -1;

/** @param cpu - The physical APIC id of the vCPU's CPU, or {@link NO_CPU}. */
export function guestWord0(cpu: number, gaLogIntr: boolean): number {
  const flags = VALID | GUEST_MODE | (gaLogIntr ? GA_LOG_INTR : 0);
  return cpu === NO_CPU ? flags : withDestinationLo(flags | IS_RUN, cpu);
}

export const guestWord3 = (cpu: number, rootPage: number): number =>
  withRootHi(cpu === NO_CPU ? 0 : withDestinationHi(0, cpu), rootPage);

/** Word 0 with another run state. {@link NO_CPU} keeps the destination. */
export const runWord0 = (word0: number, cpu: number): number =>
  cpu === NO_CPU ? word0 & ~IS_RUN : withDestinationLo(word0 | IS_RUN, cpu);

export const runWord3 = (word3: number, cpu: number): number =>
  cpu === NO_CPU ? word3 : withDestinationHi(word3, cpu);
