// The PCI segment: its devices, and the driver's tables by device id, pci-segment.ts.
#pragma once

#include "iommus.h"

static address pci_seg;

/* Device ids behind one IOMMU. */
static inline uint32_t devices_per_iommu(void)
{
	return (DEVICE_IDS / host.iommus / FUNCTIONS - 1) * FUNCTIONS;
}

/* The device id of a device: bus, device and function. */
static inline uint32_t devid_of(uint32_t device)
{
	return device % host.iommus * devices_per_iommu() + device / host.iommus;
}

static inline void create_pci_segment(uint32_t devices)
{
	struct amd_iommu_pci_seg *seg;
	address dev_data;

	pci_seg = reserve(sizeof(*seg) / sizeof(uint32_t), LINE_WORDS);
	seg = AT(amd_iommu_pci_seg, pci_seg);
	seg->rlookup_table = reserve(DEVICE_IDS * POINTER_WORDS, LINE_WORDS);
	seg->irq_lookup_table = reserve(DEVICE_IDS * POINTER_WORDS, LINE_WORDS);
	dev_data = reserve(devices * LINE_WORDS, LINE_WORDS);
	for (uint32_t number = 0; number < host.iommus; number++)
		AT(amd_iommu, iommus[number])->pci_seg = pci_seg;
	/* Each new device becomes the first of the list. */
	for (uint32_t device = 0; device < devices; device++, dev_data += LINE_WORDS) {
		AT(iommu_dev_data, dev_data)->devid = devid_of(device);
		AT(iommu_dev_data, dev_data)->dev_data_list = seg->dev_data_list;
		seg->dev_data_list = dev_data;
		MEMORY[seg->rlookup_table + devid_of(device) * POINTER_WORDS] = ADDRESS_OF(iommu_behind(device));
	}
}

/* The IOMMU of a device, from the segment's table. */
static inline struct amd_iommu *iommu_of(uint32_t devid)
{
	return AT(amd_iommu, MEMORY[AT(amd_iommu_pci_seg, pci_seg)->rlookup_table + devid * POINTER_WORDS]);
}

/* Finds the driver's structure for a device on the list of all devices of an IOMMU's segment. */
static inline void search_dev_data(const struct amd_iommu *iommu, uint32_t devid)
{
	address dev_data = AT(amd_iommu_pci_seg, iommu->pci_seg)->dev_data_list;

	while (dev_data && AT(iommu_dev_data, dev_data)->devid != devid)
		dev_data = AT(iommu_dev_data, dev_data)->dev_data_list;
	/* Without a use of what it finds, a compiler would leave the walk out. */
	if (!dev_data)
		refuse("no device has this id");
}
