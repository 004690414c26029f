// opaque-tag-hash with one table for the host: shared-hash.ts.
#define DESIGN "shared-hash"

#define VCPU vcpu_svm_tagged
#include "parts/opaque-svm.h"

/* The IOMMU driver. */
#define COMPARES_TAGS true
#include "parts/tag-hash.h"

static address gatag_hash;

static inline void create_iommu_driver(void)
{
	create_ir_data();
	gatag_hash = create_tag_table();
}

static inline void post_to_vcpu(struct IR_DATA *ir_data, uint32_t tag, uint32_t vector, const struct VCPU *vcpu)
{
	post_in_table(gatag_hash, ir_data, tag, vector, vcpu);
}

static inline void unroute(struct IRQ *irq)
{
	unpost_in_table(gatag_hash, irq);
}

static inline void update_ga_tag(uint32_t tag, int32_t cpu, uint32_t base)
{
	update_in_table(gatag_hash, tag, cpu, base);
}

#include "parts/opaque-hash.h"
