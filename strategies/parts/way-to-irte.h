// How the IOMMU driver gets from ir_data to its table and to its live entry: driversWay() and keptEntry() of ir-data.ts.
#pragma once

#include "layouts.h"

/* The design's variant of the structure. If that keeps the table and the live entry, the design defines KEEPS_ENTRY. */
#ifndef IR_DATA
#error define IR_DATA before the first include of this file
#endif

static inline uint32_t ir_data_devid(const struct IR_DATA *ir_data)
{
	return ir_data->irq2_irte & 0xffff;
}

#ifdef KEEPS_ENTRY

static inline void set_way(struct IR_DATA *ir_data, struct amd_iommu *iommu, struct irq_remap_table *table, address irte)
{
	(void)iommu;
	ir_data->table = ADDRESS_OF(table);
	ir_data->irte = irte;
}

static inline struct amd_iommu *ir_data_iommu(const struct IR_DATA *ir_data)
{
	return iommu_of(ir_data_devid(ir_data));
}

static inline struct irq_remap_table *table_of(const struct IR_DATA *ir_data)
{
	return AT(irq_remap_table, ir_data->table);
}

static inline address irte_of(const struct IR_DATA *ir_data, const struct irq_remap_table *table)
{
	(void)table;
	return ir_data->irte;
}

#else

/* As in Linux: through the IOMMU, the PCI segment and the device id. */
static inline void set_way(struct IR_DATA *ir_data, struct amd_iommu *iommu, struct irq_remap_table *table, address irte)
{
	(void)table;
	(void)irte;
	ir_data->iommu = ADDRESS_OF(iommu);
}

static inline struct amd_iommu *ir_data_iommu(const struct IR_DATA *ir_data)
{
	return AT(amd_iommu, ir_data->iommu);
}

static always_inline struct irq_remap_table *table_of(const struct IR_DATA *ir_data)
{
	return irq_table(ir_data_iommu(ir_data), ir_data_devid(ir_data));
}

static inline address irte_of(const struct IR_DATA *ir_data, const struct irq_remap_table *table)
{
	return irte_at(table, ir_data->irq2_irte >> 16);
}

#endif

/* Writes the live entry for any operation but load and put, with a flush. */
static inline void modify(const struct IR_DATA *ir_data, uint32_t word0, uint32_t word1, uint32_t word2, uint32_t word3)
{
	struct irq_remap_table *table = table_of(ir_data);

	modify_irte(table, irte_of(ir_data, table), word0, word1, word2, word3);
}
