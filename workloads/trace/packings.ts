// Files that are no text, told by their first bytes, and the command that makes text of each.

/** How a file begins (Latin-1), its name, and the command; null if none makes text that is read. */
const PACKINGS: readonly (readonly [begins: readonly string[], name: string, command: string | null])[] = [
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
const TAR = [[], 'a tar archive', 'tar -xOf FILE'] as const;
const TAR_MAGIC_AT = 257;
/** UTF-16 without a mark: every other byte is NUL. */
const UTF_16 = [/^(?:[^\0]\0){8}/, /^(?:\0[^\0]){8}/];

const CR_ALONE = /^[^\n]*\r[^\r\n]/;

/** Bytes that tell. */
export const PACKING_BYTES = TAR_MAGIC_AT + 'ustar'.length;

/**
 * The name and the remedy of a file that is no text; null if it may be text.
 *
 * @param begin - Its first bytes as Latin-1 characters.
 */
export function packingOf(begin: string): string | null {
  const named = PACKINGS.find(([begins]) => begins.some((magic) => begin.startsWith(magic)));
  const unmarked = UTF_16.findIndex((pattern) => pattern.test(begin));
  if (unmarked !== -1) {
    return `UTF-16 text: pass the text that "iconv -f UTF-16${['LE', 'BE'][unmarked]} -t UTF-8 FILE" prints`;
  }
  if (CR_ALONE.test(begin))
    return `text with CR alone at the line ends: pass the text that "tr '\\r' '\\n' < FILE" prints`;
  const found = begin.startsWith('ustar', TAR_MAGIC_AT) ? TAR : named;
  if (found === undefined) return null;
  const [, name, command] = found;
  return command === null
    ? `${name}: record sched:sched_switch with perf, trace-cmd or tracefs instead`
    : `${name}: pass the text that "${command}" prints`;
}
