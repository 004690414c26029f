// As posted: posted-v4.ts. A load or put walks a tag's bucket in every IOMMU and compares no tag. The GA log handler
// takes the first entry and the first VM of its buckets.
#define DESIGN "posted-v4"

#define VM_BITS 8
#define VCPU_BITS 8
#define COMPARES_TAGS false
#include "parts/two-value-hash.h"

/* SVM. It gets a vector and does not use it. */
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

static inline address wake(uint32_t tag, address iommu)
{
	int32_t vector = first_vector(iommu, tag);

	if (vector == NO_VECTOR)
		return 0;
	return ga_log_notifier(tag_vm_id(tag), tag_vcpu_id(tag), (uint32_t)vector);
}
