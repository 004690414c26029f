// A list for each vCPU whose node lies in ir_data: list-in-ir-data.ts.
#define DESIGN "list-in-ir-data"

#define VCPU vcpu_svm_listed
#define VCPU_LIST ir_list
#include "parts/opaque-svm.h"

#define IR_DATA amd_ir_data_listed
#include "parts/ir-data.h"

/* An irq's object is its ir_data. */
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

#include "parts/kept-pointer.h"

static void create(void)
{
	create_svm();
	create_ir_data();
}

static inline uint32_t ga_tag_of(const struct VCPU *vcpu)
{
	return encode_tag(vm_id_of(vcpu), vcpu->vcpu_id);
}
