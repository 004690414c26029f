// The strategy ir-data-pointer, with PERCENT more of its own work in an update: slowed.ts.
#define DESIGN "slowed"

#define VCPU vcpu_svm_tagged_listed
#define VCPU_LIST ir_list
#include "../../strategies/parts/opaque-svm.h"
#define IR_DATA amd_ir_data
#include "../../strategies/parts/ir-data.h"
#define IRQ svm_irq
#include "../../strategies/parts/irq-object.h"
#include "../../strategies/parts/ir-list.h"

static inline void update_at(address node, int32_t cpu, uint32_t base)
{
	update_entry(ir_data_of(CONTAINER_OF(node, IRQ, vcpu_list)), cpu, base);
}

static inline void update_all(struct VCPU *vcpu, int32_t cpu, bool is_blocking)
{
	uint32_t more = cpu == NO_CPU ? (PERCENT + 1) / 2 : PERCENT / 2;
	address head = ADDRESS_OF(&vcpu->ir_list), node;
	uint32_t base = vcpu->backing_page;

	(void)is_blocking;
	for (node = vcpu->ir_list.next; node != head; node = AT(list_head, node)->next)
		update_at(node, cpu, base);
	while (more--) {
		node = AT(list_head, node)->next;
		if (node == head)
			return;
		update_at(node, cpu, base);
	}
}

static inline void route(struct IRQ *irq, struct VCPU *vcpu, uint32_t vector)
{
	move_and_lock(irq, vcpu);
	set_guest_mode(ir_data_of(irq), ga_tag_of(vcpu), vcpu->backing_page, vector, cpu_of(vcpu), true);
	unlock_list(vcpu);
}

#include "../../strategies/parts/load-and-put.h"

static void create(void)
{
	create_svm();
	create_ir_data();
	create_irqs();
}
