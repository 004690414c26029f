// A GATAG made of a VM id and a vCPU id: tag-encoding.ts. The design says how many bits each has,
// VM_BITS and VCPU_BITS. Ids that do not fit are cut off.
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
