// The IOMMU driver has an array of each vCPU's entries in a context, which SVM passes back: vcpu-entries.ts.
#define DESIGN "vcpu-entries"

#define VCPU vcpu_svm_context
#define IR_DATA amd_ir_data_of_slot
#define IRQ IR_DATA

/* The IOMMU driver. */
#include "parts/entry.h"
#include "parts/way-to-irte.h"
#define OWNER vcpu_entries
#define SLOT vcpu_entry
#define INLINE_CAPACITY INLINE_ENTRIES
#include "parts/slot-array.h"

static struct kmem_cache *ir_data_cache;
static struct kmem_cache *context_cache;

static inline void set_remap_entry(const struct IR_DATA *ir_data)
{
	const struct irq_cfg *cfg = AT(irq_cfg, ir_data->cfg);

	modify(ir_data, remap_word0(cfg->destination), 0, cfg->vector, 0);
}

static inline void lock_entries(struct OWNER *context)
{
	lock(ADDRESS_OF(&context->lock));
}

static inline void unlock_entries(struct OWNER *context)
{
	unlock(ADDRESS_OF(&context->lock));
}

static inline void add_entry(struct OWNER *context, struct IR_DATA *ir_data)
{
	uint32_t index = append_slot(context, ADDRESS_OF(ir_data));
	const struct irq_remap_table *table = table_of(ir_data);

	slot_at(context, index)->table = ADDRESS_OF(table);
	slot_at(context, index)->irte = irte_of(ir_data, table);
	ir_data->context = ADDRESS_OF(context);
	ir_data->slot = index;
}

static inline void remove_entry(struct OWNER *context, struct IR_DATA *ir_data)
{
	uint32_t index = ir_data->slot;

	AT(IR_DATA, remove_slot(context, index))->slot = index;
	ir_data->context = 0;
}

/* Locks a context when an irq's entry is in it. */
static inline void move_and_lock(struct IR_DATA *ir_data, struct OWNER *to)
{
	struct OWNER *from = AT(OWNER, ir_data->context);

	if (from == to) {
		lock_entries(to);
		return;
	}
	if (ir_data->context) {
		lock_entries(from);
		remove_entry(from, ir_data);
		unlock_entries(from);
	}
	lock_with_room(to, ADDRESS_OF(&to->lock));
	add_entry(to, ir_data);
}

static inline void set_guest_mode(struct IR_DATA *ir_data, struct OWNER *context, uint32_t tag, uint32_t base, uint32_t vector)
{
	uint32_t word0, word2, word3;
	struct SLOT *slot;
	int32_t cpu;

	move_and_lock(ir_data, context);
	search_dev_data(ir_data_iommu(ir_data), ir_data_devid(ir_data));
	ir_data->ga_tag = tag;
	ir_data->ga_root_ptr = base;
	ir_data->ga_vector = vector;
	slot = slot_at(context, ir_data->slot);
	cpu = (int32_t)context->cpu;
	slot->shadow[0] = word0 = guest_word0(cpu, true);
	slot->shadow[1] = tag;
	slot->shadow[2] = word2 = with_root_lo(vector, base);
	slot->shadow[3] = word3 = guest_word3(cpu, base);
	modify_irte(AT(irq_remap_table, slot->table), slot->irte, word0, tag, word2, word3);
	unlock_entries(context);
}

static inline void unroute(struct IRQ *irq)
{
	struct OWNER *context = AT(OWNER, irq->context);

	lock_entries(context);
	remove_entry(context, irq);
	search_dev_data(ir_data_iommu(irq), ir_data_devid(irq));
	irq->ga_tag = 0;
	set_remap_entry(irq);
	unlock_entries(context);
}

/* Updates all entries of a vCPU: root pointer, is_run, and the destination unless the CPU is NO_CPU. */
static always_inline void update_entries(struct OWNER *context, int32_t cpu, uint32_t base)
{
	struct SLOT *end;

	lock_entries(context);
	context->cpu = (uint32_t)cpu;
	end = slot_at(context, context->count);
	for (struct SLOT *slot = slot_at(context, 0); slot < end; slot++) {
		uint32_t *shadow = slot->shadow;

		shadow[0] = run_word0(shadow[0], cpu);
		shadow[2] = with_root_lo(shadow[2], base);
		shadow[3] = with_root_hi(run_word3(shadow[3], cpu), base);
		update_irte(AT(irq_remap_table, slot->table), slot->irte, shadow[0], shadow[1], shadow[2], shadow[3]);
	}
	unlock_entries(context);
}

static inline address alloc_irq(uint32_t number, uint32_t devid)
{
	struct amd_iommu *iommu = iommu_of(devid);
	uint32_t index = free_irte_index(irq_table(iommu, devid));
	struct IR_DATA *ir_data = AT(IR_DATA, kmem_cache_zalloc(ir_data_cache));

	ir_data->iommu = ADDRESS_OF(iommu);
	ir_data->irq2_irte = index << 16 | devid;
	ir_data->cfg = create_irq_cfg(number);
	set_remap_entry(ir_data);
	return ADDRESS_OF(ir_data);
}

static inline void free_irq(struct IRQ *irq)
{
	modify(irq, 0, 0, 0, 0);
	free_irq_cfg(irq->cfg);
	kmem_cache_free(ir_data_cache, ADDRESS_OF(irq));
}

static inline address create_context(void)
{
	address context = kmem_cache_zalloc(context_cache);

	AT(OWNER, context)->cpu = (uint32_t)NO_CPU;
	init_array(AT(OWNER, context));
	return context;
}

static inline void free_context(address context)
{
	free_array(AT(OWNER, context));
	kmem_cache_free(context_cache, context);
}

/* SVM. */
static inline void init_vcpu(struct VCPU *vcpu)
{
	vcpu->iommu_context = create_context();
}

static inline void exit_vcpu(const struct VCPU *vcpu)
{
	free_context(vcpu->iommu_context);
}

#define INIT_VCPU init_vcpu
#define EXIT_VCPU exit_vcpu
#include "parts/opaque-svm.h"

static void create(void)
{
	ir_data_cache = kmem_cache_for(sizeof(struct IR_DATA));
	context_cache = kmem_cache_for(align_to_line(sizeof(struct OWNER)));
	create_svm();
}

static inline void route(struct IRQ *irq, struct VCPU *vcpu, uint32_t vector)
{
	set_guest_mode(irq, AT(OWNER, vcpu->iommu_context), ga_tag_of(vcpu), vcpu->backing_page, vector);
}

static inline void load(struct VCPU *vcpu, uint32_t cpu)
{
	enter(vcpu, cpu);
	update_entries(AT(OWNER, vcpu->iommu_context), (int32_t)cpu, vcpu->backing_page);
}

static inline void put(struct VCPU *vcpu, bool blocking)
{
	update_entries(AT(OWNER, vcpu->iommu_context), NO_CPU, vcpu->backing_page);
	leave(vcpu, blocking);
}
