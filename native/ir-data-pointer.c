// The look-up avoided: src/strategies/ir-data-pointer.ts. SVM keeps each ir_data pointer on the vCPU's list, and an
// update hands it back.
#define DESIGN "ir-data-pointer"

#include "kept-pointer.h"

#define VM_BITS 24
#define VCPU_BITS 8
#include "tag-encoding.h"

#include "svm.h"

static inline address wake(uint32_t tag, address iommu)
{
	(void)iommu;
	return find_vcpu(tag_vm_id(tag), tag_vcpu_id(tag));
}

#include "lane.h"
