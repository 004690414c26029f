// No look-up, as ir-data-pointer.ts: SVM keeps each ir_data pointer on a list of the vCPU, and passes it to the IOMMU driver on
// each update.
#define DESIGN "ir-data-pointer"

#define VCPU vcpu_svm_tagged_listed
#define VCPU_LIST ir_list
#include "parts/opaque-svm.h"
#define IR_DATA amd_ir_data
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
