// One opaque 32-bit ga_tag: SVM encodes it and decodes it, the IOMMU driver hashes it and compares it and never
// looks inside. Otherwise wide-vm-id-hash, so that the pair of the two measures two values against one.
import type { Machine } from '../machine/machine.js';
import { NO_CPU } from './parts/ir-data.js';
import { svmIn } from './parts/svm.js';
import { tagEncoding } from './parts/tag-encoding.js';
import { tagHashIommu } from './parts/tag-hash-iommu.js';
import { bitmapVmIds } from './parts/vm-ids.js';
import type { Hypervisor, Strategy } from './strategy.js';

const tags = tagEncoding(24, 8);

function create(machine: Machine): Hypervisor {
  const svm = svmIn(machine, {}, (host) => bitmapVmIds(host, tags.maxVmId));

  // The IOMMU driver: a tag is a number to it.
  const { allocIrq, freeIrq, setGuestMode, setRemapMode, updateGa } = tagHashIommu(machine, true, svm.cpuOf);

  // SVM.
  const gaTagOf = (vcpu: number): number => tags.encode(svm.vmIdOf(vcpu), svm.vcpuIdOf(vcpu));

  return {
    vcpuAt: svm.vcpuAt,
    createVm: (_vm, firstVcpu, count, firstVcpuId) => svm.createVm(firstVcpu, count, firstVcpuId),
    destroyVm: svm.destroyVm,
    allocIrq,
    freeIrq,
    route: (irq, vcpu, vector) => setGuestMode(irq, gaTagOf(vcpu), svm.backingPageOf(vcpu), vector, vcpu),
    unroute: setRemapMode,
    load(vcpu, cpu) {
      svm.enter(vcpu, cpu);
      updateGa(gaTagOf(vcpu), cpu, svm.backingPageOf(vcpu), true);
    },
    put(vcpu, blocking) {
      svm.leave(vcpu, blocking);
      updateGa(gaTagOf(vcpu), NO_CPU, svm.backingPageOf(vcpu), false);
    },
    wake: (tag) => svm.findVcpu(tags.vmIdOf(tag), tags.vcpuIdOf(tag)),
  };
}

const strategy: Strategy = {
  id: 'opaque-tag-hash',
  title: 'Per-IOMMU hash of one opaque 32-bit tag, compared',
  summary:
    'SVM passes one number, ga_tag, and alone knows what it means; the IOMMU driver finds entries by it and hands ' +
    'it back from the GA log. The look-up is that of wide-vm-id-hash.',
  source: 'The reviewer: why not one opaque 32-bit ga_tag?',
  gaLog: 'always',
  limits: [
    { kind: 'max-vms', value: tags.maxVmId },
    { kind: 'id-reuse' },
    { kind: 'max-vcpu-id', value: tags.maxVcpuId },
  ],
  notes: [],
  create,
};

export default strategy;
