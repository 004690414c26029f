// ir-data-pointer with an array for each vCPU instead of a list: pointer-array.ts. The first four irqs lie in the vCPU.
#define DESIGN "pointer-array"

#define VCPU vcpu_svm_pointers
#include "parts/layouts.h"

static inline void init_vcpu(struct VCPU *vcpu)
{
	vcpu->irs = ADDRESS_OF(vcpu->inline_irqs);
	vcpu->ir_capacity = INLINE_IRQS;
}

static inline void free_arrays(const struct kvm_svm *vm);

#define INIT_VCPU init_vcpu
#define EXIT_VM free_arrays
#include "parts/opaque-svm.h"

/* The IOMMU driver: SVM hands it the ir_data, so it looks nothing up. */
#define IR_DATA amd_ir_data
#include "parts/ir-data.h"

/* SVM. */
#define IRQ kvm_kernel_irqfd_indexed
#include "parts/irqfd.h"

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

static inline uint32_t array_bytes(uint32_t capacity)
{
	return 2 * capacity * POINTER_BYTES;
}

static inline void free_array(const struct VCPU *vcpu, address irs, uint32_t capacity)
{
	if (irs != ADDRESS_OF(vcpu->inline_irqs))
		kfree(irs, array_bytes(capacity));
}

static inline void free_arrays(const struct kvm_svm *vm)
{
	for (uint32_t index = 0; index < vm->vcpu_count; index++) {
		const struct VCPU *vcpu = AT(VCPU, vcpu_at(vm, index));

		free_array(vcpu, vcpu->irs, vcpu->ir_capacity);
	}
}

static inline void place(const struct VCPU *vcpu, uint32_t index, struct IRQ *irq)
{
	MEMORY[vcpu->irs + index * POINTER_WORDS] = irq->ir_data;
	MEMORY[vcpu->irs + (vcpu->ir_capacity + index) * POINTER_WORDS] = ADDRESS_OF(irq);
	irq->index = index;
}

/* Moves a vCPU's irqs to a larger array. */
static inline void grow(struct VCPU *vcpu, address larger)
{
	uint32_t capacity = vcpu->ir_capacity;
	address old = vcpu->irs;

	vcpu->irs = larger;
	vcpu->ir_capacity = 2 * capacity;
	for (uint32_t index = 0; index < capacity; index++)
		place(vcpu, index, AT(IRQ, MEMORY[old + (capacity + index) * POINTER_WORDS]));
	free_array(vcpu, old, capacity);
}

/* Locks a vCPU's array when it has room for one more irq. It allocates before it takes the lock. */
static inline void lock_with_room(struct VCPU *vcpu)
{
	for (;;) {
		uint32_t capacity = READ_ONCE(vcpu->ir_capacity);
		address larger = 0;
		bool has_room;

		if (READ_ONCE(vcpu->ir_count) == capacity)
			larger = kzalloc(array_bytes(2 * capacity));
		lock_array(vcpu);
		/* Another route may have filled the array, or replaced it. */
		has_room = vcpu->ir_count < vcpu->ir_capacity;
		if (!has_room && vcpu->ir_capacity == capacity && larger) {
			grow(vcpu, larger);
			return;
		}
		if (larger)
			kfree(larger, array_bytes(2 * capacity));
		if (has_room)
			return;
		unlock_array(vcpu);
	}
}

/* Takes an irq out of its vCPU's array. The last irq takes its place. */
static inline void remove_irq(struct VCPU *vcpu, struct IRQ *irq)
{
	uint32_t last = vcpu->ir_count - 1;

	place(vcpu, irq->index, AT(IRQ, MEMORY[vcpu->irs + (vcpu->ir_capacity + last) * POINTER_WORDS]));
	vcpu->ir_count = last;
	irq->vcpu = 0;
}

static inline void route(struct IRQ *irq, struct VCPU *vcpu, uint32_t vector)
{
	struct VCPU *previous = AT(VCPU, irq->vcpu);
	uint32_t tag = ga_tag_of(vcpu);

	if (previous == vcpu) {
		lock_array(vcpu);
	} else {
		if (irq->vcpu) {
			lock_array(previous);
			remove_irq(previous, irq);
			unlock_array(previous);
		}
		lock_with_room(vcpu);
		place(vcpu, vcpu->ir_count, irq);
		vcpu->ir_count++;
		irq->vcpu = ADDRESS_OF(vcpu);
	}
	set_guest_mode(ir_data_of(irq), tag, vcpu->backing_page, vector, cpu_of(vcpu), true);
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
static inline void update_all(const struct VCPU *vcpu, int32_t cpu, bool is_run, bool is_blocking)
{
	address end = vcpu->irs + vcpu->ir_count * POINTER_WORDS;
	uint32_t base = vcpu->backing_page;

	(void)is_blocking;
	for (address slot = vcpu->irs; slot < end; slot += POINTER_WORDS)
		update_entry(AT(IR_DATA, MEMORY[slot]), cpu, base, is_run);
}

#include "parts/load-and-put.h"
