// A lower bound, not a design: floor.ts. Each vCPU has the addresses of its live IRTEs in one contiguous array. A tag
// is the vCPU's number in the stream plus one.
#define DESIGN "floor"

#define VCPU vcpu_svm_arrays
#include "parts/vm.h"

/* Writes the run state of a vCPU to its entries. NO_CPU keeps the destination. */
static inline void update_all(const struct VCPU *vcpu, int32_t cpu)
{
	address irtes = vcpu->irtes;
	address end = irtes + vcpu->irte_count * POINTER_WORDS;

	for (address slot = irtes; slot < end; slot += POINTER_WORDS) {
		address irte = MEMORY[slot];
		uint32_t word0 = MEMORY[irte];
		uint32_t word3 = MEMORY[irte + 3];

		update_irte(irq_table_of(irte), irte,
			    cpu == NO_CPU ? word0 & ~IS_RUN : with_destination_lo(word0 | IS_RUN, cpu),
			    MEMORY[irte + 1], MEMORY[irte + 2],
			    cpu == NO_CPU ? word3 : with_destination_hi(word3, cpu));
	}
}

static inline void load(struct VCPU *vcpu, uint32_t cpu)
{
	enter(vcpu, cpu);
	update_all(vcpu, cpu);
}

static inline void put(struct VCPU *vcpu, bool blocking)
{
	leave(vcpu, blocking);
	update_all(vcpu, NO_CPU);
}

static inline address wake(uint32_t tag, address iommu)
{
	(void)iommu;
	return MEMORY[AT(directory, image[IMAGE_VCPU_DIRECTORY])->vcpus + (tag - 1) * POINTER_WORDS];
}
