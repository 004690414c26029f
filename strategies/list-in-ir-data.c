// A list for each vCPU whose node lies in ir_data: list-in-ir-data.ts.
#define DESIGN "list-in-ir-data"

#define VCPU vcpu_svm_tagged_listed
#define VCPU_LIST ir_list
#include "parts/opaque-svm.h"

#define IR_DATA amd_ir_data_listed
#include "parts/ir-data.h"
#include "parts/ir-data-as-irq.h"
#include "parts/kept-pointer.h"

static void create(void)
{
	create_svm();
	create_ir_data();
}
