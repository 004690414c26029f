// As in Linux v6.17: merged-6.17.ts. A VM leaves the GA log table after its vCPUs are freed.
#define DESIGN "merged-6.17"

#define VM_BITS 23
#define VCPU_BITS 9
#include "parts/tag-encoding.h"
#define LEAVES_TABLE_LAST
#include "parts/irqfd-list.h"
