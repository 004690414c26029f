// ir-data-pointer with the vCPU's address for its tag: src/strategies/pointer-as-tag.ts. A wakeup is a cast.
#define DESIGN "pointer-as-tag"

#include "kept-pointer.h"

static inline address wake(uint32_t tag, address iommu)
{
	(void)iommu;
	return tag;
}

#include "lane.h"
