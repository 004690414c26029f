import { type FileHandle, open } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { UsageError } from '../../machine/usage-error.js';
import { PACKING_BYTES, packingOf } from './packings.js';

/** The longest line that is read. The kernel's own trace lines are no longer than a page. */
export const MAX_LINE_BYTES = 64 * 1024;

const LF = 10;
const BYTE_ORDER_MARK = Buffer.from('\ufeff');

/** Bytes read at a time. */
const CHUNK_BYTES = 256 * 1024;

/**
 * Takes a line.
 *
 * @param bytes - Hold the line from `start` to `end`, where its LF is. A line longer than {@link MAX_LINE_BYTES} is cut to
 * that length and one more byte.
 * @param isCut - Whether the file ends here without an LF.
 * @returns Whether to read on.
 */
export type LineVisitor = (bytes: Buffer, start: number, end: number, isCut: boolean) => boolean;

/**
 * Calls `visit` with each line of a file, plain or gzip. Memory does not grow with the file.
 *
 * @throws UsageError if the file cannot be read, is no text, or is a damaged gzip.
 */
export async function readLines(file: string, visit: LineVisitor): Promise<void> {
  let begun: Buffer = Buffer.alloc(0);
  let isFirst = true;
  for await (const chunk of plainChunks(file)) {
    let start = isFirst && chunk.indexOf(BYTE_ORDER_MARK) === 0 ? BYTE_ORDER_MARK.length : 0;
    isFirst = false;
    for (let end = chunk.indexOf(LF, start); end !== -1; end = chunk.indexOf(LF, start)) {
      const isWhole = begun.length === 0 && end - start <= MAX_LINE_BYTES;
      const line = isWhole ? chunk : extended(begun, chunk, start, end);
      if (!(isWhole ? visit(line, start, end, false) : visit(line, 0, line.length, false))) return;
      if (!isWhole) begun = Buffer.alloc(0);
      start = end + 1;
    }
    begun = extended(begun, chunk, start, chunk.length);
  }
  if (begun.length > 0) visit(begun, 0, begun.length, true);
}

function extended(begun: Buffer, chunk: Buffer, start: number, end: number): Buffer {
  const most = start + MAX_LINE_BYTES + 1 - begun.length;
  return Buffer.concat([begun, chunk.subarray(start, Math.min(end, most))]);
}

/** The file's bytes, unpacked if they are a gzip. A chunk is good until the next one is asked for. */
async function* plainChunks(file: string): AsyncGenerator<Buffer> {
  let handle: FileHandle | undefined;
  try {
    const opened = await open(file);
    handle = opened;
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    const next = async (): Promise<Buffer> => {
      const { bytesRead } = await opened.read(buffer, 0, CHUNK_BYTES, null);
      return buffer.subarray(0, bytesRead);
    };
    const first = await next();
    const isGzip = first[0] === 0x1f && first[1] === 0x8b;
    const packed = chunksFrom(first, next);
    let isFirst = true;
    for await (const chunk of isGzip ? unpacked(packed) : packed) {
      const packing = isFirst ? packingOf(latin1(chunk, 0, PACKING_BYTES)) : null;
      if (packing !== null) {
        throw new UsageError(`${file} is ${isGzip ? 'a gzip, to be unpacked first, of ' : ''}${packing}`);
      }
      isFirst = false;
      yield chunk;
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    // The first two bytes are a gzip's, so a wrong header is one that follows its end.
    const damage =
      error.message === 'incorrect header check' ? 'bytes after the end of the gzip' : 'damaged gzip';
    const remedy = `${damage}, ${error.message}: pass the text that "gzip -dc FILE" prints`;
    throw new UsageError(
      `cannot read ${file}: ${String(error.code).startsWith('Z_') ? remedy : error.message}`,
    );
  } finally {
    await handle?.close();
  }
}

/** The first chunk, and the next ones up to an empty one. */
async function* chunksFrom(first: Buffer, next: () => Promise<Buffer>): AsyncGenerator<Buffer> {
  for (let chunk = first; chunk.length > 0; chunk = await next()) yield chunk;
}

function unpacked(chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  async function* copied(): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) yield Buffer.from(chunk);
  }
  // An error of either stream reaches the last one, so the callback has nothing to do.
  return pipeline(Readable.from(copied()), createGunzip({ chunkSize: CHUNK_BYTES }), () => {});
}

/** One Latin-1 character for each byte, because a comm may hold any bytes. */
export function latin1(bytes: Buffer, from: number, end: number): string {
  return bytes.toString('latin1', from, end);
}

/** Whether the bytes from `from` to `end` are those of a Latin-1 text. */
export function isAt(text: string, bytes: Buffer, from: number, end: number): boolean {
  if (text.length !== end - from) return false;
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) !== bytes[from + index]) return false;
  }
  return true;
}

/** Characters of a line that {@link printable} keeps. */
const SHOWN_CHARACTERS = 100;

/**
 * The start of a line that is safe to print: read as UTF-8, with control characters escaped.
 *
 * @param bytes - One Latin-1 character for each.
 */
export function printable(bytes: string): string {
  const text = Buffer.from(bytes, 'latin1').toString('utf8');
  const visible = Array.from(text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, escaped));
  if (visible.length <= SHOWN_CHARACTERS) return visible.join('');
  return `${visible.slice(0, SHOWN_CHARACTERS).join('')}...`;
}

function escaped(character: string): string {
  const code = (character.codePointAt(0) as number).toString(16);
  return code.length <= 2 ? `\\x${code.padStart(2, '0')}` : `\\u{${code}}`;
}
