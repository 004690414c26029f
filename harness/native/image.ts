// The image: a file from which a program in C continues after the setup. It consists of little-endian words: a header,
// the addresses of the IOMMUs, the driver data of each, the addresses of the vCPUs and of the irqs' live entries by their
// numbers in the stream, and the memory up to its top.
import { closeSync, openSync, writeSync } from 'node:fs';
import { HASH_MULTIPLIERS } from '../../machine/hash.js';
import type { HostParameters } from '../../machine/host.js';
import { IRTE_WORDS } from '../../machine/irte.js';
import type { Host } from '../../machine/machine.js';
import { WORD_BYTES } from '../../machine/memory.js';
import type { OperationStream } from '../../workloads/stream/stream.js';
import type { Replay } from '../replay/replay.js';

/** First word of an image: "GATI" in little-endian ASCII. */
export const IMAGE_MAGIC = 0x49544147;
export const IMAGE_VERSION = 1;

/** Codes of the flush policies. */
export const FLUSH: Readonly<Record<HostParameters['flush'], number>> = {
  none: 0,
  'per-entry': 1,
  'per-device': 2,
};

/** The header's words, in their order. */
export const IMAGE_FIELDS = [
  'magic',
  'version',
  'pointerBytes',
  'iommus',
  'devices',
  'vcpus',
  'irqs',
  'hashBits',
  'hashMultiplier',
  'irteTableShift',
  'globalTableLock',
  'flush',
  'top',
] as const;

/** The next words of the header: addresses by name; 0 for a name that a strategy does not have. */
export const IMAGE_SYMBOLS = [
  'irte_tables',
  'irq_remap_tables',
  'irq_lookup_table',
  'iommu_table_lock',
  'flush_chain',
  'svm_vm_data_hash_lock',
  'svm_vm_data_hash',
  'vcpu_directory',
] as const;

/** The last words of the header: the strategy's id in ASCII, padded with zeros. */
export const IMAGE_ID_WORDS = 8;

/** Words before the addresses of the IOMMUs. */
export const IMAGE_HEADER_WORDS = IMAGE_FIELDS.length + IMAGE_SYMBOLS.length + IMAGE_ID_WORDS;

function headerOf(strategyId: string, { vcpus, irqs, devices }: OperationStream, host: Host): Int32Array {
  const { pointerBytes, iommus, hashBits, hashMultiplier, irqTableEntries, tableLock, flush } = host.host;
  const fields: Record<(typeof IMAGE_FIELDS)[number], number> = {
    magic: IMAGE_MAGIC,
    version: IMAGE_VERSION,
    pointerBytes,
    iommus,
    devices,
    vcpus,
    irqs,
    hashBits,
    hashMultiplier: HASH_MULTIPLIERS[hashMultiplier],
    irteTableShift: Math.log2(irqTableEntries * IRTE_WORDS),
    globalTableLock: tableLock === 'global' ? 1 : 0,
    flush: FLUSH[flush],
    top: host.memory.top,
  };
  const header = new Int32Array(IMAGE_HEADER_WORDS);
  header.set(IMAGE_FIELDS.map((field) => fields[field]));
  header.set(
    IMAGE_SYMBOLS.map((symbol) => host.symbols().get(symbol) ?? 0),
    IMAGE_FIELDS.length,
  );
  const id = Buffer.from(header.buffer, (IMAGE_HEADER_WORDS - IMAGE_ID_WORDS) * WORD_BYTES);
  id.write(strategyId, 'ascii');
  return header;
}

/** Writes the image of a host after the setup. */
export function writeImage(
  path: string,
  strategyId: string,
  stream: OperationStream,
  { host, vcpus, irtes }: Pick<Replay, 'host' | 'vcpus' | 'irtes'>,
): void {
  const { words, top } = host.memory;
  const file = openSync(path, 'w');
  try {
    for (const part of [
      headerOf(strategyId, stream, host),
      Int32Array.from(host.iommus),
      Int32Array.from(host.iommus, host.driverDataOf),
      vcpus,
      irtes,
      words.subarray(0, top),
    ]) {
      for (let rest = part; rest.length > 0; ) rest = rest.subarray(writeSync(file, rest) / WORD_BYTES);
    }
  } finally {
    closeSync(file);
  }
}
