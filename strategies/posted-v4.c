// As posted: posted-v4.ts. Entries are found by walking a tag's bucket in every IOMMU, without a look at
// the tags in it.
#define DESIGN "posted-v4"

#define VM_BITS 8
#define VCPU_BITS 8
#include "parts/tag-encoding.h"

#define COMPARES_TAGS false
#include "parts/tag-hash-iommu.h"

#include "parts/svm.h"

/* The IOMMU driver: it encodes the tag. */
static inline void update_ga(uint32_t vcpu_id, int32_t cpu, uint32_t vm_id, uint32_t base, bool is_run)
{
	update_ga_tag(encode_tag(vm_id, vcpu_id), cpu, base, is_run);
}

/* SVM. The vector is used by nobody. */
static inline address ga_log_notifier(uint32_t vm_id, uint32_t vcpu_id, uint32_t vector)
{
	address node, vcpu;

	(void)vector;
	lock_vm_table();
	node = first_vm_node(vm_id);
	vcpu = node ? vcpu_by_id(CONTAINER_OF(node, kvm_svm, vm_hash), vcpu_id) : 0;
	unlock_vm_table();
	return vcpu;
}

static inline void load(struct VCPU *vcpu, uint32_t cpu)
{
	enter(vcpu, cpu);
	update_ga(vcpu->vcpu_id, cpu, vm_id_of(vcpu), vcpu->backing_page, true);
}

static inline void put(struct VCPU *vcpu, bool blocking)
{
	leave(vcpu, blocking);
	update_ga(vcpu->vcpu_id, NO_CPU, vm_id_of(vcpu), vcpu->backing_page, false);
}

static inline address wake(uint32_t tag, address iommu)
{
	int32_t vector = first_vector(iommu, tag);

	if (vector == NO_VECTOR)
		return 0;
	return ga_log_notifier(tag_vm_id(tag), tag_vcpu_id(tag), (uint32_t)vector);
}
