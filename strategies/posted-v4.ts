// As posted (v4 of the patch, 2016): SVM passes vm_id and vcpu_id; the IOMMU driver makes a 16-bit GATAG of them,
// and finds entries by walking its bucket in every IOMMU, without a look at the tags in it.
import type { Machine } from '../machine/machine.js';
import { type Address, NULL } from '../machine/memory.js';
import { NO_CPU } from './parts/ir-data.js';
import { svmIn } from './parts/svm.js';
import { tagEncoding } from './parts/tag-encoding.js';
import { NO_VECTOR, tagHashIommu } from './parts/tag-hash-iommu.js';
import { countedVmIds } from './parts/vm-ids.js';
import type { Hypervisor, Strategy } from './strategy.js';

const tags = tagEncoding(8, 8);
const comparesTags = false;

function create(machine: Machine): Hypervisor {
  const svm = svmIn(machine, {}, countedVmIds);

  // The IOMMU driver: it encodes the tag.
  const iommuDriver = tagHashIommu(machine, comparesTags, svm.cpuOf);

  function updateGa(vcpuId: number, cpu: number, vmId: number, base: number, isRun: boolean): void {
    iommuDriver.updateGa(tags.encode(vmId, vcpuId), cpu, base, isRun);
  }

  // SVM.
  function gaLogNotifier(vmId: number, vcpuId: number, _vector: number): Address {
    svm.vmTable.lock();
    const vm = svm.vmTable.first(vmId);
    const vcpu = vm === NULL ? NULL : svm.vcpuById(vm, vcpuId);
    svm.vmTable.unlock();
    return vcpu;
  }

  return {
    vcpuAt: svm.vcpuAt,
    createVm: (_vm, firstVcpu, count, firstVcpuId) => svm.createVm(firstVcpu, count, firstVcpuId),
    destroyVm: svm.destroyVm,
    allocIrq: iommuDriver.allocIrq,
    freeIrq: iommuDriver.freeIrq,
    route(irq, vcpu, vector) {
      const tag = tags.encode(svm.vmIdOf(vcpu), svm.vcpuIdOf(vcpu));
      iommuDriver.setGuestMode(irq, tag, svm.backingPageOf(vcpu), vector, vcpu);
    },
    unroute: iommuDriver.setRemapMode,
    load(vcpu, cpu) {
      svm.enter(vcpu, cpu);
      updateGa(svm.vcpuIdOf(vcpu), cpu, svm.vmIdOf(vcpu), svm.backingPageOf(vcpu), true);
    },
    put(vcpu, blocking) {
      svm.leave(vcpu, blocking);
      updateGa(svm.vcpuIdOf(vcpu), NO_CPU, svm.vmIdOf(vcpu), svm.backingPageOf(vcpu), false);
    },
    wake(tag, iommu) {
      const vector = iommuDriver.firstVector(iommu, tag);
      return vector === NO_VECTOR ? NULL : gaLogNotifier(tags.vmIdOf(tag), tags.vcpuIdOf(tag), vector);
    },
  };
}

const strategy: Strategy = {
  id: 'posted-v4',
  title: 'As posted: per-IOMMU hash of split 8/8 tags, no tag compare',
  summary:
    'SVM passes vm_id and vcpu_id to the IOMMU driver, which builds a 16-bit tag, hashes it, and in every IOMMU ' +
    'updates whatever is in the bucket. The GA log handler takes the first entry and the first VM it meets.',
  source: 'The patch under review, July 2016; the reviewer asks where the tag check in the bucket walk is.',
  gaLog: 'always',
  limits: [
    { kind: 'no-tag-compare' },
    { kind: 'ga-log-first-match' },
    { kind: 'max-vm-id', value: tags.maxVmId },
    { kind: 'max-vcpu-id', value: tags.maxVcpuId },
  ],
  notes: [
    'Where entries enter and leave the hash was in another patch; here they do when guest mode is set and unset.',
    'The vector that the driver reads from the first entry is passed on and used by nobody. ' +
      'It is read under the hash lock; how far that lock reached in the patch was not found.',
  ],
  create,
};

export default strategy;
