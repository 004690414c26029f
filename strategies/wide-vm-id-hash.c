// split-id-hash with 24 bits for the VM: wide-vm-id-hash.ts.
#define DESIGN "wide-vm-id-hash"

#define VM_BITS 24
#define VCPU_BITS 8
#include "parts/two-value-hash.h"
