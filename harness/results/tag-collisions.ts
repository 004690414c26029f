// On which hosts two vCPUs of the posted patch share a bucket, though their tags differ. What counts is how many VMs were created
// since boot, because a vm_id is never reused, and the largest vcpu_id, not how many VMs or vCPUs there are.
import { hash32With } from '../../machine/hash.js';
import type { HostParameters } from '../../machine/host.js';
import { tagEncoding } from '../../strategies/parts/tag-encoding.js';
import { VM_HASH_BITS } from '../../strategies/parts/vm-table.js';

/** A vCPU as its tag names it: the vm_id counts VM creations from 1. */
export interface TaggedVcpu {
  readonly vm: number;
  readonly vcpu: number;
}

/** From which largest vcpu_id on the first two vCPUs that share a bucket are these, until the next condition begins. */
export interface CollisionCondition {
  readonly vcpuId: number;
  /** The VM creation since boot that completes the pair. */
  readonly creation: number;
  readonly pair: readonly [TaggedVcpu, TaggedVcpu];
}

/** The tags of posted-v4. */
const TAGS = tagEncoding(8, 8);

/**
 * The conditions of a hash, by rising vcpu_id and falling creation; none if no two tags share a bucket. Vm_ids are 1 to 255: later
 * ones share whole tags.
 */
export function collisionConditions({
  hashMultiplier,
  hashBits,
}: Pick<HostParameters, 'hashMultiplier' | 'hashBits'>): CollisionCondition[] {
  const hash = hash32With(hashMultiplier);
  const oldest = new Map<number, TaggedVcpu>();
  const conditions: CollisionCondition[] = [];
  let creation = Number.POSITIVE_INFINITY;
  for (let vcpu = 0; vcpu <= TAGS.maxVcpuId; vcpu++) {
    let first: CollisionCondition | undefined;
    for (let vm = 1; vm <= TAGS.maxVmId; vm++) {
      const bucket = hash(TAGS.encode(vm, vcpu), hashBits);
      const other = oldest.get(bucket);
      if (other === undefined || vm < other.vm) oldest.set(bucket, { vm, vcpu });
      if (other === undefined) continue;
      const completed = Math.max(vm, other.vm);
      if (completed >= creation) continue;
      creation = completed;
      first = { vcpuId: vcpu, creation, pair: vm < other.vm ? [{ vm, vcpu }, other] : [other, { vm, vcpu }] };
    }
    if (first !== undefined) conditions.push(first);
  }
  return conditions;
}

/** The VM creation since boot from which on two VMs share a bucket of SVM's hash of VMs. */
export function firstSharedVmBucket({ hashMultiplier }: Pick<HostParameters, 'hashMultiplier'>): number {
  const hash = hash32With(hashMultiplier);
  const buckets = new Set<number>();
  let vm = 1;
  for (; vm <= TAGS.maxVmId && !buckets.has(hash(vm, VM_HASH_BITS)); vm++)
    buckets.add(hash(vm, VM_HASH_BITS));
  return vm;
}
