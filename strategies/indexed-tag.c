// ir-data-pointer with an allocated index of the vCPU as its tag: indexed-tag.ts. One xarray gives the index out and
// finds the vCPU by it.
#define DESIGN "indexed-tag"

#define IR_DATA amd_ir_data
#define VCPU vcpu_svm_tagged_listed
#define VCPU_LIST ir_list
#include "parts/vm.h"
#include "parts/xarray.h"
#include "parts/ir-data.h"
#define IRQ svm_irq
#include "parts/irq-object.h"
#include "parts/kept-pointer.h"

/* This design has no vm_ids. */
#define NO_VM_ID 0

static void create(void)
{
	create_vms();
	create_xarray(host.max_vm_id);
	create_ir_data();
	create_irqs();
}

static inline uint32_t ga_tag_of(const struct VCPU *vcpu)
{
	return vcpu->ga_tag;
}

static inline address create_vm(uint32_t number, uint32_t first_vcpu, uint32_t count, uint32_t first_vcpu_id)
{
	struct kvm_svm *vm = alloc_vm(NO_VM_ID, first_vcpu, count, first_vcpu_id);

	(void)number;
	for (uint32_t index = 0; index < count; index++) {
		address vcpu = vcpu_at(vm, index);

		AT(VCPU, vcpu)->ga_tag = xa_alloc_cyclic(vcpu);
	}
	return ADDRESS_OF(vm);
}

static inline void destroy_vm(struct kvm_svm *vm)
{
	for (uint32_t index = 0; index < vm->vcpu_count; index++)
		xa_erase(ga_tag_of(AT(VCPU, vcpu_at(vm, index))));
	free_vcpus(vm);
	free_vm(vm);
}

static inline void wake(uint32_t tag, address iommu)
{
	address vcpu;

	(void)iommu;
	lock_xarray();
	vcpu = xa_find(tag);
	if (vcpu)
		wake_up(vcpu);
	unlock_xarray();
}
