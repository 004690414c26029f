// The posted design with the missing check: split-id-hash.ts.
#define DESIGN "split-id-hash"

#define VM_BITS 8
#define VCPU_BITS 8
#include "parts/two-value-hash.h"
