// One opaque 32-bit ga_tag, as opaque-tag-hash.ts: SVM encodes it, and decodes it when a vCPU is woken. The IOMMU driver hashes
// and compares it and never looks inside.
#define DESIGN "opaque-tag-hash"

#define VCPU vcpu_svm_tagged
#include "parts/opaque-svm.h"

/* The IOMMU driver: a tag is only a number to it. */
#define COMPARES_TAGS true
#include "parts/tag-hash-iommu.h"
#include "parts/opaque-hash.h"
