// Small hosts and streams, for what must be the same in C.
import { HOST_PRESETS, type HostParameters, type HostPreset } from '../../../machine/host.js';
import { WORKLOADS } from '../../../workloads/index.js';
import { type OperationStream, operationWords, sealStream } from '../../../workloads/stream/stream.js';
import { StreamBuilder } from '../../../workloads/stream/stream-builder.js';
import type { Workload } from '../../../workloads/workload.js';

/** A host whose image is small and whose buckets are shared. */
export function smallHost(preset: HostPreset, parameters: Partial<HostParameters> = {}): HostParameters {
  return { ...HOST_PRESETS[preset], iommus: 3, hashBits: 4, heap: 'packed', maxVmId: 4095, ...parameters };
}

/**
 * A stream whose window ends two thirds of the way. A closed window leaves nothing to see of most of what its operations
 * did: the last load of each vCPU undoes it.
 */
export function leftOpen({ words, ...header }: OperationStream): OperationStream {
  const { windowStart, windowOperations } = header;
  const operations = Math.floor((2 * windowOperations) / 3);
  let windowEnd = windowStart;
  for (let operation = 0; operation < operations; operation++) {
    windowEnd += operationWords((words[windowEnd] as number) & 15);
  }
  return sealStream(words.slice(), { ...header, windowEnd, windowOperations: operations });
}

/** A workload's stream with such parameters. */
export async function smallStream(
  id: string,
  parameters: Readonly<Record<string, number>>,
  host: HostParameters,
): Promise<OperationStream> {
  const workload = WORKLOADS.find((candidate) => candidate.id === id) as Workload;
  return (await workload.generate(workload.schema.parse(parameters), 1, host)).stream;
}

/**
 * What no workload has: logs that overflow, interrupts in remap mode, a wide destination, vCPU ids that are no index,
 * and tags that name no vCPU, as their ids are cut off.
 */
export function oddStream(host: HostParameters): OperationStream {
  const builder = new StreamBuilder(host);
  const devices = Array.from({ length: 2 * host.iommus }, () => builder.addDevice());
  const vms = [builder.createVm(3, 5), builder.createVm(2, 300), builder.createVm(520)];
  const irqs = vms.flatMap(({ firstVcpu }, vm) =>
    devices.map((device, index) => {
      const irq = builder.allocIrq(device);
      builder.route(irq, vm === 2 ? firstVcpu + 515 + (index % 2) : firstVcpu + (index % 2), 0x30 + index);
      return irq;
    }),
  );
  const hostIrq = builder.allocIrq(devices[0] as number);
  builder.beginWindow();
  for (const [index, irq] of irqs.entries()) {
    const vcpu = builder.routedTo(irq);
    if (builder.isRunning(vcpu)) builder.put(vcpu, index % 3 === 0);
    builder.interrupt(irq);
    builder.load(vcpu, index % 2 === 0 ? 0x1234_5678 : index);
    builder.interrupt(irq);
    builder.put(vcpu, index % 4 !== 0);
    builder.interrupt(irq);
    builder.interrupt(hostIrq);
    if (index % 5 === 0) builder.drainGaLog(builder.iommuOf(irq));
  }
  const last = irqs.at(-1) as number;
  for (let count = 0; count < 1200; count++) builder.interrupt(last);
  return builder.finish();
}
