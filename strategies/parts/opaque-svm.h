// SVM of the designs with an opaque ga_tag: opaque-svm.ts. It has 24 bits of vm_id and 8 bits of vcpu_id; the vm_ids come from
// the bitmap. A vCPU keeps its tag.
#pragma once

#define VM_BITS 24
#define VCPU_BITS 8
#include "tag-encoding.h"
#define VCPU_TAG encode_tag
#include "bitmap-vm-ids.h"
#include "wake-by-ids.h"

static inline uint32_t ga_tag_of(const struct VCPU *vcpu)
{
	return vcpu->ga_tag;
}
