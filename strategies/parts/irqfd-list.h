// The design of Linux since v6.17: irqfd-list.ts. The irqfd itself is the list node, tags carry the vCPU's index, and an entry
// writes the GA log only while its vCPU blocks. The design includes tag-encoding.h before this file.
#pragma once

/* The IOMMU driver: SVM hands it the ir_data. */
#define IR_DATA amd_ir_data
#include "ir-data.h"

static always_inline void update_ga(const struct IR_DATA *ir_data, int32_t cpu, bool ga_log_intr)
{
	if (!is_guest_mode(ir_data))
		return;
	set_run_state(ir_data, cpu);
	set_ga_log_intr(ir_data, ga_log_intr);
	commit(ir_data);
}

/* SVM. */
#define VCPU vcpu_svm_listed
#define VCPU_LIST ir_list
#include "checked-vm-ids.h"
#include "svm.h"
#define IRQ kvm_kernel_irqfd
#include "irq-object.h"
#include "ir-list.h"

static void create(void)
{
	create_ir_data();
	create_svm();
	create_irqs();
}

static inline void update_all(struct VCPU *vcpu, int32_t cpu, bool is_blocking)
{
	address head = ADDRESS_OF(&vcpu->ir_list);

	for (address node = vcpu->ir_list.next; node != head; node = AT(list_head, node)->next) {
		struct IRQ *irq = CONTAINER_OF(node, IRQ, vcpu_list);

		update_ga(ir_data_of(irq), cpu, is_blocking);
	}
}

static inline void route(struct IRQ *irq, struct VCPU *vcpu, uint32_t vector)
{
	uint32_t tag = encode_tag(vm_id_of(vcpu), vcpu->vcpu_idx);

	move_and_lock(irq, vcpu);
	set_guest_mode(ir_data_of(irq), tag, vcpu->backing_page, vector, cpu_of(vcpu),
		       READ_ONCE(vcpu->is_blocking));
	unlock_list(vcpu);
}

#include "load-and-put.h"

static inline void wake(uint32_t tag, address iommu)
{
	uint32_t index = tag_vcpu_id(tag);
	struct kvm_svm *vm;
	address vcpu;

	(void)iommu;
	lock_vm_table();
	vm = find_vm(tag_vm_id(tag));
	vcpu = vm && index < vm->online_vcpus ? vcpu_at(vm, index) : 0;
	unlock_vm_table();
	/* As in the kernel: nothing keeps the vCPU alive any more. */
	if (vcpu)
		wake_up(vcpu);
}
