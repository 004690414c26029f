// What a strategy in C defines, as strategy.ts has it. The program includes this file after the strategy, which also defines
// DESIGN, its id as a string, and VCPU and IRQ, the names of its structures for a vCPU and an irq. A VM is a struct kvm_svm.
// Addresses are those that the strategy returned; 0 is NULL. All state that changes lies in MEMORY. Only update_irte(),
// on a load or put, and modify_irte() write a live entry. Most of a strategy can come from parts/.
#pragma once

/* Makes the strategy's tables and caches on a new host, in the order in which TypeScript makes them. */
static void create(void);

/*
 * A VM with `count` vCPUs, none of which runs. `number` is the VM's in the stream, and `first_vcpu` that of its first vCPU;
 * `first_vcpu_id` is the vcpu_id of that vCPU. The others follow.
 */
static address create_vm(uint32_t number, uint32_t first_vcpu, uint32_t count, uint32_t first_vcpu_id);

/* The vCPU at an index of a VM. */
static address vcpu_at(const struct kvm_svm *vm, uint32_t index);

/* Frees a VM. All its irqs are unrouted, and none of its vCPUs runs. */
static void destroy_vm(struct kvm_svm *vm);

/* An irq of a device, with its IRTE in remap mode. */
static address alloc_irq(uint32_t number, uint32_t devid);

/* Frees an irq that is not routed. */
static void free_irq(struct IRQ *irq);

/* Posts an irq to a vCPU. Also called to change the vector, or to move the irq to another vCPU of the same VM. */
static void route(struct IRQ *irq, struct VCPU *vcpu, uint32_t vector);

/* Returns an irq to the host. */
static void unroute(struct IRQ *irq);

/* A vCPU begins to run on a CPU. */
static void load(struct VCPU *vcpu, uint32_t cpu);

/* A vCPU leaves its CPU, because it blocks or because it was preempted. */
static void put(struct VCPU *vcpu, bool blocking);

/*
 * Handles a GA log entry of an IOMMU: wake_up() with the vCPU that it is for, if there still is one, under the lock that keeps
 * the vCPU alive.
 */
static void wake(uint32_t tag, address iommu);
