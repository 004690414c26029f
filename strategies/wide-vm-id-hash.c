// split-id-hash with 24 bits for the VM instead of 8: wide-vm-id-hash.ts.
#define DESIGN "wide-vm-id-hash"

#define VM_BITS 24
#define VCPU_BITS 8
#define COMPARES_TAGS true
#define VM_ID_MASK MAX_VM_ID
#include "parts/two-value-hash.h"

#include "parts/wake-by-ids.h"
