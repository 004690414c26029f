// Struct layouts. Each struct is declared once; sizes, offsets, memory accounting and the C headers follow from that.
import { WORD_BYTES } from './memory.js';

/** Width of a pointer on the modelled hypervisor, in bytes. The low word of an 8-byte pointer is used. */
export type PointerBytes = 4 | 8;

/**
 * Type of a field. `u64` is two words, `list_head` and `hlist_node` are two pointers, `pointer[N]` is an array of N
 * pointers, and N is an array of N words.
 */
export type FieldType = 'u32' | 'u64' | 'pointer' | 'list_head' | 'hlist_node' | PointerArray | number;
type PointerArray = `pointer[${number}]`;

/** The number of pointers in an array. */
export const pointersIn = (type: PointerArray): number => Number(type.slice('pointer['.length, -1));

/** Fields of a struct, in their order in memory. */
export type Fields = Readonly<Record<string, FieldType>>;

/** A struct placed in memory for one pointer width. */
export interface Layout<F extends Fields> {
  readonly name: string;
  /** Size with padding, in bytes. */
  readonly bytes: number;
  /** Offset of each field from the object's address, in words. */
  readonly at: { readonly [K in keyof F]: number };
}

function sizeOf(type: FieldType, pointerBytes: PointerBytes): { bytes: number; align: number } {
  if (typeof type === 'number') return { bytes: type * WORD_BYTES, align: WORD_BYTES };
  switch (type) {
    case 'u32':
      return { bytes: 4, align: 4 };
    case 'u64':
      // The i386 ABI aligns 64-bit integers in structs to 4 bytes.
      return { bytes: 8, align: pointerBytes };
    case 'pointer':
      return { bytes: pointerBytes, align: pointerBytes };
    case 'list_head':
    case 'hlist_node':
      return { bytes: 2 * pointerBytes, align: pointerBytes };
    default:
      return { bytes: pointersIn(type) * pointerBytes, align: pointerBytes };
  }
}

const alignUp = (bytes: number, align: number): number => Math.ceil(bytes / align) * align;

/**
 * Places the fields one after the other like the System V ABI: each at a multiple of its own alignment. The size is
 * padded to the largest alignment.
 *
 * @param name - The kernel's name of the struct, for messages.
 * @throws TypeError if the struct has no field.
 */
export function layoutOf<const F extends Fields>(
  name: string,
  fields: F,
  pointerBytes: PointerBytes,
): Layout<F> {
  const at: Record<string, number> = {};
  let end = 0;
  let structAlign = WORD_BYTES;
  for (const [field, type] of Object.entries(fields)) {
    const { bytes, align } = sizeOf(type, pointerBytes);
    end = alignUp(end, align);
    at[field] = end / WORD_BYTES;
    end += bytes;
    structAlign = Math.max(structAlign, align);
  }
  if (end === 0) throw new TypeError(`struct ${name} has no field`);
  return { name, bytes: alignUp(end, structAlign), at: at as { [K in keyof F]: number } };
}
