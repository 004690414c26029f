import { createReadStream } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { UsageError } from '../../machine/usage-error.js';

/** The longest line that is read. The kernel's own trace lines are no longer than a page. */
export const MAX_LINE_BYTES = 64 * 1024;

/** Bytes read at a time. */
const CHUNK_BYTES = 1024 * 1024;

/** Binary files that users pass by mistake: how each begins, and the tool that prints it as text. */
const BINARY_RECORDINGS = [
  { magic: '\x17\x08Dtracing', name: 'a trace.dat', tool: 'trace-cmd report' },
  { magic: 'PERFILE2', name: 'a perf.data', tool: 'perf script' },
];

/**
 * Calls `visit` with each line of a file, plain or gzip, without its LF or CRLF. Memory does not grow with the file.
 *
 * @param visit - Gets one Latin-1 character for each byte, because a comm may hold any bytes. A line longer than
 * {@link MAX_LINE_BYTES} is cut to that length and one more byte.
 * @throws UsageError if the file cannot be read or is a damaged gzip.
 */
export async function readLines(file: string, visit: (line: string) => void): Promise<void> {
  let begun = '';
  for await (const chunk of plainChunks(file)) {
    const text = chunk.toString('latin1');
    let start = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      visit(withoutReturn(extended(begun, text, start, end)));
      begun = '';
      start = end + 1;
    }
    begun = extended(begun, text, start, text.length);
  }
  if (begun !== '') visit(withoutReturn(begun));
}

function extended(begun: string, text: string, start: number, end: number): string {
  return begun + text.slice(start, Math.min(end, start + MAX_LINE_BYTES + 1 - begun.length));
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

/** The file's bytes, unpacked if they are a gzip. */
async function* plainChunks(file: string): AsyncGenerator<Buffer> {
  const stream = createReadStream(file, { highWaterMark: CHUNK_BYTES });
  try {
    const source: AsyncIterator<Buffer> = stream[Symbol.asyncIterator]();
    const { value: first, done } = await source.next();
    if (done) return;
    const chunks = startingWith(first, source);
    if (!(first[0] === 0x1f && first[1] === 0x8b)) {
      refuseBinary(file, first);
      yield* chunks;
      return;
    }
    // An error of either stream reaches the last one, so the callback has nothing to do.
    yield* pipeline(Readable.from(chunks), createGunzip({ chunkSize: CHUNK_BYTES }), () => {});
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    const isDamaged = String(error.code).startsWith('Z_');
    throw new UsageError(`cannot read ${file}: ${isDamaged ? 'damaged gzip, ' : ''}${error.message}`);
  } finally {
    stream.destroy();
  }
}

async function* startingWith(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

function refuseBinary(file: string, first: Buffer): void {
  const found = BINARY_RECORDINGS.find(({ magic }) => first.toString('latin1', 0, magic.length) === magic);
  if (found !== undefined) {
    throw new UsageError(`${file} is ${found.name}: pass the text that "${found.tool}" makes from it`);
  }
}

/** Characters of a line that {@link printable} keeps. */
const SHOWN_CHARACTERS = 100;

/**
 * The start of a line that is safe to print: read as UTF-8, with control characters escaped.
 *
 * @param bytes - As {@link readLines} gives them.
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
