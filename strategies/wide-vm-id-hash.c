// split-id-hash with 24 bits for the VM instead of 8: wide-vm-id-hash.ts.
#define DESIGN "wide-vm-id-hash"

#define VCPU vcpu_svm
#define VM_BITS 24
#define VCPU_BITS 8
#include "parts/tag-encoding.h"
#include "parts/bitmap-vm-ids.h"

#define VM_ID_MASK MAX_VM_ID
#define COMPARES_TAGS true
#include "parts/two-value-hash.h"
#include "parts/wake-by-ids.h"
