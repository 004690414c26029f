// As merged in Linux v4.9: merged-4.9.ts. A list of ir_data pointers for each vCPU, whose nodes are allocated on
// their own.
#define DESIGN "merged-4.9"

#include "parts/ir-data.h"

#define VCPU vcpu_svm_listed
#include "parts/vm.h"

/* The IOMMU driver: SVM hands it the ir_data. */
static inline void update_ga(const struct IR_DATA *ir_data, int32_t cpu, bool is_run)
{
	if (!is_guest_mode(ir_data))
		return;
	set_run_state(ir_data, cpu, is_run);
	commit(ir_data);
}

/* SVM. */
static inline void update_all(struct VCPU *vcpu, int32_t cpu, bool is_run, bool is_blocking)
{
	address head = ADDRESS_OF(&vcpu->ir_list);

	(void)is_blocking;
	for (address node = vcpu->ir_list.next; node != head; node = AT(list_head, node)->next) {
		struct amd_svm_iommu_ir *ir = CONTAINER_OF(node, amd_svm_iommu_ir, node);

		update_ga(AT(IR_DATA, ir->data), cpu, is_run);
	}
}

#include "parts/load-and-put.h"

#define VM_BITS 24
#define VCPU_BITS 8
#include "parts/wake-by-ids.h"
