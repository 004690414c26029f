// As merged in Linux v4.9: merged-4.9.ts. The nodes of a vCPU's list are allocated apart from everything
// else.
#define DESIGN "merged-4.9"

#include "parts/ir-data.h"

#define VCPU vcpu_svm_listed
#include "parts/vm.h"

#define VM_BITS 24
#define VCPU_BITS 8
#include "parts/tag-encoding.h"

#include "parts/svm.h"

/* The IOMMU driver: it is given the entry. */
static inline void update_ga(const struct IR_DATA *ir_data, int32_t cpu, bool is_run)
{
	if (!is_guest_mode(ir_data))
		return;
	set_run_state(ir_data, cpu, is_run);
	commit(ir_data);
}

/* SVM. */
static inline void update_all(struct VCPU *vcpu, int32_t cpu, bool is_run)
{
	address head = ADDRESS_OF(&vcpu->ir_list);

	for (address node = vcpu->ir_list.next; node != head; node = AT(list_head, node)->next) {
		struct amd_svm_iommu_ir *ir = CONTAINER_OF(node, amd_svm_iommu_ir, node);

		update_ga(AT(IR_DATA, ir->data), cpu, is_run);
	}
}

static inline void load(struct VCPU *vcpu, uint32_t cpu)
{
	lock(ADDRESS_OF(&vcpu->ir_list_lock));
	enter(vcpu, cpu);
	update_all(vcpu, cpu, true);
	unlock(ADDRESS_OF(&vcpu->ir_list_lock));
}

static inline void put(struct VCPU *vcpu, bool blocking)
{
	lock(ADDRESS_OF(&vcpu->ir_list_lock));
	leave(vcpu, blocking);
	update_all(vcpu, NO_CPU, false);
	unlock(ADDRESS_OF(&vcpu->ir_list_lock));
}

static inline address wake(uint32_t tag, address iommu)
{
	(void)iommu;
	return find_vcpu(tag_vm_id(tag), tag_vcpu_id(tag));
}
