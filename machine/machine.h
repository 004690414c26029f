// The modelled host as a strategy and the program meet it: machine.ts.
#pragma once

#include "ga-log.h"

/* The irq_cfg of a host irq: where it goes in remap mode, irq-cfg.ts. */
struct irq_cfg {
	uint32_t destination;
	uint32_t vector;
};

static struct kmem_cache *irq_cfg_cache;

static inline address create_irq_cfg(uint32_t irq)
{
	address cfg = kmem_cache_zalloc(irq_cfg_cache);

	*AT(irq_cfg, cfg) = (struct irq_cfg){ .destination = 1u << irq % 8, .vector = 0x31 + irq % 0xbe };
	return cfg;
}

static inline void free_irq_cfg(address cfg)
{
	kmem_cache_free(irq_cfg_cache, cfg);
}

static inline uint32_t hash_32(uint32_t key, uint32_t bits)
{
	return key * host.hash_multiplier >> (32 - bits);
}

/* Page frame number of a vCPU's vAPIC backing page; `vcpu` is its number in the stream. */
static inline uint32_t backing_page(uint32_t vcpu)
{
	return FIRST_BACKING_PAGE + vcpu;
}

/* Makes a host in an unused memory. The host's parameters are in `host`. */
static inline void create_host(uint32_t devices, ga_log_notifier *notify)
{
	MEMORY[TOP] = LINE_WORDS;
	heap_order = random_from(host.heap_seed);
	create_iommus();
	create_pci_segment(devices);
	create_irq_tables(devices);
	create_flushes(devices);
	irq_cfg_cache = kmem_cache_for(sizeof(struct irq_cfg));
	registered_notifier = notify;
}
