// The cases on which the memories of C and TypeScript are compared after every operation.
import { boundsOf, historiesWithin } from '../../../harness/verify/histories/history-generator.js';
import { HOST_PRESET_NAMES, type HostParameters } from '../../../machine/host.js';
import { WORKLOADS } from '../../../workloads/index.js';
import { openStream } from '../../../workloads/stream/stream.js';
import { StreamBuilder } from '../../../workloads/stream/stream-builder.js';
import type { Case } from './records.js';
import { oddStream, smallHost, smallStream } from './streams.js';

const OPERATIONS = 500;

/** Parameters that make each workload's host small. */
export const SMALL: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  pinned: { vms: 8, operations: OPERATIONS },
  overcommit: { vms: 6, vcpusPerVm: 8, cpus: 12, operations: OPERATIONS },
  'many-queues': { vms: 3, irqsPerVcpu: 16, cpus: 8, operations: OPERATIONS },
  'beyond-255-vms': { vms: 12, cpus: 8, operations: OPERATIONS },
  rebalance: { vms: 4, operations: OPERATIONS },
  'halt-wake': { vms: 8, operations: OPERATIONS },
  churn: { vms: 4, slots: 3, operations: OPERATIONS },
  recorded: { maxOperations: OPERATIONS },
};

/** Values of the host's parameters that no preset has. Those of the small host are in smallHost(). */
const VARIATIONS: readonly Partial<HostParameters>[] = [
  { heap: 'scattered', heapSeed: 7 },
  { hashMultiplier: 'v4.6', iommus: 1 },
  { flush: 'per-device', ipiVirtualization: 'off' },
  { tablePlacement: 'packed' },
  { tablePlacement: 'line' },
  { irqTableEntries: 2048, hashBits: 1 },
];

/** Every workload on both presets with both widths of pointers, and short ones on other hosts. */
export async function smallCases(): Promise<Case[]> {
  const cases: Case[] = [];
  for (const preset of HOST_PRESET_NAMES) {
    for (const pointerBytes of [8, 4] as const) {
      const host = smallHost(preset, { pointerBytes });
      for (const { id, host: changed } of WORKLOADS) {
        const own = { ...host, ...changed };
        cases.push({ name: id, host: own, stream: await smallStream(id, SMALL[id] ?? {}, own) });
      }
      cases.push({ name: 'the odd stream', host, stream: oddStream(host) });
    }
  }
  for (const variation of VARIATIONS) {
    const host = smallHost('v6.8', variation);
    for (const id of ['rebalance', 'halt-wake']) {
      cases.push({ name: id, host, stream: await smallStream(id, { vms: 3, operations: 200 }, host) });
    }
  }
  return cases;
}

/**
 * Generated histories, the same for every strategy. They go beyond the limits of most: what is compared is the memory,
 * and no verdict. No history has more VMs at a time than there are vm_ids, where merged-6.17 would loop forever.
 */
export function historyCases(count: number): Case[] {
  const histories = historiesWithin(boundsOf([]), { count, seed: 1, fixed: {} });
  return histories.map(({ host, words }, index) => ({
    name: `history ${index}`,
    host,
    stream: openStream(words),
  }));
}

/** More irqs than a device's table has entries. Every strategy refuses the last of them. */
export function fullTableCase(): Case {
  const host = smallHost('2016');
  const builder = new StreamBuilder({ ...host, irqTableEntries: 512 });
  const device = builder.addDevice();
  for (let irq = 0; irq <= host.irqTableEntries; irq++) builder.allocIrq(device);
  return { name: 'a full table', host, stream: builder.finishHistory() };
}

/** More VMs at a time than there are vm_ids. */
export function fullBitmapCase(): Case {
  const host = smallHost('v6.8', { maxVmId: 3 });
  const builder = new StreamBuilder(host);
  for (let vm = 0; vm < 4; vm++) builder.createVm(1);
  return { name: 'no free vm_id', host, stream: builder.finishHistory() };
}
