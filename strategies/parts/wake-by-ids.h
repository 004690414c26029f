// SVM with vm_ids, and the wakeup of the designs whose tags hold a vm_id and a vcpu_id: it decodes them and looks the vCPU up.
#pragma once

#include "svm.h"
#include "tag-encoding.h"

static inline void wake(uint32_t tag, address iommu)
{
	(void)iommu;
	wake_by_ids(tag_vm_id(tag), tag_vcpu_id(tag));
}
