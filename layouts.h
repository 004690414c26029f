// Made by `npm run layouts-header`; not to be edited. The structures of the modelled host, as words, and the numbers
// that the designs in C and in TypeScript share.
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Index of a 32-bit word in memory. Of an 8-byte pointer the low word holds it. */
typedef uint32_t address;

/* Memory. */
#define LINE_WORDS 16u
#define POINTER_WORDS (POINTER_BYTES / 4u)

/* The interrupt-remapping table entry. */
#define VALID 0x1u
#define GA_LOG_INTR 0x4u
#define IS_RUN 0x40u
#define GUEST_MODE 0x80u
#define DESTINATION_LO 0xffffff00u
#define DESTINATION_HI 0xff000000u
#define ROOT_LO 0xfffff000u
#define ROOT_HI 0xfffffu

/* The host. */
#define GA_LOG_ENTRIES 512u
#define GA_LOG_GUEST_INTERRUPT 0x10000000u
#define END_OF_CHAIN 0xffffffffu
#define DELIVERY_DOORBELL 0u
#define DELIVERY_LOGGED 1u
#define DELIVERY_OVERFLOW 2u
#define DELIVERY_PENDING 3u
#define DELIVERY_REMAPPED 4u
#define DELIVERY_ABORTED 5u
#define FLUSH_NONE 0u
#define FLUSH_PER_ENTRY 1u
#define FLUSH_PER_DEVICE 2u

/* SVM. */
#define VM_HASH_BITS 8u
#define NO_CPU (-1)

/* The operation stream. */
#define STREAM_MAGIC_NUMBER 0x42544147u
#define STREAM_VERSION_NUMBER 1u
#define STREAM_HEADER_WORDS 16u
#define STREAM_MAGIC 0u
#define STREAM_VERSION 1u
#define STREAM_VMS 2u
#define STREAM_VCPUS 3u
#define STREAM_IRQS 4u
#define STREAM_DEVICES 5u
#define STREAM_CPUS 6u
#define STREAM_IOMMUS 7u
#define STREAM_WINDOW_START 8u
#define STREAM_WINDOW_END 9u
#define STREAM_WINDOW_OPERATIONS 10u
#define OP_CREATE_VM 1u
#define OP_DESTROY_VM 2u
#define OP_ALLOC_IRQ 3u
#define OP_FREE_IRQ 4u
#define OP_ROUTE 5u
#define OP_UNROUTE 6u
#define OP_LOAD 7u
#define OP_PUT 8u
#define OP_INTERRUPT 9u
#define OP_DRAIN_GA_LOG 10u

/* The image. */
#define IMAGE_MAGIC_NUMBER 0x49544147u
#define IMAGE_VERSION_NUMBER 1u
#define IMAGE_HEADER_WORDS 29u
#define IMAGE_MAGIC 0u
#define IMAGE_VERSION 1u
#define IMAGE_POINTER_BYTES 2u
#define IMAGE_IOMMUS 3u
#define IMAGE_DEVICES 4u
#define IMAGE_VCPUS 5u
#define IMAGE_IRQS 6u
#define IMAGE_HASH_BITS 7u
#define IMAGE_HASH_MULTIPLIER 8u
#define IMAGE_IRTE_TABLE_SHIFT 9u
#define IMAGE_GLOBAL_TABLE_LOCK 10u
#define IMAGE_FLUSH 11u
#define IMAGE_TOP 12u
#define IMAGE_IRTE_TABLES 13u
#define IMAGE_IRQ_REMAP_TABLES 14u
#define IMAGE_IRQ_LOOKUP_TABLE 15u
#define IMAGE_IOMMU_TABLE_LOCK 16u
#define IMAGE_FLUSH_CHAIN 17u
#define IMAGE_SVM_VM_DATA_HASH_LOCK 18u
#define IMAGE_SVM_VM_DATA_HASH 19u
#define IMAGE_VCPU_DIRECTORY 20u
#define IMAGE_ID 21u
#define IMAGE_ID_WORDS 8u

/* The protocol. */
#define WARM_UP_WINDOWS 12u
#define CALIBRATION_READINGS 2u
#define LATENCY_INTERVAL 16u
#define MOST_LATENCIES 131072u
#define FNV_OFFSET 0x811c9dc5u
#define FNV_PRIME 0x1000193u
#define SECOND_OFFSET 0x1u
#define SECOND_PRIME 0x9e3779b1u
#define FOLD_SHIFT 15u

#if POINTER_BYTES == 8

struct list_head {
	address next;
	uint32_t padding_1[1];
	address prev;
	uint32_t padding_3[1];
};
_Static_assert(offsetof(struct list_head, next) == 0, "list_head.next");
_Static_assert(offsetof(struct list_head, prev) == 8, "list_head.prev");
_Static_assert(sizeof(struct list_head) == 16, "list_head");

struct hlist_node {
	address next;
	uint32_t padding_1[1];
	address pprev;
	uint32_t padding_3[1];
};
_Static_assert(offsetof(struct hlist_node, next) == 0, "hlist_node.next");
_Static_assert(offsetof(struct hlist_node, pprev) == 8, "hlist_node.pprev");
_Static_assert(sizeof(struct hlist_node) == 16, "hlist_node");

struct amd_iommu {
	address ga_log;
	uint32_t padding_1[1];
	uint32_t ga_log_head;
	uint32_t ga_log_tail;
	uint32_t ga_log_overflow;
	uint32_t invalidate_count;
	uint32_t completion_wait_count;
	uint32_t lock;
	address driver_data;
	uint32_t padding_9[1];
};
_Static_assert(offsetof(struct amd_iommu, ga_log) == 0, "amd_iommu.ga_log");
_Static_assert(offsetof(struct amd_iommu, ga_log_head) == 8, "amd_iommu.ga_log_head");
_Static_assert(offsetof(struct amd_iommu, ga_log_tail) == 12, "amd_iommu.ga_log_tail");
_Static_assert(offsetof(struct amd_iommu, ga_log_overflow) == 16, "amd_iommu.ga_log_overflow");
_Static_assert(offsetof(struct amd_iommu, invalidate_count) == 20, "amd_iommu.invalidate_count");
_Static_assert(offsetof(struct amd_iommu, completion_wait_count) == 24, "amd_iommu.completion_wait_count");
_Static_assert(offsetof(struct amd_iommu, lock) == 28, "amd_iommu.lock");
_Static_assert(offsetof(struct amd_iommu, driver_data) == 32, "amd_iommu.driver_data");
_Static_assert(sizeof(struct amd_iommu) == 40, "amd_iommu");

struct irq_remap_table {
	uint32_t lock;
	uint32_t min_index;
	address table;
	uint32_t padding_3[1];
};
_Static_assert(offsetof(struct irq_remap_table, lock) == 0, "irq_remap_table.lock");
_Static_assert(offsetof(struct irq_remap_table, min_index) == 4, "irq_remap_table.min_index");
_Static_assert(offsetof(struct irq_remap_table, table) == 8, "irq_remap_table.table");
_Static_assert(sizeof(struct irq_remap_table) == 16, "irq_remap_table");

struct amd_ir_data {
	uint32_t cached_ga_tag;
	uint32_t padding_1[1];
	address iommu;
	uint32_t padding_3[1];
	uint32_t irq2_irte;
	uint32_t msi_entry[3];
	address entry;
	uint32_t padding_9[1];
	address ref;
	uint32_t padding_11[1];
	address cfg;
	uint32_t padding_13[1];
	uint32_t ga_vector;
	uint32_t padding_15[1];
	uint32_t ga_root_ptr;
	uint32_t padding_17[1];
	uint32_t ga_tag;
	uint32_t padding_19[1];
};
_Static_assert(offsetof(struct amd_ir_data, cached_ga_tag) == 0, "amd_ir_data.cached_ga_tag");
_Static_assert(offsetof(struct amd_ir_data, iommu) == 8, "amd_ir_data.iommu");
_Static_assert(offsetof(struct amd_ir_data, irq2_irte) == 16, "amd_ir_data.irq2_irte");
_Static_assert(offsetof(struct amd_ir_data, msi_entry) == 20, "amd_ir_data.msi_entry");
_Static_assert(offsetof(struct amd_ir_data, entry) == 32, "amd_ir_data.entry");
_Static_assert(offsetof(struct amd_ir_data, ref) == 40, "amd_ir_data.ref");
_Static_assert(offsetof(struct amd_ir_data, cfg) == 48, "amd_ir_data.cfg");
_Static_assert(offsetof(struct amd_ir_data, ga_vector) == 56, "amd_ir_data.ga_vector");
_Static_assert(offsetof(struct amd_ir_data, ga_root_ptr) == 64, "amd_ir_data.ga_root_ptr");
_Static_assert(offsetof(struct amd_ir_data, ga_tag) == 72, "amd_ir_data.ga_tag");
_Static_assert(sizeof(struct amd_ir_data) == 80, "amd_ir_data");

struct amd_ir_data_hashed {
	struct hlist_node hnode;
	uint32_t cached_ga_tag;
	uint32_t padding_5[1];
	address iommu;
	uint32_t padding_7[1];
	uint32_t irq2_irte;
	uint32_t msi_entry[3];
	address entry;
	uint32_t padding_13[1];
	address ref;
	uint32_t padding_15[1];
	address cfg;
	uint32_t padding_17[1];
	uint32_t ga_vector;
	uint32_t padding_19[1];
	uint32_t ga_root_ptr;
	uint32_t padding_21[1];
	uint32_t ga_tag;
	uint32_t padding_23[1];
};
_Static_assert(offsetof(struct amd_ir_data_hashed, hnode) == 0, "amd_ir_data_hashed.hnode");
_Static_assert(offsetof(struct amd_ir_data_hashed, cached_ga_tag) == 16, "amd_ir_data_hashed.cached_ga_tag");
_Static_assert(offsetof(struct amd_ir_data_hashed, iommu) == 24, "amd_ir_data_hashed.iommu");
_Static_assert(offsetof(struct amd_ir_data_hashed, irq2_irte) == 32, "amd_ir_data_hashed.irq2_irte");
_Static_assert(offsetof(struct amd_ir_data_hashed, msi_entry) == 36, "amd_ir_data_hashed.msi_entry");
_Static_assert(offsetof(struct amd_ir_data_hashed, entry) == 48, "amd_ir_data_hashed.entry");
_Static_assert(offsetof(struct amd_ir_data_hashed, ref) == 56, "amd_ir_data_hashed.ref");
_Static_assert(offsetof(struct amd_ir_data_hashed, cfg) == 64, "amd_ir_data_hashed.cfg");
_Static_assert(offsetof(struct amd_ir_data_hashed, ga_vector) == 72, "amd_ir_data_hashed.ga_vector");
_Static_assert(offsetof(struct amd_ir_data_hashed, ga_root_ptr) == 80, "amd_ir_data_hashed.ga_root_ptr");
_Static_assert(offsetof(struct amd_ir_data_hashed, ga_tag) == 88, "amd_ir_data_hashed.ga_tag");
_Static_assert(sizeof(struct amd_ir_data_hashed) == 96, "amd_ir_data_hashed");

struct kvm_svm {
	struct hlist_node vm_hash;
	uint32_t vm_id;
	uint32_t vcpu_count;
	address vcpus;
	uint32_t padding_7[1];
};
_Static_assert(offsetof(struct kvm_svm, vm_hash) == 0, "kvm_svm.vm_hash");
_Static_assert(offsetof(struct kvm_svm, vm_id) == 16, "kvm_svm.vm_id");
_Static_assert(offsetof(struct kvm_svm, vcpu_count) == 20, "kvm_svm.vcpu_count");
_Static_assert(offsetof(struct kvm_svm, vcpus) == 24, "kvm_svm.vcpus");
_Static_assert(sizeof(struct kvm_svm) == 32, "kvm_svm");

struct vcpu_svm {
	address kvm;
	uint32_t padding_1[1];
	uint32_t vcpu_id;
	uint32_t vcpu_idx;
	uint32_t backing_page;
	uint32_t cpu;
	uint32_t is_running;
	uint32_t is_blocking;
};
_Static_assert(offsetof(struct vcpu_svm, kvm) == 0, "vcpu_svm.kvm");
_Static_assert(offsetof(struct vcpu_svm, vcpu_id) == 8, "vcpu_svm.vcpu_id");
_Static_assert(offsetof(struct vcpu_svm, vcpu_idx) == 12, "vcpu_svm.vcpu_idx");
_Static_assert(offsetof(struct vcpu_svm, backing_page) == 16, "vcpu_svm.backing_page");
_Static_assert(offsetof(struct vcpu_svm, cpu) == 20, "vcpu_svm.cpu");
_Static_assert(offsetof(struct vcpu_svm, is_running) == 24, "vcpu_svm.is_running");
_Static_assert(offsetof(struct vcpu_svm, is_blocking) == 28, "vcpu_svm.is_blocking");
_Static_assert(sizeof(struct vcpu_svm) == 32, "vcpu_svm");

struct vcpu_svm_listed {
	address kvm;
	uint32_t padding_1[1];
	uint32_t vcpu_id;
	uint32_t vcpu_idx;
	uint32_t backing_page;
	uint32_t cpu;
	uint32_t is_running;
	uint32_t is_blocking;
	struct list_head ir_list;
	uint32_t ir_list_lock;
	uint32_t padding_13[1];
};
_Static_assert(offsetof(struct vcpu_svm_listed, kvm) == 0, "vcpu_svm_listed.kvm");
_Static_assert(offsetof(struct vcpu_svm_listed, vcpu_id) == 8, "vcpu_svm_listed.vcpu_id");
_Static_assert(offsetof(struct vcpu_svm_listed, vcpu_idx) == 12, "vcpu_svm_listed.vcpu_idx");
_Static_assert(offsetof(struct vcpu_svm_listed, backing_page) == 16, "vcpu_svm_listed.backing_page");
_Static_assert(offsetof(struct vcpu_svm_listed, cpu) == 20, "vcpu_svm_listed.cpu");
_Static_assert(offsetof(struct vcpu_svm_listed, is_running) == 24, "vcpu_svm_listed.is_running");
_Static_assert(offsetof(struct vcpu_svm_listed, is_blocking) == 28, "vcpu_svm_listed.is_blocking");
_Static_assert(offsetof(struct vcpu_svm_listed, ir_list) == 32, "vcpu_svm_listed.ir_list");
_Static_assert(offsetof(struct vcpu_svm_listed, ir_list_lock) == 48, "vcpu_svm_listed.ir_list_lock");
_Static_assert(sizeof(struct vcpu_svm_listed) == 56, "vcpu_svm_listed");

struct vcpu_svm_arrays {
	address kvm;
	uint32_t padding_1[1];
	uint32_t vcpu_id;
	uint32_t vcpu_idx;
	uint32_t backing_page;
	uint32_t cpu;
	uint32_t is_running;
	uint32_t is_blocking;
	uint32_t ga_tag;
	uint32_t irte_count;
	uint32_t capacity;
	uint32_t padding_11[1];
	address irtes;
	uint32_t padding_13[1];
	address irqs;
	uint32_t padding_15[1];
};
_Static_assert(offsetof(struct vcpu_svm_arrays, kvm) == 0, "vcpu_svm_arrays.kvm");
_Static_assert(offsetof(struct vcpu_svm_arrays, vcpu_id) == 8, "vcpu_svm_arrays.vcpu_id");
_Static_assert(offsetof(struct vcpu_svm_arrays, vcpu_idx) == 12, "vcpu_svm_arrays.vcpu_idx");
_Static_assert(offsetof(struct vcpu_svm_arrays, backing_page) == 16, "vcpu_svm_arrays.backing_page");
_Static_assert(offsetof(struct vcpu_svm_arrays, cpu) == 20, "vcpu_svm_arrays.cpu");
_Static_assert(offsetof(struct vcpu_svm_arrays, is_running) == 24, "vcpu_svm_arrays.is_running");
_Static_assert(offsetof(struct vcpu_svm_arrays, is_blocking) == 28, "vcpu_svm_arrays.is_blocking");
_Static_assert(offsetof(struct vcpu_svm_arrays, ga_tag) == 32, "vcpu_svm_arrays.ga_tag");
_Static_assert(offsetof(struct vcpu_svm_arrays, irte_count) == 36, "vcpu_svm_arrays.irte_count");
_Static_assert(offsetof(struct vcpu_svm_arrays, capacity) == 40, "vcpu_svm_arrays.capacity");
_Static_assert(offsetof(struct vcpu_svm_arrays, irtes) == 48, "vcpu_svm_arrays.irtes");
_Static_assert(offsetof(struct vcpu_svm_arrays, irqs) == 56, "vcpu_svm_arrays.irqs");
_Static_assert(sizeof(struct vcpu_svm_arrays) == 64, "vcpu_svm_arrays");

struct kvm_kernel_irqfd {
	struct list_head vcpu_list;
	address ir_data;
	uint32_t padding_5[1];
	address vcpu;
	uint32_t padding_7[1];
};
_Static_assert(offsetof(struct kvm_kernel_irqfd, vcpu_list) == 0, "kvm_kernel_irqfd.vcpu_list");
_Static_assert(offsetof(struct kvm_kernel_irqfd, ir_data) == 16, "kvm_kernel_irqfd.ir_data");
_Static_assert(offsetof(struct kvm_kernel_irqfd, vcpu) == 24, "kvm_kernel_irqfd.vcpu");
_Static_assert(sizeof(struct kvm_kernel_irqfd) == 32, "kvm_kernel_irqfd");

struct amd_svm_iommu_ir {
	struct list_head node;
	address data;
	uint32_t padding_5[1];
};
_Static_assert(offsetof(struct amd_svm_iommu_ir, node) == 0, "amd_svm_iommu_ir.node");
_Static_assert(offsetof(struct amd_svm_iommu_ir, data) == 16, "amd_svm_iommu_ir.data");
_Static_assert(sizeof(struct amd_svm_iommu_ir) == 24, "amd_svm_iommu_ir");

struct directory {
	uint32_t vms;
	uint32_t capacity;
	address vcpus;
	uint32_t padding_3[1];
};
_Static_assert(offsetof(struct directory, vms) == 0, "directory.vms");
_Static_assert(offsetof(struct directory, capacity) == 4, "directory.capacity");
_Static_assert(offsetof(struct directory, vcpus) == 8, "directory.vcpus");
_Static_assert(sizeof(struct directory) == 16, "directory");

#elif POINTER_BYTES == 4

struct list_head {
	address next;
	address prev;
};
_Static_assert(offsetof(struct list_head, next) == 0, "list_head.next");
_Static_assert(offsetof(struct list_head, prev) == 4, "list_head.prev");
_Static_assert(sizeof(struct list_head) == 8, "list_head");

struct hlist_node {
	address next;
	address pprev;
};
_Static_assert(offsetof(struct hlist_node, next) == 0, "hlist_node.next");
_Static_assert(offsetof(struct hlist_node, pprev) == 4, "hlist_node.pprev");
_Static_assert(sizeof(struct hlist_node) == 8, "hlist_node");

struct amd_iommu {
	address ga_log;
	uint32_t ga_log_head;
	uint32_t ga_log_tail;
	uint32_t ga_log_overflow;
	uint32_t invalidate_count;
	uint32_t completion_wait_count;
	uint32_t lock;
	address driver_data;
};
_Static_assert(offsetof(struct amd_iommu, ga_log) == 0, "amd_iommu.ga_log");
_Static_assert(offsetof(struct amd_iommu, ga_log_head) == 4, "amd_iommu.ga_log_head");
_Static_assert(offsetof(struct amd_iommu, ga_log_tail) == 8, "amd_iommu.ga_log_tail");
_Static_assert(offsetof(struct amd_iommu, ga_log_overflow) == 12, "amd_iommu.ga_log_overflow");
_Static_assert(offsetof(struct amd_iommu, invalidate_count) == 16, "amd_iommu.invalidate_count");
_Static_assert(offsetof(struct amd_iommu, completion_wait_count) == 20, "amd_iommu.completion_wait_count");
_Static_assert(offsetof(struct amd_iommu, lock) == 24, "amd_iommu.lock");
_Static_assert(offsetof(struct amd_iommu, driver_data) == 28, "amd_iommu.driver_data");
_Static_assert(sizeof(struct amd_iommu) == 32, "amd_iommu");

struct irq_remap_table {
	uint32_t lock;
	uint32_t min_index;
	address table;
};
_Static_assert(offsetof(struct irq_remap_table, lock) == 0, "irq_remap_table.lock");
_Static_assert(offsetof(struct irq_remap_table, min_index) == 4, "irq_remap_table.min_index");
_Static_assert(offsetof(struct irq_remap_table, table) == 8, "irq_remap_table.table");
_Static_assert(sizeof(struct irq_remap_table) == 12, "irq_remap_table");

struct amd_ir_data {
	uint32_t cached_ga_tag;
	address iommu;
	uint32_t irq2_irte;
	uint32_t msi_entry[3];
	address entry;
	address ref;
	address cfg;
	uint32_t ga_vector;
	uint32_t ga_root_ptr;
	uint32_t padding_11[1];
	uint32_t ga_tag;
};
_Static_assert(offsetof(struct amd_ir_data, cached_ga_tag) == 0, "amd_ir_data.cached_ga_tag");
_Static_assert(offsetof(struct amd_ir_data, iommu) == 4, "amd_ir_data.iommu");
_Static_assert(offsetof(struct amd_ir_data, irq2_irte) == 8, "amd_ir_data.irq2_irte");
_Static_assert(offsetof(struct amd_ir_data, msi_entry) == 12, "amd_ir_data.msi_entry");
_Static_assert(offsetof(struct amd_ir_data, entry) == 24, "amd_ir_data.entry");
_Static_assert(offsetof(struct amd_ir_data, ref) == 28, "amd_ir_data.ref");
_Static_assert(offsetof(struct amd_ir_data, cfg) == 32, "amd_ir_data.cfg");
_Static_assert(offsetof(struct amd_ir_data, ga_vector) == 36, "amd_ir_data.ga_vector");
_Static_assert(offsetof(struct amd_ir_data, ga_root_ptr) == 40, "amd_ir_data.ga_root_ptr");
_Static_assert(offsetof(struct amd_ir_data, ga_tag) == 48, "amd_ir_data.ga_tag");
_Static_assert(sizeof(struct amd_ir_data) == 52, "amd_ir_data");

struct amd_ir_data_hashed {
	struct hlist_node hnode;
	uint32_t cached_ga_tag;
	address iommu;
	uint32_t irq2_irte;
	uint32_t msi_entry[3];
	address entry;
	address ref;
	address cfg;
	uint32_t ga_vector;
	uint32_t ga_root_ptr;
	uint32_t padding_13[1];
	uint32_t ga_tag;
};
_Static_assert(offsetof(struct amd_ir_data_hashed, hnode) == 0, "amd_ir_data_hashed.hnode");
_Static_assert(offsetof(struct amd_ir_data_hashed, cached_ga_tag) == 8, "amd_ir_data_hashed.cached_ga_tag");
_Static_assert(offsetof(struct amd_ir_data_hashed, iommu) == 12, "amd_ir_data_hashed.iommu");
_Static_assert(offsetof(struct amd_ir_data_hashed, irq2_irte) == 16, "amd_ir_data_hashed.irq2_irte");
_Static_assert(offsetof(struct amd_ir_data_hashed, msi_entry) == 20, "amd_ir_data_hashed.msi_entry");
_Static_assert(offsetof(struct amd_ir_data_hashed, entry) == 32, "amd_ir_data_hashed.entry");
_Static_assert(offsetof(struct amd_ir_data_hashed, ref) == 36, "amd_ir_data_hashed.ref");
_Static_assert(offsetof(struct amd_ir_data_hashed, cfg) == 40, "amd_ir_data_hashed.cfg");
_Static_assert(offsetof(struct amd_ir_data_hashed, ga_vector) == 44, "amd_ir_data_hashed.ga_vector");
_Static_assert(offsetof(struct amd_ir_data_hashed, ga_root_ptr) == 48, "amd_ir_data_hashed.ga_root_ptr");
_Static_assert(offsetof(struct amd_ir_data_hashed, ga_tag) == 56, "amd_ir_data_hashed.ga_tag");
_Static_assert(sizeof(struct amd_ir_data_hashed) == 60, "amd_ir_data_hashed");

struct kvm_svm {
	struct hlist_node vm_hash;
	uint32_t vm_id;
	uint32_t vcpu_count;
	address vcpus;
};
_Static_assert(offsetof(struct kvm_svm, vm_hash) == 0, "kvm_svm.vm_hash");
_Static_assert(offsetof(struct kvm_svm, vm_id) == 8, "kvm_svm.vm_id");
_Static_assert(offsetof(struct kvm_svm, vcpu_count) == 12, "kvm_svm.vcpu_count");
_Static_assert(offsetof(struct kvm_svm, vcpus) == 16, "kvm_svm.vcpus");
_Static_assert(sizeof(struct kvm_svm) == 20, "kvm_svm");

struct vcpu_svm {
	address kvm;
	uint32_t vcpu_id;
	uint32_t vcpu_idx;
	uint32_t backing_page;
	uint32_t cpu;
	uint32_t is_running;
	uint32_t is_blocking;
};
_Static_assert(offsetof(struct vcpu_svm, kvm) == 0, "vcpu_svm.kvm");
_Static_assert(offsetof(struct vcpu_svm, vcpu_id) == 4, "vcpu_svm.vcpu_id");
_Static_assert(offsetof(struct vcpu_svm, vcpu_idx) == 8, "vcpu_svm.vcpu_idx");
_Static_assert(offsetof(struct vcpu_svm, backing_page) == 12, "vcpu_svm.backing_page");
_Static_assert(offsetof(struct vcpu_svm, cpu) == 16, "vcpu_svm.cpu");
_Static_assert(offsetof(struct vcpu_svm, is_running) == 20, "vcpu_svm.is_running");
_Static_assert(offsetof(struct vcpu_svm, is_blocking) == 24, "vcpu_svm.is_blocking");
_Static_assert(sizeof(struct vcpu_svm) == 28, "vcpu_svm");

struct vcpu_svm_listed {
	address kvm;
	uint32_t vcpu_id;
	uint32_t vcpu_idx;
	uint32_t backing_page;
	uint32_t cpu;
	uint32_t is_running;
	uint32_t is_blocking;
	struct list_head ir_list;
	uint32_t ir_list_lock;
};
_Static_assert(offsetof(struct vcpu_svm_listed, kvm) == 0, "vcpu_svm_listed.kvm");
_Static_assert(offsetof(struct vcpu_svm_listed, vcpu_id) == 4, "vcpu_svm_listed.vcpu_id");
_Static_assert(offsetof(struct vcpu_svm_listed, vcpu_idx) == 8, "vcpu_svm_listed.vcpu_idx");
_Static_assert(offsetof(struct vcpu_svm_listed, backing_page) == 12, "vcpu_svm_listed.backing_page");
_Static_assert(offsetof(struct vcpu_svm_listed, cpu) == 16, "vcpu_svm_listed.cpu");
_Static_assert(offsetof(struct vcpu_svm_listed, is_running) == 20, "vcpu_svm_listed.is_running");
_Static_assert(offsetof(struct vcpu_svm_listed, is_blocking) == 24, "vcpu_svm_listed.is_blocking");
_Static_assert(offsetof(struct vcpu_svm_listed, ir_list) == 28, "vcpu_svm_listed.ir_list");
_Static_assert(offsetof(struct vcpu_svm_listed, ir_list_lock) == 36, "vcpu_svm_listed.ir_list_lock");
_Static_assert(sizeof(struct vcpu_svm_listed) == 40, "vcpu_svm_listed");

struct vcpu_svm_arrays {
	address kvm;
	uint32_t vcpu_id;
	uint32_t vcpu_idx;
	uint32_t backing_page;
	uint32_t cpu;
	uint32_t is_running;
	uint32_t is_blocking;
	uint32_t ga_tag;
	uint32_t irte_count;
	uint32_t capacity;
	address irtes;
	address irqs;
};
_Static_assert(offsetof(struct vcpu_svm_arrays, kvm) == 0, "vcpu_svm_arrays.kvm");
_Static_assert(offsetof(struct vcpu_svm_arrays, vcpu_id) == 4, "vcpu_svm_arrays.vcpu_id");
_Static_assert(offsetof(struct vcpu_svm_arrays, vcpu_idx) == 8, "vcpu_svm_arrays.vcpu_idx");
_Static_assert(offsetof(struct vcpu_svm_arrays, backing_page) == 12, "vcpu_svm_arrays.backing_page");
_Static_assert(offsetof(struct vcpu_svm_arrays, cpu) == 16, "vcpu_svm_arrays.cpu");
_Static_assert(offsetof(struct vcpu_svm_arrays, is_running) == 20, "vcpu_svm_arrays.is_running");
_Static_assert(offsetof(struct vcpu_svm_arrays, is_blocking) == 24, "vcpu_svm_arrays.is_blocking");
_Static_assert(offsetof(struct vcpu_svm_arrays, ga_tag) == 28, "vcpu_svm_arrays.ga_tag");
_Static_assert(offsetof(struct vcpu_svm_arrays, irte_count) == 32, "vcpu_svm_arrays.irte_count");
_Static_assert(offsetof(struct vcpu_svm_arrays, capacity) == 36, "vcpu_svm_arrays.capacity");
_Static_assert(offsetof(struct vcpu_svm_arrays, irtes) == 40, "vcpu_svm_arrays.irtes");
_Static_assert(offsetof(struct vcpu_svm_arrays, irqs) == 44, "vcpu_svm_arrays.irqs");
_Static_assert(sizeof(struct vcpu_svm_arrays) == 48, "vcpu_svm_arrays");

struct kvm_kernel_irqfd {
	struct list_head vcpu_list;
	address ir_data;
	address vcpu;
};
_Static_assert(offsetof(struct kvm_kernel_irqfd, vcpu_list) == 0, "kvm_kernel_irqfd.vcpu_list");
_Static_assert(offsetof(struct kvm_kernel_irqfd, ir_data) == 8, "kvm_kernel_irqfd.ir_data");
_Static_assert(offsetof(struct kvm_kernel_irqfd, vcpu) == 12, "kvm_kernel_irqfd.vcpu");
_Static_assert(sizeof(struct kvm_kernel_irqfd) == 16, "kvm_kernel_irqfd");

struct amd_svm_iommu_ir {
	struct list_head node;
	address data;
};
_Static_assert(offsetof(struct amd_svm_iommu_ir, node) == 0, "amd_svm_iommu_ir.node");
_Static_assert(offsetof(struct amd_svm_iommu_ir, data) == 8, "amd_svm_iommu_ir.data");
_Static_assert(sizeof(struct amd_svm_iommu_ir) == 12, "amd_svm_iommu_ir");

struct directory {
	uint32_t vms;
	uint32_t capacity;
	address vcpus;
};
_Static_assert(offsetof(struct directory, vms) == 0, "directory.vms");
_Static_assert(offsetof(struct directory, capacity) == 4, "directory.capacity");
_Static_assert(offsetof(struct directory, vcpus) == 8, "directory.vcpus");
_Static_assert(sizeof(struct directory) == 12, "directory");

#else
#error POINTER_BYTES is 4 or 8
#endif
