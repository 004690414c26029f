// Histories as text: numbered lines in kernel terms that one can read in a mail and replay from a file.
//
//   host iommus=1 hashBits=1
//   1 create VM 1 with vCPUs 0-1
//   2 allocate irqs 0-1 of device 0
//   3 route irq 0 to vm 1 vcpu 0, vector 0x30
//   ...
//   -> what came of it; nothing from here on is read
//
// Lines that begin with host name what differs from the preset v6.8. Numbers of lines are optional; a line that begins
// with # is a comment.
import { HOST_PRESETS, type HostParameters, hostSchema } from '../../machine/host.js';
import { UsageError } from '../../machine/usage-error.js';
import { type History, historyStream, operationsOf } from './history.js';
import { describeOperation, type VcpuNames } from './operation-text.js';
import { HEADER_WORDS, type Operation } from './stream.js';

/** The names of the vCPUs that operations create. */
function namesIn(operations: readonly Operation[]): VcpuNames {
  const vcpus = new Map<number, { readonly vm: number; readonly id: number }>();
  for (const { name, operand, argument, count, firstVcpuId } of operations) {
    if (name !== 'createVm') continue;
    for (let index = 0; index < count; index++) {
      vcpus.set(argument + index, { vm: operand, id: firstVcpuId + index });
    }
  }
  return {
    hasVcpu: (vcpu) => vcpus.has(vcpu),
    vmOf: (vcpu) => vcpus.get(vcpu)?.vm ?? 0,
    vcpuIdOf: (vcpu) => vcpus.get(vcpu)?.id ?? 0,
  };
}

/** Operations of which only the operand tells two of a run apart. */
const RUNS: readonly Operation['name'][] = [
  'createVm',
  'destroyVm',
  'allocIrq',
  'freeIrq',
  'route',
  'unroute',
  'interrupt',
  'drainGaLog',
];

/** Whether an operation goes on with a run of `length` that another began. */
function continuesRun(first: Operation, length: number, next: Operation): boolean {
  return (
    RUNS.includes(first.name) &&
    next.name === first.name &&
    next.operand === first.operand + length &&
    (next.argument === first.argument || first.name === 'createVm') &&
    next.count === first.count &&
    next.firstVcpuId === first.firstVcpuId
  );
}

const isSame = (one: Operation, other: Operation): boolean =>
  one.name === other.name && one.operand === other.operand && one.argument === other.argument;

/** The operations in words, runs of like ones as one step. Their VMs must be numbered in the order they come. */
export function stepsOf(operations: readonly Operation[]): string[] {
  const names = namesIn(operations);
  const steps: string[] = [];
  for (let index = 0; index < operations.length; ) {
    const first = operations[index] as Operation;
    let run = 1;
    while (index + run < operations.length && continuesRun(first, run, operations[index + run] as Operation))
      run++;
    let times = 1;
    while (
      run === 1 &&
      index + times < operations.length &&
      isSame(first, operations[index + times] as Operation)
    ) {
      times++;
    }
    steps.push(`${describeOperation(first, names, run)}${times === 1 ? '' : `, ${times} times`}`);
    index += run * times;
  }
  return steps;
}

/** A host's parameters, as far as they are not those of the preset v6.8. */
export function describeHost(host: HostParameters): string {
  const usual: Record<string, unknown> = HOST_PRESETS['v6.8'];
  const own = Object.entries(host).filter(([key, value]) => usual[key] !== value);
  return own.map(([key, value]) => `${key}=${value}`).join(' ');
}

/** What a line of a history says: operations, given those before it. */
interface Form {
  readonly pattern: RegExp;
  read(numbers: readonly string[], context: Context): Operation[];
}

/** What the lines read so far have made. */
interface Context {
  vms: number;
  vcpus: number;
  irqs: number;
  readonly firstVcpuOfVm: Map<number, { readonly vcpu: number; readonly id: number; readonly count: number }>;
}

/** A line cannot be taken; the message says why. */
class LineError extends Error {}

function operation(
  name: Operation['name'],
  operand: number,
  argument = 0,
  count = 0,
  firstVcpuId = 0,
): Operation {
  return { name, operand, argument, count, firstVcpuId };
}

/** The numbers from `first` to `last`; `last` may be missing. */
function range(first = '', last: string | undefined = undefined): number[] {
  const [from, to] = [Number(first), Number(last ?? first)];
  if (to < from || to - from >= 1 << 20) throw new LineError(`expected a range, not ${from}-${to}`);
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

function vcpuNumber(vm: string | undefined, id: string | undefined, { firstVcpuOfVm }: Context): number {
  const known = firstVcpuOfVm.get(Number(vm));
  const index = Number(id) - (known?.id ?? 0);
  if (known === undefined || index < 0 || index >= known.count) {
    throw new LineError(`there is no vm ${vm} vcpu ${id}`);
  }
  return known.vcpu + index;
}

const FORMS: readonly Form[] = [
  {
    pattern: /^create vms? (\d+)(?:-(\d+))? with vcpus? (\d+)(?:-(\d+))?(?: each)?$/i,
    read([first, last, firstId, lastId], context) {
      const ids = range(firstId, lastId);
      return range(first, last).map((vm) => {
        if (vm !== context.vms + 1) throw new LineError(`expected VM ${context.vms + 1}, the next in order`);
        const created = operation('createVm', vm - 1, context.vcpus, ids.length, ids[0]);
        context.firstVcpuOfVm.set(vm, { vcpu: context.vcpus, id: ids[0] as number, count: ids.length });
        context.vms++;
        context.vcpus += ids.length;
        return created;
      });
    },
  },
  {
    pattern: /^destroy vms? (\d+)(?:-(\d+))?$/i,
    read: ([first, last]) => range(first, last).map((vm) => operation('destroyVm', vm - 1)),
  },
  {
    pattern: /^allocate irqs? (\d+)(?:-(\d+))? of device (\d+)$/i,
    read: ([first, last, device], context) =>
      range(first, last).map((irq) => {
        if (irq !== context.irqs) throw new LineError(`expected irq ${context.irqs}, the next in order`);
        context.irqs++;
        return operation('allocIrq', irq, Number(device));
      }),
  },
  {
    pattern: /^route irqs? (\d+)(?:-(\d+))? to vm (\d+) vcpu (\d+), vector 0x([0-9a-f]{2})$/i,
    read([first, last, vm, id, vector], context) {
      const target = (vcpuNumber(vm, id, context) << 8) | Number.parseInt(vector ?? '', 16);
      return range(first, last).map((irq) => operation('route', irq, target));
    },
  },
  {
    pattern: /^load vm (\d+) vcpu (\d+) on cpu (\d{1,10})$/i,
    read: ([vm, id, cpu], context) => [operation('load', vcpuNumber(vm, id, context), Number(cpu))],
  },
  {
    pattern: /^put vm (\d+) vcpu (\d+), (preempted|blocking)$/i,
    read: ([vm, id, why], context) => [
      operation('put', vcpuNumber(vm, id, context), why === 'blocking' ? 1 : 0),
    ],
  },
  {
    pattern: /^(free|unroute|interrupt) irqs? (\d+)(?:-(\d+))?$/i,
    read([verb, first, last]) {
      const name = verb === 'free' ? 'freeIrq' : (verb as 'unroute' | 'interrupt');
      return range(first, last).map((irq) => operation(name, irq));
    },
  },
  {
    pattern: /^drain the ga logs? of iommus? (\d+)(?:-(\d+))?$/i,
    read: ([first, last]) => range(first, last).map((iommu) => operation('drainGaLog', iommu)),
  },
];

const EXPECTED = 'expected an operation such as "load vm 1 vcpu 0 on CPU 2"';

function readStep(step: string, context: Context): Operation[] {
  const [, once = step, times] = /^(.*), (\d+) times$/.exec(step) ?? [];
  for (const { pattern, read } of FORMS) {
    const match = pattern.exec(once);
    if (match === null) continue;
    const operations = read(match.slice(1), context);
    if (times === undefined) return operations;
    return range('1', times).flatMap(() => operations);
  }
  throw new LineError(EXPECTED);
}

/** Reads parameters over those of a host. */
function readHost(host: HostParameters, words: string): HostParameters {
  const entries = words
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => {
      const [, key = '', value = ''] = /^(\w+)=(\S+)$/.exec(word) ?? [];
      if (key === '') throw new LineError(`expected KEY=VALUE, not "${word}"`);
      return [key, /^\d+$/.test(value) ? Number(value) : value];
    });
  const parsed = hostSchema.safeParse({ ...host, ...Object.fromEntries(entries) });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new LineError(`${issue?.path.join('.') || 'host'}: ${issue?.message}`);
}

/**
 * Reads a history.
 *
 * @param file - Its name, for messages.
 * @throws UsageError that names the line and what was expected there.
 */
export function parseHistory(text: string, file: string): History {
  const context: Context = { vms: 0, vcpus: 0, irqs: 0, firstVcpuOfVm: new Map() };
  const operations: Operation[] = [];
  const lineOf: number[] = [];
  let host = HOST_PRESETS['v6.8'];
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim().replace(/^\d+\.?\s+/, '');
    if (line.startsWith('->')) break;
    if (line === '' || line.startsWith('#')) continue;
    try {
      if (/^host\b/.test(line)) host = readHost(host, line.slice(4));
      else operations.push(...readStep(line, context));
    } catch (error) {
      if (!(error instanceof LineError)) throw error;
      throw new UsageError(`${file}: line ${index + 1}: ${error.message}`);
    }
    while (lineOf.length < operations.length) lineOf.push(index + 1);
  }
  if (operations.length === 0) throw new UsageError(`${file}: ${EXPECTED}, found none`);
  const stream = historyStream({ host, operations }, (index, reason) => {
    throw new UsageError(`${file}: line ${lineOf[index]}: no host can do this here: ${reason}`);
  });
  return { host, operations: operationsOf(stream, HEADER_WORDS, stream.windowStart) };
}
