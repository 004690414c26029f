// SVM with vm_ids, and the wakeup of the designs whose tags hold a vm_id and a vcpu_id: it decodes them and looks the vCPU up.
#pragma once

#include "svm.h"
#include "tag-encoding.h"

static inline address wake(uint32_t tag, address iommu)
{
	(void)iommu;
	return find_vcpu(tag_vm_id(tag), tag_vcpu_id(tag));
}
