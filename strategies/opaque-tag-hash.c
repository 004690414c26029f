// One opaque 32-bit ga_tag, as opaque-tag-hash.ts: SVM encodes it, and decodes it when a vCPU is woken. The IOMMU driver hashes
// and compares it and never looks inside.
#define DESIGN "opaque-tag-hash"

/* SVM. */
#define VCPU vcpu_svm
#define VM_BITS 24
#define VCPU_BITS 8
#include "parts/tag-encoding.h"
#include "parts/bitmap-vm-ids.h"
#include "parts/wake-by-ids.h"

/* The IOMMU driver: a tag is only a number to it. */
#define COMPARES_TAGS true
#include "parts/tag-hash-iommu.h"

static void create(void)
{
	create_svm();
	create_iommu_driver();
}

static inline uint32_t ga_tag_of(const struct VCPU *vcpu)
{
	return encode_tag(vm_id_of(vcpu), vcpu->vcpu_id);
}

static inline void route(struct IRQ *irq, struct VCPU *vcpu, uint32_t vector)
{
	post_to_vcpu(irq, ga_tag_of(vcpu), vector, vcpu);
}

static inline void load(struct VCPU *vcpu, uint32_t cpu)
{
	enter(vcpu, cpu);
	update_ga_tag(ga_tag_of(vcpu), cpu, vcpu->backing_page, true);
}

static inline void put(struct VCPU *vcpu, bool blocking)
{
	leave(vcpu, blocking);
	update_ga_tag(ga_tag_of(vcpu), NO_CPU, vcpu->backing_page, false);
}
