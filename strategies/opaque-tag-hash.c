// One opaque 32-bit ga_tag: opaque-tag-hash.ts. SVM encodes and decodes it; the IOMMU driver hashes and compares it and
// never looks inside.
#define DESIGN "opaque-tag-hash"

#include "parts/opaque-svm.h"

/* The IOMMU driver: a tag is only a number to it. */
#define COMPARES_TAGS true
#include "parts/tag-hash-iommu.h"
#include "parts/opaque-hash.h"
