// ir-data-pointer, but ir_data keeps its table and its live entry, so an update skips the driver's way through the IOMMU, the
// PCI segment and the tables by device id. Linux v4.9 to v6.4 kept the live entry, but not the table. The pair has the same
// locks, and the same size of ir_data.
import type { Machine } from '../machine/machine.js';
import { irDataIn, keptEntry } from './parts/ir-data.js';
import { IR_LIST_HEAD } from './parts/ir-list.js';
import { keptPointer } from './parts/kept-pointer.js';
import { OPAQUE_TAGS, opaqueSvmIn } from './parts/opaque-svm.js';
import { idLimits } from './parts/tag-encoding.js';
import type { Hypervisor, Strategy } from './strategy.js';

function create(machine: Machine): Hypervisor {
  const svm = opaqueSvmIn(machine, IR_LIST_HEAD);
  return {
    createVm: svm.createVm,
    vcpuAt: svm.vcpuAt,
    destroyVm: svm.destroyVm,
    ...keptPointer(machine, svm, svm.gaTagOf, irDataIn(machine, {}, keptEntry)),
    wake: svm.wake,
  };
}

const strategy: Strategy = {
  id: 'irte-pointer',
  title: 'Per-vCPU list, ir_data keeps its table and live entry',
  summary:
    "As ir-data-pointer, but the IOMMU driver does not search for an entry's table again at each update: ir_data has " +
    'pointers to the table and to the live entry.',
  source: 'The reviewer: map the ga_tag into irte/ir_data directly.',
  gaLog: 'always',
  limits: idLimits(OPAQUE_TAGS),
  notes: [
    'ir_data still fits in one cache line: the table replaces the IOMMU, and the live entry fills the padding.',
    'A device keeps its table for life, so the pointers never become stale. Hot-unplug is not modelled.',
  ],
  touches: [
    'struct amd_ir_data: pointers to the table and to the live entry instead of the one to the IOMMU',
    'irq_remapping_alloc(): stores them',
    'modify_irte_ga(), __modify_irte_ga(): take ir_data instead of IOMMU, device id and index',
    'struct vcpu_svm: list head and lock',
    'avic_vcpu_load(), avic_vcpu_put(): walk the list',
  ],
  create,
};

export default strategy;
