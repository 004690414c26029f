// One opaque 32-bit ga_tag: opaque-tag-hash.ts. SVM encodes and decodes it; the IOMMU driver hashes and compares it and
// never looks inside.
#define DESIGN "opaque-tag-hash"

/* The IOMMU driver: a tag is only a number to it. */
#define COMPARES_TAGS true
#include "parts/tag-hash-iommu.h"

/* SVM. */
#define VM_BITS 24
#define VCPU_BITS 8
#include "parts/wake-by-ids.h"

static inline uint32_t ga_tag_of(const struct VCPU *vcpu)
{
	return encode_tag(vm_id_of(vcpu), vcpu->vcpu_id);
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
