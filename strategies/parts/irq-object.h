// SVM's side of an irq, which keeps the ir_data pointer: irq-object.ts. Include ir-data.h before this file.
#pragma once

/* The design's variant of the structure. */
#ifndef IRQ
#error define IRQ before the first include of this file
#endif

static struct kmem_cache *irq_cache;

static inline void create_irqs(void)
{
	irq_cache = kmem_cache_for(sizeof(struct IRQ));
}

static inline address alloc_irq(uint32_t number, uint32_t devid)
{
	struct IR_DATA *ir_data = alloc_ir_data(number, devid);
	struct IRQ *irq = AT(IRQ, kmem_cache_zalloc(irq_cache));

	irq->ir_data = ADDRESS_OF(ir_data);
	return ADDRESS_OF(irq);
}

static inline void free_irq(struct IRQ *irq)
{
	free_ir_data(AT(IR_DATA, irq->ir_data));
	kmem_cache_free(irq_cache, ADDRESS_OF(irq));
}

static inline struct IR_DATA *ir_data_of(const struct IRQ *irq)
{
	return AT(IR_DATA, irq->ir_data);
}
