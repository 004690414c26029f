// posted-v4 with the missing check: split-id-hash.ts. The bucket walk and the GA log handler compare ids.
#define DESIGN "split-id-hash"

#define VCPU vcpu_svm
#define VM_BITS 8
#define VCPU_BITS 8
#include "parts/tag-encoding.h"
#include "parts/counted-vm-ids.h"

#define VM_ID_MASK MAX_VM_ID
#define COMPARES_TAGS true
#include "parts/two-value-hash.h"
#include "parts/wake-by-ids.h"
