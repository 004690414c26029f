// The loop that one would write by hand to time one strategy on one stream of loads and puts: no protocol between
// batches, no other process in between, no library. What the harness measures is held against it.
//
// Arguments: the job's path, the seed of its heap, warm-up windows, batches, windows in a batch.
import { createHost } from '../../machine/machine.js';
import { type Address, Memory } from '../../machine/memory.js';
import { HEADER_WORDS, OP, operationWords } from '../../workloads/stream.js';
import { importStrategy, keepStdoutForProtocol, lineReader, readJob, readStream, reply } from '../child-main.js';
import { digestOf, rankTags } from '../digest.js';

/** Time of each batch, and the digest of a timed process that heard and woke nothing. */
export interface LoopReply {
  readonly batchNs: readonly number[];
  readonly digest: string;
}

keepStdoutForProtocol();
const [warmUpWindows, batches, windows] = process.argv.slice(4).map(Number) as [number, number, number];
const job = readJob();
const strategy = await importStrategy(job.strategy);
const { words, windowStart, windowEnd, devices } = readStream(job.stream);
const memory = new Memory();
const host = createHost(memory, job.host, devices, () => {});
const hypervisor = strategy.create(host);
const vcpus: Address[] = [];
const irqs: Address[] = [];

for (let at = HEADER_WORDS; at < windowStart; at += operationWords((words[at] as number) & 15)) {
  const [word, argument, count, firstId] = words.subarray(at, at + 4) as unknown as [
    number,
    number,
    number,
    number,
  ];
  const operand = word >>> 4;
  const code = word & 15;
  if (code === OP.createVm) {
    const vm = hypervisor.createVm(operand, argument, count, firstId);
    for (let index = 0; index < count; index++) vcpus[argument + index] = hypervisor.vcpuAt(vm, index);
  } else if (code === OP.allocIrq) irqs[operand] = hypervisor.allocIrq(operand, argument);
  else if (code === OP.route) {
    hypervisor.route(irqs[operand] as Address, vcpus[argument >>> 8] as Address, argument & 0xff);
  } else if (code === OP.load) hypervisor.load(vcpus[operand] as Address, argument);
  else throw new TypeError(`the setup has an operation ${code} that this loop does not know`);
}

function replayWindow(): void {
  for (let at = windowStart; at < windowEnd; at += 2) {
    const word = words[at] as number;
    const vcpu = vcpus[word >>> 4] as Address;
    const argument = words[at + 1] as number;
    if ((word & 15) === OP.load) hypervisor.load(vcpu, argument);
    else hypervisor.put(vcpu, argument !== 0);
  }
}

function time(count: number): number {
  const start = process.hrtime.bigint();
  for (let window = 0; window < count; window++) replayWindow();
  return Number(process.hrtime.bigint() - start);
}

reply({ ready: true });
lineReader()();
for (let window = 0; window < warmUpWindows; window++) time(1);
const batchNs: number[] = [];
for (let batch = 0; batch < batches; batch++) {
  replayWindow();
  batchNs.push(time(windows));
}
const { start, end } = host.irtes;
reply({ batchNs, digest: digestOf(rankTags(memory.words.subarray(start, end)), new Int32Array(2)) });
