// Reads a history from text: numbered lines in kernel terms, as a report prints them and operation-text.ts writes them.
//
//   host iommus=1 hashBits=1
//   1 create VM 1 with vCPUs 0-1
//   2 allocate irqs 0-1 of device 0
//   3 route irq 0 to vm 1 vcpu 0, vector 0x30
//   ...
//   -> the outcome; the reader stops here
//
// A line that begins with host names the parameters that differ from the preset v6.8. Line numbers are optional. A line
// that begins with # is a comment.
import { HOST_PRESETS, type HostParameters, hostSchema } from '../../machine/host.js';
import { UsageError } from '../../machine/usage-error.js';
import { type History, historyStream, operationsOf } from './history.js';
import { HEADER_WORDS, type Operation } from './stream.js';

/** One form of a line. */
interface Form {
  readonly pattern: RegExp;
  /** The operations of a line, given the groups of the pattern. */
  read(groups: readonly string[], context: Context): Operation[];
}

/** The VMs, vCPUs and irqs that the lines so far have created. */
interface Context {
  vcpus: number;
  irqs: number;
  readonly vms: Operation[];
}

/** A line cannot be read; the message says why. */
class LineError extends Error {}

function operation(name: Operation['name'], operand: number, argument = 0): Operation {
  return { name, operand, argument, count: 0, firstVcpuId: 0 };
}

/** Most operations of a history, and most vCPUs. */
const MAX_OPERATIONS = 1 << 20;

/** Reads a number. @param most - The largest that its field has room for. */
function numberOf(digits = '', most = MAX_OPERATIONS): number {
  const number = Number(digits);
  if (number > most) throw new LineError(`expected a number up to ${most}, not ${digits}`);
  return number;
}

/** The numbers from `first` to `last`; `last` may be missing. */
function range(first = '', last = first): number[] {
  const [from, to] = [numberOf(first), numberOf(last)];
  if (to < from) throw new LineError(`expected a range, not ${from}-${to}`);
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

function vcpuNumber(vm: string | undefined, id: string | undefined, { vms }: Context): number {
  const known = vms[numberOf(vm) - 1];
  const index = numberOf(id) - (known?.firstVcpuId ?? 0);
  if (known === undefined || index < 0 || index >= known.count) {
    throw new LineError(`there is no vm ${vm} vcpu ${id}`);
  }
  return known.argument + index;
}

const FORMS: readonly Form[] = [
  {
    pattern: /^create vms? (\d+)(?:-(\d+))? with vcpus? (\d+)(?:-(\d+))?(?: each)?$/i,
    read([first, last, firstId, lastId], context) {
      const ids = range(firstId, lastId);
      return range(first, last).map((vm) => {
        const next = context.vms.length + 1;
        if (vm !== next) throw new LineError(`expected VM ${next}, the next in order`);
        if (context.vcpus + ids.length > MAX_OPERATIONS) {
          throw new LineError(`expected at most ${MAX_OPERATIONS} vCPUs in all`);
        }
        const first = { count: ids.length, firstVcpuId: ids[0] as number };
        const created = { ...operation('createVm', vm - 1, context.vcpus), ...first };
        context.vms.push(created);
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
        return operation('allocIrq', irq, numberOf(device));
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
    pattern: /^load vm (\d+) vcpu (\d+) on cpu (\d+)$/i,
    read: ([vm, id, cpu], context) => [
      operation('load', vcpuNumber(vm, id, context), numberOf(cpu, MAX_CPU)),
    ],
  },
  {
    pattern: /^put vm (\d+) vcpu (\d+), (preempted|blocking)$/i,
    read: ([vm, id, why], context) => [
      operation('put', vcpuNumber(vm, id, context), why?.toLowerCase() === 'blocking' ? 1 : 0),
    ],
  },
  {
    pattern: /^(free|unroute|interrupt) irqs? (\d+)(?:-(\d+))?$/i,
    read([word, first, last]) {
      const verb = word?.toLowerCase();
      const name = verb === 'free' ? 'freeIrq' : (verb as 'unroute' | 'interrupt');
      return range(first, last).map((irq) => operation(name, irq));
    },
  },
  {
    pattern: /^drain the ga logs? of iommus? (\d+)(?:-(\d+))?$/i,
    read: ([first, last]) => range(first, last).map((iommu) => operation('drainGaLog', iommu)),
  },
];

/** Largest APIC id that a stream holds; an IRTE has room for 32 bits. */
const MAX_CPU = 0x7fff_fffe;

const EXPECTED = 'expected an operation such as "load vm 1 vcpu 0 on CPU 2"';

/** @param room - The most operations that it may have. */
function readStep(step: string, context: Context, room: number): Operation[] {
  const [, once = step, times = '1'] = /^(.*), (\d+) times$/i.exec(step) ?? [];
  for (const { pattern, read } of FORMS) {
    const match = pattern.exec(once);
    if (match === null) continue;
    const operations = read(match.slice(1), context);
    const repeats = numberOf(times);
    if (operations.length * repeats > room) {
      throw new LineError(`expected at most ${MAX_OPERATIONS} operations in all`);
    }
    return Array.from({ length: repeats }, () => operations).flat();
  }
  throw new LineError(EXPECTED);
}

/** Reads the parameters of a host line; the others stay as they are in `host`. */
function readHost(host: HostParameters, words: string): HostParameters {
  const entries = (words.match(/\S+/g) ?? []).map((word) => {
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
 * @throws UsageError that names the line and says what was expected there.
 */
export function parseHistory(text: string, file: string): History {
  const context: Context = { vcpus: 0, irqs: 0, vms: [] };
  const operations: Operation[] = [];
  const lineOf: number[] = [];
  let host = HOST_PRESETS['v6.8'];
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim().replace(/^\d+\.?\s+/, '');
    if (line.startsWith('->')) break;
    if (line === '' || line.startsWith('#')) continue;
    try {
      if (/^host\b/i.test(line)) host = readHost(host, line.slice(4));
      else {
        const room = MAX_OPERATIONS - operations.length;
        for (const one of readStep(line, context, room)) operations.push(one);
      }
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
