// The posted design with the missing check: src/strategies/split-id-hash.ts.
#define DESIGN "split-id-hash"

#define VM_BITS 8
#define VCPU_BITS 8
#include "two-value-hash.h"

#include "lane.h"
