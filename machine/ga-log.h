// How an interrupt arrives at an entry, and the GA log of an IOMMU: ga-log.ts.
#pragma once

#include "irq-tables.h"

/* An interrupt arrives at an entry. Returns one of DELIVERY_*. */
static inline uint32_t interrupt(address irte)
{
	uint32_t word0 = MEMORY[irte];
	uint32_t device, tail, next_tail;
	struct amd_iommu *iommu;
	address entry;

	if (!(word0 & VALID))
		return DELIVERY_ABORTED;
	if (!(word0 & GUEST_MODE))
		return DELIVERY_REMAPPED;
	if (word0 & IS_RUN)
		return DELIVERY_DOORBELL;
	if (!(word0 & GA_LOG_INTR))
		return DELIVERY_PENDING;
	device = device_at(irte);
	iommu = iommu_behind(device);
	tail = iommu->ga_log_tail;
	next_tail = (tail + 1) & (GA_LOG_ENTRIES - 1);
	if (iommu->ga_log_overflow || next_tail == iommu->ga_log_head) {
		iommu->ga_log_overflow = 1;
		return DELIVERY_OVERFLOW;
	}
	entry = iommu->ga_log + tail * 2;
	MEMORY[entry] = MEMORY[irte + 1];
	MEMORY[entry + 1] = GA_LOG_GUEST_INTERRUPT | devid_of(device);
	iommu->ga_log_tail = next_tail;
	return DELIVERY_LOGGED;
}

/* The vCPU that was woken last. */
static address woken;

/* Wakes a vCPU, like kvm_vcpu_wake_up(). */
static inline void wake_up(address vcpu)
{
	woken = vcpu;
}

/* Called by the driver for each entry that it reads from the GA log of an IOMMU. */
typedef void ga_log_notifier(address iommu, uint32_t tag);

/* The notifier of the host. */
static ga_log_notifier *registered_notifier;

/* The driver's GA log handler: it notifies of each entry, then restarts the log if it had overflowed. */
static inline void drain_ga_log(address where, ga_log_notifier *notify)
{
	struct amd_iommu *iommu = AT(amd_iommu, where);
	address log = iommu->ga_log;
	uint32_t head = iommu->ga_log_head;

	while (head != iommu->ga_log_tail) {
		uint32_t tag = MEMORY[log + head * 2];

		head = (head + 1) & (GA_LOG_ENTRIES - 1);
		iommu->ga_log_head = head;
		notify(where, tag);
	}
	iommu->ga_log_overflow = 0;
}
