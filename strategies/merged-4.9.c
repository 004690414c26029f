// The list of Linux v4.9 with later fixes, as merged-4.9.ts: each vCPU has a list of ir_data pointers, and each route allocates a
// node. A delete searches the list of the vCPU that the previous tag names. Unlike v4.9 it adds the node and writes the entry
// under the list's lock, with the current CPU, and has a shadow entry, as Linux since 2020.
#define DESIGN "merged-4.9"

/* The IOMMU driver: SVM hands it the ir_data. */
#define IR_DATA amd_ir_data
#include "parts/ir-data.h"

static always_inline void update_ga(const struct IR_DATA *ir_data, int32_t cpu)
{
	if (!is_guest_mode(ir_data))
		return;
	set_run_state(ir_data, cpu);
	commit(ir_data);
}

/* SVM. */
#define VCPU vcpu_svm_tagged_listed
#define VCPU_LIST ir_list
#define WAKES_UNLOCKED
#include "parts/opaque-svm.h"

#define IRQ kvm_kernel_irqfd_searched

static struct kmem_cache *ir_cache;
static struct kmem_cache *irqfd_cache;

static void create(void)
{
	create_ir_data();
	create_svm();
	ir_cache = kmem_cache_for(sizeof(struct amd_svm_iommu_ir));
	irqfd_cache = kmem_cache_for(sizeof(struct IRQ));
}

static inline address alloc_irq(uint32_t number, uint32_t devid)
{
	struct IRQ *irq = AT(IRQ, kmem_cache_zalloc(irqfd_cache));

	irq->ir_data = ADDRESS_OF(alloc_ir_data(number, devid));
	return ADDRESS_OF(irq);
}

static inline void free_irq(struct IRQ *irq)
{
	free_ir_data(AT(IR_DATA, irq->ir_data));
	kmem_cache_free(irqfd_cache, ADDRESS_OF(irq));
}

static inline void update_all(struct VCPU *vcpu, int32_t cpu, bool is_blocking)
{
	address head = ADDRESS_OF(&vcpu->ir_list);

	(void)is_blocking;
	for (address node = vcpu->ir_list.next; node != head; node = AT(list_head, node)->next) {
		struct amd_svm_iommu_ir *ir = CONTAINER_OF(node, amd_svm_iommu_ir, node);

		update_ga(AT(IR_DATA, ir->data), cpu);
	}
}

/* Finds the entry in the list of the vCPU that the previous tag names, removes it and frees its node. */
static inline void ir_list_del(const struct kvm_svm *vm, address ir_data, uint32_t previous_tag)
{
	address where = vcpu_by_id(vm, tag_vcpu_id(previous_tag));
	struct VCPU *vcpu = AT(VCPU, where);
	address head = ADDRESS_OF(&vcpu->ir_list);

	if (!where)
		return;
	lock(ADDRESS_OF(&vcpu->ir_list_lock));
	for (address node = vcpu->ir_list.next; node != head; node = AT(list_head, node)->next) {
		struct amd_svm_iommu_ir *ir = CONTAINER_OF(node, amd_svm_iommu_ir, node);

		if (ir->data != ir_data)
			continue;
		list_del(node);
		kmem_cache_free(ir_cache, ADDRESS_OF(ir));
		break;
	}
	unlock(ADDRESS_OF(&vcpu->ir_list_lock));
}

static inline void route(struct IRQ *irq, struct VCPU *vcpu, uint32_t vector)
{
	struct IR_DATA *ir_data = AT(IR_DATA, irq->ir_data);
	uint32_t tag = ga_tag_of(vcpu);
	struct amd_svm_iommu_ir *ir;

	if (ir_data->ga_tag)
		ir_list_del(AT(kvm_svm, irq->kvm), irq->ir_data, ir_data->ga_tag);
	irq->kvm = vcpu->kvm;
	ir = AT(amd_svm_iommu_ir, kmem_cache_zalloc(ir_cache));
	ir->data = irq->ir_data;
	lock(ADDRESS_OF(&vcpu->ir_list_lock));
	list_add(ADDRESS_OF(&ir->node), ADDRESS_OF(&vcpu->ir_list));
	set_guest_mode(ir_data, tag, vcpu->backing_page, vector, cpu_of(vcpu), true);
	unlock(ADDRESS_OF(&vcpu->ir_list_lock));
}

static inline void unroute(struct IRQ *irq)
{
	struct IR_DATA *ir_data = AT(IR_DATA, irq->ir_data);

	ir_list_del(AT(kvm_svm, irq->kvm), irq->ir_data, ir_data->ga_tag);
	set_remap_mode(ir_data);
}

#include "parts/load-and-put.h"
