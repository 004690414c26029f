// shared-hash with a lock in each bucket, bit 0 of its head: bucket-lock-hash.ts.
#define DESIGN "bucket-lock-hash"

#define VCPU vcpu_svm_tagged
#include "parts/opaque-svm.h"

/* The IOMMU driver. */
#define IR_DATA amd_ir_data_hashed
#include "parts/ir-data.h"
#include "parts/ir-data-as-irq.h"

static address gatag_hash;

static inline void create_iommu_driver(void)
{
	create_ir_data();
	gatag_hash = boot_alloc((1u << host.hash_bits) * POINTER_BYTES);
}

static inline address bucket_of(uint32_t tag)
{
	return gatag_hash + hash_32(tag, host.hash_bits) * POINTER_WORDS;
}

/*
 * Between the buckets only the irq's own operation can reach the entry. Only the irq's own operations write its tag, under the
 * bucket's lock, so this one may read it without the lock.
 */
static inline void post_to_vcpu(struct IR_DATA *ir_data, uint32_t tag, uint32_t vector, const struct VCPU *vcpu)
{
	uint32_t previous_tag = READ_ONCE(ir_data->ga_tag);
	address bucket = bucket_of(tag);

	if (previous_tag) {
		address previous = bucket_of(previous_tag);

		lock_bit(previous);
		hlist_bl_del(ADDRESS_OF(&ir_data->hnode));
		unlock_bit(previous);
	}
	lock_bit(bucket);
	set_guest_mode(ir_data, tag, vcpu->backing_page, vector, cpu_of(vcpu), true);
	hlist_bl_add_head(ADDRESS_OF(&ir_data->hnode), bucket);
	unlock_bit(bucket);
}

static inline void unroute(struct IRQ *irq)
{
	address bucket = bucket_of(READ_ONCE(irq->ga_tag));

	lock_bit(bucket);
	hlist_bl_del(ADDRESS_OF(&irq->hnode));
	set_remap_mode(irq);
	unlock_bit(bucket);
}

static inline void update_ga_tag(uint32_t tag, int32_t cpu, uint32_t base)
{
	address bucket = bucket_of(tag);

	lock_bit(bucket);
	for (address node = hlist_bl_first(bucket); node; node = AT(hlist_node, node)->next) {
		struct IR_DATA *ir_data = CONTAINER_OF(node, IR_DATA, hnode);

		if (ir_data->ga_tag == tag)
			update_entry(ir_data, cpu, base);
	}
	unlock_bit(bucket);
}

#include "parts/opaque-hash.h"
