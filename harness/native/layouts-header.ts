// The structures and numbers that C shares with TypeScript, as three C headers: the machine's, the strategies' and the
// program's. They are generated from the declarations in TypeScript, so that each stands in one place.

import { END_OF_CHAIN } from '../../machine/flushes.js';
import { DELIVERY, GA_LOG_GUEST_INTERRUPT } from '../../machine/ga-log.js';
import { AMD_IOMMU, GA_LOG_ENTRIES } from '../../machine/iommus.js';
import { IRQ_REMAP_TABLE } from '../../machine/irq-tables.js';
import {
  DESTINATION_HI,
  DESTINATION_LO,
  GA_LOG_INTR,
  GUEST_MODE,
  IS_RUN,
  ROOT_HI,
  ROOT_LO,
  VALID,
} from '../../machine/irte.js';
import { type Fields, type FieldType, layoutOf, type PointerBytes } from '../../machine/layout.js';
import { LINE_WORDS, WORD_BYTES } from '../../machine/memory.js';
import { DIRECTORY, VCPU_ARRAYS } from '../../strategies/floor.js';
import { LIST_NODE } from '../../strategies/merged-4.9.js';
import { IR_DATA, NO_CPU } from '../../strategies/parts/ir-data.js';
import { IR_LIST_HEAD, IRQFD } from '../../strategies/parts/ir-list.js';
import { TAG_HASH_NODE } from '../../strategies/parts/tag-hash.js';
import { KVM, VCPU } from '../../strategies/parts/vm.js';
import { VM_HASH_BITS } from '../../strategies/parts/vm-table.js';
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
import {
  FLUSH,
  IMAGE_FIELDS,
  IMAGE_HEADER_WORDS,
  IMAGE_ID_WORDS,
  IMAGE_MAGIC,
  IMAGE_SYMBOLS,
  IMAGE_VERSION,
} from './image.js';

type Structs = Readonly<Record<string, Fields>>;

/** The machine's structures, each before those that hold it. */
const MACHINE_STRUCTS: Structs = {
  list_head: { next: 'pointer', prev: 'pointer' },
  hlist_node: { next: 'pointer', pprev: 'pointer' },
  amd_iommu: AMD_IOMMU,
  irq_remap_table: IRQ_REMAP_TABLE,
};

/** The strategies' structures. A kernel structure has one variant for each set of strategies that extends it. */
const STRATEGY_STRUCTS: Structs = {
  amd_ir_data: IR_DATA,
  amd_ir_data_hashed: { ...TAG_HASH_NODE, ...IR_DATA },
  kvm_svm: KVM,
  vcpu_svm: VCPU,
  vcpu_svm_listed: { ...VCPU, ...IR_LIST_HEAD },
  vcpu_svm_arrays: { ...VCPU, ...VCPU_ARRAYS },
  kvm_kernel_irqfd: IRQFD,
  amd_svm_iommu_ir: LIST_NODE,
  directory: DIRECTORY,
};

/** Turns "irqTableEntries" and "per-entry" into names in C. */
const snakeCase = (name: string): string =>
  name
    .replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `_${letter}`)
    .replaceAll('-', '_')
    .toLowerCase();

const macroCase = (name: string): string => snakeCase(name).toUpperCase();

/** Declares a field. @returns The declaration, and its size in words. */
function declare(name: string, type: FieldType, pointerWords: number): readonly [string, number] {
  if (typeof type === 'number') return [`uint32_t ${name}[${type}];`, type];
  switch (type) {
    case 'u32':
      return [`uint32_t ${name};`, 1];
    case 'u64':
      return [`uint32_t ${name};`, 1];
    case 'pointer':
      return [`address ${name};`, 1];
    case 'list_head':
    case 'hlist_node':
      return [`struct ${type} ${name};`, 2 * pointerWords];
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

const decimal = (name: string, value: number): string => `#define ${name} ${value}u`;
const hexadecimal = (name: string, value: number): string =>
  `#define ${name} 0x${(value >>> 0).toString(16)}u`;
const codes = (prefix: string, values: Readonly<Record<string, number>>): string[] =>
  Object.entries(values).map(([name, value]) => decimal(`${prefix}_${macroCase(name)}`, value));
const indices = (prefix: string, names: readonly string[], first: number): string[] =>
  names.map((name, index) => decimal(`${prefix}_${macroCase(name)}`, first + index));

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
    decimal('LINE_WORDS', LINE_WORDS),
    `#define POINTER_WORDS (POINTER_BYTES / ${WORD_BYTES}u)`,
    '',
    '/* The interrupt-remapping table entry. */',
    hexadecimal('VALID', VALID),
    hexadecimal('GA_LOG_INTR', GA_LOG_INTR),
    hexadecimal('IS_RUN', IS_RUN),
    hexadecimal('GUEST_MODE', GUEST_MODE),
    hexadecimal('DESTINATION_LO', DESTINATION_LO),
    hexadecimal('DESTINATION_HI', DESTINATION_HI),
    hexadecimal('ROOT_LO', ROOT_LO),
    hexadecimal('ROOT_HI', ROOT_HI),
    '',
    '/* The host. */',
    decimal('GA_LOG_ENTRIES', GA_LOG_ENTRIES),
    hexadecimal('GA_LOG_GUEST_INTERRUPT', GA_LOG_GUEST_INTERRUPT),
    hexadecimal('END_OF_CHAIN', END_OF_CHAIN),
    ...codes('DELIVERY', DELIVERY),
    ...codes('FLUSH', FLUSH),
    '',
    '/* The header of an image: the host parameters, and where the tables are. */',
    hexadecimal('IMAGE_MAGIC_NUMBER', IMAGE_MAGIC),
    decimal('IMAGE_VERSION_NUMBER', IMAGE_VERSION),
    decimal('IMAGE_HEADER_WORDS', IMAGE_HEADER_WORDS),
    ...indices('IMAGE', [...IMAGE_FIELDS, ...IMAGE_SYMBOLS, 'id'], 0),
    decimal('IMAGE_ID_WORDS', IMAGE_ID_WORDS),
    '',
    ...structsByWidth(MACHINE_STRUCTS),
  ]);

const strategiesHeader = (): string =>
  header("The strategies' structures, and the numbers that they share.", [
    '#include "../../machine/machine.h"',
    '',
    decimal('VM_HASH_BITS', VM_HASH_BITS),
    `#define NO_CPU (${NO_CPU})`,
    '',
    ...structsByWidth(STRATEGY_STRUCTS),
  ]);

const programHeader = (): string =>
  header('The operation stream, and the numbers of the protocol and of the digests.', [
    '/* The operation stream. */',
    hexadecimal('STREAM_MAGIC_NUMBER', STREAM_MAGIC),
    decimal('STREAM_VERSION_NUMBER', STREAM_VERSION),
    decimal('STREAM_HEADER_WORDS', HEADER_WORDS),
    ...indices('STREAM', ['magic', 'version', ...HEADER_FIELDS], 0),
    ...codes('OP', OP),
    '',
    '/* The protocol. */',
    decimal('WARM_UP_WINDOWS', WARM_UP_WINDOWS),
    decimal('CALIBRATION_READINGS', CALIBRATION_READINGS),
    '',
    '/* The digests. */',
    hexadecimal('FNV_OFFSET', FNV_OFFSET),
    hexadecimal('FNV_PRIME', FNV_PRIME),
    hexadecimal('SECOND_OFFSET', SECOND_OFFSET),
    hexadecimal('SECOND_PRIME', SECOND_PRIME),
    decimal('FOLD_SHIFT', FOLD_SHIFT),
    '',
  ]);

/** The text of each generated header by its path from the project's root. */
export const generatedHeaders = (): Readonly<Record<string, string>> => ({
  'machine/layouts.h': machineHeader(),
  'strategies/parts/layouts.h': strategiesHeader(),
  'harness/native/layouts.h': programHeader(),
});
