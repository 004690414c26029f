// No look-up, as ir-data-pointer.ts: SVM keeps each ir_data pointer on a list of the vCPU, and passes it to the IOMMU driver on
// each update.
#define DESIGN "ir-data-pointer"

#define VM_BITS 24
#define VCPU_BITS 8
#include "parts/tag-encoding.h"
#include "parts/bitmap-vm-ids.h"

#define IR_DATA amd_ir_data
#define VCPU vcpu_svm_listed
#define VCPU_LIST ir_list
#include "parts/wake-by-ids.h"
#include "parts/kept-pointer.h"

static void create(void)
{
	create_svm();
	create_ir_data();
	create_ir_list();
}

static inline uint32_t ga_tag_of(const struct VCPU *vcpu)
{
	return encode_tag(vm_id_of(vcpu), vcpu->vcpu_id);
}
