// SVM's side of an irq: irqfdsIn() of ir-list.ts. The list's node lies in it, together with the ir_data pointer.
#pragma once

#define IRQ kvm_kernel_irqfd

static struct kmem_cache *irqfd_cache;

static inline void create_irqs(void)
{
	irqfd_cache = kmem_cache_for(sizeof(struct IRQ));
}

static inline address alloc_irq(uint32_t number, uint32_t devid)
{
	struct IR_DATA *ir_data = alloc_ir_data(number, devid);
	struct IRQ *irq = AT(IRQ, kmem_cache_zalloc(irqfd_cache));

	irq->ir_data = ADDRESS_OF(ir_data);
	return ADDRESS_OF(irq);
}

static inline void free_irq(struct IRQ *irq)
{
	free_ir_data(AT(IR_DATA, irq->ir_data));
	kmem_cache_free(irqfd_cache, ADDRESS_OF(irq));
}

static inline struct IR_DATA *ir_data_of(const struct IRQ *irq)
{
	return AT(IR_DATA, irq->ir_data);
}
