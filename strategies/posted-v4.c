// As posted: posted-v4.ts. A load or put walks a tag's bucket in every IOMMU and compares no tag. The GA log handler
// takes the first entry and the first VM of its buckets.
#define DESIGN "posted-v4"

#define VCPU vcpu_svm
#define VM_BITS 8
#define VCPU_BITS 8
#include "parts/tag-encoding.h"
#include "parts/counted-vm-ids.h"

#define COMPARES_TAGS false
#include "parts/two-value-hash.h"

/* SVM. It gets a vector and does not use it. */
static inline void ga_log_notify(uint32_t vm_id, uint32_t vcpu_id, uint32_t vector)
{
	address node, vcpu;

	(void)vector;
	lock_vm_table();
	node = MEMORY[vm_bucket_of(vm_id)];
	vcpu = node ? vcpu_by_id(CONTAINER_OF(node, kvm_svm, vm_hash), vcpu_id) : 0;
	if (vcpu)
		wake_up(vcpu);
	unlock_vm_table();
}

static inline void wake(uint32_t tag, address iommu)
{
	int32_t vector = first_vector(iommu, tag);

	if (vector != NO_VECTOR)
		ga_log_notify(tag_vm_id(tag), tag_vcpu_id(tag), (uint32_t)vector);
}
