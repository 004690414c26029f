// A GATAG made of a vm_id and a vcpu_id: tag-encoding.ts. Define the bits of each, VM_BITS and
// VCPU_BITS, before this file. Bits that do not fit are lost.
#pragma once

#include <stdint.h>

#define MAX_VM_ID ((1u << VM_BITS) - 1)
#define MAX_VCPU_ID ((1u << VCPU_BITS) - 1)

static inline uint32_t encode_tag(uint32_t vm_id, uint32_t vcpu_id)
{
	return (vm_id & MAX_VM_ID) << VCPU_BITS | (vcpu_id & MAX_VCPU_ID);
}

static inline uint32_t tag_vm_id(uint32_t tag)
{
	return tag >> VCPU_BITS & MAX_VM_ID;
}

static inline uint32_t tag_vcpu_id(uint32_t tag)
{
	return tag & MAX_VCPU_ID;
}
