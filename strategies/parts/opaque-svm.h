// SVM of the designs with an opaque ga_tag: 24 bits of vm_id, 8 bits of vcpu_id, and the bitmap of vm_ids.
#pragma once

#define VM_BITS 24
#define VCPU_BITS 8
#include "tag-encoding.h"
#include "bitmap-vm-ids.h"
#include "wake-by-ids.h"

static inline uint32_t ga_tag_of(const struct VCPU *vcpu)
{
	return encode_tag(vm_id_of(vcpu), vcpu->vcpu_id);
}
