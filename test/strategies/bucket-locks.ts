// A sound design unlike the built-in ones: one hash table for the host, with a lock beside the head of each bucket. So an
// irq moves between locks when it moves between buckets, and a tag chooses the lock as well as the list.
import { layoutOf } from '../../machine/layout.js';
import type { Machine } from '../../machine/machine.js';
import { type Address, NULL, WORD_BYTES } from '../../machine/memory.js';
import { NO_CPU } from '../../strategies/parts/entry.js';
import { irDataIn } from '../../strategies/parts/ir-data.js';
import { svmIn } from '../../strategies/parts/svm.js';
import { idLimits, tagEncoding } from '../../strategies/parts/tag-encoding.js';
import { TAG_HASH_NODE } from '../../strategies/parts/tag-hash.js';
import { bitmapVmIds } from '../../strategies/parts/vm-ids.js';
import type { Hypervisor, Strategy } from '../../strategies/strategy.js';

const tags = tagEncoding(24, 8);

/** The tag of an irq that is in no bucket. */
const NO_TAG = 0;

function create(machine: Machine): Hypervisor {
  const { memory, hlist } = machine;
  const { hashBits, pointerBytes } = machine.host;
  const svm = svmIn(machine, {}, bitmapVmIds(tags.maxVmId));
  const irData = irDataIn(machine, TAG_HASH_NODE);
  const bucket = layoutOf('gatag_bucket', { head: 'pointer', lock: 'u32' }, pointerBytes);
  const table = machine.bootAlloc(bucket.bytes << hashBits, 'gatag_buckets');

  const gaTagOf = (vcpu: Address): number => tags.encode(svm.vmIdOf(vcpu), svm.vcpuIdOf(vcpu));

  /** Runs something under the lock of a tag's bucket. */
  function inBucket(tag: number, run: (head: Address) => void): void {
    const address = table + machine.hash32(tag, hashBits) * (bucket.bytes / WORD_BYTES);
    memory.lock(address + bucket.at.lock);
    run(address + bucket.at.head);
    memory.unlock(address + bucket.at.lock);
  }

  function updateGa(tag: number, cpu: number, base: number): void {
    inBucket(tag, (head) => {
      for (let irq = memory.load(head); irq !== NULL; irq = memory.load(irq)) {
        if (memory.load(irq + irData.at.gaTag) !== tag) continue;
        irData.setRootPage(irq, base);
        irData.setRunState(irq, cpu);
        irData.commit(irq);
      }
    });
  }

  return {
    createVm: svm.createVm,
    vcpuAt: svm.vcpuAt,
    destroyVm: svm.destroyVm,
    allocIrq: irData.alloc,
    freeIrq: irData.free,
    route(irq, vcpu, vector) {
      const tag = gaTagOf(vcpu);
      // No bucket walk reads the cached tag, and the operations of one irq run one at a time.
      const oldTag = memory.readOnce(irq + irData.at.gaTag);
      if (oldTag !== NO_TAG && oldTag !== tag) inBucket(oldTag, () => hlist.del(irq));
      inBucket(tag, (head) => {
        irData.setGuestMode(irq, tag, svm.backingPageOf(vcpu), vector, svm.cpuOf(vcpu), true);
        if (oldTag !== tag) hlist.addHead(head, irq);
      });
    },
    unroute(irq) {
      inBucket(memory.readOnce(irq + irData.at.gaTag), () => {
        hlist.del(irq);
        irData.setRemapMode(irq);
      });
    },
    load(vcpu, cpu) {
      svm.enter(vcpu, cpu);
      updateGa(gaTagOf(vcpu), cpu, svm.backingPageOf(vcpu));
    },
    put(vcpu, blocking) {
      svm.leave(vcpu, blocking);
      updateGa(gaTagOf(vcpu), NO_CPU, svm.backingPageOf(vcpu));
    },
    wake: (tag) => svm.wakeByIds(tags.vmIdOf(tag), tags.vcpuIdOf(tag)),
  };
}

const strategy: Strategy = {
  id: 'bucket-locks',
  title: 'One hash of an opaque tag for the host, with a lock in each bucket',
  summary: 'The look-up of opaque-tag-hash in one table for all IOMMUs. An update locks one bucket.',
  source: 'Invented for this test.',
  gaLog: 'always',
  limits: idLimits(tags),
  notes: [],
  create,
};

export default strategy;
