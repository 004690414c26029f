// When the missing check of the tag shows itself on the run's host, as a table and as a sentence.
import type { Results } from '../../harness/results/results.js';
import { collisionConditions, type TaggedVcpu } from '../../harness/results/tag-collisions.js';
import type { NumberTable } from '../words/number-table.js';
import { countText } from '../words/wording.js';

/** Id of the element of the page that shows {@link collisionTable}. */
export const COLLISIONS_PLACE = 'shared-buckets';

const hashText = ({ host: { hashMultiplier, hashBits } }: Results): string =>
  `hash of ${hashMultiplier}, ${hashBits} bits`;

/** The first two vCPUs that share a bucket, and from which VM creation on they exist, by largest vcpu_id. */
export function collisionTable(results: Results): NumberTable {
  const conditions = collisionConditions(results.host);
  const rows = conditions.map(({ vcpuId, creation, pair }, index) => {
    const next = conditions[index + 1];
    const last = next === undefined ? 'and up' : next.vcpuId - 1 === vcpuId ? '' : `to ${next.vcpuId - 1}`;
    return [`${vcpuId} ${last}`.trim(), pairText(pair), countText(creation)];
  });
  const none = conditions[0] === undefined ? 'any' : `up to ${conditions[0].vcpuId - 1}`;
  return {
    caption:
      `Without a check of the tag, ${hashText(results)}: the first two vCPUs that share a bucket, and the VM creation since ` +
      'boot that completes the pair. Both need an entry behind one IOMMU',
    head: ['largest vcpu_id', 'first pair (vm, vcpu)', 'from VM creation'],
    rows: conditions[0]?.vcpuId === 0 ? rows : [[none, 'none', 'never'], ...rows],
  };
}

const pairText = (pair: readonly TaggedVcpu[]): string =>
  pair.map(({ vm, vcpu }) => `(${vm}, ${vcpu})`).join(' and ');

/** The pair with the smallest vcpu_ids. */
export function firstPairText(results: Results): string {
  const [first] = collisionConditions(results.host);
  const pair = first === undefined ? 'none' : pairText(first.pair);
  return `${hashText(results)}: the first two vCPUs that share a bucket, (vm, vcpu): ${pair}`;
}

/** The same in one sentence: the smallest vcpu_id that suffices, and the earliest VM creation. */
export function collisionSentence(results: Results): string {
  const conditions = collisionConditions(results.host);
  const [first] = conditions;
  const last = conditions.at(-1);
  if (first === undefined || last === undefined) return `No two tags share a bucket: ${hashText(results)}.`;
  const earliest = last === first ? '' : `, and from ${last.creation} on if they reach ${last.vcpuId}`;
  return `Two vCPUs share a bucket from VM creation ${first.creation} since boot on if vcpu_ids reach ${first.vcpuId}${earliest}.`;
}
