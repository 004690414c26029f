// ir-data-pointer with the vCPU's address as its tag: pointer-as-tag.ts. There are no ids, and a wakeup is a cast. Every
// log is drained before a vCPU is freed.
#define DESIGN "pointer-as-tag"

#define IR_DATA amd_ir_data
#define VCPU vcpu_svm_listed
#define VCPU_LIST ir_list
#include "parts/vm.h"
#include "parts/ir-data.h"
#define IRQ svm_irq
#include "parts/irq-object.h"
#include "parts/kept-pointer.h"

/* This design has no vm_ids. */
#define NO_VM_ID 0

static void create(void)
{
	create_vms();
	create_ir_data();
	create_irqs();
}

static inline address create_vm(uint32_t number, uint32_t first_vcpu, uint32_t count, uint32_t first_vcpu_id)
{
	(void)number;
	return ADDRESS_OF(alloc_vm(NO_VM_ID, first_vcpu, count, first_vcpu_id));
}

static inline void destroy_vm(struct kvm_svm *vm)
{
	for (uint32_t number = 0; number < host.iommus; number++)
		drain_ga_log(iommus[number], registered_notifier);
	free_vcpus(vm);
	free_vm(vm);
}

static inline uint32_t ga_tag_of(const struct VCPU *vcpu)
{
	return ADDRESS_OF(vcpu);
}

static inline void wake(uint32_t tag, address iommu)
{
	(void)iommu;
	wake_up(tag);
}
