// No look-up: ir-data-pointer.ts. SVM keeps each ir_data pointer on a list of the vCPU, and an update hands it back
// to the IOMMU driver.
#define DESIGN "ir-data-pointer"

#include "parts/kept-pointer.h"

#define VM_BITS 24
#define VCPU_BITS 8
#include "parts/wake-by-ids.h"
