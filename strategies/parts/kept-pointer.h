// The designs with a list of ir_data for each vCPU: kept-pointer.ts. Include ir-data.h, svm.h or vm.h, and
// irq-object.h or ir-data-as-irq.h before this file, and define ga_tag_of() after it.
#pragma once

#include "ir-list.h"

/* The tag that names a vCPU in the GA log. */
static inline uint32_t ga_tag_of(const struct VCPU *vcpu);

/* SVM hands each ir_data to the IOMMU driver, which looks nothing up. */
static inline void update_all(struct VCPU *vcpu, int32_t cpu, bool is_blocking)
{
	address head = ADDRESS_OF(&vcpu->ir_list);
	uint32_t base = vcpu->backing_page;

	(void)is_blocking;
	for (address node = vcpu->ir_list.next; node != head; node = AT(list_head, node)->next) {
		struct IRQ *irq = CONTAINER_OF(node, IRQ, vcpu_list);

		update_entry(ir_data_of(irq), cpu, base);
	}
}

static inline void route(struct IRQ *irq, struct VCPU *vcpu, uint32_t vector)
{
	move_and_lock(irq, vcpu);
	set_guest_mode(ir_data_of(irq), ga_tag_of(vcpu), vcpu->backing_page, vector, cpu_of(vcpu), true);
	unlock_list(vcpu);
}

#include "load-and-put.h"
