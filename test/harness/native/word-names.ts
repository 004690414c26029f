// Names the words of a host's memory as the C has them: "amd_ir_data.ga_tag of irq 3", "gatag_hash_1 + 18 words".
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SOURCES } from '../../../harness/native/compile.js';
import { MACHINE_STRUCTS, STRATEGY_STRUCTS, snakeCase } from '../../../harness/native/layouts-header.js';
import type { Replay } from '../../../harness/replay/replay.js';
import type { HostParameters } from '../../../machine/host.js';
import { type Fields, layoutOf, type PointerBytes } from '../../../machine/layout.js';
import { type Address, alignToLine, type Memory, NULL, WORD_BYTES } from '../../../machine/memory.js';
import { type Kmalloc, type KmemCache, kmallocIn, kmallocSize } from '../../../machine/slab.js';
import { describeVcpu, type VcpuNames } from '../../../workloads/stream/operation-text.js';
import { TOP } from './records.js';

const STRUCTS: Readonly<Record<string, Fields>> = {
  ...MACHINE_STRUCTS,
  ...STRATEGY_STRUCTS,
  slab: { freeList: 'u32', live: 'u32' },
};

/** Names of the two pointers in a field. */
const LINKS: Readonly<Record<string, readonly string[]>> = {
  list_head: ['next', 'prev'],
  hlist_node: ['next', 'pprev'],
};

/** The text of a C file, with the files that it includes in their places. */
const withIncludes = (path: string): string =>
  readFileSync(path, 'utf8').replace(/^#include "(.*)"$/gm, (_, name) =>
    withIncludes(join(dirname(path), name)),
  );

/** The macro that names the variant of a structure which a strategy has in C. Their sizes are rounded up to lines. */
const VARIANT_MACROS: Readonly<Record<string, string>> = { vcpu_svm: 'VCPU', amd_ir_data: 'IR_DATA' };

/** The field that a word of a structure belongs to; null if it is padding. */
function fieldAt(fields: Fields, word: number, pointerBytes: PointerBytes): string | null {
  const { at } = layoutOf('', fields, pointerBytes);
  const [name, type] = Object.entries(fields).findLast(([field]) => (at[field] as number) <= word) ?? [];
  if (name === undefined || type === undefined) return null;
  const place = word - (at[name] as number);
  const field = snakeCase(name);
  if (typeof type === 'number') return place < type ? `${field}[${place}]` : null;
  const half = place % (pointerBytes / WORD_BYTES);
  if (type.startsWith('pointer[')) {
    return `${field}[${(place - half) / (pointerBytes / WORD_BYTES)}]${half === 0 ? '' : ' (high half)'}`;
  }
  const links = LINKS[type];
  if (links !== undefined) {
    const link = links[(place - half) / (pointerBytes / WORD_BYTES)];
    return link === undefined ? null : `${field}.${link}${half === 0 ? '' : ' (high half)'}`;
  }
  if (place === 0) return field;
  const isWide = type === 'u64' || (type === 'pointer' && pointerBytes === 8);
  return place === 1 && isWide ? `${field} (high half)` : null;
}

/** An object of the heap, or a part of the heap that the strategy does not have. */
interface Known {
  readonly start: Address;
  readonly end: Address;
  readonly struct: string;
  readonly bytes: number;
  readonly owner: string;
  isFreed: boolean;
}

/** The names of a strategy's words on a host. */
export class WordNames {
  /** The host's heap, which knows each object and its structure. */
  readonly heap: Kmalloc;
  readonly #strategyId: string;
  readonly #host: HostParameters;
  readonly #memory: Memory;
  readonly #vcpus: VcpuNames;
  readonly #known: Known[] = [];

  /** @param ownerOf - Names what the current operation is about, such as "irq 3". */
  constructor(
    strategyId: string,
    host: HostParameters,
    memory: Memory,
    vcpus: VcpuNames,
    ownerOf: () => string,
  ) {
    this.#strategyId = strategyId;
    this.#host = host;
    this.#memory = memory;
    this.#vcpus = vcpus;
    const heap = kmallocIn(memory, host.heap, host.heapSeed);
    this.heap = {
      live: heap.live,
      cacheFor: (bytes, struct = `object of ${bytes} bytes`): KmemCache => {
        const size = kmallocSize(bytes);
        const top = memory.top;
        const cache = heap.cacheFor(bytes);
        if (memory.top > top)
          this.#note(memory.top - 2, memory.top, 'slab', 2 * WORD_BYTES, `objects of ${size} bytes`);
        return {
          alloc: () => {
            const page = memory.top;
            const start = cache.alloc();
            if (memory.top > page) this.#note(page, memory.top, `unused objects of ${size} bytes`, size, '');
            this.#note(start, start + size / WORD_BYTES, struct, bytes, ownerOf());
            return start;
          },
          free: (address) => {
            cache.free(address);
            const object = this.#objectAt(address);
            if (object !== undefined) object.isFreed = true;
          },
        };
      },
    };
  }

  /** A word: its structure, its field and whose it is. */
  of(address: Address, { host, vcpus }: Pick<Replay, 'host' | 'vcpus'>): string {
    const object = this.#objectAt(address);
    if (object !== undefined) return this.#ofObject(object, address, vcpus);
    if (address === TOP) return 'the first address that was never handed out';
    if (address >= this.#memory.top) return 'a word that was never handed out';
    const { irtes } = host;
    if (address >= irtes.start && address < irtes.end) {
      return `word ${(address - irtes.start) % 4} of ${host.nameOf(address)}`;
    }
    return this.#ofHost(host.nameOf(address)) ?? this.#ofTable(address, host.symbols());
  }

  /** A vCPU by its address. */
  ofVcpu(address: Address, vcpus: Int32Array): string {
    if (address === NULL) return 'no vCPU';
    const number = vcpus.lastIndexOf(address);
    return number === -1 ? `address ${address}` : describeVcpu(number, this.#vcpus);
  }

  #note(start: Address, end: Address, struct: string, bytes: number, owner: string): void {
    this.#known.push({ start, end, struct, bytes, owner, isFreed: false });
  }

  #objectAt(address: Address): Known | undefined {
    return this.#known.findLast(({ start, end }) => address >= start && address < end);
  }

  #ofObject({ start, struct, bytes, owner, isFreed }: Known, address: Address, vcpus: Int32Array): string {
    const word = address - start;
    const vcpu = vcpus.lastIndexOf(start);
    const whose = vcpu === -1 ? owner : describeVcpu(vcpu, this.#vcpus);
    const of = whose === '' ? '' : ` of ${whose}`;
    const name = this.#variantOf(struct, bytes);
    const field = name === null ? null : fieldAt(STRUCTS[name] as Fields, word, this.#host.pointerBytes);
    if (isFreed) return `word ${word} of the freed ${name ?? struct}${of}`;
    return field === null ? `word ${word} of the ${name ?? struct}${of}` : `${name}.${field}${of}`;
  }

  /** The name in C of a structure that has variants; null if it is not declared. */
  #variantOf(struct: string, bytes: number): string | null {
    const macro = VARIANT_MACROS[struct];
    if (macro !== undefined) {
      const source = withIncludes(join(SOURCES, 'strategies', `${this.#strategyId}.c`));
      return new RegExp(`#define ${macro} (\\w+)`).exec(source)?.[1] ?? struct;
    }
    const hasSize = (name: string): boolean => {
      const layout = layoutOf(name, STRUCTS[name] as Fields, this.#host.pointerBytes);
      return layout.bytes === bytes || alignToLine(layout.bytes) === bytes;
    };
    const names = Object.keys(STRUCTS).filter((name) => name === struct || name.startsWith(`${struct}_`));
    return names.find(hasSize) ?? null;
  }

  /** From "word 5 of the amd_iommu of IOMMU 0" to the field. */
  #ofHost(name: string | null): string | null {
    const [, word, struct, owner] = /^word (\d+) of the (\w+) of (.*)$/.exec(name ?? '') ?? [];
    const fields = STRUCTS[struct ?? ''];
    if (fields === undefined) return name;
    const isPacked = struct === 'irq_remap_table' && this.#host.tablePlacement === 'packed';
    const { bytes } = layoutOf('', fields, this.#host.pointerBytes);
    const words = (isPacked ? bytes : alignToLine(bytes)) / WORD_BYTES;
    const index = Math.floor(Number(word) / words);
    const field = fieldAt(fields, Number(word) % words, this.#host.pointerBytes) ?? 'padding';
    return `${struct}.${field} of ${owner === 'each device' ? `device ${index}` : owner}`;
  }

  #ofTable(address: Address, symbols: ReadonlyMap<string, Address>): string {
    const below = [...symbols]
      .filter(([, start]) => start <= address)
      .sort(([, one], [, other]) => other - one);
    const [name, start] = below[0] ?? ['NULL', NULL];
    return `${name} + ${address - start} words`;
  }
}
