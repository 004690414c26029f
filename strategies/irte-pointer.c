// ir-data-pointer, but ir_data keeps its table and its live entry: irte-pointer.ts.
#define DESIGN "irte-pointer"

#define VCPU vcpu_svm_tagged_listed
#define VCPU_LIST ir_list
#include "parts/opaque-svm.h"
#define IR_DATA amd_ir_data_with_entry
#define KEEPS_ENTRY
#include "parts/ir-data.h"
#define IRQ svm_irq
#include "parts/irq-object.h"
#include "parts/kept-pointer.h"

static void create(void)
{
	create_svm();
	create_ir_data();
	create_irqs();
}
