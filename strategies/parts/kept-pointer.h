// The designs in which SVM keeps the ir_data pointer of each irq on its vCPU's list: kept-pointer.ts and ir-list.ts.
#pragma once

#include "ir-data.h"

#define VCPU vcpu_svm_listed
#include "vm.h"

/* The IOMMU driver: SVM hands it the ir_data, so it looks nothing up. */
static inline void update_ga(const struct IR_DATA *ir_data, int32_t cpu, uint32_t base, bool is_run)
{
	if (!is_guest_mode(ir_data))
		return;
	set_root_page(ir_data, base);
	set_run_state(ir_data, cpu, is_run);
	commit(ir_data);
}

/* SVM. */
static inline void update_all(struct VCPU *vcpu, int32_t cpu, bool is_run, bool is_blocking)
{
	address head = ADDRESS_OF(&vcpu->ir_list);
	uint32_t base = vcpu->backing_page;

	(void)is_blocking;
	for (address node = vcpu->ir_list.next; node != head; node = AT(list_head, node)->next) {
		struct kvm_kernel_irqfd *irq = CONTAINER_OF(node, kvm_kernel_irqfd, vcpu_list);

		update_ga(AT(IR_DATA, irq->ir_data), cpu, base, is_run);
	}
}

#include "load-and-put.h"
