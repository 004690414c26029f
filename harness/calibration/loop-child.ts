// A loop written by hand that times one strategy on one stream of loads and puts. It has no protocol between batches, no
// other process and no library. The times of the harness are compared with its times.
//
// Arguments: the job's path, the seed of its heap, warm-up windows, batches, windows in a batch, and the number of all
// replays. The timed process may have taken rounds again; the loop makes those replays last.
import { NO_LISTENER } from '../../machine/ga-log.js';
import { createHost } from '../../machine/machine.js';
import { type Address, Memory } from '../../machine/memory.js';
import { devidOf } from '../../machine/pci-segment.js';
import type { Strategy } from '../../strategies/strategy.js';
import { HEADER_WORDS, OP, type OperationStream, operationWords } from '../../workloads/stream/stream.js';
import type { ChildJob } from '../process/child-job.js';
import { begin, importStrategy, readLine, readStream, readTimedJob, reply } from '../process/child-main.js';
import { digestOfRanked } from '../replay/digest.js';

/** The time of each batch in ns, and the digest. The stream has no interrupts, so that it delivers and wakes nothing. */
export interface LoopReply {
  readonly batchNs: readonly number[];
  readonly digest: string;
}

/** Runs the setup. @returns A function that replays the window, and its host. */
function setUp(job: ChildJob, strategy: Strategy, stream: OperationStream) {
  const { words, windowStart, windowEnd } = stream;
  const host = createHost(new Memory(), job.host, stream.devices, NO_LISTENER);
  const hypervisor = strategy.create(host);
  const vcpus = new Int32Array(stream.vcpus);
  const irqs = new Int32Array(stream.irqs);
  for (let at = HEADER_WORDS; at < windowStart; at += operationWords((words[at] as number) & 15)) {
    const operand = (words[at] as number) >>> 4;
    const code = (words[at] as number) & 15;
    const argument = words[at + 1] as number;
    if (code === OP.createVm) {
      const count = words[at + 2] as number;
      const vm = hypervisor.createVm(operand, argument, count, words[at + 3] as number);
      for (let index = 0; index < count; index++) vcpus[argument + index] = hypervisor.vcpuAt(vm, index);
    } else if (code === OP.allocIrq) {
      irqs[operand] = hypervisor.allocIrq(operand, devidOf(argument, job.host.iommus));
    } else if (code === OP.route) {
      hypervisor.route(irqs[operand] as Address, vcpus[argument >>> 8] as Address, argument & 0xff);
    } else if (code === OP.load) {
      hypervisor.load(vcpus[operand] as Address, argument);
    } else {
      throw new TypeError(`the setup has an operation ${code} that this loop does not know`);
    }
  }
  function replay(): void {
    for (let at = windowStart; at < windowEnd; at += 2) {
      const word = words[at] as number;
      const vcpu = vcpus[word >>> 4] as Address;
      const argument = words[at + 1] as number;
      if ((word & 15) === OP.load) hypervisor.load(vcpu, argument);
      else hypervisor.put(vcpu, argument !== 0);
    }
  }
  return { replay, host };
}

function time(replay: () => void, count: number): number {
  const start = process.hrtime.bigint();
  for (let window = 0; window < count; window++) replay();
  return Number(process.hrtime.bigint() - start);
}

const leave = begin();
const [warmUpWindows = 0, batches = 0, windows = 0, replays = 0] = process.argv.slice(4).map(Number);
const job = readTimedJob();
const { replay, host } = setUp(job, await importStrategy(job.strategy), readStream(job.stream));
reply({ ready: true });
readLine();
for (let window = 0; window < warmUpWindows; window++) time(replay, 1);
const batchNs: number[] = [];
for (let batch = 0; batch < batches; batch++) {
  replay();
  batchNs.push(time(replay, windows));
}
time(replay, replays - warmUpWindows - batches * (1 + windows));
const { start, end } = host.irtes;
reply({ batchNs, digest: digestOfRanked(host.memory.words.subarray(start, end), new Int32Array(2)) });
leave();
