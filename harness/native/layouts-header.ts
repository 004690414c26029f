// The structures and numbers that C shares with TypeScript, as three C headers: the machine's, the strategies' and the
// program's. They are generated from the declarations in TypeScript, so that each stands in one place.
import { z } from 'zod';
import { END_OF_CHAIN } from '../../machine/flushes.js';
import { DELIVERY, GA_LOG_GUEST_INTERRUPT } from '../../machine/ga-log.js';
import { HASH_MULTIPLIERS } from '../../machine/hash.js';
import { hostSchema } from '../../machine/host.js';
import { AMD_IOMMU, GA_LOG_ENTRIES } from '../../machine/iommus.js';
import { IRQ_REMAP_TABLE } from '../../machine/irq-tables.js';
import {
  DESTINATION_HI,
  DESTINATION_LO,
  GA_LOG_INTR,
  GUEST_MODE,
  IRTE_WORDS,
  IS_RUN,
  ROOT_HI,
  ROOT_LO,
  remapWord0,
  VALID,
} from '../../machine/irte.js';
import { type Fields, layoutOf, type PointerBytes, pointersIn } from '../../machine/layout.js';
import { FIRST_BACKING_PAGE } from '../../machine/machine.js';
import { DEFAULT_BYTES, LINE_WORDS, WORD_BYTES } from '../../machine/memory.js';
import { DEV_DATA, DEVICE_IDS, FUNCTIONS, PCI_SEG } from '../../machine/pci-segment.js';
import { KMALLOC_CLASSES, PACKED_CHUNK_BYTES, SCATTERED_CHUNK_BYTES } from '../../machine/slab.js';
import { DIRECTORY, ENTRY, INLINE_SLOTS, IRQ, VCPU_ARRAY } from '../../strategies/floor.js';
import { LIST_NODE, IRQFD as SEARCHED_IRQFD } from '../../strategies/merged-4.9.js';
import { NO_CPU } from '../../strategies/parts/entry.js';
import { IR_DATA, IR_DATA_WITH_ENTRY } from '../../strategies/parts/ir-data.js';
import { IR_DATA_LIST_NODE, IR_LIST_HEAD, SVM_IRQ } from '../../strategies/parts/ir-list.js';
import { KVM_KERNEL_IRQFD } from '../../strategies/parts/irqfd-list.js';
import { TAG_HASH_NODE } from '../../strategies/parts/tag-hash.js';
import {
  GA_TAG,
  HOST_PHYSICAL_ID,
  KVM,
  PHYSICAL_ID_PAGE_BYTES,
  PHYSICAL_ID_RUNNING,
  PHYSICAL_ID_VALID,
  PHYSICAL_ID_WORDS,
  VCPU,
} from '../../strategies/parts/vm.js';
import { VM_HASH_BITS } from '../../strategies/parts/vm-table.js';
import { XA_CHUNK_SHIFT, XA_NODE, XARRAY } from '../../strategies/parts/xarray.js';
import { INLINE_IRQS, SVM_IRQ_INDEXED, VCPU_POINTERS } from '../../strategies/pointer-array.js';
import {
  INLINE_ENTRIES,
  IR_DATA_OF_SLOT,
  VCPU_CONTEXT,
  VCPU_ENTRIES,
  VCPU_ENTRY,
} from '../../strategies/vcpu-entries.js';
import {
  HEADER_FIELDS,
  HEADER_WORDS,
  OP,
  MAGIC as STREAM_MAGIC,
  VERSION as STREAM_VERSION,
} from '../../workloads/stream/stream.js';
import { WARM_UP_WINDOWS } from '../method.js';
import { CALIBRATION_READINGS } from '../process/timed-protocol.js';
import { FNV_OFFSET, FNV_PRIME, FOLD_SHIFT, SECOND_OFFSET, SECOND_PRIME } from '../replay/digest.js';

type Structs = Readonly<Record<string, Fields>>;

/** The machine's structures, each before those that hold it. */
export const MACHINE_STRUCTS: Structs = {
  list_head: { next: 'pointer', prev: 'pointer' },
  hlist_node: { next: 'pointer', pprev: 'pointer' },
  amd_iommu: AMD_IOMMU,
  amd_iommu_pci_seg: PCI_SEG,
  iommu_dev_data: DEV_DATA,
  irq_remap_table: IRQ_REMAP_TABLE,
};

/** The strategies' structures. A kernel structure has one variant for each set of strategies that extends it. */
export const STRATEGY_STRUCTS: Structs = {
  amd_ir_data: IR_DATA,
  amd_ir_data_hashed: { ...TAG_HASH_NODE, ...IR_DATA },
  amd_ir_data_listed: { ...IR_DATA_LIST_NODE, ...IR_DATA },
  amd_ir_data_with_entry: IR_DATA_WITH_ENTRY,
  amd_ir_data_of_slot: IR_DATA_OF_SLOT,
  kvm_svm: KVM,
  vcpu_svm: VCPU,
  vcpu_svm_tagged: { ...VCPU, ...GA_TAG },
  vcpu_svm_listed: { ...VCPU, ...IR_LIST_HEAD },
  vcpu_svm_tagged_listed: { ...VCPU, ...GA_TAG, ...IR_LIST_HEAD },
  vcpu_svm_pointers: { ...VCPU, ...GA_TAG, ...VCPU_POINTERS },
  vcpu_svm_context: { ...VCPU, ...GA_TAG, ...VCPU_CONTEXT },
  vcpu_svm_array: { ...VCPU, ...VCPU_ARRAY },
  svm_irq: SVM_IRQ,
  svm_irq_indexed: SVM_IRQ_INDEXED,
  kvm_kernel_irqfd: KVM_KERNEL_IRQFD,
  kvm_kernel_irqfd_searched: SEARCHED_IRQFD,
  ir_data_slot: { irData: 'pointer' },
  vcpu_entries: VCPU_ENTRIES,
  vcpu_entry: VCPU_ENTRY,
  amd_svm_iommu_ir: LIST_NODE,
  xarray: XARRAY,
  xa_node: XA_NODE,
  irq: IRQ,
  entry: ENTRY,
  directory: DIRECTORY,
};

/** Turns "irqTableEntries" and "per-entry" into names in C. */
export const snakeCase = (name: string): string =>
  name
    .replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `_${letter}`)
    .replaceAll('-', '_')
    .toLowerCase();

const macroCase = (name: string): string => snakeCase(name).replaceAll('.', '_').toUpperCase();

/** Declares a field. @returns The declaration, and its size in words. */
function declare(name: string, type: Fields[string], pointerWords: number): readonly [string, number] {
  if (typeof type === 'number') return [`uint32_t ${name}[${type}];`, type];
  switch (type) {
    case 'u32':
    case 'u64':
      return [`uint32_t ${name};`, 1];
    case 'pointer':
      return [`address ${name};`, 1];
    case 'list_head':
    case 'hlist_node':
      return [`struct ${type} ${name};`, 2 * pointerWords];
    default: {
      const words = pointersIn(type) * pointerWords;
      return [`address ${name}[${words}];`, words];
    }
  }
}

function structLines(name: string, fields: Fields, pointerBytes: PointerBytes): string[] {
  const layout = layoutOf(name, fields, pointerBytes);
  const size = layout.bytes / WORD_BYTES;
  const lines: string[] = [];
  const asserts: string[] = [];
  let end = 0;
  const padTo = (offset: number): void => {
    if (offset > end) lines.push(`\tuint32_t padding_${end}[${offset - end}];`);
  };
  for (const [field, type] of Object.entries(fields)) {
    const member = snakeCase(field);
    const offset = layout.at[field] as number;
    const [declaration, words] = declare(member, type, pointerBytes / WORD_BYTES);
    padTo(offset);
    lines.push(`\t${declaration}`);
    asserts.push(
      `_Static_assert(offsetof(struct ${name}, ${member}) == ${offset * WORD_BYTES}, "${name}.${member}");`,
    );
    end = offset + words;
  }
  padTo(size);
  asserts.push(`_Static_assert(sizeof(struct ${name}) == ${layout.bytes}, "${name}");`);
  return [`struct ${name} {`, ...lines, '};', ...asserts, ''];
}

/** The structures for both widths of pointers. */
function structsByWidth(structs: Structs): string[] {
  const ofWidth = (pointerBytes: PointerBytes): string[] =>
    Object.entries(structs).flatMap(([name, fields]) => structLines(name, fields, pointerBytes));
  return [
    '#if POINTER_BYTES == 8',
    '',
    ...ofWidth(8),
    '#elif POINTER_BYTES == 4',
    '',
    ...ofWidth(4),
    '#else',
    '#error POINTER_BYTES is 4 or 8',
    '#endif',
    '',
  ];
}

type Numbers = Readonly<Record<string, number>>;

const decimal = (name: string, value: number): string => `#define ${name} ${value}u`;
const hexadecimal = (name: string, value: number): string =>
  `#define ${name} 0x${(value >>> 0).toString(16)}u`;
const decimals = (values: Numbers): string[] =>
  Object.entries(values).map(([name, value]) => decimal(name, value));
const hexadecimals = (values: Numbers): string[] =>
  Object.entries(values).map(([name, value]) => hexadecimal(name, value));
const codes = (prefix: string, values: Numbers): string[] =>
  Object.entries(values).map(([name, value]) => decimal(`${prefix}_${macroCase(name)}`, value));

/** A host parameter as JSON Schema describes it: a range of integers, or a list of values. */
interface Described {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly (string | number)[];
  readonly default: string | number;
}

const described = z.toJSONSchema(hostSchema, { io: 'input' }).properties as Record<string, Described>;

/** The code in C of one of a parameter's values. A number is its own code, other values are counted. */
function codeOf(name: string, value: string | number): number {
  if (typeof value === 'number') return value;
  if (name === 'hashMultiplier') return HASH_MULTIPLIERS[value as keyof typeof HASH_MULTIPLIERS];
  return (described[name]?.enum ?? []).indexOf(value);
}

/** The host's parameters: their fields with the values of the default host, and what a program accepts for each. */
function hostParameters(): string[] {
  const parameters = Object.entries(described);
  const lists = parameters.filter(([, { enum: values }]) => values !== undefined);
  const words = lists.filter(([, { enum: values }]) => values?.every((value) => typeof value === 'string'));
  return [
    '/* The parameters of the host, machine/host.ts. They begin as those of the default host. */',
    ...words.flatMap(([name, { enum: values = [] }]) =>
      values.map((value) => hexadecimal(`${macroCase(name)}_${macroCase(`${value}`)}`, codeOf(name, value))),
    ),
    decimal('MAX_IOMMUS', described.iommus?.maximum as number),
    'static struct {',
    ...parameters.map(([name]) => `\tuint32_t ${snakeCase(name)};`),
    '} host = {',
    ...parameters.map(([name, { default: value }]) => `\t.${snakeCase(name)} = ${codeOf(name, value)}u,`),
    '};',
    '',
    '/* A value that a parameter can have, as the command line has it. */',
    'struct host_choice {',
    '\tconst char *word;',
    '\tuint32_t value;',
    '};',
    ...lists.map(
      ([name, { enum: values = [] }]) =>
        `static const struct host_choice ${snakeCase(name)}_choices[] = { ` +
        `${values.map((value) => `{ "${value}", ${codeOf(name, value)}u }, `).join('')}{ NULL, 0 } };`,
    ),
    '',
    '/* What each parameter can be: one of the choices, or else a number between two. */',
    'static const struct host_parameter {',
    '\tconst char *name;',
    '\tuint32_t *value;',
    '\tconst struct host_choice *choices;',
    '\tuint32_t least;',
    '\tuint32_t most;',
    '} host_parameters[] = {',
    ...parameters.map(([name, { enum: values, minimum = 0, maximum = 0 }]) => {
      const choices = values === undefined ? 'NULL' : `${snakeCase(name)}_choices`;
      return `\t{ "${name}", &host.${snakeCase(name)}, ${choices}, ${minimum}u, ${maximum}u },`;
    }),
    '};',
    '',
  ];
}

const header = (title: string, lines: readonly string[]): string =>
  [
    `// ${title}`,
    '// Generated by `npm run layouts-header`; do not edit.',
    '#pragma once',
    '',
    ...lines,
  ].join('\n');

const machineHeader = (): string =>
  header('The structures of the modelled host as words, and its numbers.', [
    '#include <stddef.h>',
    '#include <stdint.h>',
    '',
    '/* Index of a 32-bit word in memory. An 8-byte pointer keeps it in its low word. */',
    'typedef uint32_t address;',
    '',
    '/* Memory. */',
    ...decimals({ MEMORY_WORDS: DEFAULT_BYTES / WORD_BYTES, LINE_WORDS }),
    `#define POINTER_WORDS (POINTER_BYTES / ${WORD_BYTES}u)`,
    `#define KMALLOC_CLASSES { ${KMALLOC_CLASSES.join(', ')} }`,
    ...decimals({ PACKED_CHUNK_BYTES, SCATTERED_CHUNK_BYTES }),
    '',
    '/* The interrupt-remapping table entry. */',
    ...decimals({ IRTE_WORDS }),
    ...hexadecimals({ VALID, GA_LOG_INTR, IS_RUN, GUEST_MODE, DESTINATION_LO, DESTINATION_HI }),
    ...hexadecimals({ ROOT_LO, ROOT_HI, REMAP_FLAGS: remapWord0(0) }),
    '',
    '/* The host. */',
    ...decimals({ DEVICE_IDS, FUNCTIONS }),
    ...hexadecimals({ FIRST_BACKING_PAGE }),
    ...decimals({ GA_LOG_ENTRIES }),
    ...hexadecimals({ GA_LOG_GUEST_INTERRUPT, END_OF_CHAIN }),
    ...codes('DELIVERY', DELIVERY),
    '',
    ...hostParameters(),
    ...structsByWidth(MACHINE_STRUCTS),
  ]);

const strategiesHeader = (): string =>
  header("The strategies' structures, and the numbers that they share.", [
    '#include "../../machine/machine.h"',
    '',
    ...decimals({ VM_HASH_BITS, XA_CHUNK_SHIFT, INLINE_IRQS, INLINE_ENTRIES, INLINE_SLOTS }),
    ...decimals({ PHYSICAL_ID_WORDS, PHYSICAL_ID_PAGE_BYTES }),
    ...hexadecimals({ HOST_PHYSICAL_ID, PHYSICAL_ID_RUNNING, PHYSICAL_ID_VALID }),
    `#define NO_CPU (${NO_CPU})`,
    '',
    ...structsByWidth(STRATEGY_STRUCTS),
  ]);

const programHeader = (): string =>
  header('The operation stream, and the numbers of the protocol and of the digests.', [
    '/* The operation stream. */',
    ...hexadecimals({ STREAM_MAGIC_NUMBER: STREAM_MAGIC }),
    ...decimals({ STREAM_VERSION_NUMBER: STREAM_VERSION, STREAM_HEADER_WORDS: HEADER_WORDS }),
    ...['magic', 'version', ...HEADER_FIELDS].map((name, at) => decimal(`STREAM_${macroCase(name)}`, at)),
    ...codes('OP', OP),
    '',
    '/* The protocol. */',
    ...decimals({ WARM_UP_WINDOWS: WARM_UP_WINDOWS.c, CALIBRATION_READINGS }),
    '',
    '/* The digests. */',
    ...hexadecimals({ FNV_OFFSET, FNV_PRIME, SECOND_OFFSET, SECOND_PRIME }),
    ...decimals({ FOLD_SHIFT }),
    '',
  ]);

/** The text of each generated header by its path from the project's root. */
export const generatedHeaders = (): Readonly<Record<string, string>> => ({
  'machine/layouts.h': machineHeader(),
  'strategies/parts/layouts.h': strategiesHeader(),
  'harness/native/layouts.h': programHeader(),
});
