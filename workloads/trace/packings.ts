// Files that are no text, told by their first bytes, and the command that makes text of each.

/** How a file begins (Latin-1), its name, and the command; null if none makes text that is read. */
type Packing = readonly [begins: readonly (string | RegExp)[], name: string, command: string | null];

/** The first one that fits counts. */
const PACKINGS: readonly Packing[] = [
  // UTF-16 without a mark: every other byte is NUL.
  [[/^(?:[^\0]\0){8}/], 'UTF-16 text', 'iconv -f UTF-16LE -t UTF-8 FILE'],
  [[/^(?:\0[^\0]){8}/], 'UTF-16 text', 'iconv -f UTF-16BE -t UTF-8 FILE'],
  [[/^[^\n]*\r[^\r\n]/], 'text with CR alone at the line ends', String.raw`tr '\r' '\n' < FILE`],
  [[/^.{257}ustar/s], 'a tar archive', 'tar -xOf FILE'],
  [['\x17\x08Dtracing'], 'a trace.dat', 'trace-cmd report -i FILE'],
  [['PERFILE2', '2ELIFREP', 'PERFFILE', 'ELIFFREP'], 'a perf.data', 'perf script -i FILE'],
  [['\xc1\x1f\xfc\xc1', '\xc1\xfc\x1f\xc1', '\x75\xd1\x1d\x57', '\x57\x1d\xd1\x75'], 'a CTF trace', null],
  [['/* CTF '], 'the metadata of a CTF trace', null],
  [['\xfd7zXZ\0'], 'an xz file', 'xz -dc FILE'],
  [['\x5d\0\0'], 'an lzma file', 'xz --format=lzma -dc FILE'],
  [['\x28\xb5\x2f\xfd'], 'a zstd file', 'zstd -dc FILE'],
  [['BZh'], 'a bzip2 file', 'bzip2 -dc FILE'],
  [['\x04\x22\x4d\x18'], 'an lz4 file', 'lz4 -dc FILE'],
  [['LZIP'], 'an lzip file', 'lzip -dc FILE'],
  [['\x1f\x8b'], 'a gzip', 'gzip -dc FILE'],
  [['\x1f\x9d'], 'a compress file', 'gzip -dc FILE'],
  [['PK\x03\x04', 'PK\x05\x06'], 'a zip archive', 'unzip -p FILE'],
  [['7z\xbc\xaf\x27\x1c'], 'a 7z archive', '7z x -so FILE'],
  [['\xff\xfe', '\xfe\xff'], 'UTF-16 text', 'iconv -f UTF-16 -t UTF-8 FILE'],
];

/** Bytes that tell. */
export const PACKING_BYTES = 257 + 'ustar'.length;

/**
 * The name and the remedy of a file that is no text; null if it may be text.
 *
 * @param begin - Its first bytes as Latin-1 characters.
 */
export function packingOf(begin: string): string | null {
  const found = PACKINGS.find(([begins]) =>
    begins.some((magic) => (typeof magic === 'string' ? begin.startsWith(magic) : magic.test(begin))),
  );
  if (found === undefined) return null;
  const [, name, command] = found;
  return command === null
    ? `${name}: record sched:sched_switch with perf, trace-cmd or tracefs instead`
    : `${name}: pass the text that "${command}" prints`;
}
