// As in Linux v7.3: merged-7.3.ts. A VM leaves the GA log table before its vCPUs are freed.
#define DESIGN "merged-7.3"

#define VM_BITS 20
#define VCPU_BITS 12
#include "parts/tag-encoding.h"
#include "parts/irqfd-list.h"
