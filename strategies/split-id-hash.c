// posted-v4 with the missing check: split-id-hash.ts. The bucket walk and the GA log handler compare ids.
#define DESIGN "split-id-hash"

#define VM_BITS 8
#define VCPU_BITS 8
#define COMPARES_TAGS true
#define VM_ID_MASK MAX_VM_ID
#include "parts/two-value-hash.h"

#include "parts/wake-by-ids.h"
