// A lower bound, not a design: floor.ts. Each vCPU has the addresses of its live IRTEs in one contiguous array, and an
// update touches nothing else. A tag is the vCPU's number in the stream plus one.
#define DESIGN "floor"

#define VCPU vcpu_svm_arrays
#include "parts/vm.h"

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

static always_inline void write_irte(address irte, uint32_t word0, uint32_t word1, uint32_t word2, uint32_t word3)
{
	update_irte(irq_table_of(irte), irte, word0, word1, word2, word3);
}

static inline void write_remap_irte(const struct IRQ *irq)
{
	const struct irq_cfg *cfg = AT(irq_cfg, irq->cfg);

	write_irte(irq->irte, remap_word0(cfg->destination), 0, cfg->vector, 0);
}

/* Replaces an array of addresses by a larger one. */
static inline void resize(address *array, uint32_t from, uint32_t to)
{
	address grown = kzalloc(to * POINTER_BYTES);

	memcpy(MEMORY + grown, MEMORY + *array, from * POINTER_BYTES);
	if (*array)
		kfree(*array, from * POINTER_BYTES);
	*array = grown;
}

/* Makes room in the directory for this number of vCPUs. */
static inline void add_vm(uint32_t vcpus)
{
	struct directory *directory = AT(directory, vcpu_directory);
	uint32_t capacity = directory->capacity;

	directory->vms++;
	if (vcpus <= capacity)
		return;
	directory->capacity = vcpus > capacity * 2 ? vcpus : capacity * 2;
	resize(&directory->vcpus, capacity, directory->capacity);
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
		if (!vcpu->capacity)
			continue;
		kfree(vcpu->irtes, vcpu->capacity * POINTER_BYTES);
		kfree(vcpu->irqs, vcpu->capacity * POINTER_BYTES);
	}
	free_vm(vm);
	remove_vm();
}

static inline address alloc_irq(uint32_t number, uint32_t devid)
{
	struct IRQ *irq = AT(IRQ, kmem_cache_zalloc(irq_cache));

	irq->irte = irte_at(devid, free_irte_index(devid));
	irq->cfg = create_irq_cfg(number);
	write_remap_irte(irq);
	return ADDRESS_OF(irq);
}

static inline void free_irq(struct IRQ *irq)
{
	write_irte(irq->irte, 0, 0, 0, 0);
	free_irq_cfg(irq->cfg);
	kmem_cache_free(irq_cache, ADDRESS_OF(irq));
}

static inline void place(struct VCPU *vcpu, uint32_t index, struct IRQ *irq)
{
	MEMORY[vcpu->irtes + index * POINTER_WORDS] = irq->irte;
	MEMORY[vcpu->irqs + index * POINTER_WORDS] = ADDRESS_OF(irq);
	irq->vcpu = ADDRESS_OF(vcpu);
	irq->index = index;
}

static inline void append(struct VCPU *vcpu, struct IRQ *irq)
{
	uint32_t capacity = vcpu->capacity;

	if (vcpu->irte_count == capacity) {
		vcpu->capacity = capacity * 2 > FIRST_CAPACITY ? capacity * 2 : FIRST_CAPACITY;
		resize(&vcpu->irtes, capacity, vcpu->capacity);
		resize(&vcpu->irqs, capacity, vcpu->capacity);
	}
	place(vcpu, vcpu->irte_count, irq);
	vcpu->irte_count++;
}

/* Removes an irq; the last irq of the vCPU moves to its index. */
static inline void swap_remove(struct VCPU *vcpu, struct IRQ *irq)
{
	uint32_t last = vcpu->irte_count - 1;

	place(vcpu, irq->index, AT(IRQ, MEMORY[vcpu->irqs + last * POINTER_WORDS]));
	vcpu->irte_count = last;
	irq->vcpu = 0;
}

static inline void route(struct IRQ *irq, struct VCPU *vcpu, uint32_t vector)
{
	int32_t cpu = cpu_of(vcpu);
	uint32_t destination = cpu == NO_CPU ? 0 : cpu;
	uint32_t flags = VALID | GUEST_MODE | GA_LOG_INTR | (cpu == NO_CPU ? 0 : IS_RUN);
	uint32_t page = vcpu->backing_page;

	if (irq->vcpu != ADDRESS_OF(vcpu)) {
		if (irq->vcpu)
			swap_remove(AT(VCPU, irq->vcpu), irq);
		append(vcpu, irq);
	}
	write_irte(irq->irte, with_destination_lo(flags, destination), vcpu->ga_tag, with_root_lo(vector, page),
		   with_root_hi(with_destination_hi(0, destination), page));
}

static inline void unroute(struct IRQ *irq)
{
	swap_remove(AT(VCPU, irq->vcpu), irq);
	write_remap_irte(irq);
}

/* Writes the run state of a vCPU to its entries. NO_CPU keeps the destination. */
static inline void update_all(const struct VCPU *vcpu, int32_t cpu)
{
	address irtes = vcpu->irtes;
	address end = irtes + vcpu->irte_count * POINTER_WORDS;

	for (address slot = irtes; slot < end; slot += POINTER_WORDS) {
		address irte = MEMORY[slot];
		uint32_t word0 = MEMORY[irte];
		uint32_t word3 = MEMORY[irte + 3];

		write_irte(irte, cpu == NO_CPU ? word0 & ~IS_RUN : with_destination_lo(word0 | IS_RUN, cpu),
			   MEMORY[irte + 1], MEMORY[irte + 2],
			   cpu == NO_CPU ? word3 : with_destination_hi(word3, cpu));
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

static inline address wake(uint32_t tag, address iommu)
{
	(void)iommu;
	return MEMORY[vcpu_slot(tag)];
}
