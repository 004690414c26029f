// The designs in which SVM passes two values, vm_id and vcpu_id, and the IOMMU driver makes a tag of them:
// two-value-hash.ts. Include tag-encoding.h and one of *-vm-ids.h before this file, and define COMPARES_TAGS
// and, unless it is all bits, VM_ID_MASK.
#pragma once

#include "svm.h"
#include "tag-hash-iommu.h"

static void create(void)
{
	create_svm();
	create_iommu_driver();
}

/* The IOMMU driver encodes the tag. */
static inline void update_ga(uint32_t vcpu_id, int32_t cpu, uint32_t vm_id, uint32_t base)
{
	update_ga_tag(encode_tag(vm_id, vcpu_id), cpu, base);
}

/* SVM. */
static inline void route(struct IRQ *irq, struct VCPU *vcpu, uint32_t vector)
{
	post_to_vcpu(irq, encode_tag(vm_id_of(vcpu), vcpu->vcpu_id), vector, vcpu);
}

static inline void load(struct VCPU *vcpu, uint32_t cpu)
{
	enter(vcpu, cpu);
	update_ga(vcpu->vcpu_id, cpu, vm_id_of(vcpu), vcpu->backing_page);
}

static inline void put(struct VCPU *vcpu, bool blocking)
{
	leave(vcpu, blocking);
	update_ga(vcpu->vcpu_id, NO_CPU, vm_id_of(vcpu), vcpu->backing_page);
}
