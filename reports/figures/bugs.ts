// Bugs of this code in the kernel and in the posted patch, by the kind of strategy whose code was at fault.
import { sum } from 'simple-statistics';
import { countText, numberOf } from '../words/wording.js';
import { KEPT_ENTRIES, kindOf, LOOK_UP } from './strategies.js';

/** A bug in one line, and the commit of its fix or another source. */
type Bug = readonly [what: string, source: string];

const POSTED_PATCH = 'patch of 2016, not merged';

/** The bugs by where the fault lay. */
export const BUGS: readonly {
  readonly kind: string;
  readonly where: string;
  readonly bugs: readonly Bug[];
}[] = [
  {
    kind: 'kept pointer',
    where: 'in the list of a vCPU, or in the ir_data pointer that the IOMMU driver returns for it',
    bugs: [
      ['a load between the write of the entry and the list add is missed', '4c08e737f056, f3cebc75e742'],
      [
        'the list keeps an irq whose new route cannot be posted: use after free',
        '9bcac97dc42d, CVE-2025-37885',
      ],
      ['the first failing update ends the walk of the list', '48f79c6c86b3'],
      ['an irq that is routed while AVIC is inhibited joins no list', '6df262f915ab'],
      ['the driver returns no ir_data: the entry stays posted, and is on no list', '71d6b3b8e69d'],
      ['the driver reports success without an ir_data: a wild pointer joins the list', '07172206a26d'],
    ],
  },
  {
    kind: 'hash',
    where: 'in the walk of a bucket',
    bugs: [
      ['no tag is compared: the entry of another vCPU is written', POSTED_PATCH],
      ['the GA log takes the first match: another VM is woken, or none', POSTED_PATCH],
    ],
  },
  {
    kind: 'both',
    where: 'in the tag, the entry, the GA log or the freeing of a VM, which every strategy has',
    bugs: [
      ['the tag has 8 bits of the vm_id: VM 257 has the tag of VM 1', POSTED_PATCH],
      ['the tag drops bit 8 of the vcpu_id: vCPU 256 has the tag of vCPU 0', '5999715922c5'],
      ['a new route of a running vCPU loses destination and is_run until the next load', 'f3cebc75e742'],
      ['the driver does not store where the live entry is: updates do nothing', '730ad0ede130'],
      ['an entry that leaves guest mode loses its valid bit', '26e495f34107'],
      ['an entry is invalid for a moment during an update', 'e52d58d54a32'],
      ['an entry in guest mode keeps the tag of the old vCPU', 'ed8a2f4ddef2'],
      ['wakeups are lost after an overflow of the GA log', 'af47b0a24058'],
      ['entries of a preempted vCPU write the GA log: wakeups are spurious', 'b03500f03ea0'],
      ['a VM leaves the GA log table after its vCPUs are freed: a freed vCPU is woken', '78684b65fcc0'],
      ['guest mode does not set ga_log_intr: a blocked vCPU sleeps on', 'SUSE bsc#1052533'],
      ['a block of MSIs is not aligned: interrupts reach the entry of a neighbour', 'SUSE bsc#975772'],
    ],
  },
];

/** All of them. */
export const BUG_COUNT = sum(BUGS.map(({ bugs }) => bugs.length));

/** Who keeps pointers to an irq's objects, where, and which bugs such code had. */
export function keeperOf(strategy: string) {
  const bugsIn = (name: string): number => BUGS.find(({ kind }) => kind === name)?.bugs.length ?? 0;
  if (strategy === KEPT_ENTRIES) return { keeper: 'driver', where: 'array', bugs: 'in no kernel' };
  if (kindOf(strategy) !== 'hash')
    return { keeper: 'KVM', where: 'list', bugs: `${bugsIn('kept pointer')}, fixed` };
  const bugs = strategy === LOOK_UP ? `${bugsIn('hash')}, corrected` : 'in no kernel';
  return { keeper: 'driver', where: 'bucket', bugs };
}

/** How many bugs lay in each kind, and what the counts are worth. */
export function bugSentence(): string {
  const [pointer, hash, both] = BUGS.map(({ bugs }) => countText(bugs.length));
  return `Of ${numberOf(BUG_COUNT, 'bug')} of this code ${pointer} lay in the kept pointer, ${hash} in the hash, ${both} in code that both need. No kernel had the hash.`;
}
