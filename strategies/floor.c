// A lower bound, not a design: floor.ts. Each vCPU has its live IRTEs and their tables in one contiguous array, and an update
// touches nothing else. A tag is the vCPU's number in the stream plus one.
#define DESIGN "floor"

#define VCPU vcpu_svm_array
#include "parts/entry.h"
#include "parts/vm.h"
#define OWNER VCPU
#define SLOT entry
#define INLINE_CAPACITY INLINE_SLOTS
#include "parts/slot-array.h"

#define IRQ irq

static struct kmem_cache *irq_cache;
static address vcpu_directory;

static void create(void)
{
	create_vms();
	irq_cache = kmem_cache_for(sizeof(struct IRQ));
	vcpu_directory = boot_alloc(sizeof(struct directory));
}

static inline address vcpu_slot(uint32_t tag)
{
	return AT(directory, vcpu_directory)->vcpus + (tag - 1) * POINTER_WORDS;
}

static inline void modify(const struct IRQ *irq, uint32_t word0, uint32_t word1, uint32_t word2, uint32_t word3)
{
	modify_irte(AT(irq_remap_table, irq->table), irq->irte, word0, word1, word2, word3);
}

static inline void set_remap_mode(const struct IRQ *irq)
{
	const struct irq_cfg *cfg = AT(irq_cfg, irq->cfg);

	modify(irq, remap_word0(cfg->destination), 0, cfg->vector, 0);
}

/* Makes room in the directory for this number of vCPUs. */
static inline void add_vm(uint32_t vcpus)
{
	struct directory *directory = AT(directory, vcpu_directory);
	uint32_t capacity = directory->capacity;
	address old = directory->vcpus;

	directory->vms++;
	if (vcpus <= capacity)
		return;
	directory->capacity = vcpus > capacity * 2 ? vcpus : capacity * 2;
	directory->vcpus = kzalloc(directory->capacity * POINTER_BYTES);
	memcpy(MEMORY + directory->vcpus, MEMORY + old, capacity * POINTER_BYTES);
	if (old)
		kfree(old, capacity * POINTER_BYTES);
}

/* Frees the directory together with the last VM. */
static inline void remove_vm(void)
{
	struct directory *directory = AT(directory, vcpu_directory);

	if (--directory->vms)
		return;
	kfree(directory->vcpus, directory->capacity * POINTER_BYTES);
	directory->vcpus = 0;
	directory->capacity = 0;
}

static inline address create_vm(uint32_t number, uint32_t first_vcpu, uint32_t count, uint32_t first_vcpu_id)
{
	struct kvm_svm *vm;

	(void)number;
	add_vm(first_vcpu + count);
	vm = alloc_vm(0, first_vcpu, count, first_vcpu_id);
	for (uint32_t index = 0; index < count; index++) {
		address vcpu = vcpu_at(vm, index);

		init_array(AT(VCPU, vcpu));
		AT(VCPU, vcpu)->ga_tag = first_vcpu + index + 1;
		MEMORY[vcpu_slot(AT(VCPU, vcpu)->ga_tag)] = vcpu;
	}
	return ADDRESS_OF(vm);
}

static inline void destroy_vm(struct kvm_svm *vm)
{
	for (uint32_t index = 0; index < vm->vcpu_count; index++) {
		const struct VCPU *vcpu = AT(VCPU, vcpu_at(vm, index));

		MEMORY[vcpu_slot(vcpu->ga_tag)] = 0;
		free_array(vcpu);
	}
	free_vcpus(vm);
	free_vm(vm);
	remove_vm();
}

static inline address alloc_irq(uint32_t number, uint32_t devid)
{
	const struct irq_remap_table *table = irq_table(iommu_of(devid), devid);
	struct IRQ *irq = AT(IRQ, kmem_cache_zalloc(irq_cache));

	irq->table = ADDRESS_OF(table);
	irq->irte = irte_at(table, free_irte_index(table));
	irq->cfg = create_irq_cfg(number);
	set_remap_mode(irq);
	return ADDRESS_OF(irq);
}

static inline void free_irq(struct IRQ *irq)
{
	modify(irq, 0, 0, 0, 0);
	free_irq_cfg(irq->cfg);
	kmem_cache_free(irq_cache, ADDRESS_OF(irq));
}

static inline void add_irq(struct VCPU *vcpu, struct IRQ *irq)
{
	uint32_t index;

	make_room(vcpu);
	index = append_slot(vcpu, ADDRESS_OF(irq));
	slot_at(vcpu, index)->table = irq->table;
	slot_at(vcpu, index)->irte = irq->irte;
	irq->vcpu = ADDRESS_OF(vcpu);
	irq->index = index;
}

static inline void remove_irq(struct VCPU *vcpu, struct IRQ *irq)
{
	uint32_t index = irq->index;

	AT(IRQ, remove_slot(vcpu, index))->index = index;
	irq->vcpu = 0;
}

static inline void route(struct IRQ *irq, struct VCPU *vcpu, uint32_t vector)
{
	int32_t cpu = cpu_of(vcpu);
	uint32_t page = vcpu->backing_page;

	if (irq->vcpu != ADDRESS_OF(vcpu)) {
		if (irq->vcpu)
			remove_irq(AT(VCPU, irq->vcpu), irq);
		add_irq(vcpu, irq);
	}
	modify(irq, guest_word0(cpu, true), vcpu->ga_tag, with_root_lo(vector, page), guest_word3(cpu, page));
}

static inline void unroute(struct IRQ *irq)
{
	remove_irq(AT(VCPU, irq->vcpu), irq);
	set_remap_mode(irq);
}

/* Writes the run state of a vCPU to its entries. NO_CPU keeps the destination. */
static inline void update_all(const struct VCPU *vcpu, int32_t cpu)
{
	const struct SLOT *end = slot_at(vcpu, vcpu->count);

	for (const struct SLOT *slot = slot_at(vcpu, 0); slot < end; slot++) {
		const uint32_t *words = MEMORY + slot->irte;

		update_irte(AT(irq_remap_table, slot->table), slot->irte, run_word0(words[0], cpu), words[1], words[2],
			    run_word3(words[3], cpu));
	}
}

static inline void load(struct VCPU *vcpu, uint32_t cpu)
{
	enter(vcpu, cpu);
	update_all(vcpu, cpu);
}

static inline void put(struct VCPU *vcpu, bool blocking)
{
	leave(vcpu, blocking);
	update_all(vcpu, NO_CPU);
}

static inline void wake(uint32_t tag, address iommu)
{
	address vcpu = MEMORY[vcpu_slot(tag)];

	(void)iommu;
	if (vcpu)
		wake_up(vcpu);
}
