// ir-data-pointer with the vCPU's address for its tag: no ids, no VM table, and a wakeup is a cast. The price is
// lifetime: a GA log entry is a pointer, so the logs must be empty of a vCPU before it is freed.
import type { Machine } from '../machine/machine.js';
import { IR_LIST_HEAD } from './parts/ir-list.js';
import { keptPointer } from './parts/kept-pointer.js';
import { vmsIn } from './parts/vm.js';
import type { Hypervisor, Strategy } from './strategy.js';

/** There are no vm_ids. */
const NO_VM_ID = 0;

function create(machine: Machine): Hypervisor {
  const svm = vmsIn(machine, IR_LIST_HEAD);
  const { initVcpu, ...verbs } = keptPointer(machine, svm, (vcpu) => vcpu);
  return {
    ...verbs,
    vcpuAt: svm.vcpuAt,
    createVm: (_vm, firstVcpu, count, firstVcpuId) =>
      svm.create(NO_VM_ID, firstVcpu, count, firstVcpuId, initVcpu),
    destroyVm(vm) {
      for (const iommu of machine.iommus) machine.drainGaLog(iommu);
      svm.destroy(vm);
    },
    wake: (tag) => tag,
  };
}

const strategy: Strategy = {
  id: 'pointer-as-tag',
  title: "Per-vCPU list, the vCPU's address as the tag",
  summary:
    "As ir-data-pointer, but the tag is the vCPU's address: a GA log entry is turned into a vCPU without a look-up, " +
    'and every GA log is drained before a VM is destroyed, lest an entry outlive its vCPU.',
  source: 'The reviewer: on a 32-bit hypervisor any pointer can be the tag.',
  gaLog: 'always',
  limits: [],
  notes: [
    'A tag has 32 bits. On a host with 8-byte pointers the tag stands for the low half of the address, which names a ' +
      "vCPU only while all vCPUs lie in one 4 GiB window; the model's memory does.",
  ],
  create,
};

export default strategy;
