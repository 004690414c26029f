// Load and put of the designs with a list of entries for each vCPU, in the kernel's order: load-and-put.ts. The design defines
// update_all(vcpu, cpu, is_blocking) before it includes this file.
#pragma once

static inline void load(struct VCPU *vcpu, uint32_t cpu)
{
	lock(ADDRESS_OF(&vcpu->ir_list_lock));
	enter(vcpu, cpu);
	update_all(vcpu, cpu, false);
	unlock(ADDRESS_OF(&vcpu->ir_list_lock));
}

static inline void put(struct VCPU *vcpu, bool blocking)
{
	lock(ADDRESS_OF(&vcpu->ir_list_lock));
	update_all(vcpu, NO_CPU, blocking);
	leave(vcpu, blocking);
	unlock(ADDRESS_OF(&vcpu->ir_list_lock));
}
