// SVM's structures for a VM and its vCPUs, and the state of a vCPU that every design reads: vm.ts.
#pragma once

#include "layouts.h"

/* The design's variant of a vCPU. */
#ifndef VCPU
#define VCPU vcpu_svm
#endif

static inline address vcpu_at(const struct kvm_svm *vm, uint32_t index)
{
	return MEMORY[vm->vcpus + index * POINTER_WORDS];
}

/* The vCPU of a VM with this id; NULL if none. Like kvm_get_vcpu_by_id() it tries the id as an index first. */
static inline address vcpu_by_id(const struct kvm_svm *vm, uint32_t vcpu_id)
{
	uint32_t count = vm->vcpu_count;

	if (vcpu_id < count) {
		address guess = vcpu_at(vm, vcpu_id);

		if (AT(VCPU, guess)->vcpu_id == vcpu_id)
			return guess;
	}
	for (uint32_t index = 0; index < count; index++) {
		address candidate = vcpu_at(vm, index);

		if (AT(VCPU, candidate)->vcpu_id == vcpu_id)
			return candidate;
	}
	return 0;
}

static inline uint32_t vm_id_of(const struct VCPU *vcpu)
{
	return AT(kvm_svm, vcpu->kvm)->vm_id;
}

/* Notes that a vCPU runs on a CPU. */
static inline void enter(struct VCPU *vcpu, uint32_t cpu)
{
	WRITE_ONCE(vcpu->cpu, cpu);
	WRITE_ONCE(vcpu->is_running, 1);
	WRITE_ONCE(vcpu->is_blocking, 0);
}

/* Notes that a vCPU has left its CPU. */
static inline void leave(struct VCPU *vcpu, bool blocking)
{
	WRITE_ONCE(vcpu->is_running, 0);
	WRITE_ONCE(vcpu->is_blocking, blocking);
}
