// SVM's structures for a VM and its vCPUs, and the state of a vCPU that every design reads: vm.ts.
#pragma once

#include "layouts.h"

/*
 * The design's variant of a vCPU. If it has a list, the design defines the name of the field as VCPU_LIST. If it has a tag that
 * is made of a vm_id and a vcpu_id, the design defines the function that makes it as VCPU_TAG.
 */
#ifndef VCPU
#error define VCPU before the first include of a part
#endif

static struct kmem_cache *vcpu_cache;
static struct kmem_cache *kvm_cache;

static inline void create_vms(void)
{
	/* Rounded up to whole lines, as the kernel's cache of vCPUs is. Other objects of that size share the cache. */
	vcpu_cache = kmem_cache_for(align_to_line(sizeof(struct VCPU)));
	kvm_cache = kmem_cache_for(sizeof(struct kvm_svm));
}

static inline address vcpu_at(const struct kvm_svm *vm, uint32_t index)
{
	return MEMORY[vm->vcpus + index * POINTER_WORDS];
}

/* The size of the physical ID table for vcpu_ids below this one: whole pages. */
static inline uint32_t physical_id_bytes(uint32_t end)
{
	uint32_t bytes = end * PHYSICAL_ID_WORDS * sizeof(uint32_t);

	return (bytes + PHYSICAL_ID_PAGE_BYTES - 1) / PHYSICAL_ID_PAGE_BYTES * PHYSICAL_ID_PAGE_BYTES;
}

/* Writes the entry that the hardware reads, at once: 64 bits. */
static inline void write_physical_id(const struct VCPU *vcpu, uint32_t cpu, uint32_t flags)
{
	address table = AT(kvm_svm, vcpu->kvm)->avic_physical_id_table;
	uint64_t *entry = (uint64_t *)(MEMORY + table + vcpu->vcpu_id * PHYSICAL_ID_WORDS);
	uint64_t page = vcpu->backing_page;

	WRITE_ONCE(*entry, (uint64_t)flags << 32 | page << 12 | (cpu & HOST_PHYSICAL_ID));
}

/* Makes a VM with this vm_id; the operation create_vm() explains the other numbers. */
static inline struct kvm_svm *alloc_vm(uint32_t vm_id, uint32_t first_vcpu, uint32_t count, uint32_t first_vcpu_id)
{
	struct kvm_svm *vm = AT(kvm_svm, kmem_cache_zalloc(kvm_cache));
	address vcpus = kzalloc(count * POINTER_BYTES);

	vm->vm_id = vm_id;
	vm->vcpu_count = count;
	vm->online_vcpus = count;
	vm->vcpus = vcpus;
	vm->physical_id_bytes = physical_id_bytes(first_vcpu_id + count);
	vm->avic_physical_id_table = kzalloc(vm->physical_id_bytes);
	for (uint32_t index = 0; index < count; index++) {
		struct VCPU *vcpu = AT(VCPU, kmem_cache_zalloc(vcpu_cache));

		vcpu->kvm = ADDRESS_OF(vm);
		vcpu->vcpu_id = first_vcpu_id + index;
		vcpu->vcpu_idx = index;
		vcpu->backing_page = backing_page(first_vcpu + index);
		MEMORY[vcpus + index * POINTER_WORDS] = ADDRESS_OF(vcpu);
		write_physical_id(vcpu, 0, PHYSICAL_ID_VALID);
#ifdef VCPU_LIST
		list_init(ADDRESS_OF(&vcpu->VCPU_LIST));
#endif
#ifdef VCPU_TAG
		vcpu->ga_tag = VCPU_TAG(vm_id, vcpu->vcpu_id);
#endif
	}
	return vm;
}

/* Frees each vCPU and then erases it from the array, as the kernel does. */
static inline void free_vcpus(struct kvm_svm *vm)
{
	for (uint32_t index = 0; index < vm->vcpu_count; index++) {
		kmem_cache_free(vcpu_cache, vcpu_at(vm, index));
		MEMORY[vm->vcpus + index * POINTER_WORDS] = 0;
	}
	vm->online_vcpus = 0;
}

/* Frees the rest of a VM. */
static inline void free_vm(const struct kvm_svm *vm)
{
	kfree(vm->vcpus, vm->vcpu_count * POINTER_BYTES);
	kfree(vm->avic_physical_id_table, vm->physical_id_bytes);
	kmem_cache_free(kvm_cache, ADDRESS_OF(vm));
}

/* The vCPU of a VM with this id; 0 if none. Like kvm_get_vcpu_by_id() it tries the id as an index first. */
static inline address vcpu_by_id(const struct kvm_svm *vm, uint32_t vcpu_id)
{
	uint32_t count = vm->online_vcpus;

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

/* Notes that a vCPU runs on a CPU, and tells the hardware. */
static inline void enter(struct VCPU *vcpu, uint32_t cpu)
{
	WRITE_ONCE(vcpu->cpu, cpu);
	WRITE_ONCE(vcpu->is_running, 1);
	WRITE_ONCE(vcpu->is_blocking, 0);
	write_physical_id(vcpu, cpu, PHYSICAL_ID_VALID | PHYSICAL_ID_RUNNING);
}

/* Notes that a vCPU has left its CPU, and tells the hardware. */
static inline void leave(struct VCPU *vcpu, bool blocking)
{
	if (!unlikely(host.ipi_virtualization == IPI_VIRTUALIZATION_OFF))
		write_physical_id(vcpu, READ_ONCE(vcpu->cpu), PHYSICAL_ID_VALID);
	WRITE_ONCE(vcpu->is_running, 0);
	WRITE_ONCE(vcpu->is_blocking, blocking);
}

/* The CPU that a vCPU runs on; NO_CPU if it does not run. */
static inline int32_t cpu_of(const struct VCPU *vcpu)
{
	return READ_ONCE(vcpu->is_running) ? (int32_t)READ_ONCE(vcpu->cpu) : NO_CPU;
}
