// The designs in which SVM keeps the ir_data pointer of each irq on its vCPU's list: kept-pointer.ts
// and ir-list.ts.
#pragma once

#include "ir-data.h"

#define VCPU vcpu_svm_listed
#include "vm.h"

/* The IOMMU driver: it is given the entry and finds nothing. */
static inline void update_ga(const struct IR_DATA *ir_data, int32_t cpu, uint32_t base, bool is_run)
{
	if (!is_guest_mode(ir_data))
		return;
	set_root_page(ir_data, base);
	set_run_state(ir_data, cpu, is_run);
	commit(ir_data);
}

/* SVM. */
static inline void update_all(struct VCPU *vcpu, int32_t cpu, bool is_run)
{
	address head = ADDRESS_OF(&vcpu->ir_list);
	uint32_t base = vcpu->backing_page;

	for (address node = vcpu->ir_list.next; node != head; node = AT(list_head, node)->next) {
		struct kvm_kernel_irqfd *irq = CONTAINER_OF(node, kvm_kernel_irqfd, vcpu_list);

		update_ga(AT(IR_DATA, irq->ir_data), cpu, base, is_run);
	}
}

static inline void load(struct VCPU *vcpu, uint32_t cpu)
{
	lock(ADDRESS_OF(&vcpu->ir_list_lock));
	enter(vcpu, cpu);
	update_all(vcpu, cpu, true);
	unlock(ADDRESS_OF(&vcpu->ir_list_lock));
}

static inline void put(struct VCPU *vcpu, bool blocking)
{
	lock(ADDRESS_OF(&vcpu->ir_list_lock));
	leave(vcpu, blocking);
	update_all(vcpu, NO_CPU, false);
	unlock(ADDRESS_OF(&vcpu->ir_list_lock));
}
