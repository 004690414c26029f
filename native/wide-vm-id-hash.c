// split-id-hash with 24 bits for the VM: src/strategies/wide-vm-id-hash.ts.
#define DESIGN "wide-vm-id-hash"

#define VM_BITS 24
#define VCPU_BITS 8
#include "two-value-hash.h"

#include "lane.h"
