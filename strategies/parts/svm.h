// SVM with vm_ids: svm.ts. Include one of *-vm-ids.h before this file. A design that makes
// something of its own for each vCPU defines functions for this and for its end as INIT_VCPU and EXIT_VCPU. One whose VMs leave
// the table after their vCPUs are freed defines LEAVES_TABLE_LAST.
#pragma once

#include "vm-table.h"

static inline void create_svm(void)
{
	create_vms();
	create_vm_table();
	create_vm_ids();
}

static inline address create_vm(uint32_t number, uint32_t first_vcpu, uint32_t count, uint32_t first_vcpu_id)
{
	struct kvm_svm *vm = alloc_vm(alloc_vm_id(), first_vcpu, count, first_vcpu_id);

	(void)number;
	vm_table_add(vm);
#ifdef INIT_VCPU
	for (uint32_t index = 0; index < count; index++)
		INIT_VCPU(AT(VCPU, vcpu_at(vm, index)));
#endif
	return ADDRESS_OF(vm);
}

static inline void leave_table(struct kvm_svm *vm)
{
	vm_table_remove(vm);
	free_vm_id(vm->vm_id);
}

static inline void destroy_vm(struct kvm_svm *vm)
{
#ifdef EXIT_VCPU
	for (uint32_t index = 0; index < vm->vcpu_count; index++)
		EXIT_VCPU(AT(VCPU, vcpu_at(vm, index)));
#endif
#ifdef LEAVES_TABLE_LAST
	free_vcpus(vm);
	leave_table(vm);
#else
	leave_table(vm);
	free_vcpus(vm);
#endif
	free_vm(vm);
}

/* The vCPU with these ids; 0 if there is none. Under the table's lock. */
static inline address vcpu_by_ids(uint32_t vm_id, uint32_t vcpu_id)
{
	const struct kvm_svm *vm = find_vm(vm_id);

	return vm ? vcpu_by_id(vm, vcpu_id) : 0;
}

/* Wakes the vCPU with these ids, if there is one. The table's lock keeps it alive, unless the design wakes without it. */
static inline void wake_by_ids(uint32_t vm_id, uint32_t vcpu_id)
{
	address vcpu;

	lock_vm_table();
	vcpu = vcpu_by_ids(vm_id, vcpu_id);
#ifdef WAKES_UNLOCKED
	unlock_vm_table();
#endif
	if (vcpu)
		wake_up(vcpu);
#ifndef WAKES_UNLOCKED
	unlock_vm_table();
#endif
}
