// One opaque 32-bit ga_tag: SVM encodes and decodes it; the IOMMU driver hashes and compares it and never looks
// inside. The rest is wide-vm-id-hash with its locks and costs, so the pair compares one value with two.
import type { Machine } from '../machine/machine.js';
import { NO_CPU } from './parts/ir-data.js';
import { svmIn } from './parts/svm.js';
import { idLimits, tagEncoding } from './parts/tag-encoding.js';
import { tagHashIommu } from './parts/tag-hash-iommu.js';
import { bitmapVmIds } from './parts/vm-ids.js';
import type { Hypervisor, Strategy } from './strategy.js';

const tags = tagEncoding(24, 8);

function create(machine: Machine): Hypervisor {
  const svm = svmIn(machine, {}, bitmapVmIds(tags.maxVmId));

  // The IOMMU driver: a tag is only a number to it.
  const { allocIrq, freeIrq, setGuestMode, setRemapMode, updateGa } = tagHashIommu(machine, true, svm.cpuOf);

  // SVM.
  const gaTagOf = (vcpu: number): number => tags.encode(svm.vmIdOf(vcpu), svm.vcpuIdOf(vcpu));

  return {
    createVm: svm.createVm,
    vcpuAt: svm.vcpuAt,
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
    'SVM passes one number, ga_tag, and only SVM knows its meaning. The IOMMU driver finds entries by the number and ' +
    'hands it back from the GA log. The look-up is the same as in wide-vm-id-hash.',
  source: 'The reviewer: why not one opaque 32-bit ga_tag?',
  gaLog: 'always',
  limits: idLimits(tags),
  notes: [],
  create,
};

export default strategy;
