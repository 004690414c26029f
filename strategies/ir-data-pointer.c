// The look-up avoided: ir-data-pointer.ts. SVM keeps each ir_data pointer on the vCPU's list, and an
// update hands it back.
#define DESIGN "ir-data-pointer"

#include "parts/kept-pointer.h"

#define VM_BITS 24
#define VCPU_BITS 8
#include "parts/tag-encoding.h"

#include "parts/svm.h"

static inline address wake(uint32_t tag, address iommu)
{
	(void)iommu;
	return find_vcpu(tag_vm_id(tag), tag_vcpu_id(tag));
}
