// ir-data-pointer with the vCPU's address as its tag: pointer-as-tag.ts. A wakeup is a cast.
#define DESIGN "pointer-as-tag"

#include "parts/kept-pointer.h"

static inline address wake(uint32_t tag, address iommu)
{
	(void)iommu;
	return tag;
}
