// A list of irqs for each vCPU, under a lock of the vCPU's own: ir-list.ts. Include ir-data.h, svm.h or vm.h, and
// irq-object.h or ir-data-as-irq.h before this file. The vCPU has an ir_list.
#pragma once

static inline void lock_list(struct VCPU *vcpu)
{
	lock(ADDRESS_OF(&vcpu->ir_list_lock));
}

static inline void unlock_list(struct VCPU *vcpu)
{
	unlock(ADDRESS_OF(&vcpu->ir_list_lock));
}

/* Puts an irq on a vCPU's list. Under that vCPU's lock. */
static inline void ir_list_add(struct IRQ *irq, struct VCPU *vcpu)
{
	list_add(ADDRESS_OF(&irq->vcpu_list), ADDRESS_OF(&vcpu->ir_list));
	irq->vcpu = ADDRESS_OF(vcpu);
}

/* Takes an irq off its list. Under the lock of that list's vCPU. */
static inline void ir_list_del(struct IRQ *irq)
{
	list_del(ADDRESS_OF(&irq->vcpu_list));
	irq->vcpu = 0;
}

/*
 * Moves an irq to a vCPU's list and returns with that list locked, so that no load or put of the vCPU can run before
 * the caller has written the IRTE.
 */
static inline void move_and_lock(struct IRQ *irq, struct VCPU *vcpu)
{
	struct VCPU *previous = AT(VCPU, irq->vcpu);
	bool is_new = previous != vcpu;

	if (is_new && irq->vcpu) {
		lock_list(previous);
		ir_list_del(irq);
		unlock_list(previous);
	}
	lock_list(vcpu);
	if (is_new)
		ir_list_add(irq, vcpu);
}

static inline void unroute(struct IRQ *irq)
{
	struct VCPU *vcpu = AT(VCPU, irq->vcpu);

	lock_list(vcpu);
	ir_list_del(irq);
	set_remap_mode(ir_data_of(irq));
	unlock_list(vcpu);
}
