// SVM's side of the designs that pass one opaque ga_tag to an IOMMU driver that hashes it: opaque-hash.ts. Include
// opaque-svm.h and then the driver before this file.
#pragma once

static void create(void)
{
	create_svm();
	create_iommu_driver();
}

static inline void route(struct IRQ *irq, struct VCPU *vcpu, uint32_t vector)
{
	post_to_vcpu(irq, ga_tag_of(vcpu), vector, vcpu);
}

static inline void load(struct VCPU *vcpu, uint32_t cpu)
{
	enter(vcpu, cpu);
	update_ga_tag(ga_tag_of(vcpu), cpu, vcpu->backing_page);
}

static inline void put(struct VCPU *vcpu, bool blocking)
{
	leave(vcpu, blocking);
	update_ga_tag(ga_tag_of(vcpu), NO_CPU, vcpu->backing_page);
}
