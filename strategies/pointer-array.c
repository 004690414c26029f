// ir-data-pointer with an array for each vCPU instead of a list: pointer-array.ts. The first four irqs lie in the vCPU.
#define DESIGN "pointer-array"

#define VCPU vcpu_svm_pointers
#define OWNER VCPU
#define SLOT ir_data_slot
#define INLINE_CAPACITY INLINE_IRQS
#include "parts/slot-array.h"

#define INIT_VCPU init_array
#define EXIT_VCPU free_array
#include "parts/opaque-svm.h"

/* The IOMMU driver: SVM hands it the ir_data, so it looks nothing up. */
#define IR_DATA amd_ir_data
#include "parts/ir-data.h"

/* SVM. */
#define IRQ svm_irq_indexed
#include "parts/irq-object.h"

static void create(void)
{
	create_svm();
	create_ir_data();
	create_irqs();
}

static inline void lock_array(struct VCPU *vcpu)
{
	lock(ADDRESS_OF(&vcpu->ir_list_lock));
}

static inline void unlock_array(struct VCPU *vcpu)
{
	unlock(ADDRESS_OF(&vcpu->ir_list_lock));
}

static inline void add_irq(struct VCPU *vcpu, struct IRQ *irq)
{
	uint32_t index = append_slot(vcpu, ADDRESS_OF(irq));

	slot_at(vcpu, index)->ir_data = irq->ir_data;
	irq->index = index;
	irq->vcpu = ADDRESS_OF(vcpu);
}

static inline void remove_irq(struct VCPU *vcpu, struct IRQ *irq)
{
	uint32_t index = irq->index;

	AT(IRQ, remove_slot(vcpu, index))->index = index;
	irq->vcpu = 0;
}

static inline void route(struct IRQ *irq, struct VCPU *vcpu, uint32_t vector)
{
	struct VCPU *previous = AT(VCPU, irq->vcpu);

	if (previous == vcpu) {
		lock_array(vcpu);
	} else {
		if (irq->vcpu) {
			lock_array(previous);
			remove_irq(previous, irq);
			unlock_array(previous);
		}
		lock_with_room(vcpu, ADDRESS_OF(&vcpu->ir_list_lock));
		add_irq(vcpu, irq);
	}
	set_guest_mode(ir_data_of(irq), ga_tag_of(vcpu), vcpu->backing_page, vector, cpu_of(vcpu), true);
	unlock_array(vcpu);
}

static inline void unroute(struct IRQ *irq)
{
	struct VCPU *vcpu = AT(VCPU, irq->vcpu);

	lock_array(vcpu);
	remove_irq(vcpu, irq);
	set_remap_mode(ir_data_of(irq));
	unlock_array(vcpu);
}

/* SVM hands each ir_data to the IOMMU driver, which looks nothing up. */
static inline void update_all(const struct VCPU *vcpu, int32_t cpu, bool is_blocking)
{
	const struct SLOT *end = slot_at(vcpu, vcpu->count);
	uint32_t base = vcpu->backing_page;

	(void)is_blocking;
	for (const struct SLOT *slot = slot_at(vcpu, 0); slot < end; slot++)
		update_entry(AT(IR_DATA, slot->ir_data), cpu, base);
}

#include "parts/load-and-put.h"
