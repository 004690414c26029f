// The object of an irq is its ir_data: irqsInIrData() of ir-list.ts. Include ir-data.h before this file.
#pragma once

#define IRQ IR_DATA

static inline address alloc_irq(uint32_t number, uint32_t devid)
{
	return ADDRESS_OF(alloc_ir_data(number, devid));
}

static inline void free_irq(struct IRQ *irq)
{
	free_ir_data(irq);
}

static inline struct IR_DATA *ir_data_of(struct IRQ *irq)
{
	return irq;
}
